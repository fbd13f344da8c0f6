package report

import (
	"io"

	"github.com/xuri/excelize/v2"

	"mailroom/backend/core"
)

// LongWorkbook is a table of XLSX that is written row by row with little memory.
type LongWorkbook struct {
	out   io.Writer
	file  *excelize.File
	sheet *excelize.StreamWriter
	row   int
	err   error
}

// mostRows is what a sheet holds.
const mostRows = 1_048_576

// NewLongWorkbook begins a workbook with one sheet. Cells are texts: none can be a formula.
// Its errors come with [LongWorkbook.Close]. Rows beyond what a sheet holds are left out.
func NewLongWorkbook(out io.Writer, header []string) (*LongWorkbook, error) {
	f := excelize.NewFile()
	s, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, core.E(core.Internal, "make workbook", err)
	}
	w := &LongWorkbook{out: out, file: f, sheet: s}
	w.Row(header)
	return w, nil
}

// Row writes a row; its slice is not kept.
func (w *LongWorkbook) Row(cells []string) {
	if w.err != nil || w.row == mostRows {
		return
	}
	w.row++
	values := make([]any, len(cells))
	for i, c := range cells {
		if len(c) > 32_000 { // a cell holds 32,767 characters
			c = c[:32_000]
		}
		values[i] = c
	}
	at, err := excelize.CoordinatesToCellName(1, w.row)
	if err == nil {
		err = w.sheet.SetRow(at, values)
	}
	w.err = err
}

// Close writes the workbook and tells the first error.
func (w *LongWorkbook) Close() error {
	defer func() { _ = w.file.Close() }()
	err := w.err
	if err == nil {
		err = w.sheet.Flush()
	}
	if err == nil {
		err = w.file.Write(w.out)
	}
	if err != nil {
		return core.E(core.Internal, "write workbook", err)
	}
	return nil
}
