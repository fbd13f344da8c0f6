package report

import (
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"mailroom/backend/core"
)

// maxCell is how many characters a cell of a workbook holds (ECMA-376, Excel's limits).
const maxCell = 32767

// XLSX writes the certificate as a workbook: a sheet with the figures and, where there
// are any, one each for folders, messages left behind and differences. Every text is a
// text cell, so that none can be a formula; numbers are numbers.
func XLSX(out io.Writer, c *Certificate, w *Words) (err error) {
	book := excelize.NewFile()
	defer func() {
		if closeErr := book.Close(); err == nil && closeErr != nil {
			err = core.E(core.Internal, "close workbook", closeErr)
		}
	}()
	b := &workbook{book: book, words: w}
	if b.bold, err = book.NewStyle(&excelize.Style{
		Font:   &excelize.Font{Bold: true, Color: "1B1F24"},
		Fill:   excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF6"}},
		Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "1F5FA8"}},
	}); err != nil {
		return core.E(core.Internal, "make workbook", err)
	}
	if b.count, err = book.NewStyle(&excelize.Style{NumFmt: 3}); err != nil { // #,##0
		return core.E(core.Internal, "make workbook", err)
	}
	for _, sheet := range []func(*Certificate) error{b.overview, b.folders, b.left, b.differences} {
		if err := sheet(c); err != nil {
			return core.E(core.Internal, "write workbook", err)
		}
	}
	if err := book.Write(out); err != nil {
		return core.E(core.Internal, "write workbook", err)
	}
	return nil
}

type workbook struct {
	book        *excelize.File
	words       *Words
	bold, count int
	sheets      int
}

func (b *workbook) t(key string) string { return b.words.T("certificate." + key) }

// sheet starts a sheet with a heading row that stays in view; widths are in characters.
func (b *workbook) sheet(name string, widths []float64, head []string, frozen bool, fill func(row func(cells ...any) error) error) error {
	name = sheetName(name)
	if b.sheets == 0 {
		if err := b.book.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else if _, err := b.book.NewSheet(name); err != nil {
		return err
	}
	b.sheets++
	stream, err := b.book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, width := range widths {
		if err := stream.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if frozen {
		if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
			return err
		}
	}
	at := 0
	put := func(style int, cells []any) error {
		at++
		row := make([]any, len(cells))
		for i, value := range cells {
			switch value := value.(type) {
			case string:
				row[i] = excelize.Cell{StyleID: style, Value: cellText(value)}
			default:
				row[i] = excelize.Cell{StyleID: b.count, Value: value}
			}
		}
		cell, err := excelize.CoordinatesToCellName(1, at)
		if err != nil {
			return err
		}
		return stream.SetRow(cell, row)
	}
	if len(head) > 0 {
		cells := make([]any, len(head))
		for i, text := range head {
			cells[i] = text
		}
		if err := put(b.bold, cells); err != nil {
			return err
		}
	}
	if err := fill(func(cells ...any) error { return put(0, cells) }); err != nil {
		return err
	}
	return stream.Flush()
}

func (b *workbook) overview(c *Certificate) error {
	figures := []string{
		b.t("mailbox"), b.t("from"), b.t("to"), b.t("messages"), b.t("copied"), b.t("alreadyThere"), b.t("excluded"), b.t("leftBehind"),
		b.t("pending"), b.t("bytes"), b.t("state"), b.t("proof"), b.t("comparedCount"),
	}
	return b.sheet(b.t("mailboxes"), []float64{26, 30, 30, 14, 14, 14, 14, 14, 14, 16, 22, 34, 14}, figures, true, func(row func(...any) error) error {
		for i := range c.Mailboxes {
			mb := &c.Mailboxes[i]
			if err := row(append(append([]any{mb.Label, mb.From, mb.To}, numbers(mb.Counts)...), b.words.state(mb.State), b.words.level(mb.Verified), mb.Compared)...); err != nil {
				return err
			}
		}
		total := c.Sum()
		if err := row(append([]any{b.t("total"), "", ""}, numbers(total)...)...); err != nil {
			return err
		}
		for _, line := range [][]any{
			{""},
			{b.t("title")},
			{b.t("state"), b.words.state(c.State)},
			{b.t("started"), moment(c.Started)}, {b.t("ended"), moment(c.Ended)}, {b.t("issued"), moment(c.Issued)},
			{b.words.T("certificate.program", "version", c.Version)},
			{b.t("check"), c.ShortCheck()}, {"SHA-256", c.Check()}, {b.t("checkText")},
		} {
			if err := row(line...); err != nil {
				return err
			}
		}
		if c.Practice {
			return row(b.t("practice"))
		}
		return nil
	})
}

func (b *workbook) folders(c *Certificate) error {
	head := []string{
		b.t("mailbox"), b.t("folder"), b.t("target"), b.t("role"), b.t("messages"), b.t("copied"), b.t("alreadyThere"), b.t("excluded"),
		b.t("leftBehind"), b.t("pending"), b.t("bytes"), b.t("proof"), b.t("reason"),
	}
	return b.sheet(b.t("folders"), []float64{26, 30, 30, 12, 14, 14, 14, 14, 14, 14, 16, 34, 34}, head, true, func(row func(...any) error) error {
		for i := range c.Mailboxes {
			mb := &c.Mailboxes[i]
			for _, f := range mb.Folders {
				if err := row(append(append([]any{mb.Label, f.Source, f.Target, b.words.role(f.Role)}, numbers(f.Counts)...), levelOrNothing(b.words, f.Verified), b.words.rule(f.Reason))...); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (b *workbook) left(c *Certificate) error {
	head := []string{
		b.t("mailbox"), b.t("folder"), "UID", b.t("date"), b.t("sender"), b.t("subject"), b.t("size"), b.t("reason"), b.t("server"), b.t("file"),
	}
	if c.Sum().LeftBehind == 0 {
		return nil
	}
	return b.sheet(b.t("left"), []float64{26, 24, 10, 20, 30, 44, 14, 36, 44, 40}, head, true, func(row func(...any) error) error {
		for i := range c.Mailboxes {
			mb := &c.Mailboxes[i]
			for _, l := range mb.Left {
				if err := row(mb.Label, l.Folder, int64(l.UID), stamp(l.Date), l.From, l.Subject, l.Size, b.words.reason(l.Class), l.Server, l.File); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (b *workbook) differences(c *Certificate) error {
	found := 0
	for i := range c.Mailboxes {
		found += len(c.Mailboxes[i].Differences)
	}
	if found == 0 {
		return nil
	}
	head := []string{b.t("mailbox"), b.t("folder"), "UID", b.t("differenceKind"), b.t("detail")}
	return b.sheet(b.t("differences"), []float64{26, 30, 10, 24, 60}, head, true, func(row func(...any) error) error {
		for i := range c.Mailboxes {
			mb := &c.Mailboxes[i]
			for _, d := range mb.Differences {
				if err := row(mb.Label, d.Folder, int64(d.UID), b.words.kind(d.Kind), d.Detail); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func numbers(c Counts) []any {
	return []any{c.Messages, c.Copied, c.AlreadyThere, c.Excluded, c.LeftBehind, c.Pending, c.Bytes}
}

// cellText makes a text that a workbook may hold: no control characters, not too long.
// A text that would start a formula in a spreadsheet keeps its place as text.
func cellText(text string) string {
	text = harmless(text)
	if runes := []rune(text); len(runes) > maxCell {
		return string(runes[:maxCell-1]) + "…"
	}
	return text
}

// sheetName is a name that a workbook takes: at most 31 characters, without those that
// are forbidden.
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return '·'
		}
		return r
	}, name)
	if runes := []rune(name); len(runes) > 31 {
		name = string(runes[:31])
	}
	return strings.Trim(name, "' ")
}
