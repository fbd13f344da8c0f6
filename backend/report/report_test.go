package report

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/frontend/src/i18n/locales"
)

func words(t testing.TB, language string) *Words {
	t.Helper()
	w, err := LoadWords(locales.FS, language)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func sample() *Certificate {
	at := time.Date(2026, 3, 1, 9, 30, 0, 0, time.FixedZone("", 8*3600))
	return &Certificate{
		Version: "1.2.3", Practice: true, State: "left_behind", Issued: at, Started: at.Add(-time.Hour), Ended: at,
		Mailboxes: []Mailbox{{
			Label: "李雷", From: "li.lei@old.example", To: "li.lei@new.example", State: "left_behind", Verified: "bytes",
			Counts: Counts{Messages: 12345, Copied: 12340, AlreadyThere: 1, Excluded: 2, LeftBehind: 2, Bytes: 987654321},
			Folders: []Folder{
				{Source: "INBOX", Target: "INBOX", Role: core.RoleInbox, Counts: Counts{Messages: 10}, Verified: "bytes"},
				{Source: "<b>毒</b>", Reason: "virus"},
			},
			Left: []Left{
				{Folder: "INBOX", UID: 7, Subject: `=HYPERLINK("http://evil.example")`, From: "<script>alert(1)</script>", Size: 51_000_000, Class: "too-big", Server: `NO "too big" <img src=x>`},
				{Folder: "INBOX", UID: 8, Subject: "", Class: "never heard of"},
			},
			Differences: []Difference{{Folder: "INBOX", UID: 9, Kind: "missing"}},
			Notes:       []string{"merged:INBOX/甲"},
		}},
	}
}

func TestThePageShowsHostileTextAsText(t *testing.T) {
	for _, language := range []string{"en", "zh-CN"} {
		var b bytes.Buffer
		if err := HTML(&b, sample(), words(t, language)); err != nil {
			t.Fatal(err)
		}
		html := b.String()
		for _, bad := range []string{"<script", "<img", "<b>", "{{", "certificate.", "ZgotmplZ", "%!"} {
			if strings.Contains(html, bad) {
				t.Errorf("%s: the page holds %q", language, bad)
			}
		}
		for _, want := range []string{"12\u202f345", "941.9 MB", "48.6 MB", "&lt;script&gt;", "never heard of", `lang="` + language + `"`, "李雷"} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: the page lacks %q", language, want)
			}
		}
		if ref := regexp.MustCompile(`(?i)(\ssrc=|\shref=|url\()`).FindString(regexp.MustCompile(`(?s)&lt;.*?&gt;`).ReplaceAllString(html, "")); ref != "" {
			t.Errorf("%s: the page refers to something outside: %q", language, ref)
		}
	}
}

func TestAnUnfinishedMoveDoesNotClaimThatTheSumIsRight(t *testing.T) {
	c := sample()
	c.Mailboxes[0].Counts.Pending = 5
	w := words(t, "en")
	var b bytes.Buffer
	if err := HTML(&b, c, w); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), w.T("certificate.sumText")) {
		t.Error("the page says that the four add up although messages are pending")
	}
	if !strings.Contains(b.String(), w.T("certificate.pending")) {
		t.Error("the page does not tell what is pending")
	}
}

func TestALongListIsCutInThePageAndWholeInTheSheet(t *testing.T) {
	c := sample()
	c.Mailboxes[0].Left = make([]Left, 1234)
	var page, sheet bytes.Buffer
	if err := HTML(&page, c, words(t, "en")); err != nil {
		t.Fatal(err)
	}
	if err := CSV(&sheet, c, words(t, "en")); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.String(), "734 ") {
		t.Error("the page does not say how many it left out")
	}
	if n := strings.Count(sheet.String(), "\r\n"); n < 1234 {
		t.Errorf("the sheet has %d rows", n)
	}
}

func TestTheSheetOpensInExcelAndRunsNothing(t *testing.T) {
	for _, language := range []string{"en", "zh-CN"} {
		var b bytes.Buffer
		if err := CSV(&b, sample(), words(t, language)); err != nil {
			t.Fatal(err)
		}
		text, marked := strings.CutPrefix(b.String(), "\ufeff")
		if !marked {
			t.Error("no byte order mark")
		}
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != 1+1+2+1+2+1 {
			t.Errorf("%d rows", len(rows))
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					t.Errorf("a spreadsheet would run %q", cell)
				}
				if strings.HasPrefix(cell, "certificate.") {
					t.Errorf("%s: no word for %q", language, cell)
				}
			}
		}
		if got := rows[5][18]; got != `'=HYPERLINK("http://evil.example")` {
			t.Errorf("subject %q", got)
		}
	}
}

func FuzzHarmless(f *testing.F) {
	for _, s := range []string{"=1", " =1", "\t=1", "＝1", "a=1", "", "'=1", "-", "\u2028+"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := harmless(s)
		first := []rune(strings.TrimLeft(got, " \t\r\n"))
		if len(first) > 0 && strings.ContainsRune("=+-@＝＋－＠", first[0]) {
			t.Errorf("%q became %q", s, got)
		}
	})
}

// Both languages must have every word that a certificate may need, whatever its
// states, levels and kinds are.
func TestNoWordIsMissingInAnyLanguage(t *testing.T) {
	for _, file := range []string{"en", "zh-CN"} {
		w := words(t, file)
		for _, set := range []map[string]string{stateKeys, levelKeys, kindKeys} {
			for code, key := range set {
				if !w.Has("certificate." + key) {
					t.Errorf("%s: no word for %q (certificate.%s)", file, code, key)
				}
			}
		}
		for _, m := range regexp.MustCompile(`\{t "(\w+)"|\(t "(\w+)"|t\("(\w+)"\)`).FindAllStringSubmatch(page, -1) {
			key := "certificate." + m[1] + m[2] + m[3]
			if !w.Has(key) {
				t.Errorf("%s: no word %s", file, key)
			}
		}
	}
}

func TestAMissingLanguageFileIsNamed(t *testing.T) {
	_, err := LoadWords(locales.FS, "tlh")
	if core.CodeOf(err) != core.NotFound || core.ArgsOf(err)["file"] != "tlh" {
		t.Errorf("%v", err)
	}
}
