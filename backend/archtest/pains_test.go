package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestThePainsAreStillCuredWhereThePageSays keeps docs/pains.md true as far as a test
// can: all twenty-five are there, each is cured, partly or not, and every place that
// is named exists.
func TestThePainsAreStillCuredWhereThePageSays(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, "docs", "pains.md"))
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile(`(?m)^\| (\d+) \| .+ \| (cured|partly|not) \| (.+) \|$`)
	rows := row.FindAllStringSubmatch(string(raw), -1)
	if len(rows) != 25 {
		t.Fatalf("%d pains, want 25", len(rows))
	}
	named := 0
	for _, r := range rows {
		places := regexp.MustCompile("`((?:backend|frontend|docs)/[^`]+)`").FindAllStringSubmatch(r[3], -1)
		named += len(places)
		if r[2] == "cured" && len(places) == 0 {
			t.Errorf("pain %s is cured nowhere", r[1])
		}
		if r[2] != "cured" && len(strings.Fields(r[3])) < 10 {
			t.Errorf("pain %s does not say why", r[1])
		}
		for _, p := range places {
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(p[1]))); err != nil {
				t.Errorf("pain %s: %v", r[1], err)
			}
		}
	}
	if named < 20 {
		t.Errorf("only %d places are named", named)
	}
}
