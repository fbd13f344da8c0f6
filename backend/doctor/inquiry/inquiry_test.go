package inquiry

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/guide"
	"mailroom/backend/doctor/signin"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/preset"
	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/servers"
)

func TestMain(m *testing.M) { leak.Main(m) }

func account(t *testing.T, s *servers.Server, password string) *imap.Account {
	t.Helper()
	a, err := imap.New(imap.Config{Host: s.Host, Port: s.Port, Security: imap.Plain, User: s.Users[0].Name, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func ask(t *testing.T, m Matter, probe string) Answer {
	t.Helper()
	a, err := Ask(t.Context(), m, probe)
	if err != nil {
		t.Fatalf("%s: %v", probe, err)
	}
	if !slices.Contains(guide.Probes()[probe], a.Outcome) {
		t.Errorf("%s: the outcome %q is none of the guide's", probe, a.Outcome)
	}
	return a
}

// Every probe of the guides can be carried out, and says unknown where nothing is given.
func TestEveryProbeOfTheGuidesIsAnswered(t *testing.T) {
	for probe, outcomes := range guide.Probes() {
		a := ask(t, Matter{}, probe)
		if a.Outcome != Unknown {
			t.Errorf("%s without anything: %s", probe, a.Outcome)
		}
		if !slices.Contains(outcomes, Unknown) {
			t.Errorf("%s cannot end as unknown", probe)
		}
	}
	if _, err := Ask(t.Context(), Matter{}, "magic"); core.CodeOf(err) != core.Invalid {
		t.Errorf("%v", err)
	}
}

func TestProbesStandOnChecksThatExist(t *testing.T) {
	known := map[string][]string{}
	for _, c := range checks.All() {
		for _, r := range c.Reasons {
			known[c.ID] = append(known[c.ID], r.Code)
		}
	}
	for _, id := range CheckIDs() {
		if known[id] == nil {
			t.Errorf("there is no check %s", id)
		}
	}
}

func TestAMailboxIsLookedIntoWithoutChangingIt(t *testing.T) {
	s := servers.Dovecot(t, servers.Options{
		QuotaBytes: 1 << 20, Folders: []servers.Folder{{Name: "Junk", Use: `\Junk`}, {Name: "Trash", Use: `\Trash`}},
	})
	m := Matter{Mailbox: account(t, s, s.Users[0].Password)}
	if a := ask(t, m, "sign-in"); a.Outcome != "ok" || len(a.Evidence) == 0 {
		t.Errorf("%+v", a)
	}
	if a := ask(t, m, "room"); a.Outcome != "ok" || !strings.Contains(a.Evidence[0].Text, "1 MB") {
		t.Errorf("%+v", a)
	}
	if a := ask(t, m, "trash"); a.Outcome != "empty" {
		t.Errorf("%+v", a)
	}
	if a := ask(t, m, "junk-folder"); a.Outcome != "none" {
		t.Errorf("%+v", a)
	}
	path := filepath.Join(s.Maildir(s.Users[0].Name), ".Junk", "new", "1.spam")
	letter := "From: =?utf-8?B?6Z+p5qKF5qKF?= <han@shop.example>\r\nSubject: =?utf-8?B?5oql5Lu35Y2V?=\r\nMessage-ID: <1@shop.example>\r\n\r\nx\r\n"
	if err := os.WriteFile(path, []byte(letter), 0o666); err != nil {
		t.Fatal(err)
	}
	a := ask(t, m, "junk-folder")
	if a.Outcome != "found" || a.Evidence[0].Title != "报价单" || !strings.Contains(a.Evidence[0].Text, "韩梅梅") {
		t.Errorf("%+v", a)
	}
	if a := ask(t, m, "trash"); a.Outcome != "filled" {
		t.Errorf("%+v", a)
	}
	m.Now = func() time.Time { return time.Now().Add(30 * 24 * time.Hour) }
	if a := ask(t, m, "junk-folder"); a.Outcome != "none" {
		t.Errorf("a month later %+v", a)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) > 1 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

func TestAFullMailboxIsSaidToBeFull(t *testing.T) {
	s := servers.Dovecot(t, servers.Options{QuotaBytes: 10 << 10, Folders: []servers.Folder{{Name: "Trash", Use: `\Trash`}}})
	a := account(t, s, s.Users[0].Password)
	session, err := a.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := session.(mailbox.Writer)
	body := "Subject: x\r\n\r\n" + strings.Repeat("a", 8900) + "\r\n"
	batch, err := w.Batch(t.Context(), "INBOX", 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := batch.Add(t.Context(), mailbox.Append{Size: int64(len(body)), Body: strings.NewReader(body)}); err != nil {
		t.Fatal(err)
	}
	if err := batch.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r, err := batch.Wait(t.Context()); err != nil || r[0].Err != nil {
		t.Fatal(r, err)
	}
	_ = session.Close()
	if got := ask(t, Matter{Mailbox: a}, "room"); got.Outcome != "nearly" {
		t.Errorf("%+v", got)
	}
}

func TestRefusedSignInsAreToldApart(t *testing.T) {
	s := servers.Dovecot(t)
	if a := ask(t, Matter{Mailbox: account(t, s, "wrong")}, "sign-in"); a.Outcome != "refused" || a.Problem == nil {
		t.Errorf("%+v", a)
	}
	for text, want := range map[string]string{
		"[ALERT] Application-specific password required":                      "app-password",
		"[ALERT] Your account is not enabled for IMAP use":                    "imap-off",
		"login frequency limited":                                             "locked",
		"[ALERT] Please log in via your web browser":                          "locked",
		"This user does not have access rights to this service, sorry, sorry": "",
	} {
		err := core.E(core.Unauthenticated, "sign in", &mailbox.Refusal{Status: "NO", Command: "LOGIN", Text: text})
		if got := signin.Outcome(err); want != "" && got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	away := account(t, s, "x")
	s.Stop()
	if a := ask(t, Matter{Mailbox: away}, "sign-in"); a.Outcome != "unreachable" {
		t.Errorf("%+v", a)
	}
}

func found(all ...string) []doctor.Finding {
	var f []doctor.Finding
	for _, one := range all {
		check, rest, _ := strings.Cut(one, " ")
		reason, verdict, _ := strings.Cut(rest, " ")
		f = append(f, doctor.Finding{Check: check, Reason: reason, Verdict: doctor.Verdict(verdict)})
	}
	return f
}

func TestFindingsBecomeOutcomes(t *testing.T) {
	for _, c := range []struct {
		probe, want string
		findings    []doctor.Finding
	}{
		{"network", "ok", found("ports.network ok pass", "ports.portal ok pass")},
		{"network", "down", found("ports.network no_network skipped")},
		{"network", "portal", found("ports.network ok pass", "ports.portal captive warn")},
		{"network", "unknown", found("ports.network timeout skipped")},
		{"clock", "wrong", found("ports.clock wrong fail")},
		{"clock", "unknown", found("ports.clock unanswered skipped")},
		{"domain", "no-domain", found("domain.exists nxdomain fail", "mx.present none fail")},
		{"domain", "no-mx", found("domain.exists ok pass", "mx.present none fail")},
		{"domain", "ok", found("domain.exists ok pass", "mx.present ok pass")},
		{"sender-proof", "bad", found("spf.present ok pass", "dmarc.present none fail")},
		{"sender-proof", "ok", found("spf.present ok pass", "dkim.found none info", "dmarc.present ok pass")},
		{"sender-proof", "unknown", found("spf.present dns skipped", "dmarc.present ok pass")},
		{"lists", "listed", found("reputation.ip_lists listed fail")},
		{"lists", "unknown", found("reputation.ip_lists dns skipped")},
		{"ports", "blocked", found("ports.imap local_block skipped")},
		{"ports", "down", found("ports.imap closed fail", "ports.submission ok pass")},
		{"service", "cert", found("ports.imap ok pass", "tls.name mismatch fail")},
		{"service", "ok", found("ports.imap ok pass", "tls.name ok pass")},
		{"certificate", "bad", found("tls.validity expired fail")},
		{"certificate", "unknown", found("tls.chain timeout skipped")},
	} {
		if got := byChecks[c.probe].judge(c.findings); got != c.want {
			t.Errorf("%s %v: %s, want %s", c.probe, c.findings, got, c.want)
		}
	}
}

func TestTheProvidersLimitIsEvidence(t *testing.T) {
	p, ok := preset.ByID("tencent-exmail")
	if !ok {
		t.Fatal("the provider is gone")
	}
	if a := ask(t, Matter{Provider: p}, "size-limit"); a.Outcome != "known" || !strings.Contains(a.Evidence[0].Text, "50 MB") {
		t.Errorf("%+v", a)
	}
}

func TestAnInquiryStopsWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Ask(ctx, Matter{}, "room"); core.CodeOf(err) != core.Canceled {
		t.Errorf("%v", err)
	}
}
