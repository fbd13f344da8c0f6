package people

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// GridOptions say how a file with columns of the caller's own is to be read.
type GridOptions struct {
	Sheet  string                 // of a workbook; "": the one with the most headings
	Hidden bool                   // take hidden rows too
	Known  func(cell string) bool // whether a cell is one of the caller's headings
	Cell   int                    // the most bytes of a cell; 0: [MaxCell]
}

// Grid is a file's cells as they stand. Rows without any content are left out.
type Grid struct {
	Rows     []GridRow
	Format   Format
	Encoding string   // utf-8, utf-16le, utf-16be, gb18030; "" for XLSX
	Sheets   []string // of a workbook, at most 20
	Sheet    string   // the one that was read
	Hidden   int      // hidden rows with content; taken only where asked for
	Merged   []string // merged ranges that reach over several rows, at most 20; all their rows got the value
}

// GridRow is one row with content.
type GridRow struct {
	Number  int // as the spreadsheet or an editor numbers it
	Cells   []string
	Long    []int // cells from 0 that are longer than allowed; they are cut
	Formula []int // cells from 0 that are calculated; their last value was taken
}

// ReadGrid reads a file's cells, telling CSV from XLSX by content, for callers with
// columns of their own. Problems are those of the file as a whole or of a row that
// could not be read; the error is for trouble in reading from r alone.
func ReadGrid(r io.Reader, o GridOptions) (*Grid, []Problem, error) {
	g := &Grid{}
	t := &Table{}
	c := &checker{list: &t.List, table: t, grid: g, known: o.Known, sheet: o.Sheet, hidden: o.Hidden, cell: o.Cell}
	if c.cell <= 0 {
		c.cell = MaxCell
	}
	if err := c.read(r); err != nil {
		return nil, nil, err
	}
	g.Format, g.Encoding, g.Sheets, g.Sheet, g.Hidden, g.Merged = t.Format, t.Encoding, t.Sheets, t.Sheet, t.Hidden, t.Merged
	if len(c.problems) == 0 && len(g.Rows) == 0 {
		c.problem(NoRows, 0, "")
	}
	return g, c.problems, nil
}

// ReadGridFile reads a file's cells; see [ReadGrid]. Errors about the file name it.
func ReadGridFile(path string, o GridOptions) (*Grid, []Problem, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	return ReadGrid(f, o)
}

// keep takes the next row as it is.
func (c *checker) keep(cells []string, row int) bool {
	kept := GridRow{Number: row, Cells: make([]string, len(cells))}
	for i, cell := range cells {
		if len(cell) > c.cell {
			kept.Long = append(kept.Long, i)
			cell = cut(cell, c.cell)
		}
		kept.Cells[i] = strings.ToValidUTF8(cell, "\ufffd")
	}
	c.grid.Rows = append(c.grid.Rows, kept)
	return true
}

// cut shortens a cell to so many bytes without breaking a character.
func cut(cell string, most int) string {
	end := most
	for end > most-utf8.UTFMax && !utf8.RuneStart(cell[end]) {
		end--
	}
	return cell[:end]
}

// calculated marks the cells that hold formulas.
func (c *checker) calculated(f *excelize.File, sheet string) {
	if !c.formulated {
		return
	}
	for i := range c.grid.Rows {
		row := &c.grid.Rows[i]
		for col := range row.Cells {
			name, err := excelize.CoordinatesToCellName(col+1, row.Number)
			if err != nil {
				break
			}
			if formula, err := f.GetCellFormula(sheet, name); err == nil && formula != "" {
				row.Formula = append(row.Formula, col)
			}
		}
	}
}

// hasFormulas says whether any sheet of an opened workbook calculates: asking each
// cell costs more the longer the sheet is.
func hasFormulas(f *excelize.File) bool {
	found := false
	f.Pkg.Range(func(name, raw any) bool {
		path, isText := name.(string)
		content, isRaw := raw.([]byte)
		found = isText && isRaw && strings.HasPrefix(path, "xl/worksheets/") && (bytes.Contains(content, []byte("<f>")) ||
			bytes.Contains(content, []byte("<f ")) || bytes.Contains(content, []byte(":f>")) || bytes.Contains(content, []byte(":f ")))
		return !found
	})
	return found
}
