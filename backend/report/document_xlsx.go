package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"mailroom/backend/core"
)

// documentXLSX writes a sheet for the facts and one for each section, under its heading.
func documentXLSX(out io.Writer, docs []*Document) error {
	w := sheets{file: excelize.NewFile()}
	defer func() { _ = w.file.Close() }()
	for _, d := range docs {
		rows := [][]string{{d.Title}, {d.Intro}}
		for _, note := range d.Notes {
			rows = append(rows, []string{note})
		}
		for _, fact := range d.Facts {
			rows = append(rows, fact[:])
		}
		w.add(d.Title, rows, nil)
		for _, s := range d.Sections {
			w.add(s.Heading, tableOf(s), s.Columns)
		}
	}
	if w.err == nil {
		w.err = w.file.Write(out)
	}
	if w.err != nil {
		return core.E(core.Internal, "write workbook", w.err)
	}
	return nil
}

// tableOf is a section as rows; bars without a table become one.
func tableOf(s Section) [][]string {
	rows := [][]string{{s.Heading}}
	if len(s.Columns) == 0 {
		for _, b := range s.Bars {
			rows = append(rows, []string{b.Label, b.Shown})
		}
		return rows
	}
	rows = append(append(rows, titles(s.Columns)), s.Rows...)
	if s.Total != nil {
		rows = append(rows, s.Total)
	}
	return rows
}

// sheets keeps the first error of writing it.
type sheets struct {
	file *excelize.File
	n    int
	err  error
}

// sheetMarks are those that no sheet's name may hold.
var sheetMarks = strings.NewReplacer(":", " ", "\\", " ", "/", " ", "?", " ", "*", " ", "[", "(", "]", ")", "'", "’")

// add writes rows on a sheet of their own; what stands in a column of figures is a number, so that it can be
// added up.
func (w *sheets) add(heading string, rows [][]string, columns []Column) {
	w.n++
	name := []rune(strconv.Itoa(w.n) + " " + sheetMarks.Replace(heading)) // the number keeps them apart
	title := strings.TrimSpace(string(name[:min(len(name), 31)]))
	if w.err != nil {
		return
	}
	if w.n == 1 {
		w.err = w.file.SetSheetName("Sheet1", title)
	} else {
		_, w.err = w.file.NewSheet(title)
	}
	for i, row := range rows {
		for j, cell := range row {
			at, _ := excelize.CoordinatesToCellName(j+1, i+1)
			n, err := strconv.ParseInt(strings.ReplaceAll(cell, "\u202f", ""), 10, 64)
			switch {
			case w.err != nil:
				return
			case err == nil && j < len(columns) && columns[j].Figure:
				w.err = w.file.SetCellInt(title, at, n)
			default:
				w.err = w.file.SetCellStr(title, at, cell)
			}
		}
	}
	if w.err == nil {
		w.err = w.file.SetColWidth(title, "A", "A", 34)
	}
}
