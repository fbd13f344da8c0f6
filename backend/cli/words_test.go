package cli

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"mailroom/backend/core"
	"mailroom/backend/migrate"
	"mailroom/backend/people"
)

func TestEveryTextIsThereInBothLanguages(t *testing.T) {
	for key, text := range texts {
		if strings.HasPrefix(key, "plain.") {
			continue
		}
		if text[chinese] == "" || text[english] == "" {
			t.Errorf("%s is empty in a language", key)
		}
		if slices.Compare(marks(text[chinese]), marks(text[english])) != 0 {
			t.Errorf("%s: facts %v and %v", key, marks(text[chinese]), marks(text[english]))
		}
		if strings.ContainsFunc(text[english], func(c rune) bool { return unicode.Is(unicode.Han, c) }) {
			t.Errorf("%s: Chinese in the English text", key)
		}
		if strings.HasPrefix(key, "error.") && !strings.ContainsFunc(text[chinese], func(c rune) bool { return unicode.Is(unicode.Han, c) }) {
			t.Errorf("%s: no Chinese in the Chinese text", key)
		}
	}
}

func marks(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryErrorHasASentence(t *testing.T) {
	for _, code := range []core.Code{core.Invalid, core.NotFound, core.Conflict, core.Unauthenticated, core.Forbidden, core.RateLimited, core.Unsupported, core.Unreachable,
		core.Timeout, core.Canceled, core.UntrustedCert, core.OverQuota, core.TooBig, core.Rejected, core.DiskFull, core.ReadOnly, core.NewerData, core.InUse, core.Malformed, core.Internal} {
		if !has("error." + string(code)) {
			t.Errorf("no sentence for %s", code)
		}
	}
	for _, code := range people.Codes() {
		if !has("problem." + string(code)) {
			t.Errorf("no sentence for %s", code)
		}
	}
	for _, kind := range []string{"move", "dry", "verify", "undo"} {
		for _, exit := range []string{"0", "1", "2", "3", "4"} {
			if !has("next." + kind + "." + exit) {
				t.Errorf("no next step for %s %s", kind, exit)
			}
		}
	}
	for _, phase := range []migrate.Phase{migrate.PhaseConnecting, migrate.PhaseListing, migrate.PhaseMatching, migrate.PhaseCopying, migrate.PhaseFlags, migrate.PhaseVerifying,
		migrate.PhaseUndoing, migrate.PhaseWaiting, migrate.PhaseDone} {
		if !has("phase." + string(phase)) {
			t.Errorf("no word for %s", phase)
		}
	}
}

func TestLanguageFollowsTheEnvironment(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want language
	}{
		{map[string]string{"LANG": "zh_CN.UTF-8"}, chinese},
		{map[string]string{"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, english},
		{map[string]string{"LANG": "de_DE.UTF-8"}, english},
		{map[string]string{}, english},
	} {
		if got := languageOf(func(n string) string { return c.env[n] }); got != c.want {
			t.Errorf("%v: %d", c.env, got)
		}
	}
}

func TestForeignTextCannotSteerTheTerminal(t *testing.T) {
	if got := printable("a\x1b[2Jb\r\nc\u202ed 中"); got != "a [2Jb  c d 中" {
		t.Errorf("%q", got)
	}
}

func TestAmountsAndTimesAreWrittenForPeople(t *testing.T) {
	for got, want := range map[string]string{
		count(0): "0", count(999): "999", count(1234567): "1,234,567", size(1023): "1023 B", size(1536): "1.5 KB", size(5 << 40): "5.0 TB",
		clock(0): "0:00", clock(185e9): "3:05", clock(7384e9): "2:03:04", cutTo("ab中文", 4): "ab中", pad("中", 4) + "|": "中  |",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func FuzzAmount(f *testing.F) {
	for _, seed := range []string{"500K", "2M", "1.5GB", "none", "10/s", "-1", "1e400", "NaN", "infK", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var b amount
		if err := b.UnmarshalText([]byte(text)); err == nil && (b == 0 || b < -1) {
			t.Fatalf("%q became %d", text, b)
		}
	})
}

func TestAmountsUnderstandUnits(t *testing.T) {
	for text, want := range map[string]amount{"500": 500, "500K": 500 << 10, "2M": 2 << 20, "1.5GB": 3 << 29, "2mb/s": 2 << 20, "none": -1} {
		var b amount
		if err := b.UnmarshalText([]byte(text)); err != nil || b != want {
			t.Errorf("%s: %d, %v", text, b, err)
		}
	}
}

func TestDaysAreRealDays(t *testing.T) {
	var d day
	if err := d.UnmarshalText([]byte("2024-02-29")); err != nil || d.start() != time.Date(2024, 2, 29, 0, 0, 0, 0, time.Local) {
		t.Errorf("%v, %s", err, d.start())
	}
	for _, text := range []string{"2023-02-29", "yesterday", "24-01-01", "0001-01-01"} {
		if err := d.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%s is taken for a day", text)
		}
	}
	if exit, _, stderr := (call{}).run("move", "--from", "maildir:/a", "--to", "eml:/b", "--since", "31.1.2024"); exit != 1 || !strings.Contains(stderr, "2024-01-31") {
		t.Errorf("exit %d: %s", exit, stderr)
	}
}

func TestOneThingIsToldAsOne(t *testing.T) {
	for key, want := range map[string]string{
		"people.count": "One person.", "archive.made": "One month is archived. The sum is 3f: keep it elsewhere.",
		"archive.broken": "The archive has one fault:", "count.rows": "one record",
	} {
		if got := english.say(key, "n", "1", "sum", "3f"); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
		if got := english.say(key, "n", "2", "sum", "3f"); got == want || !strings.Contains(got, "2") {
			t.Errorf("%s of two: %q", key, got)
		}
	}
}
