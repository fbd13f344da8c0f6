// Package say puts findings into words for people, from the page's language files. It
// makes no sentence itself: a finding's check and reason pick the text, its facts fill
// it in.
package say

import (
	"strings"

	"mailroom/backend/doctor"
	"mailroom/backend/preset"
	"mailroom/backend/report"
)

// Words are one language's texts, see [report.LoadWords].
type Words = report.Words

// Text is a finding in words.
type Text struct {
	Title string // of the check
	Says  string // what is so, and what it means for people
	Do    string // what to do; "" nothing
}

// Key is the text of a finding in the language files.
func Key(f doctor.Finding) string {
	for _, reason := range doctor.SkipReasons {
		if f.Reason == reason {
			return "doctor.skip." + reason
		}
	}
	return "doctor.check." + f.Check + "." + f.Reason
}

// Title is a check's name in the language files.
func Title(check string) string { return "doctor.check." + check + ".title" }

// Finding puts a finding into words.
func Finding(w *Words, f doctor.Finding) Text {
	key, facts := Key(f), Facts(w.Language, f)
	if status := "doctor.status." + facts["status"]; w.Has(status) {
		facts["status"] = w.T(status) // how a question to the DNS ended
	}
	var pairs []any
	for k, v := range facts {
		pairs = append(pairs, k, v)
	}
	t := Text{Title: w.T(Title(f.Check)), Says: w.T(key, pairs...)}
	if w.Has(key + "_do") {
		t.Do = w.T(key+"_do", pairs...)
	}
	return t
}

// Facts are the placeholders of a finding's text: its own facts, its subject, and
// providers by their names instead of ids. Foreign text is put on one line.
func Facts(language string, f doctor.Finding) map[string]string {
	all := map[string]string{"subject": plain(f.Subject)}
	for k, v := range f.Facts {
		if k == "provider" || k == "other" {
			if p, ok := preset.ByID(v); ok {
				v = p.Name.In(language)
			}
		}
		all[k] = plain(v)
	}
	return all
}

// plain makes foreign text harmless: no control characters, no braces that could be
// taken for a placeholder, not endlessly long.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || (r >= 0x7f && r < 0xa0) || r == '\u2028' || r == '\u2029' || (r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069') {
			return ' '
		}
		return r
	}, s)
	return doctor.Clip(strings.ReplaceAll(s, "{{", "{ {"), 600)
}
