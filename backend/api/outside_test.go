package api

import (
	"net/url"
	"strings"
	"testing"

	"mailroom/backend/core"
)

func TestADraftHidesItsRecipientsAndKeepsItsWords(t *testing.T) {
	h := open(t, t.TempDir())
	text := "第一步：登录网页邮箱。\nStep 2: make a code & copy it; ~done*"
	if err := h.app.WriteMail([]string{"li.lei@old.example", "han+mei@old.example"}, "搬家 100%", text); err != nil {
		t.Fatal(err)
	}
	link := h.w.browsed[len(h.w.browsed)-1]
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "mailto" || u.Opaque != "" {
		t.Fatalf("%q: %v", link, err)
	}
	if q := u.Query(); q.Get("bcc") != "li.lei@old.example,han+mei@old.example" || q.Get("subject") != "搬家 100%" ||
		q.Get("body") != strings.ReplaceAll(text, "\n", "\r\n") || q.Get("to") != "" {
		t.Errorf("%+v", q)
	}
	if strings.ContainsAny(link, "~!*();|$ \r\n") {
		t.Errorf("%q holds what a shell might read", link)
	}
	for name, bad := range map[string][]string{
		"nobody": nil, "a header": {"a@old.example\r\nBcc: b@old.example"}, "two in one": {"a@old.example,b@old.example"},
		"a query": {"a@old.example?cc=b"}, "no address": {"li.lei"}, "too many": make([]string, 61),
	} {
		wantCode(t, name, h.app.WriteMail(bad, "s", "t"), core.Invalid)
	}
	wantCode(t, "too long", h.app.WriteMail([]string{"a@old.example"}, "s", strings.Repeat("长", 400)), core.Invalid)
	if err := h.app.Notify("news", "text"); err != nil {
		t.Errorf("a notice: %v", err)
	}
	must(h.app.SaveSettings(Settings{Theme: ThemeSystem, Quiet: true}))(t)
	wantCode(t, "a notice that nobody wants", h.app.Notify("news", "text"), core.Unsupported)
	must(h.app.SaveSettings(Settings{Theme: ThemeSystem}))(t)
	wantCode(t, "an endless notice", h.app.Notify("t", strings.Repeat("x", 500)), core.Invalid)
}
