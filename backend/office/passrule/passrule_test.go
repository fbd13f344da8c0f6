package passrule_test

import (
	"fmt"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/office/passrule"
	"mailroom/backend/provider"
)

func TestWhatBreaksTheRuleIsSaid(t *testing.T) {
	strict := provider.PasswordRule{Min: 8, Max: 16, Letters: true, Digits: true, Cases: true, Symbols: true, Kinds: 3, NoAddress: true, NoRuns: 3}
	for password, want := range map[string]string{
		"Tr0ub-4dor":            "[]",
		"Tr0ub-4":               "[too_short]",
		"Tr0ub-4dor-Tr0ub-4dor": "[too_long]",
		"tr0ub-4dor":            "[no_cases]",
		"Tr0ub44dor":            "[no_symbol]",
		"Troub-adoR":            "[no_digit]",
		"Tr0ub-111d":            "[has_run]",
		"Tr0ub-abcd":            "[has_run]",
		"Tr0ub-987d":            "[has_run]",
		"Li.Lei-2k4":            "[has_address]",
		"Tr0ub-4dör":            "[odd_letter]",
		"":                      "[too_short no_letter no_digit no_cases no_symbol few_kinds]",
	} {
		if got := fmt.Sprint(passrule.Check(strict, password, "li.lei@office.example")); got != want {
			t.Errorf("%s: %s, want %s", password, got, want)
		}
	}
	opaque := provider.PasswordRule{Min: 8, Max: 72, Opaque: true}
	for password, want := range map[string]string{
		"密码三":                         "[]", // nine bytes
		"密码":                          "[too_short]",
		"two words":                   "[]",
		"   　　　":                      "[too_short]", // kept as six spaces
		"with\ttab-12":                "[characters]",
		strings.Repeat("密", 24):       "[]",
		strings.Repeat("密", 25):       "[too_many_bytes]",
		strings.Repeat("e\u0301", 36): "[]", // accents are joined: 72 bytes
		"":                            "[too_short]",
	} {
		if got := fmt.Sprint(passrule.Check(opaque, password, "li.lei@office.example")); got != want {
			t.Errorf("%q: %s, want %s", password, got, want)
		}
	}
	if got := passrule.Check(provider.PasswordRule{}, "x", "x"); got != nil {
		t.Errorf("a provider without demands: %v", got)
	}
}

func TestMadePasswordsPassTheRule(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		rule := provider.PasswordRule{Min: 14, Max: 20, Cases: true, Digits: true, Symbols: true, Kinds: 4, NoAddress: true, NoRuns: 3}
		p, err := passrule.Make(rule, "li@office.example")
		if err != nil {
			t.Fatal(err)
		}
		if broken := passrule.Check(rule, p.Reveal(), "li@office.example"); broken != nil || seen[p.Reveal()] {
			t.Fatalf("%v", broken)
		}
		seen[p.Reveal()] = true
	}
	if _, err := passrule.Make(provider.PasswordRule{Max: 3, Kinds: 4}, ""); core.CodeOf(err) != core.Unsupported {
		t.Errorf("demands that contradict each other: %v", err)
	}
	if p, err := passrule.Make(provider.PasswordRule{Max: 6}, ""); err != nil || len(p.Reveal()) != 6 {
		t.Errorf("%v", err)
	}
}
