package migrate

import (
	"testing"
	"time"
)

func TestSignInsAtOneProviderKeepTheirDistance(t *testing.T) {
	host, now := hostOf("imap:li@old.example@imap.provider.example:993"), time.Unix(1_800_000_000, 0)
	if host != "imap.provider.example:993" {
		t.Fatal(host)
	}
	if d := signInPause(host, now); d != 0 {
		t.Fatalf("the first sign-in waits %s", d)
	}
	learnGap(host, "netease", now)
	for i, want := range []time.Duration{10, 20, 30} {
		if d := signInPause(host, now); d != want*time.Second {
			t.Fatalf("sign-in %d waits %s, want %ds", i+2, d, want)
		}
	}
	learnGap("own.example:993", "dovecot", now)
	if d := signInPause("own.example:993", now); d != 0 {
		t.Fatalf("an own server waits %s", d)
	}
}
