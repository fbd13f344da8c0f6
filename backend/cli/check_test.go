package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/mailbox/imap/imaptest"
	"mailroom/backend/testkit/nameserver"
)

const officeZone = `
office.example. 300 IN SOA ns.office.example. admin.office.example. 1 3600 600 1209600 60
office.example. 300 IN MX 5 mxbiz1.qq.com.
office.example. 300 IN MX 10 mxbiz2.qq.com.
office.example. 300 IN TXT "v=spf1 include:spf.old.example ?all"
spf.old.example. 300 IN TXT "v=spf1 ip4:192.0.2.0/24 -all"
mxbiz1.qq.com. 300 IN A 192.0.2.25
mxbiz2.qq.com. 300 IN A 198.51.100.25
parked.example. 300 IN SOA ns.office.example. admin.office.example. 1 3600 600 1209600 60
parked.example. 300 IN MX 0 .
parked.example. 300 IN TXT "v=spf1 -all"
_dmarc.parked.example. 300 IN TXT "v=DMARC1; p=reject"
`

// examined runs the verb against a name server of ours and keeps it off the network.
func examined(t *testing.T, lang string, args ...string) (exit int, out, stderr string) {
	t.Helper()
	s := nameserver.Start(t, officeZone)
	file := filepath.Join(t.TempDir(), "rehearsal.json")
	raw, err := json.Marshal(checks.Rehearsal{Map: map[string]string{"192.0.2.25:25": "127.0.0.1:1", "198.51.100.25:25": "127.0.0.1:1"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return call{env: map[string]string{"LANG": lang, "MAILROOM_REHEARSAL": file, "MAILROOM_FROM_PASSWORD": "right"}}.run(append([]string{"check", "--resolver", s.Addr}, args...)...)
}

// lines reads the findings by "check:reason" and the summary.
func lines(t *testing.T, out string) (found map[string]checkLine, sum checkSummary) {
	t.Helper()
	found = map[string]checkLine{}
	for scan := bufio.NewScanner(strings.NewReader(out)); scan.Scan(); {
		var head struct{ Event string }
		if err := json.Unmarshal(scan.Bytes(), &head); err != nil {
			t.Fatalf("%q: %v", scan.Text(), err)
		}
		if sum.Event != "" {
			t.Fatal("something follows the summary")
		}
		switch head.Event {
		case "finding":
			var l checkLine
			if err := json.Unmarshal(scan.Bytes(), &l); err != nil {
				t.Fatal(err)
			}
			found[l.Check+":"+l.Reason] = l
		case "summary":
			if err := json.Unmarshal(scan.Bytes(), &sum); err != nil {
				t.Fatal(err)
			}
		default:
			t.Fatalf("event %q", head.Event)
		}
	}
	if sum.Event == "" {
		t.Fatal("no summary")
	}
	return found, sum
}

func TestCheckTellsEachFindingOnALine(t *testing.T) {
	exit, out, _ := examined(t, "en", "--json", "--only", "mx,spf,dmarc", "office.example")
	found, sum := lines(t, out)
	if exit != 2 || sum.Exit != 2 || sum.Verdict != "fail" || sum.Counts["fail"] == 0 || sum.Queries == 0 || sum.Domain != "office.example" {
		t.Errorf("exit %d, %+v", exit, sum)
	}
	l := found["spf.provider:missing"]
	if l.Text == "" || l.Todo == "" || l.Source == "" || len(l.Evidence) == 0 || len(l.Fix) != 1 || l.Fix[0].Value != "v=spf1 include:spf.old.example include:spf.mail.qq.com ?all" {
		t.Errorf("%+v", l)
	}
	for _, want := range []string{"mx.present:ok", "mx.provider:ok", "spf.all:neutral", "dmarc.present:none"} {
		if _, ok := found[want]; !ok {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestCheckOfAGoodParkedDomainEndsInZero(t *testing.T) {
	exit, out, _ := examined(t, "en", "--json", "--parked", "--only", "mx,spf,dmarc", "parked.example.")
	_, sum := lines(t, out)
	if exit != 0 || sum.Verdict != "pass" {
		t.Errorf("exit %d, %+v\n%s", exit, sum, out)
	}
}

func TestCheckSpeaksBothLanguages(t *testing.T) {
	for lang, words := range map[string][]string{
		"zh": {"要处理", "→ 添加下面这条。它只观察，不影响收发。", "主机记录：_dmarc.office.example", "v=DMARC1; p=none"},
		"en": {"To fix", "→ Add the record below. It only watches and changes nothing.", "Name: _dmarc.office.example", "Value: v=DMARC1; p=none"},
	} {
		exit, out, _ := examined(t, "C", "--lang", lang, "--only", "spf,dmarc", "li@office.example")
		for _, w := range words {
			if !strings.Contains(out, w) {
				t.Errorf("%s: %q is missing in\n%s", lang, w, out)
			}
		}
		if exit != 2 || strings.Contains(out, "{{") || strings.Contains(out, "doctor.") {
			t.Errorf("exit %d\n%s", exit, out)
		}
	}
}

func TestCheckOfAWrongCallSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"office"}, "neither a domain nor an address"},
		{[]string{"--only", "nothing", "office.example"}, "no check or group called nothing"},
		{[]string{"--provider", "nobody", "office.example"}, "no provider nobody"},
	} {
		if exit, _, stderr := examined(t, "en", c.args...); exit != 1 || !strings.Contains(stderr, c.says) {
			t.Errorf("%v: exit %d, %s", c.args, exit, stderr)
		}
		exit, out, _ := examined(t, "en", append([]string{"--json"}, c.args...)...)
		if _, sum := lines(t, out); exit != 1 || len(sum.Errors) != 1 || !strings.Contains(sum.Errors[0].Text, c.says) {
			t.Errorf("%v: exit %d, %s", c.args, exit, out)
		}
	}
}

// A mail and a mailbox are looked at when they are handed in, and not else.
func TestCheckReadsAMailAndSignsIn(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{User: "li@office.example", Password: "right", Folders: map[string]string{"Sent": `\HasNoChildren \Sent`}})
	file := filepath.Join(t.TempDir(), "a.eml")
	if err := os.WriteFile(file, []byte("From: li@office.example\r\nTo: han@office.example\r\nDate: Thu, 26 Nov 2026 09:00:00 +0800\r\nMessage-ID: <1@office.example>\r\nSubject: a\r\nSubject: b\r\n\r\nhi\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	exit, out, _ := examined(t, "en", "--json", "--mail", file, "--mailbox", fmt.Sprintf("imap://li%%40office.example@127.0.0.1:%d", srv.Port()), "--only", "message,mailbox", "office.example")
	found, _ := lines(t, out)
	for _, want := range []string{"message.fields:twice", "message.lines:ok", "mailbox.sign_in:ok", "mailbox.contents:empty"} {
		if _, ok := found[want]; !ok {
			t.Errorf("%s is missing: exit %d, %s", want, exit, out)
		}
	}
	if exit != 2 {
		t.Errorf("exit %d", exit)
	}
	exit, out, _ = examined(t, "en", "--json", "--only", "message,mailbox", "office.example")
	if found, _ := lines(t, out); len(found) != 0 || exit != 0 {
		t.Errorf("exit %d, %v", exit, found)
	}
	if exit, _, stderr := examined(t, "en", "--mail", file+".gone", "office.example"); exit != 4 && exit != 1 || !strings.Contains(stderr, "a.eml.gone") {
		t.Errorf("exit %d, %s", exit, stderr)
	}
}

// Without a network nothing may be said about the domain.
func TestCheckWithoutANetworkEndsInFour(t *testing.T) {
	addr := fmt.Sprintf("127.0.0.1:%d", closedPort)
	file := filepath.Join(t.TempDir(), "rehearsal.json")
	if err := os.WriteFile(file, []byte(`{"map":{"192.0.2.1:1":"127.0.0.1:1"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	exit, out, _ := call{env: map[string]string{"MAILROOM_REHEARSAL": file}}.run("check", "--json", "--resolver", addr, "office.example")
	found, sum := lines(t, out)
	if exit != 4 || sum.Counts["fail"]+sum.Counts["warn"]+sum.Counts["pass"] != 0 {
		t.Errorf("exit %d, %+v", exit, sum)
	}
	if _, ok := found["ports.network:no_network"]; !ok {
		t.Errorf("%v", found)
	}
}

// A rehearsal must not lead anywhere but to this computer.
// A DNS server that is dead or knows nothing of the internet leaves the domain unjudged.
func TestCheckWithABlindDNSEndsInFour(t *testing.T) {
	blind := doctor.Finding{Check: "ports.network", Reason: "dns_blind", Verdict: doctor.Warn}
	skipped := doctor.Finding{Check: "domain.exists", Reason: "dns", Verdict: doctor.Skipped}
	fail := doctor.Finding{Check: "spf.present", Reason: "none", Verdict: doctor.Fail}
	for _, c := range []struct {
		strict bool
		found  []doctor.Finding
		want   int
	}{
		{false, []doctor.Finding{blind, skipped}, 4}, {true, []doctor.Finding{blind, skipped}, 4}, {false, []doctor.Finding{blind, fail}, 2},
	} {
		v := checkVerb{Strict: c.strict}
		if got := v.exit(t.Context(), c.found); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

func TestARehearsalStaysOnThisComputer(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rehearsal.json")
	if err := os.WriteFile(file, []byte(`{"map":{"192.0.2.1:1":"198.51.100.1:1"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	exit, _, stderr := call{env: map[string]string{"MAILROOM_REHEARSAL": file}}.run("check", "office.example")
	if exit != 1 || !strings.Contains(stderr, "198.51.100.1") {
		t.Errorf("exit %d, %s", exit, stderr)
	}
}
