package terms

import (
	"slices"
	"strings"
	"testing"

	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func all(s string) []string {
	var got []string
	Each(Fold(s), func(term string) { got = append(got, term) })
	return got
}

func TestTextIsCutIntoWordsAndPairs(t *testing.T) {
	for text, want := range map[string]string{
		"十一月发票":               "十一 一月 月发 发票 票",
		"Re: 合同2024-v2 Final": "re 合同 同 2024 v2 final",
		"ＡＢＣ１２３":              "abc123",
		"Café Ångström ÜBER":  "cafe angstrom uber",
		"":                    "",
		" --- ":               "",
		"票":                   "票",
		"한국어 메일":              "한국 국어 어 메일 일",
		"Привет МИР":          "привет мир",
	} {
		if got := strings.Join(all(text), " "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestWhatIsSoughtIsFoundAndNothingElse(t *testing.T) {
	for _, c := range []struct {
		text, words string
		found       bool
	}{
		{"十一月发票已开", "发票", true}, {"十一月发票已开", "票", true}, {"十一月发票", "票", true}, {"十一月发票", "票发", false},
		{"Invoice 2024-11", "inv", true}, {"Invoice 2024-11", "voice", false}, {"Invoice 2024-11", "2024-11", true},
		{"RE: Angebot für März", "fur marz", true}, {"合同2024终稿", "同2024", true}, {"合同2024终稿", "合同2025", false},
		{"aa发发票", "发票", true}, {"がぎ：é", "が", true}, {"【ＡＢｃ】", "abc", true}, {"x", "", true},
	} {
		text, words := Fold(c.text), Fold(c.words)
		if Contains(text, words) != c.found {
			t.Errorf("%q in %q: not %v", c.words, c.text, c.found)
		}
		if c.found && !covered(text, words) {
			t.Errorf("%q in %q: the index would not have it: needs %v of %v", c.words, c.text, Needs(words), all(c.text))
		}
	}
}

// covered says whether the index leads from the sought words to the text.
func covered(text, words string) bool {
	var have []string
	Each(text, func(term string) { have = append(have, term) })
	for _, n := range Needs(words) {
		if !slices.ContainsFunc(have, func(term string) bool { return term == n.Term || n.Prefix && strings.HasPrefix(term, n.Term) }) {
			return false
		}
	}
	return true
}

// The promise of the index: whatever a text contains, its terms lead to it.
func FuzzTheIndexLeadsToWhateverATextContains(f *testing.F) {
	f.Add("十一月发票 Invoice 2024", 3, 9)
	f.Add("aa票票票发票", 2, 8)
	f.Add("ＡＢＣ Ünïcödé 한국어", 0, 40)
	f.Add("\xff\xfe票\x00", 0, 5)
	f.Fuzz(func(t *testing.T, text string, from, to int) {
		folded := Fold(text)
		if Fold(folded) != folded {
			t.Skip("folding this twice goes on: no text of a record does, they are folded once")
		}
		runes := []rune(folded)
		if from < 0 || to > len(runes) || from >= to {
			return
		}
		words := string(runes[from:to])
		if Contains(folded, words) && !covered(folded, words) {
			t.Fatalf("%q contains %q, but of %v only %v are there", folded, words, Needs(words), all(folded))
		}
	})
}
