package tencent_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/intake"
	emulated "mailroom/backend/testkit/vendors/tencent"
	"mailroom/backend/testkit/vendors/trouble"
)

// instant pauses without waiting.
func instant(ctx context.Context, _ time.Duration) error { return ctx.Err() }

var beijing = time.FixedZone("", 8*3600)

// noon is on a day before today, which may be asked for without doubt.
func noon(daysAgo int) time.Time {
	n := time.Now().In(beijing).AddDate(0, 0, -daysAgo)
	return time.Date(n.Year(), n.Month(), n.Day(), 12, 0, 0, 0, beijing)
}

func days(kind logs.Kind, from, to int) logs.Ask {
	return logs.Ask{Kind: kind, From: noon(from).Add(-12 * time.Hour), To: noon(to).Add(12 * time.Hour)}
}

// all reads every page.
func all(t *testing.T, s logs.Source, ask logs.Ask) []logs.Record {
	t.Helper()
	var rows []logs.Record
	for {
		page, err := s.Fetch(t.Context(), ask)
		if err != nil {
			t.Fatalf("%+v: %v %v", ask, err, core.ArgsOf(err))
		}
		for _, r := range page.Records {
			if !r.Clean() {
				t.Errorf("not usable: %+v", r)
			}
			rows = append(rows, r)
		}
		if ask.Next = page.Next; page.Next == "" {
			return rows
		}
	}
}

func TestMailsAreReadDayByDay(t *testing.T) {
	s, c := company(t)
	li, zhou := "li@"+domain, "zhou@customer.example.com"
	s.AddMember(emulated.Member{UserID: li, Name: "Li", Departments: []int64{1}})
	want := map[int]logs.Outcome{
		0: logs.Other, 1: logs.Pending, 2: logs.Bounced, 3: logs.Delivered, 4: logs.Failed, 11: logs.Blocked, 12: logs.Junk, 13: logs.Delivered, 14: logs.Foldered,
	}
	for status := range want {
		m := emulated.Mail{Sent: status < 10, Subject: fmt.Sprintf("十一月发票 %d", status), Sender: li, Receiver: zhou, At: noon(2), Status: status}
		if !m.Sent {
			m.Sender, m.Receiver = zhou, li
		}
		s.AddMail(m)
	}
	s.AddMail(emulated.Mail{Sent: true, Subject: "yesterday", Sender: li, Receiver: zhou, At: noon(1), Status: 3})
	o := connect(t, c)
	got := append(all(t, o, days(logs.Sent, 2, 2)), all(t, o, days(logs.Received, 2, 2))...)
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for _, r := range got {
		var status int
		if _, err := fmt.Sscanf(r.Said, "%d", &status); err != nil || r.Outcome != want[status] || r.Person != li || !r.At.Equal(noon(2)) || r.Zone != "Asia/Shanghai" || len(r.To) != 1 {
			t.Errorf("%+v", r)
		}
	}
	ask := days(logs.Sent, 2, 1)
	ask.Person = li
	if rows := all(t, o, ask); len(rows) != 6 {
		t.Errorf("%d rows of Li, want 6", len(rows))
	}
}

func TestSignInsAreReadPersonByPerson(t *testing.T) {
	s, c := company(t)
	li := "li@" + domain
	s.AddMember(emulated.Member{UserID: li, Name: "Li", Departments: []int64{1}})
	methods := []logs.Method{logs.Web, logs.Mobile, logs.Mobile, logs.Client, logs.Another}
	for i := range methods {
		s.AddSignIns(emulated.SignIn{UserID: li, At: noon(3).Add(time.Duration(i) * time.Second), IP: "203.0.113.9", Type: i + 1})
	}
	o := connect(t, c)
	ask := days(logs.SignIn, 40, 1)
	_, err := o.Fetch(t.Context(), ask)
	wants(t, err, core.Invalid, "problem", "person")
	ask.Person = li
	rows := all(t, o, ask)
	if len(rows) != 5 {
		t.Fatalf("%+v", rows)
	}
	for _, r := range rows {
		i := int(r.At.Sub(noon(3)) / time.Second)
		if r.Method != methods[i] || r.IP.String() != "203.0.113.9" || r.Outcome != "" || r.Person != li {
			t.Errorf("%+v", r)
		}
	}
	ask.Person = "nobody@" + domain
	_, err = o.Fetch(t.Context(), ask)
	wants(t, err, core.NotFound)
}

func TestAdministratorsActsComeFromBothLogs(t *testing.T) {
	s, c := company(t)
	admin := "admin@" + domain
	s.AddOperations(
		emulated.Operation{At: noon(2), Operator: admin, Type: 19, Operand: "new@" + domain},
		emulated.Operation{At: noon(2), Operator: admin, Type: 20, Operand: "old@" + domain},
		emulated.Operation{At: noon(2), Operator: admin, Type: 20, Operand: "back@" + domain, Remark: "1"},
		emulated.Operation{At: noon(2), Operator: admin, Type: 48, Operand: "li@" + domain},
	)
	s.AddBatches(emulated.Batch{At: noon(2), Operator: admin, Type: 2, Status: 1})
	o := connect(t, c)
	rows := all(t, o, days(logs.Admin, 3, 1))
	if len(rows) != 5 {
		t.Fatalf("%+v", rows)
	}
	want := map[string]logs.Action{"new@": logs.ActPersonAdd, "old@": logs.ActPersonDelete, "back": logs.ActPersonOn, "li@o": logs.ActForwardOn}
	for _, r := range rows {
		switch {
		case r.Target == "":
			if r.Action != logs.ActImport || r.Said != "batch 2" || r.Facts["status"] != "1" {
				t.Errorf("%+v", r)
			}
		case r.Action != want[r.Target[:4]] || r.Person != admin:
			t.Errorf("%+v", r)
		}
	}
}

func TestTrafficComesAsOneSumADay(t *testing.T) {
	s, c := company(t)
	li := "li@" + domain
	s.AddMember(emulated.Member{UserID: li, Name: "Li", Departments: []int64{1}})
	for i := range 4 {
		for range i {
			s.AddMail(emulated.Mail{Sent: true, Sender: li, Receiver: "x@customer.example.com", At: noon(i), Status: 3})
		}
	}
	o := connect(t, c)
	rows := all(t, o, days(logs.Traffic, 3, 1))
	if len(rows) != 3 {
		t.Fatalf("%+v", rows)
	}
	for i, r := range rows {
		if r.Day.Sent != int64(3-i) || r.Day.Received != 0 || r.Day.Used != -1 || !r.At.Equal(noon(3-i).Add(-12*time.Hour)) || r.Person != "" {
			t.Errorf("%+v %+v", r, r.Day)
		}
	}
}

// What lies outside of the window is another window's: it would be told twice.
func TestAWindowHoldsItsOwnDaysAndNoOthers(t *testing.T) {
	s, c := company(t)
	o := connect(t, c)
	begin, end := noon(2).Add(-12*time.Hour), noon(2).Add(12*time.Hour)
	rows := ""
	for _, at := range []time.Time{begin.Add(-time.Second), begin, end.Add(-time.Second), end} {
		rows += fmt.Sprintf(`,{"mailtype":1,"subject":"%d","sender":"li@%s","receiver":"x@y.example","time":%d,"status":3}`, at.Unix(), domain, at.Unix())
	}
	s.Fail(trouble.Fault{Path: "log/mail", Status: http.StatusOK, Body: `{"errcode":0,"list":[` + rows[1:] + `]}`})
	got := all(t, o, days(logs.Sent, 2, 2))
	if len(got) != 2 || !got[0].At.Equal(begin) || !got[1].At.Equal(end.Add(-time.Second)) {
		t.Errorf("%+v", got)
	}
	// 93 days, the first and the last included, are the most that the emulated vendor
	// takes: one day more in the question would be refused.
	if _, err := o.Fetch(t.Context(), days(logs.Admin, 93, 1)); err != nil {
		t.Error(err)
	}
}

// Whether today may be asked for is not published: if not, the days before must come.
func TestARefusedTodayDoesNotHideYesterday(t *testing.T) {
	s, c := company(t)
	o := connect(t, c)
	s.FailWith("log/mail", 40058, "invalid parameter")
	_, err := o.Fetch(t.Context(), days(logs.Sent, 0, 0))
	wants(t, err, core.Invalid, "problem", "range", "reason", "today")
	s.FailWith("log/mail", 40058, "invalid parameter")
	_, err = o.Fetch(t.Context(), days(logs.Sent, 1, 1))
	wants(t, err, core.Invalid, "problem", "")
}

func TestFiveLogsGetIntoTheRecordsOnceEach(t *testing.T) {
	s, c := company(t)
	s.Fill(12, 3)
	s.FillLogs(noon(1), 4, 40)
	o := connect(t, c)
	book, err := records.Open(t.Context(), t.TempDir(), beijing)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	job := &intake.Job{
		Book: book, Source: o, Scope: "tencent", Since: noon(6), Wait: instant,
		People: func(ctx context.Context) ([]string, error) {
			people, _, err := o.People(ctx, "")
			var addresses []string
			for _, p := range people {
				addresses = append(addresses, p.Address)
			}
			return addresses, err
		},
	}
	for round := range 2 {
		results, err := job.Run(t.Context())
		if err != nil || len(results) != 5 {
			t.Fatalf("%v %+v", err, results)
		}
		for _, r := range results {
			if r.Err != nil || r.Tally.Unusable > 0 {
				t.Errorf("%s: %v %+v", r.Kind, r.Err, r.Tally)
			}
			if round == 0 && r.Tally.New == 0 || round == 1 && r.Tally.New > 0 {
				t.Errorf("round %d, %s: %+v", round, r.Kind, r.Tally)
			}
		}
	}
}

func TestAWindowThatIsTooLongIsTold(t *testing.T) {
	_, c := company(t)
	o := connect(t, c)
	_, err := o.Fetch(t.Context(), days(logs.Admin, 200, 1))
	wants(t, err, core.Invalid, "problem", "range", "vendorCode", "601002")
	for _, ask := range []logs.Ask{days(logs.User, 2, 1), {Kind: "letters", From: noon(2), To: noon(1)}} {
		_, err = o.Fetch(t.Context(), ask)
		wants(t, err, core.Unsupported)
	}
	for _, r := range o.Reaches() {
		if r.Longest > 92*24*time.Hour || !r.WholeDays {
			t.Errorf("%+v", r)
		}
	}
}
