package report

import (
	"encoding/csv"
	"io"
)

// Table writes a table that the page shows as CSV for a spreadsheet: with a byte
// order mark, and no cell can be a formula. Rows may be shorter than the header.
func Table(out io.Writer, header []string, rows [][]string) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true
	for _, row := range append([][]string{header}, rows...) {
		cells := make([]string, len(header))
		for i := range min(len(row), len(cells)) {
			cells[i] = harmless(row[i])
		}
		_ = w.Write(cells) // w.Error tells at the end
	}
	w.Flush()
	return w.Error()
}
