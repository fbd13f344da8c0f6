package main

import (
	"testing"

	"mailroom/backend/provider"
	"mailroom/backend/report"
	"mailroom/frontend/src/i18n/locales"
)

// Whoever connects an office is told for every field what it is and where it is found.
func TestEveryFieldOfAnAdapterIsExplained(t *testing.T) {
	for _, language := range []string{"en", "zh-CN"} {
		words, err := report.LoadWords(locales.FS, language)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range makers() {
			for _, f := range m.Fields {
				key := "office." + string(m.ID) + "." + f.Key
				wanted := []string{key + ".label", key + ".help"}
				for _, c := range f.Choices {
					wanted = append(wanted, key+".choice."+c)
				}
				for _, k := range wanted {
					if !words.Has(k) {
						t.Errorf("%s: no text %s", language, k)
					}
				}
			}
		}
		for _, c := range provider.All() {
			if !words.Has("capability." + string(c)) {
				t.Errorf("%s: no name for %s", language, c)
			}
		}
	}
}
