package provider_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

func TestWhatAVendorSaidIsShortAndHoldsNoSecret(t *testing.T) {
	key := secret.NewValue("s3cr3t-key")
	for said, want := range map[string]string{
		"":                               "",
		"user\r\n  exists\x00\x1b[31m":   "user exists [31m",
		"key s3cr3t-key, s3cr3t-key bad": "key [secret], [secret] bad",
		"GET /?key=p%2Bq%2F1":            "GET /?key=[secret]",
		"坏\xff的":                         "坏\uFFFD的",
	} {
		if got := provider.Said(said, key, secret.NewValue("p+q/1"), secret.Value{}, secret.NewValue("e")); got != want {
			t.Errorf("%q became %q, want %q", said, got, want)
		}
	}
	if got := provider.Said(strings.Repeat("长", 10_000)); utf8.RuneCountInString(got) > 301 {
		t.Errorf("%d characters are left", utf8.RuneCountInString(got))
	}
}
