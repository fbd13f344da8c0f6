package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mailroom/frontend/src/i18n/locales"
)

// reasons finds what adapters say about a refusal beside its code.
var reasons = regexp.MustCompile(`"reason", "(\w+)"|[rR]eason: +"(\w+)"|reason\w+ += "(\w+)"|wrong\((?:[\w.]+, )?"(\w+)"\)` +
	// the practice office's ways to say it, the last in its rule for passwords, and the rows of mox's table
	`|(?:invalid|conflict)\([\w."]+, "(\w+[a-z])"|\{"(\w+)", "SELECT|:\n\t\treturn "(\w+_\w+)"|core\.\w+, (?:provider\.\w+|""), "(\w+)"\}|Taken = "(\w+)"`)

// faults are reasons that tell a programmer where an answer made no sense; people read
// the sentence of the code, malformed.
var faults = []string{"aliases", "count", "id", "link", "no_session", "page", "pages", "place", "result", "rows", "time", "token"}

func TestEveryReasonOfAnAdapterHasItsSentence(t *testing.T) {
	said := map[string][]string{}
	err := filepath.WalkDir("backend/provider", func(path string, d fs.DirEntry, err error) error {
		skip := strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/providertest/")
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || skip {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range reasons.FindAllStringSubmatch(string(raw), -1) {
			said[strings.Join(m[1:], "")] = append(said[strings.Join(m[1:], "")], path)
		}
		return nil
	})
	if err != nil || len(said) < 20 {
		t.Fatalf("%d reasons, %v", len(said), err)
	}
	for _, language := range []string{"en", "zh-CN"} {
		raw, err := fs.ReadFile(locales.FS, language+"/officewhy.json")
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			OfficeWhy map[string]string `json:"officeWhy"`
		}
		if err := json.Unmarshal(raw, &file); err != nil {
			t.Fatal(err)
		}
		for reason, where := range said {
			if file.OfficeWhy[reason] == "" && !slices.Contains(faults, reason) {
				t.Errorf("%s: no sentence for %q, which %s gives", language, reason, where[0])
			}
		}
	}
}
