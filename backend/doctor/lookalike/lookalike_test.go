package lookalike_test

import (
	"testing"

	"mailroom/backend/doctor/lookalike"
)

func TestNamesThatLookTheSame(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"office.example", "office.example", false},
		{"OFFICE.example", "office.example", false},
		{"0ffice.example", "office.example", true},
		{"оffice.example", "office.example", true}, // a Cyrillic о
		{"offlce.example", "office.example", true},
		{"rnailroom.example", "mailroom.example", true},
		{"öffice.example", "office.example", true},
		{"officе.example", "other.example", false},
		{"office.test", "office.example", false},
		{"中文.example", "中文.test", false},
	} {
		if got := lookalike.Same(c.a, c.b); got != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}

func TestScriptsThatDoNotBelongTogether(t *testing.T) {
	for domain, want := range map[string]bool{"office.example": false, "оffice.example": true, "почта.example": false, "中文mail.example": false, "中文о.example": true, "日本のmail.example": false, "αlpha.example": true} {
		if label, got := lookalike.Mixed(domain); got != want {
			t.Errorf("%s: %v (%s)", domain, got, label)
		}
	}
}

func FuzzSame(f *testing.F) {
	f.Add("office.example", "0ffice.example")
	f.Add("xn--\xff", "..")
	f.Fuzz(func(t *testing.T, a, b string) {
		if lookalike.Same(a, a) || lookalike.Same(a, b) != lookalike.Same(b, a) {
			t.Errorf("%q %q", a, b)
		}
		lookalike.Mixed(a)
	})
}
