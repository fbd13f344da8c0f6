package report

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAnyTextBecomesAFileName(t *testing.T) {
	for text, want := range map[string]string{
		"李雷 / sales": "李雷 _ sales", "": "x", "..": "x", "CON": "_CON", "nul.txt": "_nul.txt", "a\x00b\nc": "a b c",
		"../../etc/passwd": "_.._etc_passwd", "\u202egnp.exe": "gnp.exe", "Re: 报价?": "Re_ 报价_", "///": "x", " .hidden. ": "hidden",
	} {
		if got := FileName(text, "x"); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func FuzzFileName(f *testing.F) {
	for _, s := range []string{"李雷", "a/b\\c", "aux.", strings.Repeat("长", 300), "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name := FileName(text, "x")
		if name == "" || strings.ContainsAny(name, "/\\:*?\"<>|\x00\n") || len(name) > 240 || !utf8.ValidString(name) || strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") {
			t.Errorf("%q became %q", text, name)
		}
	})
}
