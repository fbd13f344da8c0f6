package main

import (
	"encoding/json"
	"io/fs"
	"testing"

	"mailroom/backend/provider"
	"mailroom/frontend/src/i18n/locales"
)

func TestEveryFieldOfAnAdapterSaysWhereItsValueIsFound(t *testing.T) {
	for _, language := range []string{"en", "zh-CN"} {
		raw, err := fs.ReadFile(locales.FS, language+"/office.json")
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Office map[string]json.RawMessage `json:"office"`
		}
		if err := json.Unmarshal(raw, &file); err != nil {
			t.Fatal(err)
		}
		for _, m := range makers() {
			var texts map[string]struct {
				Label, Help string
				Choice      map[string]string
			}
			if err := json.Unmarshal(file.Office[string(m.ID)], &texts); err != nil {
				t.Errorf("%s: office.%s: %v", language, m.ID, err)
				continue
			}
			for _, f := range m.Fields {
				text := texts[f.Key]
				if text.Label == "" || text.Help == "" {
					t.Errorf("%s: office.%s.%s has the name %q and the help %q", language, m.ID, f.Key, text.Label, text.Help)
				}
				for _, c := range f.Choices {
					if f.Kind == provider.FieldChoice && text.Choice[c] == "" {
						t.Errorf("%s: office.%s.%s has no words for the choice %q", language, m.ID, f.Key, c)
					}
				}
				delete(texts, f.Key)
			}
			for key := range texts {
				t.Errorf("%s: office.%s.%s is a field that is not asked for", language, m.ID, key)
			}
		}
	}
}
