package api

import (
	"strings"
	"testing"

	"mailroom/backend/mailbox/imap/imaptest"
	"mailroom/frontend/src/i18n/locales"
)

func TestARefusalIsExplainedByItsServer(t *testing.T) {
	a := New(Config{Words: locales.FS})
	e := must(a.providers.Explain("auth-ambiguous", "", "tencent", "imap.exmail.qq.com"))(t)
	if e.Provider != "tencent-exmail" || e.Causes[0].ID != "four-switches" || len(e.Causes[0].Steps) != 4 || !e.Causes[0].Steps[0].Admin || !has(explainThens, e.Causes[0].Then) {
		t.Errorf("%+v", e)
	}
	m := must(a.providers.ExplainMail("auth-ambiguous", "", "", "imap.exmail.qq.com", LanguageEnglish))(t)
	if !strings.Contains(m.Body, "All four switches must be on") || m.Subject == "" {
		t.Errorf("%+v", m)
	}
	if e := must(a.providers.Explain("nonsense", "nonsense", "", ""))(t); len(e.Causes) == 0 || e.Causes[0].Steps == nil {
		t.Errorf("%+v", e)
	}
}

func TestDoneStepsAllowOneMoreTry(t *testing.T) {
	h := open(t, t.TempDir(), withKeychain(&keychain{}))
	s := imaptest.Tencent(t)
	s.On("LOGIN", func(c *imaptest.Conn, cmd *imaptest.Command) { c.NO(cmd, "Login fail. Service is not open") })
	s.On("AUTHENTICATE", func(c *imaptest.Conn, cmd *imaptest.Command) { c.NO(cmd, "Login fail. Service is not open") })
	handle := must(h.vault.Keep("right"))(t)
	at := Endpoint{Kind: KindIMAP, Host: s.Host(), Port: s.Port(), Security: SecurityPlain, User: "li.lei@old.example", Secret: handle}
	try := func() bool { return must(h.endpoints.TestSignIn("", at))(t).Stopped }
	first, second, third := try(), try(), try()
	if first || second || !third {
		t.Fatal("the third try went out")
	}
	before := s.Count("LOGIN") + s.Count("AUTHENTICATE")
	if err := h.endpoints.StepsDone(at); err != nil {
		t.Fatal(err)
	}
	if try() || s.Count("LOGIN")+s.Count("AUTHENTICATE") == before {
		t.Error("one more try was allowed and not made")
	}
	if !try() {
		t.Error("and another")
	}
}
