package api

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/guide"
	"mailroom/backend/testkit/servers"
)

// quiet asks no DNS server at all.
func quiet(t *testing.T) *house {
	t.Helper()
	h := open(t, t.TempDir())
	h.cfg.Resolvers = []string{"127.0.0.1:1"}
	return h
}

func TestGuidesAndAdviceReachThePage(t *testing.T) {
	h := quiet(t)
	all := must(h.doctoring.guides.List())(t)
	if len(all) != len(guide.All()) || all[0].ID != "sign-in" {
		t.Errorf("%d guides", len(all))
	}
	a := must(h.doctoring.guides.Advice())(t)
	if len(a.Questions) < 20 || len(a.Prevent) < 12 {
		t.Errorf("%d questions, %d habits", len(a.Questions), len(a.Prevent))
	}
}

func TestAPlaceIsKnownByItsProvider(t *testing.T) {
	h := quiet(t)
	p := must(h.doctoring.guides.Place("p1", "li.lei@qq.com"))(t)
	if p.Provider != "qq" || p.Endpoint.Host != "imap.qq.com" || p.Outgoing.Host != "smtp.qq.com" || p.SecretZh == "" || p.Guessed {
		t.Errorf("%+v", p)
	}
	guessed := must(h.doctoring.guides.Place("p2", "han@shop.example"))(t)
	if !guessed.Guessed || guessed.Endpoint.Host != "imap.shop.example" || guessed.Endpoint.User != "han@shop.example" {
		t.Errorf("%+v", guessed)
	}
	wantCode(t, "no address", second(h.doctoring.guides.Place("p3", "not an address")), core.Invalid)
}

func TestProbesAnswerWithEvidence(t *testing.T) {
	h := quiet(t)
	s := servers.Dovecot(t)
	must(h.vault.Create("correct horse battery"))(t)
	handle := must(h.vault.Keep(s.Users[0].Password))(t)
	e := Endpoint{Kind: KindIMAP, Host: s.Host, Port: s.Port, Security: SecurityPlain, User: s.Users[0].Name, Secret: handle}
	a := must(h.doctoring.guides.Probe("r1", GuideProbe{Probe: "sign-in", Endpoint: e}))(t)
	if a.Outcome != "ok" || len(a.Evidence) == 0 || a.Problem != nil {
		t.Errorf("%+v", a)
	}
	e.Secret = must(h.vault.Keep("wrong-password"))(t)
	a = must(h.doctoring.guides.Probe("r2", GuideProbe{Probe: "sign-in", Endpoint: e}))(t)
	if a.Outcome != "refused" || a.Problem == nil || a.Problem.Code != ErrorCode(core.Unauthenticated) {
		t.Errorf("%+v", a)
	}
	for _, ev := range a.Evidence {
		if strings.Contains(ev.Text, "wrong-password") {
			t.Errorf("the password is in the evidence: %q", ev.Text)
		}
	}
	if a := must(h.doctoring.guides.Probe("r3", GuideProbe{Probe: "room"}))(t); a.Outcome != "unknown" {
		t.Errorf("without a mailbox: %+v", a)
	}
	wantCode(t, "unknown probe", second(h.doctoring.guides.Probe("r4", GuideProbe{Probe: "magic"})), core.Invalid)
}

func TestATestLetterThatIsRefusedIsAResult(t *testing.T) {
	h := quiet(t)
	s := servers.Dovecot(t)
	must(h.vault.Create("correct horse battery"))(t)
	handle := must(h.vault.Keep(s.Users[0].Password))(t)
	side := LetterSide{
		Address: s.Users[0].Name, Endpoint: Endpoint{Kind: KindIMAP, Host: s.Host, Port: s.Port, Security: SecurityPlain, User: s.Users[0].Name, Secret: handle},
		Outgoing: OutgoingServer{Host: "127.0.0.1", Port: 1, Security: SecurityPlain},
	}
	r := must(h.doctoring.letter.Send("l1", LetterRequest{From: side, To: side, Language: LanguageEnglish}))(t)
	if r.Judgement != "" || r.Problem == nil || r.Problem.Code != ErrorCode(core.Unreachable) || r.At != "signedIn" || r.Times["ready"] < 0 {
		t.Errorf("%+v", r)
	}
	if steps := heard[LetterStep](h.w, "letter:step"); len(steps) != 1 || steps[0].Step != "ready" || steps[0].RequestID != "l1" {
		t.Errorf("%+v", steps)
	}
	side.Outgoing.Host = "bad host"
	wantCode(t, "no host", second(h.doctoring.letter.Send("l2", LetterRequest{From: side, To: side})), core.Invalid)
}

func TestWatchedDomainsSurviveARestart(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir)
	h.cfg.Resolvers = []string{"127.0.0.1:1"}
	m := h.doctoring.monitor
	w := must(m.Save(WatchedDomain{Domain: "li.lei@Office.Example", Only: []string{"mx"}, Minutes: 60}))(t)
	if w.Domain != "office.example" || w.ID == "" {
		t.Errorf("%+v", w)
	}
	l := must(m.LookNow(w.ID))(t)
	if !l.Away || l.Verdict != "skipped" {
		t.Errorf("without a network: %+v", l)
	}
	if told := heard[MonitorTold](h.w, "monitor:told"); len(told) != 1 || len(told[0].Changes) != 0 {
		t.Errorf("%+v", told)
	}
	wantCode(t, "too often", second(m.Save(WatchedDomain{Domain: "a.example", Minutes: 1})), core.Invalid)
	wantCode(t, "no domain", second(m.Save(WatchedDomain{Domain: "nonsense", Minutes: 60})), core.Invalid)
	wantCode(t, "unknown check", second(m.Save(WatchedDomain{Domain: "a.example", Only: []string{"weather"}, Minutes: 60})), core.Invalid)
	h.close()
	h = open(t, dir)
	all := must(h.doctoring.monitor.List())(t)
	if len(all) != 1 || all[0].Last == nil || !all[0].Last.Away {
		t.Fatalf("%+v", all)
	}
	history := must(h.doctoring.monitor.History(all[0].ID, 7))(t)
	if len(history.Looks) != 1 || len(history.Changes) != 0 {
		t.Errorf("%+v", history)
	}
	if err := h.doctoring.monitor.Remove(all[0].ID); err != nil {
		t.Error(err)
	}
}

// Every group that a watch takes by itself exists.
func TestTheUsualWatchNamesKnownChecks(t *testing.T) {
	if _, unknown := checks.Only(checks.All(), usualWatch); len(unknown) > 0 {
		t.Errorf("unknown: %v", unknown)
	}
}

func TestTheSupportSheetIsRedactedBeforeItIsShownAndSaved(t *testing.T) {
	h := quiet(t)
	req := SheetRequest{Language: LanguageChinese, Title: "求助单", Keep: []string{"office.example"}, Sections: []SheetSection{{
		Title: "x", Facts: []SheetFact{{"mailbox", "li.lei@office.example"}, {"password", "rosenrot-7"}}, Texts: []SheetText{{"log", "A1 LOGIN li.lei rosenrot-7"}},
	}}}
	shown := must(h.doctoring.sheet.Preview(req))(t)
	if f := shown.Sections[0].Facts; f[0].Value != "person-1@office.example" || f[1].Value != "[secret]" || strings.Contains(shown.Sections[0].Texts[0].Body, "rosenrot") {
		t.Errorf("%+v", shown.Sections[0])
	}
	if last := shown.Sections[len(shown.Sections)-1]; last.Title != "Mailroom" || len(last.Facts) != 3 {
		t.Errorf("%+v", last)
	}
	path := filepath.Join(t.TempDir(), "s.html")
	h.w.picks = []string{path}
	if got := must(h.doctoring.sheet.Save(req, SheetHTML))(t); got != path {
		t.Errorf("%q", got)
	}
	raw, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(raw), "rosenrot") || strings.Contains(string(raw), "li.lei") || !strings.Contains(string(raw), "person-1@office.example") {
		t.Errorf("%s, %v", raw, err)
	}
	wantCode(t, "unknown format", second(h.doctoring.sheet.Save(req, "pdf")), core.Invalid)
}
