package lookup

import (
	"errors"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records"
)

var people = []Person{
	{"han.meimei@office.example.com", "韩梅梅"}, {"wang.fang@office.example.com", "王芳"}, {"emma.clarke@office.example.com", "Emma Clarke"},
}

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, now.Location())
}

func shelf(t *testing.T) *records.Book {
	t.Helper()
	b, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), now.Location())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	han, zhou := people[0].Address, "zhou@customer.example.com"
	all := []logs.Record{
		{Kind: logs.Received, At: at(12, 14, 3), Person: han, From: zhou, To: []string{han}, Subject: "十一月发票", Outcome: logs.Junk, MessageID: "<1@x.example>", Said: "12"},
		{Kind: logs.Received, At: at(17, 9, 20), Person: han, From: zhou, To: []string{han}, Subject: "合同 2026 终稿", Outcome: logs.Delivered, MessageID: "<2@x.example>"},
		{Kind: logs.User, At: at(18, 11, 0), Person: han, Subject: "合同 2026 终稿", Action: logs.ActMailDelete, Outcome: logs.OK, MessageID: "<2@x.example>", IP: netip.MustParseAddr("203.0.113.9")},
		{Kind: logs.Sent, At: at(16, 10, 0), Person: people[2].Address, From: people[2].Address, To: []string{"orders@northwind.example.net"}, Subject: "Quotation for notebooks", Outcome: logs.Bounced, Said: "550 5.1.1"},
		{Kind: logs.Received, At: at(13, 8, 0), Person: people[1].Address, From: "he@freight.example.com", Subject: "物流信息", Outcome: logs.Blocked, Said: "rbl"},
		{Kind: logs.Received, At: at(19, 8, 0), Person: people[1].Address, From: "bank@bank.example.net", Subject: "Statement", Outcome: logs.Delivered},
		{Kind: logs.User, At: at(19, 9, 0), Person: people[1].Address, From: "bank@bank.example.net", Subject: "Statement", Action: logs.ActMailMove, Target: "Bank", Outcome: logs.OK},
		{Kind: logs.SignIn, At: at(19, 9, 0), Person: han, IP: netip.MustParseAddr("203.0.113.9"), Outcome: logs.OK, Method: logs.Web},
		{Kind: logs.SignIn, At: at(19, 8, 59), Person: han, IP: netip.MustParseAddr("203.0.113.9"), Outcome: logs.Refused},
		{Kind: logs.SignIn, At: at(3, 3, 0), Person: people[1].Address, IP: netip.MustParseAddr("192.0.2.66"), Outcome: logs.Refused},
		{Kind: logs.Admin, At: at(5, 10, 0), Person: "liu.yang@office.example.com", Action: logs.ActPassword, Target: han, Outcome: logs.OK},
	}
	a, err := b.Begin(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Add(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, k := range logs.Kinds() {
		if err := b.Covered(t.Context(), "test", k, records.Span{From: at(1, 0, 0), To: at(19, 23, 0)}, now); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Lost(t.Context(), "test", logs.Received, records.Missing{Span: records.Span{From: at(1, 0, 0).AddDate(0, -1, 0), To: at(1, 0, 0)}, Why: records.TooOld}); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheThreeQuestionsInBothLanguages(t *testing.T) {
	b := shelf(t)
	for text, want := range map[string]string{
		// Did it arrive?
		"zhou@customer.example.com 的十一月发票收到了吗":          "arrived_junk 1112T14:03 han.meimei",
		"韩梅梅 上周四下午收到 zhou 发来的发票了吗？":                     "arrived_junk 1112T14:03 han.meimei",
		"did the 发票 from zhou arrive on 12 Nov":         "arrived_junk 1112T14:03 han.meimei",
		"Did Emma Clarke's quotation get to northwind?": "bounced 1116T10:00 emma.clarke",
		"物流信息":               "blocked 1113T08:00 wang.fang",
		"statement":          "arrived_moved 1119T08:00 wang.fang Bank",
		"合同终稿":               "arrived_deleted 1117T09:20 han.meimei",
		"王芳 昨天 发票":           "no_trace",
		"发票 yesterday":       "other_time 1112T14:03 han.meimei",
		"招标文件 10月20日":        "no_trace_gap",
		"tender since 1 Oct": "no_trace_gap",
		"招标文件":               "no_trace",
		// Who deleted it?
		"谁删了合同那封邮件？":                                        "arrived_deleted 1117T09:20 han.meimei",
		"who deleted the mail about 合同 last week":           "other_time 1118T11:00 han.meimei",
		"who deleted the contract mail yesterday":           "no_trace",
		"谁移走了 Statement":                                    "arrived_moved 1119T08:00 wang.fang Bank",
		"谁删除了王芳的邮件":                                         "arrived_moved 1119T08:00 wang.fang Bank",
		"mail from orders@northwind.example.net":            "no_trace",
		"mail to orders@northwind.example.net":              "bounced 1116T10:00 emma.clarke",
		"mail to bank@bank.example.net not delivered":       "no_trace",
		"Emma Clarke's mail to northwind was not delivered": "bounced 1116T10:00 emma.clarke",
		// Where did I sign in?
		"韩梅梅 昨天在哪里登录的":                           "signed_in 1119T09:00 han.meimei",
		"where did han.meimei sign in yesterday": "signed_in 1119T09:00 han.meimei",
		"韩梅梅昨天在哪里登录过？":                           "signed_in 1119T09:00 han.meimei",
		"王芳登录":                                   "only_refused 1103T03:00 wang.fang",
		"Emma Clarke sign-ins":                   "no_trace",
		"韩梅梅 11月5日 改密码":                          "acts 1105T10:00 liu.yang",
		"":                                       "ask_more",
		"昨天":                                     "that_time",
		"did it arrive?":                         "ask_more",
	} {
		a, err := Ask(t.Context(), b, text, people, now)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{string(a.Verdict)}
		if !a.Facts.At.IsZero() {
			local, _, _ := strings.Cut(a.Facts.Person, "@")
			got = append(got, a.Facts.At.In(now.Location()).Format("0102T15:04"), local)
		}
		if a.Verdict == ArrivedMoved {
			got = append(got, a.Facts.Folder)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: got %s, want %s (understood %+v)", text, s, want, a.Question)
		}
	}
}

func TestTheEvidenceIsTheWholeStoryOldestFirst(t *testing.T) {
	b := shelf(t)
	a, err := Ask(t.Context(), b, "合同终稿", people, now)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Line) != 2 || a.Line[0].Record.Kind != logs.Received || a.Line[1].Record.Action != logs.ActMailDelete {
		t.Fatalf("%+v", a.Line)
	}
	if a.Facts.By != people[0].Address || a.Facts.IP != "203.0.113.9" || !a.Facts.Then.Equal(at(18, 11, 0)) {
		t.Errorf("%+v", a.Facts)
	}
	same, err := Trace(t.Context(), b, a.Line[1], now)
	if err != nil || same.Verdict != ArrivedGone || len(same.Line) != 2 {
		t.Errorf("from the other end: %+v %v", same, err)
	}
	a, _ = Ask(t.Context(), b, "韩梅梅登录", people, now)
	if a.Facts.Count != 2 || a.Facts.Bad != 1 || a.Facts.IP != "203.0.113.9" {
		t.Errorf("%+v", a.Facts)
	}
}

func TestNothingFoundSaysHowSureThatIs(t *testing.T) {
	b := shelf(t)
	a, _ := Ask(t.Context(), b, "招标文件 since 20 Oct", people, now)
	if len(a.Facts.Missing) == 0 || a.Facts.Missing[0].Why != records.TooOld || !a.Facts.Span.From.Equal(at(20, 0, 0).AddDate(0, -1, 0)) {
		t.Errorf("%+v", a.Facts)
	}
	empty, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), now.Location())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = empty.Close() }()
	if a, err := Ask(t.Context(), empty, "发票", people, now); err != nil || a.Verdict != NoTraceNoLog {
		t.Errorf("%+v %v", a, err)
	}
}

func TestTodayIsCompleteUpToTheLastRoundAndNoGap(t *testing.T) {
	b := shelf(t)
	later := now.Add(3 * time.Hour) // the last round read up to now
	a, err := Ask(t.Context(), b, "招标文件 今天", people, later)
	if err != nil || a.Verdict != NoTraceYet || !a.Facts.Span.To.Equal(now) || len(a.Facts.Missing) != 0 {
		t.Errorf("%s until %s, missing %v, %v", a.Verdict, a.Facts.Span.To, a.Facts.Missing, err)
	}
	if len(a.Facts.Sources) != 1 || a.Facts.Sources[0].Scope != "test" || !a.Facts.Sources[0].Sure || !a.Facts.Sources[0].To.Equal(now) {
		t.Errorf("%+v", a.Facts.Sources)
	}
	if a, _ := Ask(t.Context(), b, "招标文件 今天", people, now.Add(30*time.Second)); a.Verdict != NoTrace {
		t.Errorf("half a minute is nothing: %s", a.Verdict)
	}
	if a, _ := Ask(t.Context(), b, "招标文件 昨天", people, now.AddDate(0, 0, 3)); a.Verdict != NotReadYet || !a.Facts.Span.To.Equal(now) {
		t.Errorf("after the last round: %s %+v", a.Verdict, a.Facts.Span)
	}
	if a, _ := Ask(t.Context(), b, "招标文件 昨天", people, now); a.Verdict != NoTrace {
		t.Errorf("yesterday: %s %+v", a.Verdict, a.Facts.Missing)
	}
}

func TestRecordsFromFilesAreALogWhoseDaysAreNamed(t *testing.T) {
	b, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), now.Location())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	a, err := b.Begin(t.Context(), "file")
	if err != nil {
		t.Fatal(err)
	}
	var all []logs.Record
	for _, day := range []int{3, 4, 5, 9} {
		all = append(all, logs.Record{Kind: logs.Received, At: at(day, 10, 0), Person: people[0].Address, From: "zhou@customer.example.com", Subject: "账单", Outcome: logs.Delivered})
	}
	if err := errors.Join(a.Add(t.Context(), all), a.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]Verdict{"招标文件 11月4日": NoTraceFiles, "招标文件": NoTraceFiles, "招标文件 10月4日": NotInFiles, "韩梅梅登录": NoTraceNoLog} {
		if got, err := Ask(t.Context(), b, question, people, now); err != nil || got.Verdict != want {
			t.Errorf("%s: %s, not %s (%v)", question, got.Verdict, want, err)
		}
	}
	got, _ := Ask(t.Context(), b, "招标文件", people, now)
	if s := got.Facts.Sources; len(s) != 2 || !s[0].From.Equal(at(3, 0, 0)) || !s[0].To.Equal(at(6, 0, 0)) || !s[1].From.Equal(at(9, 0, 0)) || s[0].Sure {
		t.Errorf("%+v", s)
	}
}

func TestWhatWasUnderstoodFindsWhatItSays(t *testing.T) {
	q := Understand(`"三月 报价" zhou 昨天`, people, now)
	if q.Words != "三月 报价 zhou" || !q.HasTime {
		t.Errorf("%+v", q)
	}
	r := logs.Record{Kind: logs.Received, At: at(19, 3, 0), Subject: "三月报价 报价", From: "zhou@x.example"}
	if !q.Query(true).Match(&r) {
		t.Error("does not match")
	}
}

func FuzzUnderstand(f *testing.F) {
	for _, s := range []string{"谁删了合同那封邮件？", `"a" “b” c@d.example 昨天`, "韩梅梅韩梅梅", "İ EMMA clarke", "who deleted", "\xff@\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := Understand(s, people, now)
		r := logs.Record{Kind: logs.Received, At: now, Subject: s}
		q.Query(true).Match(&r)
	})
}

// A provider that logs a part only must not make "nothing" sound sure, nor a sign-in of
// which it does not say how it went sound refused.
func TestWhatTheProviderDoesNotLogIsSaidHonestly(t *testing.T) {
	b, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), now.Location())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	ask := func(text string) Answer {
		t.Helper()
		a, err := Ask(t.Context(), b, text, people, now)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if a := ask("合同"); a.Verdict != NoTraceNoLog {
		t.Errorf("before anything was fetched: %+v", a)
	}
	a, err := b.Begin(t.Context(), "mox")
	if err != nil {
		t.Fatal(err)
	}
	ip := netip.MustParseAddr("203.0.113.9")
	if err := a.Add(t.Context(), []logs.Record{
		{Kind: logs.SignIn, At: at(19, 9, 0), Person: people[0].Address, IP: ip, Said: "1", Method: logs.Web},
		{Kind: logs.SignIn, At: at(18, 9, 0), Person: people[0].Address, IP: ip, Said: "4"},
	}); err != nil {
		t.Fatal(err)
	}
	if err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, k := range []logs.Kind{logs.Sent, logs.SignIn} {
		if err := b.Told(t.Context(), "mox", k); err != nil {
			t.Fatal(err)
		}
	}
	if a := ask("合同"); a.Verdict != NoTraceNoLog {
		t.Errorf("before the log was read: %+v", a)
	}
	for _, k := range []logs.Kind{logs.Sent, logs.SignIn} {
		if err := b.Covered(t.Context(), "mox", k, records.Span{From: at(1, 0, 0), To: at(19, 23, 0)}, now); err != nil {
			t.Fatal(err)
		}
	}
	if a := ask("韩梅梅收到合同了吗"); a.Verdict != NoTraceHalf || len(a.Facts.Has) != 1 || a.Facts.Has[0] != logs.Sent || a.Facts.Lacks[0] != logs.Received {
		t.Errorf("did it arrive: %+v", a)
	}
	if a := ask("谁删了合同那封邮件"); a.Verdict != NoSuchLog || a.Facts.Lacks[0] != logs.User {
		t.Errorf("who deleted it: %+v", a)
	}
	if a := ask("韩梅梅在哪里登录过"); a.Verdict != SignInUntold || a.Facts.Count != 2 || a.Facts.Bad != 0 || a.Facts.IP != ip.String() || !a.Facts.At.Equal(at(19, 9, 0)) {
		t.Errorf("where did I sign in: %+v", a)
	}
	if a := ask("合同 10月20日"); a.Verdict != NoTraceGap || len(a.Facts.Missing) != 1 {
		t.Errorf("before the log begins: %+v", a)
	}
}
