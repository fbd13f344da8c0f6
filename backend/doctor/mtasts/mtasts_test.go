package mtasts_test

import (
	"errors"
	"slices"
	"testing"

	"mailroom/backend/doctor/mtasts"
)

// The example of RFC 8461 A.
const policy = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n"

func TestThePublishedExampleIsRead(t *testing.T) {
	p, err := mtasts.ParsePolicy(policy)
	if err != nil || p.Mode != mtasts.Enforce || p.MaxAge != 604800 || len(p.MX) != 3 {
		t.Fatalf("%+v %v", p, err)
	}
	for host, want := range map[string]bool{"mail.example.com": true, "MAIL.example.com.": true, "a.example.net": true, "example.net": false, "a.b.example.net": false, "evilexample.net": false} {
		if p.Covers(host) != want {
			t.Errorf("%s: %v", host, !want)
		}
	}
	r, err := mtasts.ParseRecord("v=STSv1; id=20160831085700Z;")
	if err != nil || r.ID != "20160831085700Z" {
		t.Errorf("%+v %v", r, err)
	}
	uris, err := mtasts.ParseReport("v=TLSRPTv1;rua=mailto:reports@example.com,https://reporting.example.com/v1/tlsrpt")
	if err != nil || !slices.Equal(uris, []string{"mailto:reports@example.com", "https://reporting.example.com/v1/tlsrpt"}) {
		t.Errorf("%v %v", uris, err)
	}
}

func TestFaultsAreToldApart(t *testing.T) {
	for text, want := range map[string]error{
		"": mtasts.ErrVersion, "mode: enforce\nversion: STSv1\n": mtasts.ErrVersion, "version: STSv1\nmode: strict\nmax_age: 1\n": mtasts.ErrMode,
		"version: STSv1\nmode: testing\nmx: a\n": mtasts.ErrAge, "version: STSv1\nmode: testing\nmx: a\nmax_age: 99999999\n": mtasts.ErrAge,
		"version: STSv1\nmode: enforce\nmax_age: 1\n": mtasts.ErrMX, "version: STSv1\nmode: none\nmax_age: 1\n": nil,
	} {
		if _, err := mtasts.ParsePolicy(text); !errors.Is(err, want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for text, want := range map[string]error{"v=STSv1": mtasts.ErrID, "v=STSv1; id=a-b": mtasts.ErrID, "id=1; v=STSv1": mtasts.ErrVersion, "v=STSv2; id=1": mtasts.ErrVersion} {
		if _, err := mtasts.ParseRecord(text); !errors.Is(err, want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzPolicy(f *testing.F) {
	f.Add(policy)
	f.Add("version: STSv1\nmode:none\nmax_age:-1")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := mtasts.ParsePolicy(text)
		if err == nil && (p.MaxAge < 0 || p.MaxAge > mtasts.MaxAge || p.Mode == "") {
			t.Errorf("%+v", p)
		}
		p.Covers(text)
		_, _ = mtasts.ParseRecord(text)
		_, _ = mtasts.ParseReport(text)
	})
}
