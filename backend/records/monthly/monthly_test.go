package monthly

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/report"
	"mailroom/backend/testkit/leak"
	"mailroom/frontend/src/i18n/locales"
)

func TestMain(m *testing.M) { leak.Main(m) }

var shanghai = time.FixedZone("+08:00", 8*3600)

func month(t *testing.T, now time.Time) *Month {
	t.Helper()
	b, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), shanghai)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	a, err := b.Begin(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	var rows []logs.Record
	for mon, n := range map[time.Month]int{time.September: 100, time.October: 150} {
		for i := range n {
			rows = append(rows, logs.Record{Kind: logs.Sent, At: time.Date(2026, mon, 1+i%28, 10, i/28, 0, 0, shanghai), Person: "=han@office.example.com", Outcome: logs.Delivered})
		}
	}
	if err := a.Add(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	if err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	covered := records.Span{From: time.Date(2026, 10, 3, 0, 0, 0, 0, shanghai), To: time.Date(2026, 11, 1, 0, 0, 0, 0, shanghai)}
	if err := b.Covered(t.Context(), "x", logs.Sent, covered, time.Time{}); err != nil {
		t.Fatal(err)
	}
	m, err := Make(t.Context(), b, "2026-10", Office{Title: "Office <b>", Version: "1.2.3"}, now)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func words(t *testing.T, language string) *report.Words {
	t.Helper()
	w, err := report.LoadWords(locales.FS, language)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestTheReportSaysWhatHappenedAndWhatIsMissing(t *testing.T) {
	m := month(t, time.Date(2026, 11, 5, 0, 0, 0, 0, shanghai))
	var page bytes.Buffer
	if err := m.Write(&page, report.FormatHTML, words(t, "en"), words(t, "zh-CN")); err != nil {
		t.Fatal(err)
	}
	text := page.String()
	for _, want := range []string{"150 (&#43;50%)", "Mail sent: 2026-10-01 00:00 to 2026-10-03 00:00 has not been read.", "邮件月报", "Office &lt;b&gt;", "=han@office.example.com", "</html>"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not there", want)
		}
	}
	if strings.Contains(text, "monthly.") || strings.Contains(text, "records.") || strings.Contains(text, "not ended") {
		t.Error("a text is missing, or the month is said to go on")
	}
	if strings.Count(text, "<html") != 1 {
		t.Error("two pages in one file")
	}
}

func TestEveryFormatIsWrittenAndRunsNothing(t *testing.T) {
	m := month(t, time.Date(2026, 10, 20, 0, 0, 0, 0, shanghai))
	if m.Whole {
		t.Error("the month has not ended")
	}
	for _, f := range []report.Format{report.FormatPDF, report.FormatHTML, report.FormatCSV, report.FormatXLSX} {
		var out bytes.Buffer
		if err := m.Write(&out, f, words(t, "zh-CN")); err != nil || out.Len() < 300 {
			t.Fatalf("%s: %d bytes, %v", f, out.Len(), err)
		}
		switch f {
		case report.FormatPDF:
			if !bytes.HasPrefix(out.Bytes(), []byte("%PDF-")) {
				t.Error("no PDF")
			}
		case report.FormatCSV:
			if strings.Contains(out.String(), "\n=han") {
				t.Error("a formula in the table")
			}
		case report.FormatXLSX:
			book, err := excelize.OpenReader(&out)
			if err != nil {
				t.Fatal(err)
			}
			sheets := book.GetSheetList()
			if want := []string{"1 Office <b>", "2 每日情况", "3 发信最多的 15 个邮箱", "4 各邮箱情况", "5 收发结果"}; len(sheets) != len(want) || !strings.HasPrefix(sheets[0], want[0]) || !slices.Equal(sheets[1:], want[1:]) {
				t.Fatalf("%q", sheets)
			}
			if formula, _ := book.GetCellFormula(sheets[3], "A3"); formula != "" {
				t.Errorf("a formula: %s", formula)
			}
			if kind, _ := book.GetCellType(sheets[3], "C3"); kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
				t.Errorf("a figure is text: %v", kind)
			}
			if rows, _ := book.GetRows(sheets[2]); len(rows) < 2 {
				t.Errorf("who sent most is not there: %q", rows)
			}
			_ = book.Close()
		}
	}
	if _, err := Make(t.Context(), empty(t), "October", Office{}, time.Now()); core.ArgsOf(err)["field"] != "month" {
		t.Errorf("%v", err)
	}
}

func empty(t *testing.T) *records.Book {
	t.Helper()
	b, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), shanghai)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}
