package dmarcreport_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"mailroom/backend/core"
	"mailroom/backend/doctor/dmarcreport"
)

// record is one row of a report.
func record(ip string, count int, dkim, spf, reason string) string {
	if reason != "" {
		reason = "<reason><type>" + reason + "</type></reason>"
	}
	return fmt.Sprintf(`<record><row><source_ip>%s</source_ip><count>%d</count><policy_evaluated><disposition>none</disposition><dkim>%s</dkim><spf>%s</spf>%s</policy_evaluated></row>
<identifiers><header_from>Office.example</header_from></identifiers><auth_results><dkim><domain>office.example</domain><result>%s</result></dkim></auth_results></record>`, ip, count, dkim, spf, reason, dkim)
}

func report(id string, begin time.Time, days int, records ...string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><feedback><version>1.0</version><report_metadata><org_name>receiver.example</org_name><report_id>%s</report_id>
<date_range><begin>%d</begin><end>%d</end></date_range></report_metadata><policy_published><domain>office.example</domain><p>none</p></policy_published>%s</feedback>`,
		id, begin.Unix(), begin.AddDate(0, 0, days).Unix(), strings.Join(records, ""))
}

var day = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

func gz(t testing.TB, raw []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t testing.TB, files ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, raw := range files {
		f, err := w.Create(fmt.Sprintf("report%d.xml", i))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func mailed(kind string, raw []byte) []byte {
	text := base64.StdEncoding.EncodeToString(raw)
	var lines strings.Builder
	for len(text) > 76 {
		lines.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	return []byte("From: dmarc@receiver.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nA report.\r\n--b\r\nContent-Type: " + kind +
		"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines.String() + text + "\r\n--b--\r\n")
}

func TestAReportIsReadFromWhateverItComesIn(t *testing.T) {
	plain := []byte(report("1", day, 1, record("192.0.2.1", 7, "pass", "fail", ""), record("2001:db8::1", 3, "fail", "fail", ""), record("nonsense", 1, "pass", "pass", "")))
	chinese, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(strings.Replace(strings.Replace(string(plain), "UTF-8", "GB2312", 1), "receiver.example", "网易邮箱", 1)))
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{
		"xml": plain, "gzip": gz(t, plain), "zip": zipped(t, plain), "gzip in zip": zipped(t, gz(t, plain)), "mail with gzip": mailed("application/gzip", gz(t, plain)),
		"mail with zip": mailed("application/zip", zipped(t, plain)), "bom": append([]byte("\xef\xbb\xbf"), plain...), "GB2312": chinese,
		"namespace": []byte(strings.Replace(string(plain), "<feedback>", `<feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0">`, 1)),
	} {
		all, err := dmarcreport.Read(raw)
		if err != nil || len(all) != 1 {
			t.Errorf("%s: %d reports, %v", name, len(all), err)
			continue
		}
		r := all[0]
		if r.Domain != "office.example" || len(r.Rows) != 2 || r.Dropped != 1 || r.Rows[0].Count != 7 || !r.Rows[0].Passes() || r.Rows[1].Passes() || r.Policy != "none" || !r.Begin.Equal(day) {
			t.Errorf("%s: %+v", name, r)
		}
		if name == "GB2312" && r.Org != "网易邮箱" {
			t.Errorf("%q", r.Org)
		}
	}
}

func TestBombsEndEarly(t *testing.T) {
	bomb := gz(t, bytes.Repeat([]byte("<a>"), 20<<20)) // 60 MB of XML in some 60 kB
	for name, raw := range map[string][]byte{
		"gzip": bomb, "zip": zipped(t, bytes.Repeat([]byte{' '}, 40<<20)), "many": zipped(t, make([][]byte, 200)...), "nested": gz(t, gz(t, gz(t, gz(t, gz(t, []byte("<feedback/>")))))),
		"large": bytes.Repeat([]byte{'x'}, dmarcreport.MaxFile+1),
	} {
		if _, err := dmarcreport.Read(raw); core.CodeOf(err) != core.TooBig && core.CodeOf(err) != core.Malformed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsNoReportIsTold(t *testing.T) {
	for _, raw := range []string{"", "hello", "<html></html>", "<feedback></feedback>", "<feedback><policy_published><domain>x", "Subject: x\r\n\r\nno report", "PK\x03\x04broken", "\x1f\x8bbroken",
		`<!DOCTYPE a [<!ENTITY x "boom">]><feedback><policy_published><domain>&x;</domain></policy_published>`} {
		if all, err := dmarcreport.Read([]byte(raw)); core.CodeOf(err) != core.Malformed && len(all) != 1 {
			t.Errorf("%q: %v %v", raw, all, err)
		}
	}
}

func read(t *testing.T, texts ...string) []dmarcreport.Report {
	t.Helper()
	var all []dmarcreport.Report
	for _, text := range texts {
		some, err := dmarcreport.Read([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
	}
	return all
}

func TestThePolicyIsRaisedOnlyOnEvidence(t *testing.T) {
	good := record("192.0.2.1", 990, "pass", "pass", "")
	stranger := record("203.0.113.9", 5000, "fail", "fail", "")
	forwarder := record("198.51.100.5", 400, "fail", "fail", "forwarded")
	broken := record("192.0.2.2", 100, "fail", "fail", "")
	partly := record("192.0.2.2", 10, "pass", "fail", "")
	for name, c := range map[string]struct {
		texts  []string
		policy string
		want   dmarcreport.Advice
	}{
		"too short":          {[]string{report("1", day, 3, good)}, "none", dmarcreport.Wait},
		"too little":         {[]string{report("1", day, 20, record("192.0.2.1", 9, "pass", "pass", ""))}, "none", dmarcreport.Wait},
		"forgers only":       {[]string{report("1", day, 20, stranger)}, "none", dmarcreport.Wait},
		"all pass":           {[]string{report("1", day, 20, good, stranger, forwarder)}, "none", dmarcreport.Raise},
		"one server fails":   {[]string{report("1", day, 20, good, broken, partly)}, "none", dmarcreport.Mend},
		"at the top":         {[]string{report("1", day, 20, good)}, "reject", dmarcreport.Reached},
		"the same one twice": {[]string{report("1", day, 20, good), report("1", day, 20, good)}, "quarantine", dmarcreport.Raise},
	} {
		s := dmarcreport.Sum("office.example", read(t, c.texts...))
		got, share, failing := dmarcreport.Advise(s, c.policy, nil)
		if got != c.want || share < 0 || share > 1 {
			t.Errorf("%s: %s (%.2f, failing %v)", name, got, share, failing)
		}
		if name == "one server fails" && (len(failing) != 1 || failing[0].IP != netip.MustParseAddr("192.0.2.2")) {
			t.Errorf("%+v", failing)
		}
		if name == "the same one twice" && s.Count != 990 {
			t.Errorf("%d mails", s.Count)
		}
	}
}

func FuzzRead(f *testing.F) {
	plain := report("1", day, 1, record("192.0.2.1", 7, "pass", "fail", "forwarded"))
	f.Add([]byte(plain))
	f.Add(gz(f, []byte(plain)))
	f.Add(zipped(f, []byte(plain)))
	f.Add(mailed("application/gzip", gz(f, []byte(plain))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		all, err := dmarcreport.Read(raw)
		if err != nil {
			return
		}
		for _, r := range all {
			if r.Domain == "" {
				t.Error("a report without a domain")
			}
			s := dmarcreport.Sum(r.Domain, all)
			if s.Passed > s.Count {
				t.Errorf("%+v", s)
			}
		}
	})
}
