package query

import (
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

var shanghai = time.FixedZone("+08:00", 8*3600)

func record() *logs.Record {
	return &logs.Record{
		Kind: logs.Received, At: time.Date(2026, 11, 11, 17, 30, 0, 0, time.UTC), Person: "han.meimei@office.example.com",
		From: "zhou@customer.example.com", To: []string{"han.meimei@office.example.com", "wang.fang@office.example.com"},
		Subject: "Re: 十一月发票（请查收）", Size: 30_000, IP: netip.MustParseAddr("192.0.2.7"), Outcome: logs.Junk, Remark: "rule 3", MessageID: "<1@x.example>",
	}
}

func TestQuestionsMeanWhatTheySay(t *testing.T) {
	for text, want := range map[string]bool{
		"": true, "发票": true, "  发票  请查收 ": true, "发票 收据": false, "发票 OR 收据": true, "收据 OR 报价 | 发票": true, "-收据": true, "-发票": false,
		"(收据 OR 发票) -报价": true, "-(收据 OR 发票)": false, `"月发"`: true, `"发票 请"`: false, `subject:发票`: true, "主题：发票": true,
		"from:zhou": true, "from:customer.example": true, "from:han": false, "to:wang.fang@office.example.com": true, "发件人:ZHOU": true,
		"person:han": true, "person:meimei": false, "person:han.meimei@": true, "person:han.meimei@office": true, "person:meimei@office": false, "person:han.meimei@office.example.com": true, "person:han.meimei@office.example": false,
		"address:customer": true, "address:nobody": false, "from:hou@customer.example.com": false, "from:hou@customer": true, "address:wang.fang@office.example.com": true, "ip:192.0.2.7": true, "ip:192.0.2.": true, "ip:192.0.": true, "ip:192.0.2.0/24": true,
		"ip:192.0.3.0/24": false, "ip:2001:db8::/32": false, "kind:received": true, "kind:sent,received": true, "kind:sent": false, "outcome:JUNK": true,
		"after:2026-11-12": true, "after:2026-11-13": false, "before:2026-11-12": false, "on:2026-11-12": true, "on:2026-11": true, "on:2026": true,
		"on:2026-11-12T01": true, "on:2026-11-12T02": false, "larger:20k": true, "larger:1m": false, "smaller:40000": true,
		"id:1@x.example": true, "id:<1@x.example>": true, "id:2@x.example": false, "remark:rule": true, "zhou": true, "office": true,
		"Re:": true, "http://x": false, "- ": false, "--": false, "发票 OR": true,
	} {
		q, err := Parse(text, shanghai)
		if err != nil {
			if text == "发票 OR" && core.ArgsOf(err)["problem"] == "empty" {
				continue
			}
			t.Errorf("%q: %v", text, err)
			continue
		}
		if q.Match(record()) != want {
			t.Errorf("%q: not %v: %+v", text, want, q.Root)
		}
	}
}

func TestAMistakeIsNamedWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"kind:letters":                "value kind letters 6",
		"发票 ip:1.2.3":                 "value ip 1.2.3 7",
		"after:yesterday":             "value after yesterday 7",
		"(发票":                         "bracket   1",
		"发票)":                         "bracket   3",
		`x "发票`:                       "quote   3",
		"()":                          "empty   1",
		"from:":                       "value from  6",
		"outcome:junk,bad":            "value outcome bad 9",
		strings.Repeat("x ", 200):     "long   201",
		strings.Repeat("(", 50) + "x": "long   22",
	} {
		_, err := Parse(text, shanghai)
		a := core.ArgsOf(err)
		if got := strings.Join([]string{a["problem"], a["field"], a["value"], a["at"]}, " "); core.CodeOf(err) != core.Invalid || got != want {
			t.Errorf("%q: got %q (%v), want %q", text, got, err, want)
		}
	}
}

func TestTheSpanOfAQuestionIsKnown(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, shanghai) }
	for text, want := range map[string][2]time.Time{
		"发票":                                 {},
		"after:2026-11-03 before:2026-11-09": {day(3), day(9)},
		"on:2026-11-03":                      {day(3), day(4)},
		"on:2026-11-03 OR on:2026-11-07":     {day(3), day(8)},
		"on:2026-11-03 OR x":                 {},
		"-on:2026-11-03":                     {},
		"after:2026-11-03 (on:2026-11-05 OR after:2026-11-08)": {day(5), {}},
	} {
		q, err := Parse(text, shanghai)
		if err != nil {
			t.Fatal(err)
		}
		if from, to := q.Range(); !from.Equal(want[0]) || !to.Equal(want[1]) {
			t.Errorf("%q: %v to %v", text, from, to)
		}
	}
}

func TestAFormAsksTheSameAsTheLanguage(t *testing.T) {
	f := Form{
		Words: "发票 OR 收据", Person: "han", From: `Zhou "Z" Ltd`, Subject: "a,b", IP: "192.0.2.0/24", Kinds: []logs.Kind{logs.Sent, logs.Received},
		Outcomes: []logs.Outcome{logs.Junk}, Methods: []logs.Method{logs.IMAP}, Actions: []logs.Action{logs.ActRule}, After: "2026-11-01", Before: "2026-11-12T10:00",
	}
	const want = `(发票 OR 收据) person:han from:"Zhou  Z  Ltd" subject:"a,b" ip:192.0.2.0/24 kind:sent,received outcome:junk method:imap action:rule after:2026-11-01 before:2026-11-12T10:00`
	if f.String() != want {
		t.Errorf("got  %s\nwant %s", f, want)
	}
	q, err := f.Query(shanghai)
	if err != nil {
		t.Fatal(err)
	}
	same, err := Parse(want, shanghai)
	if err != nil || !reflect.DeepEqual(q, same) {
		t.Errorf("%v: %+v", err, q)
	}
	if q, err := (Form{}).Query(shanghai); err != nil || !q.Match(record()) {
		t.Error("an empty form does not ask for everything")
	}
}

func FuzzAnyTextIsAQuestionOrAMistake(f *testing.F) {
	for _, s := range []string{"发票 from:zhou", `-"a b" (x OR y)`, "on:2026 ip:::1", "kind:sent,received )", "：", "“x”", "-(-(", "from:\"a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := Parse(s, shanghai)
		if err != nil {
			if core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["problem"] == "" {
				t.Fatalf("%q: %v %v", s, err, core.ArgsOf(err))
			}
			return
		}
		q.Match(record())
		if from, to := q.Range(); q.Match(record()) && (record().At.Before(from) || !to.IsZero() && !record().At.Before(to)) {
			t.Fatalf("%q matches outside of its span", s)
		}
	})
}
