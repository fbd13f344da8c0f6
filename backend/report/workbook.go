package report

import (
	"io"

	"github.com/xuri/excelize/v2"
)

// Workbook writes a table as XLSX. Every cell is text: none can be a formula, and
// numbers keep their leading zeros. Rows may be shorter than the header.
func Workbook(out io.Writer, header []string, rows [][]string) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	w, err := f.NewStreamWriter(f.GetSheetName(0))
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := w.SetColWidth(1, max(len(header), 1), 24); err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for i, row := range append([][]string{header}, rows...) {
		cells := make([]any, len(row))
		for j, text := range row {
			cell := excelize.Cell{Value: text}
			if i == 0 {
				cell.StyleID = bold
			}
			cells[j] = cell
		}
		name, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := w.SetRow(name, cells); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Write(out)
}
