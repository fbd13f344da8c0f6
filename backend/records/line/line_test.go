package line

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// written are lines as Mailroom writes them, with everything that a record may have.
func written(t testing.TB) []string {
	full := logs.Record{
		Kind: logs.Received, At: time.Date(2026, 11, 12, 6, 3, 5, 0, time.UTC), Zone: "+08:00", Person: "han.meimei@office.example.com", Name: "韩梅梅",
		From: "zhou@customer.example.com", To: []string{"han.meimei@office.example.com", "<b&c>@office.example.com"}, Subject: "发票 \"十一月\"\\ \t\u2028 😀",
		Size: 12778, IP: netip.MustParseAddr("2001:db8::1"), Method: logs.IMAP, Agent: "a", Action: logs.ActRule, Target: "t", Outcome: logs.Junk, Said: "12",
		Remark: "r", Times: 3, MessageID: "<1@x.example>", ID: "id", Facts: map[string]string{"a": "1", "b<": ""},
	}
	day := logs.Record{Kind: logs.Traffic, At: full.At, Day: &logs.Day{Sent: 3, Quota: -1}}
	small := logs.Record{Kind: logs.Sent, At: full.At.Add(time.Millisecond)}
	var lines []string
	for _, r := range []logs.Record{full, day, small} {
		raw, err := json.Marshal(&r)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(raw))
	}
	return lines
}

// odd are lines that others write, or nobody.
var odd = []string{
	`{"kind":"sent","at":"2026-11-12T14:03:05+08:00"}`, `{"kind":"sent","at":"2026-11-12T14:03:05.25Z"} `, `{ "kind" : "sent" , "size" : 7, "to" : [ "a" , "b" ] }`,
	`{"kind":"sent","kind":"received"}`, `{"Kind":"sent"}`, `{"event":"record","place":7,"kind":"sent"}`, `{"kind":null}`, `{"kind":5}`, `{"to":[]}`, `{"to":null}`, `{"to":["a",1]}`,
	`{"size":-5}`, `{"size":5.5}`, `{"size":05}`, `{"size":99999999999999999999}`, `{"times":4294967296}`, `{"at":"2026-02-30T00:00:00Z"}`, `{"at":"2026-02-29T24:00:00Z"}`, `{"at":"2024-02-29T23:59:59Z"}`,
	`{"at":"yesterday"}`, `{"at":"2026-11-12t06:03:05Z"}`, `{"ip":""}`, `{"ip":"nowhere"}`, `{"ip":"::ffff:192.0.2.7"}`, `{"subject":"\ud83d\ude00 \u00e4 \ud83d"}`, `{"subject":"\u12g4"}`, `{"subject":"a` + "\x01" + `"}`,
	"{\"subject\":\"\xff\"}", `{"subject":"\x"}`, `{"subject":"a\`, `{"subject":"a`, `{`, `{}`, ``, `[]`, `null`, `{"kind":"sent"}x`, `{"kind":"sent"`, `{"kind":"sent",}`, `{"facts":{}}`, `{"facts":{"a":null}}`,
	`{"facts":{"a":"1","a":"2"}}`, `{"day":{"sent":1},"kind":"traffic"}`, "{\"kind\":\"sent\"}\r", "{\"kind\"\x00:\"sent\"}", "{\"size\":\x005}", "{\"kind\":\"sent\"}\x00",
}

func same(t *testing.T, text string) {
	t.Helper()
	var want, got logs.Record
	wantErr := json.Unmarshal([]byte(text), &want)
	var d Reader
	err := d.Read(text, &got)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%q: %v, encoding/json says %v", text, err, wantErr)
	}
	if err == nil && !reflect.DeepEqual(got, want) {
		t.Fatalf("%q:\n got %+v\nwant %+v", text, got, want)
	}
}

func TestALineIsReadAsEncodingJSONDoes(t *testing.T) {
	for _, text := range append(written(t), odd...) {
		same(t, text)
	}
}

// Else nothing would be gained.
func TestWhatMailroomWritesIsReadHere(t *testing.T) {
	var d Reader
	for _, text := range []string{written(t)[0], odd[0], odd[1], odd[2]} {
		var r logs.Record
		if d.text, d.at, d.seen = text, 0, 0; !d.record(&r) {
			t.Errorf("%s is left to encoding/json", text)
		}
	}
}

func TestRecordsOfOneReaderDoNotDisturbEachOther(t *testing.T) {
	var d Reader
	var a, b logs.Record
	if err := d.Read(`{"to":["a","b"]}`, &a); err != nil {
		t.Fatal(err)
	}
	if err := d.Read(`{"to":["c"]}`, &b); err != nil {
		t.Fatal(err)
	}
	if a.To = append(a.To, "x"); b.To[0] != "c" || len(a.To) != 3 {
		t.Errorf("%v %v", a.To, b.To)
	}
}

func FuzzALineIsReadAsEncodingJSONDoes(f *testing.F) {
	for _, text := range append(written(f), odd...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { same(t, text) })
}
