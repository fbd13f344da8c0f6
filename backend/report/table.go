package report

import (
	"encoding/csv"
	"io"
)

// Table writes a table that the page shows as CSV for a spreadsheet: with a byte
// order mark, and no cell can be a formula. Rows may be shorter than the header.
func Table(out io.Writer, header []string, rows [][]string) error {
	t := NewSheet(out, header)
	for _, row := range rows {
		t.Row(row)
	}
	return t.Close()
}

// Sheet is a table of CSV that is written row by row, however long it is.
type Sheet struct {
	w     *csv.Writer
	cells []string
	err   error
}

// NewSheet begins a table as [Table] writes it. Its errors come with [Sheet.Close].
func NewSheet(out io.Writer, header []string) *Sheet {
	s := &Sheet{w: csv.NewWriter(out), cells: make([]string, len(header))}
	_, s.err = io.WriteString(out, "\ufeff")
	s.w.UseCRLF = true
	s.Row(header)
	return s
}

// Row writes a row; it may be shorter than the header, and its slice is not kept.
func (s *Sheet) Row(cells []string) {
	for i := range s.cells {
		s.cells[i] = ""
		if i < len(cells) {
			s.cells[i] = harmless(cells[i])
		}
	}
	if err := s.w.Write(s.cells); err != nil && s.err == nil {
		s.err = err
	}
}

// Close writes what is left and tells the first error.
func (s *Sheet) Close() error {
	s.w.Flush()
	if s.err == nil {
		s.err = s.w.Error()
	}
	return s.err
}
