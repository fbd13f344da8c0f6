package dkimkey_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"testing"

	"mailroom/backend/doctor/dkimkey"
)

// The keys of RFC 6376 appendix C and RFC 8463 appendix A.
const (
	rfc6376 = "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
	rfc8463 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
)

func TestPublishedKeysAreRead(t *testing.T) {
	if k, err := dkimkey.Parse(rfc6376); err != nil || k.Kind != "rsa" || k.Bits != 1024 || !k.SHA256() || !k.ForMail() {
		t.Errorf("%+v %v", k, err)
	}
	if k, err := dkimkey.Parse(rfc8463); err != nil || k.Kind != "ed25519" || k.Bits != 256 {
		t.Errorf("%+v %v", k, err)
	}
	if k, err := dkimkey.Parse("k=rsa; t=y:s; h=sha1; s=other; " + rfc6376[len("v=DKIM1; "):]); err != nil || !k.Testing || !k.Strict || k.SHA256() || k.ForMail() {
		t.Errorf("%+v %v", k, err)
	}
	bare, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if k, err := dkimkey.Parse("p=" + base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PublicKey(&bare.PublicKey))); err != nil || k.Bits != 2048 {
		t.Errorf("PKCS#1: %+v %v", k, err)
	}
	if k, err := dkimkey.Parse("v=DKIM1; p=;"); err != nil || !k.Revoked {
		t.Errorf("%+v %v", k, err)
	}
}

func TestFaultsOfKeysAreToldApart(t *testing.T) {
	for text, want := range map[string]error{
		"k=rsa; v=DKIM1; p=": dkimkey.ErrVersion, "v=DKIM2; p=": dkimkey.ErrVersion, "v=DKIM1; k=rsa": dkimkey.ErrNoKey, "v=DKIM1; p=MII%": dkimkey.ErrBase64,
		"v=DKIM1; k=dsa; p=AAAA": dkimkey.ErrKind, "v=DKIM1; p=AAAA": dkimkey.ErrKey, "v=DKIM1; k=ed25519; p=AAAA": dkimkey.ErrKey, "v=DKIM1; p=; p=": dkimkey.ErrDoubled,
		rfc6376[:209]: dkimkey.ErrKey,
	} {
		if _, err := dkimkey.Parse(text); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{rfc6376, rfc8463, "v=DKIM1; p=", "p=\xff", "k=ed25519;p=!"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		k, err := dkimkey.Parse(text)
		if err == nil && !k.Revoked && k.Bits == 0 {
			t.Errorf("a key without bits: %q", text)
		}
		dkimkey.Near(text)
	})
}
