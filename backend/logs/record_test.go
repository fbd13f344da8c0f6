package logs

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func mail() Record {
	return Record{
		Kind: Received, At: time.Date(2026, 11, 12, 14, 3, 5, 0, time.FixedZone("", 8*3600)), Zone: "+08:00",
		Person: "Han.Meimei@Office.Example.com", From: "<Zhou@customer.example.com>", To: []string{"han.meimei@office.example.com", " "},
		Subject: "十一月发票", Size: 4711, IP: netip.MustParseAddr("::ffff:192.0.2.7"), Outcome: Delivered, Said: "13",
	}
}

func TestCleaningMakesARecordComparable(t *testing.T) {
	r := mail()
	if !r.Clean() {
		t.Fatal("not usable")
	}
	want := mail()
	want.At = time.Date(2026, 11, 12, 6, 3, 5, 0, time.UTC)
	want.Person, want.From, want.To = "han.meimei@office.example.com", "zhou@customer.example.com", []string{"han.meimei@office.example.com"}
	want.IP = netip.MustParseAddr("192.0.2.7")
	if !reflect.DeepEqual(r, want) {
		t.Errorf("got  %+v\nwant %+v", r, want)
	}
	again := r
	if !again.Clean() || !reflect.DeepEqual(r, again) {
		t.Errorf("cleaned twice it differs: %+v", again)
	}
}

func TestTheAddressIsWhatStandsInTheBrackets(t *testing.T) {
	for given, want := range map[string]string{
		`"Zhou, Li" <Zhou@customer.example>`: "zhou@customer.example", "<a@b.example>": "a@b.example", "a@b.example": "a@b.example", "<>": "", "<a": "a", "a>": "a", "x <y> z": "x <y> z",
	} {
		r := mail()
		r.From = given
		if r.Clean(); r.From != want {
			t.Errorf("%q: %q, want %q", given, r.From, want)
		}
	}
}

func TestAMegabyteOfSubjectIsCutAndToldSo(t *testing.T) {
	r := mail()
	r.Subject = strings.Repeat("发", 400_000)
	r.Clean()
	if len(r.Subject) > longSubject || !utf8.ValidString(r.Subject) || len(r.Subject) < longSubject-4 {
		t.Errorf("%d bytes are left", len(r.Subject))
	}
	if r.Facts["subjectBytes"] != "1200000" {
		t.Errorf("facts: %v", r.Facts)
	}
}

func TestControlCharactersAndInvalidBytesDoNotGetIn(t *testing.T) {
	r := mail()
	r.Subject = "a\x00b\r\nc\x1b[31m\u202ed\xffe"
	r.ID = strings.Repeat("x", 5000)
	r.Facts = map[string]string{"k\n": "v\t1", "": "gone"}
	r.Clean()
	if r.Subject != "a b  c [31m d\uFFFDe" || r.Facts["k"] != "v 1" || len(r.ID) > 100 || !strings.HasPrefix(r.ID, "sha256:") {
		t.Errorf("got %q %q %v", r.Subject, r.ID, r.Facts)
	}
}

func TestUnknownWordsAreKeptAsTheSourcesOwn(t *testing.T) {
	r := Record{Kind: User, At: time.Now(), Outcome: "exploded", Action: "danced", Method: "pigeon"}
	if !r.Clean() || r.Outcome != Other || r.Action != ActOther || r.Method != Another || r.Said != "exploded" || r.Agent != "pigeon" {
		t.Errorf("got %+v", r)
	}
	for _, bad := range []Record{{}, {Kind: "letter", At: time.Now()}, {Kind: Sent}, {Kind: Sent, At: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)}} {
		if bad.Clean() {
			t.Errorf("%+v is said to be usable", bad)
		}
	}
}

func TestTheKeyOutlivesANewOutcomeAndNothingElse(t *testing.T) {
	base := mail()
	base.Clean()
	key := KeyOf("a", &base)
	same := base
	same.Outcome, same.Said, same.Remark, same.Name = Junk, "12", "moved", "Han"
	if KeyOf("a", &same) != key {
		t.Error("another outcome makes another mail")
	}
	for name, change := range map[string]func(*Record){
		"time": func(r *Record) { r.At = r.At.Add(time.Second) }, "subject": func(r *Record) { r.Subject += "1" },
		"kind": func(r *Record) { r.Kind = Sent }, "to": func(r *Record) { r.To = append(r.To, "x@y.example") },
		"from": func(r *Record) { r.From = "b" + r.From }, "ip": func(r *Record) { r.IP = netip.MustParseAddr("2001:db8::1") },
		"size": func(r *Record) { r.Size++ }, "id": func(r *Record) { r.ID = "1" },
	} {
		other := base
		change(&other)
		if KeyOf("a", &other) == key {
			t.Errorf("another %s makes the same mail", name)
		}
	}
	if KeyOf("b", &base) == key {
		t.Error("another source makes the same mail")
	}
	a, b := Record{Kind: SignIn, At: base.At, Outcome: OK}, Record{Kind: SignIn, At: base.At, Outcome: Refused}
	if KeyOf("", &a) == KeyOf("", &b) {
		t.Error("a refused and a good sign-in of the same second are one")
	}
}

func TestARecordSurvivesItsJSON(t *testing.T) {
	r := mail()
	r.Clean()
	r.Facts = map[string]string{"sendip": "192.0.2.7"}
	r.Day = &Day{Sent: 1, Quota: -1}
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back Record
	if err := json.Unmarshal(raw, &back); err != nil || !reflect.DeepEqual(r, back) {
		t.Errorf("%v\n got %+v\nwant %+v", err, back, r)
	}
	if raw, _ = json.Marshal(Record{Kind: Sent, At: r.At}); string(raw) != `{"kind":"sent","at":"2026-11-12T06:03:05Z"}` {
		t.Errorf("an empty record: %s", raw)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("subject", "a@b.example", "id", int64(1_700_000_000))
	f.Add("\xff\x00\u202e", "<>", "", int64(-1))
	f.Fuzz(func(t *testing.T, subject, address, id string, at int64) {
		r := Record{Kind: Sent, At: time.Unix(at, 0), Subject: subject, From: address, To: []string{address}, ID: id, Facts: map[string]string{subject: id}}
		if !r.Clean() {
			return
		}
		if len(r.Subject) > longSubject+longSubject*2 || !utf8.ValidString(r.Subject) || !utf8.ValidString(r.From) || !utf8.ValidString(r.ID) {
			t.Fatalf("not clean: %+v", r)
		}
		before := KeyOf("", &r)
		if !r.Clean() || KeyOf("", &r) != before {
			t.Fatalf("cleaned twice it differs: %+v", r)
		}
	})
}
