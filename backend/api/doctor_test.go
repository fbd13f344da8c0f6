package api

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/testkit/nameserver"
)

const doctorZone = `
office.example. 300 IN SOA ns.office.example. admin.office.example. 1 3600 600 1209600 60
office.example. 300 IN MX 5 mxbiz1.qq.com.
office.example. 300 IN TXT "v=spf1 include:spf.old.example -all"
xn--fiq228c.example. 300 IN SOA ns.office.example. admin.office.example. 1 3600 600 1209600 60
spf.old.example. 300 IN TXT "v=spf1 ip4:192.0.2.0/24 -all"
mxbiz1.qq.com. 300 IN A 192.0.2.25
`

// clinic is a program whose doctor asks a name server of ours.
func clinic(t *testing.T) (*house, *nameserver.Server) {
	t.Helper()
	s := nameserver.Start(t, doctorZone)
	file := filepath.Join(t.TempDir(), "rehearsal.json")
	raw := must(json.Marshal(checks.Rehearsal{Map: map[string]string{"192.0.2.25:25": "127.0.0.1:1"}}))(t)
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, t.TempDir(), func(c *Config) { c.Resolvers, c.Rehearsal = []string{s.Addr}, file }), s
}

func (h *house) examined(req ExamRequest) Exam {
	h.t.Helper()
	e := must(h.doctor.Start(req))(h.t)
	limit := time.After(patience)
	for {
		for _, over := range heard[ExamEnded](h.w, "exam:ended") {
			if over.ID == e.ID {
				return must(h.doctor.Get(e.ID))(h.t)
			}
		}
		select {
		case <-h.w.news:
		case <-limit:
			h.t.Fatal("the examination does not end")
		}
	}
}

func TestAnExaminationStreamsWhatItFinds(t *testing.T) {
	h, _ := clinic(t)
	e := h.examined(ExamRequest{Domain: "office.example", Only: []string{"spf", "dmarc", "mx.provider"}})
	if e.State != ExamDone || e.Verdict != "fail" || e.Done != e.Total || e.Queries == 0 {
		t.Fatalf("%+v", e)
	}
	if first := e.Findings[0]; first.Verdict != "fail" || first.Zh.Text == "" || first.En.Text == "" || first.Source == "" {
		t.Errorf("the worst comes first and has words: %+v", first)
	}
	streamed := 0
	for _, f := range heard[ExamFound](h.w, "exam:found") {
		streamed += len(f.Findings)
	}
	if streamed != len(e.Findings) {
		t.Errorf("%d findings streamed, %d there", streamed, len(e.Findings))
	}
	merged := ""
	for _, f := range e.Findings {
		if f.Check == "spf.provider" && f.Reason == "missing" {
			merged = f.Fix[0].Value
		}
	}
	if merged != "v=spf1 include:spf.old.example include:spf.mail.qq.com -all" {
		t.Errorf("the record to paste is %q", merged)
	}
	if all := must(h.doctor.Recent())(t); len(all) != 1 || all[0].ID != e.ID {
		t.Errorf("%+v", all)
	}
}

func TestAChineseDomainIsUnderstood(t *testing.T) {
	h, _ := clinic(t)
	e := h.examined(ExamRequest{Domain: " 李雷＠中文。example. ", Only: []string{"domain.exists"}})
	if e.Domain != "xn--fiq228c.example" || e.Shown != "中文.example" || e.Findings[0].Reason != "ok" {
		t.Errorf("%+v", e)
	}
	for _, bad := range []string{"", "office", "192.0.2.1", "a b.example", "..", "a..example"} {
		if _, err := h.doctor.Start(ExamRequest{Domain: bad}); core.CodeOf(err) != core.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestAnExaminationCanBeStopped(t *testing.T) {
	h, s := clinic(t)
	s.Slow(30 * time.Second)
	e := must(h.doctor.Start(ExamRequest{Domain: "office.example"}))(t)
	if err := h.doctor.Stop(e.ID); err != nil {
		t.Fatal(err)
	}
	for range h.w.news {
		if over := heard[ExamEnded](h.w, "exam:ended"); len(over) > 0 {
			if over[0].State != ExamStopped {
				t.Errorf("%+v", over)
			}
			return
		}
	}
}

// What stands beside what should stand; what was pasted as told is green.
func TestTheAssistantSaysWhatShouldStand(t *testing.T) {
	h, s := clinic(t)
	req := AssistRequest{Domain: "office.example", Provider: "tencent-exmail"}
	table := must(h.doctor.Assist("", req))(t)
	rows := map[string]AssistRow{}
	for _, r := range table.Rows {
		rows[r.Use] = r
	}
	if table.Green || rows["receive"].State != "differs" || rows["spf"].State != "differs" || rows["dmarc"].State != "missing" || rows["dmarc"].Host != "_dmarc" {
		t.Fatalf("%+v", table)
	}
	if err := s.Load("_dmarc.office.example. 300 IN TXT \"" + rows["dmarc"].Should[0] + "\""); err != nil {
		t.Fatal(err)
	}
	for _, r := range must(h.doctor.Assist("", req))(t).Rows {
		if r.Use == "dmarc" && r.State != "ok" {
			t.Errorf("the pasted record is not green: %+v", r)
		}
	}
	if _, err := h.doctor.Assist("", AssistRequest{Domain: "office.example", Provider: "nobody"}); core.CodeOf(err) != core.Invalid {
		t.Error(err)
	}
	id := must(h.doctor.Watch(req))(t)
	for range h.w.news {
		if seen := heard[AssistChanged](h.w, "assist:changed"); len(seen) > 0 {
			if seen[0].ID != id || len(seen[0].Table.Rows) == 0 {
				t.Errorf("%+v", seen[0])
			}
			break
		}
	}
	if err := h.doctor.Unwatch(id); err != nil {
		t.Error(err)
	}
}

func TestSeveralReportsArePickedAtATime(t *testing.T) {
	h, _ := clinic(t)
	if none := must(h.doctor.PickReports())(t); none == nil || len(none) != 0 {
		t.Errorf("nobody chose %v", none)
	}
	h.w.picks = []string{"/a.xml\n/b.zip"}
	if got := must(h.doctor.PickReports())(t); len(got) != 2 || got[1] != "/b.zip" {
		t.Errorf("%v", got)
	}
}

func TestReportsOfSeveralFilesAreOneSum(t *testing.T) {
	h, _ := clinic(t)
	report := func(id, org string) MailInput {
		return MailInput{Text: `<feedback><report_metadata><org_name>` + org + `</org_name><report_id>` + id + `</report_id><date_range><begin>1793491200</begin><end>1795219200</end></date_range></report_metadata>
<policy_published><domain>office.example</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.1</source_ip><count>100</count>
<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row></record></feedback>`}
	}
	all := must(h.doctor.ReadReports([]MailInput{report("1", "a.example"), report("2", "b.example"), report("1", "a.example")}))(t)
	if len(all) != 1 || all[0].Reports != 2 || all[0].Count != 200 || all[0].Advice != "raise" || len(all[0].Sources) != 1 || all[0].PassedPer1000 != 1000 {
		t.Errorf("%+v", all)
	}
	if _, err := h.doctor.ReadReports([]MailInput{report("1", "a.example"), {Text: "hello"}}); core.CodeOf(err) != core.Malformed || core.ArgsOf(err)["file"] != "#2" {
		t.Errorf("%v %v", err, core.ArgsOf(err))
	}
}
