package api

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider/practice/past"
	"mailroom/backend/report"
	"mailroom/frontend/src/i18n/locales"
)

// writeRecords writes a file of records: three years of a small office, as the practice
// office would have them, and one mail whose story is known.
func writeRecords(t *testing.T, people []DirectoryRow) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "records.ndjson")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	enc := json.NewEncoder(f)
	put := func(r *logs.Record) {
		if err := enc.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	var staff []past.Person
	for _, p := range people {
		staff = append(staff, past.Person{Address: p.Address, Name: p.Name})
	}
	p := past.New(1, staff, nil, 8000)
	now := time.Now().In(past.Zone)
	for day := now.AddDate(0, 0, -120).In(past.Zone).Truncate(24 * time.Hour).Add(-8 * time.Hour); day.Before(now); day = day.AddDate(0, 0, 1) {
		for _, k := range logs.Kinds() {
			p.Day(day, k, func(r *logs.Record) {
				if r.At.Before(now) {
					put(r)
				}
			})
		}
	}
	at := time.Date(now.Year(), now.Month(), now.Day()-1, 12, 0, 0, 0, past.Zone) // and an hour later it is still yesterday
	who := staff[1].Address
	put(&logs.Record{Kind: logs.Received, At: at, Person: who, From: "stranger@faraway.example.com", To: []string{who}, Subject: "鲲鹏计划书", Outcome: logs.Delivered, MessageID: "<k@x.example>"})
	put(&logs.Record{Kind: logs.User, At: at.Add(time.Hour), Person: who, Subject: "鲲鹏计划书", Action: logs.ActMailDelete, Outcome: logs.OK, MessageID: "<k@x.example>", IP: netip.MustParseAddr("203.0.113.9")})
	return path
}

func TestRecordsAreReadSearchedAndExplained(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir, administering)
	o := h.office()
	people := must(h.directory.Snapshot(o.ID))(t).People
	file := writeRecords(t, people)
	read := must(h.sources.ReadFiles("", o.ID, []string{file, filepath.Join(dir, "none.log")}, ""))(t)
	if len(read) != 2 || read[0].New < 1000 || read[0].Format != "mailroom" || read[1].Problem == nil || read[1].Problem.Code != ErrorCode(core.NotFound) {
		t.Fatalf("%+v", read)
	}
	t.Run("search", func(t *testing.T) {
		page := must(h.records.Search("", RecordQuery{Shelf: o.ID, Question: "kind:received", Limit: 20}))(t)
		if len(page.Rows) != 20 || page.Next == "" {
			t.Fatalf("%d rows, next %q", len(page.Rows), page.Next)
		}
		more := must(h.records.Search("", RecordQuery{Shelf: o.ID, Question: "kind:received", Limit: 20, Before: page.Next}))(t)
		if len(more.Rows) != 20 || more.Rows[0].At > page.Rows[19].At || more.Rows[0].ID == page.Rows[19].ID {
			t.Errorf("the next page: %+v", more.Rows[0])
		}
		_, err := h.records.Search("", RecordQuery{Shelf: o.ID, Question: "kind:letters"})
		if a := core.ArgsOf(err); a["problem"] != "value" || a["field"] != "kind" || a["at"] != "6" {
			t.Errorf("a mistake: %v %v", err, a)
		}
		question := must(h.records.Question(RecordForm{Words: "鲲鹏", Kinds: []RecordKind{"received"}}))(t)
		found := must(h.records.Search("", RecordQuery{Shelf: o.ID, Question: question}))(t)
		if len(found.Rows) != 1 || found.Next != "" {
			t.Fatalf("%q: %+v", question, found)
		}
		detail := must(h.records.Row(o.ID, found.Rows[0].ID))(t)
		if detail.Story.Verdict != "arrived_deleted" || len(detail.Story.Line) != 2 || detail.Past == nil {
			t.Errorf("%+v", detail.Story)
		}
	})
	t.Run("lookup", func(t *testing.T) {
		for question, want := range map[string]LookupVerdict{
			people[1].Name + " 昨天谁删了 鲲鹏计划书": "arrived_deleted", "鲲鹏计划书收到了吗": "arrived_deleted", "stranger@faraway.example.com": "arrived_deleted",
			people[0].Name + " 登录": "signed_in", "": "ask_more", "没有这样的邮件 xyzzy": "no_trace_files",
		} {
			if a := must(h.lookup.Ask("", o.ID, question))(t); a.Verdict != want || a.Line == nil || a.Others == nil || a.Facts.Gaps == nil {
				t.Errorf("%q: %s %+v", question, a.Verdict, a.Question)
			}
		}
	})
	t.Run("saved searches", func(t *testing.T) {
		if all := must(h.records.Save(o.ID, "Invoices", "发票 OR invoice"))(t); len(all) != 1 || all[0].Question != "发票 OR invoice" {
			t.Errorf("%+v", all)
		}
		if _, err := h.records.Save(o.ID, "bad", "("); core.CodeOf(err) != core.Invalid {
			t.Errorf("%v", err)
		}
		must(h.records.Save(o.ID, "Bills", "账单"))(t)
		saved := must(h.records.Saved(o.ID))(t)
		if _, err := h.records.Rename(o.ID, saved[0].ID, saved[1].Name); core.ArgsOf(err)["problem"] != "taken" {
			t.Errorf("a name that is taken: %v", err)
		}
		if all := must(h.records.Rename(o.ID, saved[0].ID, "Accounts"))(t); all[0].Name != "Accounts" || all[0].Question != saved[0].Question {
			t.Errorf("%+v", all)
		}
		must(h.records.Unsave(o.ID, saved[0].ID))(t)
		if all := must(h.records.Unsave(o.ID, must(h.records.Saved(o.ID))(t)[0].ID))(t); len(all) != 0 {
			t.Errorf("%+v", all)
		}
	})
	t.Run("export", func(t *testing.T) {
		for _, kind := range []string{"csv", "xlsx"} {
			path := filepath.Join(t.TempDir(), "x."+kind)
			h.w.picks = []string{path}
			done := must(h.records.Export("", o.ID, "鲲鹏", LanguageChinese, kind))(t)
			written, err := os.ReadFile(path)
			begins := map[string]string{"csv": "\ufeff", "xlsx": "PK"}[kind] // a ZIP from its first byte on
			if err != nil || done.Rows != 2 || !strings.HasPrefix(string(written), begins) {
				t.Errorf("%s: %+v %v, begins with %q", kind, done, err, written[:min(len(written), 8)])
			}
		}
		if _, err := h.records.Export("", o.ID, "鲲鹏", LanguageChinese, "exe"); core.CodeOf(err) != core.Invalid {
			t.Errorf("an unknown kind: %v", err)
		}
	})
	t.Run("judgement", func(t *testing.T) {
		found := must(h.judge.Findings("", o.ID, 110))(t)
		if len(found) == 0 {
			t.Fatal("nothing is unusual")
		}
		if err := h.judge.Dismiss(o.ID, found[0].ID, true); err != nil {
			t.Fatal(err)
		}
		if again := must(h.judge.Findings("", o.ID, 110))(t); !again[0].Dismissed {
			t.Error("it is not dismissed")
		}
		if rows := must(h.judge.Evidence(o.ID, found[0].Evidence))(t); len(rows) == 0 {
			t.Error("no evidence")
		}
		th := must(h.judge.Thresholds(o.ID))(t)
		th.Refused = 1
		if _, err := h.judge.SetThresholds(o.ID, th); core.ArgsOf(err)["field"] != "refused" {
			t.Errorf("%v", err)
		}
		th.Refused = 77
		if got := must(h.judge.SetThresholds(o.ID, th))(t); got.Refused != 77 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("statistics and report", func(t *testing.T) {
		today := time.Now().In(past.Zone)
		from := time.Date(today.Year(), today.Month()-1, 1, 0, 0, 0, 0, past.Zone)
		s := must(h.stats.Statistics(o.ID, from.Format(time.DateOnly), from.AddDate(0, 1, -1).Format(time.DateOnly)))(t)
		if s.Total.Received == 0 || len(s.Days) < 20 || len(s.Senders) == 0 || s.People[0].Name == "" || s.Total.Used <= 0 || s.Gaps == nil {
			t.Errorf("%+v", s.Total)
		}
		if _, err := h.stats.Statistics(o.ID, "yesterday", "2026-11-01"); core.ArgsOf(err)["field"] != "from" {
			t.Errorf("%v", err)
		}
		for _, name := range []string{"r.pdf", "r.html", "r.xlsx", "r.csv"} {
			path := filepath.Join(t.TempDir(), name)
			h.w.picks = []string{path}
			if got := must(h.stats.Report(o.ID, from.Format("2006-01"), LanguageEnglish, true))(t); got != path {
				t.Errorf("saved to %q", got)
			}
			raw, err := os.ReadFile(path)
			if err != nil || len(raw) < 500 {
				t.Errorf("%s: %d bytes, %v", name, len(raw), err)
			}
			if name == "r.html" && (!strings.Contains(string(raw), people[0].Address) || !strings.Contains(string(raw), "邮件月报") || strings.Contains(string(raw), "monthly.")) {
				t.Errorf("the page: %.600s", raw)
			}
		}
	})
	t.Run("archive", func(t *testing.T) {
		if s := must(h.archives.State(o.ID))(t); len(s.Due) < 3 || s.Folder != "" {
			t.Fatalf("%+v", s)
		}
		if _, err := h.archives.Create("", o.ID); core.ArgsOf(err)["field"] != "folder" {
			t.Errorf("without a folder: %v", err)
		}
		archive := filepath.Join(t.TempDir(), "archive")
		if err := os.Mkdir(archive, 0o700); err != nil {
			t.Fatal(err)
		}
		h.w.picks = []string{archive}
		must(h.archives.Choose(o.ID))(t)
		s := must(h.archives.Create("", o.ID))(t)
		if len(s.Due) != 0 || len(s.Months) < 3 {
			t.Fatalf("%+v", s)
		}
		if r := must(h.archives.Verify("", o.ID))(t); len(r.Flaws) != 0 || r.Months != len(s.Months) {
			t.Errorf("%+v", r)
		}
		if err := os.RemoveAll(filepath.Join(archive, s.Months[len(s.Months)-1].Folder)); err != nil {
			t.Fatal(err)
		}
		if r := must(h.archives.Verify("", o.ID))(t); len(r.Flaws) != 1 || r.Flaws[0].What != "end_missing" {
			t.Errorf("%+v", r)
		}
		if _, err := h.archives.SetKeep(o.ID, 3); core.ArgsOf(err)["field"] != "keep" {
			t.Errorf("three months: %v", err)
		}
		h.w.picks = []string{archive}
		id := must(h.archives.Open(""))(t)
		if page := must(h.records.Search("", RecordQuery{Shelf: id, Question: "kind:received", Limit: 5}))(t); len(page.Rows) != 5 {
			t.Errorf("%+v", page)
		}
	})
	t.Run("folders", func(t *testing.T) {
		folder := t.TempDir()
		line := time.Now().Format(time.RFC3339) + " mx dovecot: imap-login: Login: user=<somebody@elsewhere.example>, method=PLAIN, rip=192.0.2.1, session=<a>\n"
		if err := os.WriteFile(filepath.Join(folder, "mail.log"), []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
		h.w.picks = []string{folder}
		if s := must(h.sources.WatchFolder(o.ID, ""))(t); len(s.Folders) != 1 || s.Rows == 0 || s.Bytes == 0 || !s.CanFetch {
			t.Errorf("%+v", s)
		}
		if p := must(h.records.Search("", RecordQuery{Shelf: o.ID, Question: "person:somebody@elsewhere.example"}))(t); len(p.Rows) != 1 || p.Rows[0].Source != "file" {
			t.Errorf("%+v", p)
		}
		if s := must(h.sources.UnwatchFolder(o.ID, folder))(t); len(s.Folders) != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestAConnectedOfficesRecordsAreFetchedByThemselvesAndOutliveIt(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir, administering, func(c *Config) { c.ByHand = false })
	o := h.office()
	h.eventually("the first records", func() bool {
		heard := heard[RecordsProgress](h.w, "records:progress")
		if len(heard) > 0 && (!heard[0].First || !heard[0].Running) {
			t.Errorf("the page is not told that it is the first round: %+v", heard[0])
		}
		return len(heard) > 0 && heard[len(heard)-1].New > 0 && heard[len(heard)-1].Done > 0
	})
	s := must(h.sources.Stop(o.ID))(t)
	if s.Running || s.Rows == 0 || len(s.Sources) == 0 || s.Sources[0].Until == 0 || s.Sources[0].Source != "practice" || s.Next == 0 || s.Last == 0 {
		t.Errorf("after: %+v", s)
	}
	if p := must(h.records.Search("", RecordQuery{Shelf: o.ID}))(t); len(p.Rows) == 0 {
		t.Error("nothing is found")
	}
	sh := must(h.shelves.of(t.Context(), h.data, o.ID))(t)
	h.eventually("the rules to be asked about what came", func() bool {
		var a alarms
		if err := sh.book.Setting(t.Context(), alarmsSetting, &a); err != nil {
			t.Fatal(err)
		}
		return !a.Judged.IsZero()
	})
	if open := must(h.judge.Alarms(o.ID))(t); len(open) != 0 {
		t.Errorf("history is told as news: %+v", open)
	}
	for field, wrong := range map[string]RecordSchedule{"every": {Every: 7}, "hours": {Every: 30, Hours: true, From: 60, To: 60}, "days": {Every: 30, Hours: true, To: 60, Days: []int{7}}} {
		if _, err := h.sources.SetSchedule(o.ID, wrong); core.ArgsOf(err)["field"] != field {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
	for _, id := range []string{"no-such-office", "", ".", "..", "../records/" + o.ID} {
		if _, err := h.sources.State(id); core.CodeOf(err) != core.NotFound {
			t.Errorf("%q: %v", id, err)
		}
	}
	must(h.sources.Fetch(o.ID))(t)
	if _, err := h.sources.Erase(o.ID, o.Title); core.CodeOf(err) != core.Forbidden {
		t.Errorf("records of a connected office: %v", err)
	}
	if err := h.offices.Remove(o.ID); err != nil {
		t.Fatal(err)
	}
	left := must(h.sources.Removed())(t)
	if len(left) != 1 || left[0].ID != o.ID || left[0].Title != o.Title || left[0].Removed == 0 || left[0].Rows < s.Rows || len(left[0].Months) == 0 {
		t.Fatalf("what is left: %+v", left)
	}
	if p := must(h.records.Search("", RecordQuery{Shelf: o.ID, Limit: 5}))(t); len(p.Rows) != 5 {
		t.Errorf("they are still searched: %d", len(p.Rows))
	}
	if s := must(h.sources.State(o.ID))(t); s.Removed != left[0].Removed || s.CanFetch || s.Title != o.Title {
		t.Errorf("%+v", s)
	}
	if _, err := h.sources.ReadFiles("", o.ID, []string{filepath.Join(dir, "x.log")}, ""); core.ArgsOf(err)["reason"] != "only_read" {
		t.Errorf("adding to them: %v", err)
	}
	if _, err := h.sources.Erase(o.ID, "another"); core.ArgsOf(err)["field"] != "typed" {
		t.Errorf("without its name: %v", err)
	}
	if left := must(h.sources.Erase(o.ID, o.Title))(t); len(left) != 0 {
		t.Errorf("%+v", left)
	}
	if _, err := os.Stat(filepath.Join(dir, "records", o.ID)); !os.IsNotExist(err) {
		t.Errorf("they are still there: %v", err)
	}
}

// Every word of a closed set has its text in both languages.
func TestEveryKindOutcomeAndVerdictHasItsWords(t *testing.T) {
	for _, language := range []string{"en", "zh-CN"} {
		words := must(report.LoadWords(locales.FS, language))(t)
		check := func(area string, values ...string) {
			for _, v := range values {
				if key := "records." + area + "." + v; !words.Has(key) && !words.Has(key+"_other") {
					t.Errorf("%s has no text for %s.%s", language, area, v)
				}
			}
		}
		for _, e := range recordKinds {
			check("kind", string(e.Value))
		}
		for _, e := range recordOutcomes {
			check("outcome", string(e.Value))
		}
		for _, e := range recordMethods {
			check("method", string(e.Value))
		}
		for _, e := range recordActions {
			check("action", string(e.Value))
		}
		for _, e := range lookupVerdicts {
			check("verdict", string(e.Value))
		}
		for _, e := range gapReasons {
			check("gap", string(e.Value))
		}
		for _, e := range findingRules {
			check("rule", string(e.Value))
		}
		for _, e := range archiveWhys {
			check("archiveWhy", string(e.Value))
		}
		for _, e := range archiveFaults {
			check("archiveFault", string(e.Value))
		}
	}
}
