package report

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"mailroom/frontend/src/i18n/locales"
)

func TestEveryFormatIsWrittenInEachLanguageAndInBoth(t *testing.T) {
	zh, en := words(t, "zh-CN"), words(t, "en")
	for _, languages := range [][]*Words{{zh}, {en}, {zh, en}} {
		for _, f := range []Format{FormatHTML, FormatPDF, FormatCSV, FormatXLSX} {
			var b bytes.Buffer
			if err := Write(&b, f, sample(), languages...); err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			if f == FormatHTML || f == FormatCSV {
				for _, w := range languages {
					if !strings.Contains(b.String(), w.T("certificate.check")) {
						t.Errorf("%s lacks the words of %s", f, w.Language)
					}
				}
				if n := strings.Count(b.String(), "<html"); f == FormatHTML && n != 1 {
					t.Errorf("%d pages in one file", n)
				}
			}
			if dir := os.Getenv("MAILROOM_PAPERS"); dir != "" {
				name := string(languages[0].Language)
				if len(languages) > 1 {
					name = "both"
				}
				if err := os.WriteFile(filepath.Join(dir, name+"."+string(f)), b.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestTheCheckChangesWithTheFiguresAndNotWithTheIssue(t *testing.T) {
	base := sample()
	again := sample()
	again.Issued, again.Version = again.Issued.Add(time.Hour), "9"
	again.Started = again.Started.UTC()
	again.Mailboxes[0].Left[0].File = "left-behind/1.eml"
	if base.Check() != again.Check() || len(base.Check()) != 64 {
		t.Errorf("another issue of the same has another check: %s %s", base.Check(), again.Check())
	}
	if !strings.HasPrefix(strings.ToUpper(base.Check()), strings.ReplaceAll(base.ShortCheck(), "-", "")) {
		t.Errorf("%s does not begin %s", base.ShortCheck(), base.Check())
	}
	for what, change := range map[string]func(*Certificate){
		"a figure":     func(c *Certificate) { c.Mailboxes[0].Counts.Copied++ },
		"the level":    func(c *Certificate) { c.Mailboxes[0].Verified = "counts" },
		"a folder":     func(c *Certificate) { c.Mailboxes[0].Folders[0].Target = "Archive" },
		"a subject":    func(c *Certificate) { c.Mailboxes[0].Left[1].Subject = "x" },
		"a difference": func(c *Certificate) { c.Mailboxes[0].Differences = nil },
		"the outcome":  func(c *Certificate) { c.State = "done" },
	} {
		c := sample()
		change(c)
		if c.Check() == base.Check() {
			t.Errorf("%s was changed, yet the check is the same", what)
		}
	}
}

// pdfText is what a person can select and copy from the pages.
func pdfText(t *testing.T, raw []byte) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Fatal("pdftotext is not installed (Debian: poppler-utils); scripts/setup.sh test installs it")
	}
	path := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), tool, "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(out), " / ", "/")
}

func TestThePaperCanBeReadAndSearchedInBothLanguages(t *testing.T) {
	c := sample()
	c.Mailboxes[0].Left[0].Subject = "报价单 镕喆 😀 Angebot für Zoë"
	for _, language := range []string{"en", "zh-CN"} {
		w := words(t, language)
		var b bytes.Buffer
		if err := PDF(&b, c, w); err != nil {
			t.Fatal(err)
		}
		text := pdfText(t, b.Bytes())
		for _, want := range []string{w.T("certificate.title"), "李雷", "12 345", c.ShortCheck(), "镕喆", "Zoë", "1/"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the pages lack %q:\n%s", language, want, text)
			}
		}
		if strings.Contains(text, "{{") || strings.Contains(text, "certificate.") {
			t.Errorf("%s: a text is not filled in:\n%s", language, text)
		}
	}
}

func TestAPaperOfAThousandMessagesIsNumberedAndBounded(t *testing.T) {
	c := sample()
	c.Mailboxes[0].Left = make([]Left, 1234)
	for i := range c.Mailboxes[0].Left {
		c.Mailboxes[0].Left[i] = Left{Folder: "INBOX", Subject: strings.Repeat("长主题 long subject ", 40), Server: strings.Repeat("x", 4000), UID: uint32(i)}
	}
	var b bytes.Buffer
	if err := PDF(&b, c, words(t, "en")); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 4<<20 {
		t.Errorf("the paper has %d bytes", b.Len())
	}
	if text := pdfText(t, b.Bytes()); !strings.Contains(text, "734 more") {
		t.Error("the paper does not say how many it left out")
	}
}

func TestTheWorkbookHoldsNoFormula(t *testing.T) {
	for _, w := range []*Words{words(t, "zh-CN"), Both(words(t, "zh-CN"), words(t, "en"))} {
		c := sample()
		c.Mailboxes[0].Left[1] = Left{Folder: "+1", From: "@x", Subject: "-2+3", Server: "\x00\x1f=1+1" + strings.Repeat("长", 40_000)}
		var b bytes.Buffer
		if err := XLSX(&b, c, w); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(book.GetSheetList()); got != 4 {
			t.Errorf("%d sheets: %v", got, book.GetSheetList())
		}
		seen := map[string]bool{}
		for _, sheet := range book.GetSheetList() {
			rows, err := book.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for y, row := range rows {
				for x, cell := range row {
					name, _ := excelize.CoordinatesToCellName(x+1, y+1)
					if f, _ := book.GetCellFormula(sheet, name); f != "" {
						t.Errorf("%s %s is a formula: %s", sheet, name, f)
					}
					if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
						t.Errorf("%s %s would become a formula: %.40q", sheet, name, cell)
					}
					seen[cell] = true
				}
			}
		}
		for _, want := range []string{"12,345", "李雷", c.Check(), `'=HYPERLINK("http://evil.example")`} {
			if !seen[want] {
				t.Errorf("no cell holds %q", want)
			}
		}
		if err := book.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheFormatIsToldByTheName(t *testing.T) {
	for name, want := range map[string]Format{"a.HTML": FormatHTML, "证书.pdf": FormatPDF, "a.b.csv": FormatCSV, "a.xlsx": FormatXLSX, "a.htm": FormatHTML} {
		if got, err := FormatOf(name); err != nil || got != want {
			t.Errorf("%s: %s %v", name, got, err)
		}
	}
	for _, name := range []string{"a", "a.doc", "a.", ""} {
		if _, err := FormatOf(name); err == nil {
			t.Errorf("%q has a format", name)
		}
	}
}

func FuzzPDFText(f *testing.F) {
	letters, err := openLetters()
	if err != nil {
		f.Fatal(err)
	}
	en, err := LoadWords(locales.FS, "en")
	if err != nil {
		f.Fatal(err)
	}
	_ = letters
	f.Add("报价单\n\x00\u202e😀 a-b/c", "x")
	f.Add("", strings.Repeat("A", 400))
	f.Fuzz(func(t *testing.T, subject, folder string) {
		c := sample()
		c.Mailboxes[0].Left[0].Subject, c.Mailboxes[0].Left[0].Folder = subject, folder
		if err := PDF(&bytes.Buffer{}, c, en); err != nil {
			t.Fatal(err)
		}
	})
}

// A rare name must stay tellable from another one on paper, and a long subject in a script
// that the font lacks must not fill the page.
func TestWhatTheFontLacksIsShownByItsNumber(t *testing.T) {
	l, err := openLetters()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"𠮷野 喆":                        "[U+20BB7]野 喆",
		"🎉 ok":                        "[U+1F389] ok",
		"a\u200bb":                    "ab",
		strings.Repeat("𠮷", 10) + "a": strings.Repeat("[U+20BB7]", 8) + "□□a",
		"\ufffd":                      "□",
	} {
		if got := l.shown(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
