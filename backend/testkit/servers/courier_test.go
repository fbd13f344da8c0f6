package servers

import (
	"strings"
	"testing"
)

func TestCourierKeepsMailOverAKill(t *testing.T) {
	s := Courier(t)
	keepsMailOverAKill(t, s)
	refusesWrongPassword(t, s)
}

func TestCourierSpeaksTLS(t *testing.T) {
	checkTLS(t, Courier(t), true)
	checkTLS(t, Courier(t, Options{Cert: WrongNameCert}), false)
}

func TestCourierRefusesOverQuota(t *testing.T) {
	s := Courier(t, Options{QuotaMessages: 1})
	c := signIn(t, s, DefaultUser)
	if err := put(t, c, "INBOX", letter); err != nil {
		t.Fatal(err)
	}
	if err := put(t, c, "INBOX", letter); err == nil || !strings.Contains(strings.ToLower(err.Error()), "quota") {
		t.Errorf("second message: %v", err)
	}
}
