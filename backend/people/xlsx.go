package people

import (
	"bytes"
	"encoding/csv"
	"io"

	"github.com/xuri/excelize/v2"

	"mailroom/backend/core"
)

const (
	maxUnzipped = 64 << 20 // a workbook of 10 MB that grows beyond this is no list
	maxSheets   = 20
	maxCells    = 1000 // in a row; a workbook can claim 16,384 in ten bytes
)

func isWorkbook(raw []byte) bool { return bytes.HasPrefix(raw, []byte("PK\x03\x04")) }

// isOldWorkbook knows the compound file of .xls and of encrypted .xlsx.
func isOldWorkbook(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

// workbook reads the first sheet whose header we know, or else the first of all.
func (c *checker) workbook(raw []byte) {
	defer func() {
		if recover() != nil { // a hostile workbook must not end the program
			c.problem(BadFile, 0, "")
		}
	}()
	// Both limits are equal so that no sheet is unpacked into a temporary file: it
	// would leave passwords on the disk.
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped,
	})
	if err != nil {
		c.problem(BadFile, 0, "")
		return
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		c.problem(BadFile, 0, "")
		return
	}
	best, most := sheets[0], 0
	for _, s := range sheets[:min(len(sheets), maxSheets)] {
		if n := headersOf(f, s); n > most {
			best, most = s, n
		}
	}
	c.sheet(f, best)
}

// headersOf counts the known headers in the first row that is not empty.
func headersOf(f *excelize.File, sheet string) int {
	rows, err := f.Rows(sheet)
	if err != nil {
		return 0
	}
	defer rows.Close()
	for range 100 {
		if !rows.Next() {
			return 0
		}
		cells, err := rows.Columns()
		if err != nil {
			return 0
		}
		for _, cell := range cells {
			if cell != "" {
				return knownHeaders(cells)
			}
		}
	}
	return 0
}

func (c *checker) sheet(f *excelize.File, sheet string) {
	rows, err := f.Rows(sheet)
	if err != nil {
		c.problem(BadFile, 0, "")
		return
	}
	defer rows.Close()
	for row := 1; rows.Next(); row++ {
		if row > 2*MaxRows { // a million formatted but empty rows
			c.problem(TooLarge, row, "")
			return
		}
		cells, err := rows.Columns()
		if err != nil {
			c.problem(BadFile, row, "")
			return
		}
		if len(cells) > maxCells {
			c.problem(TooLarge, row, "")
			return
		}
		if !c.row(cells, row) {
			return
		}
	}
	if rows.Error() != nil {
		c.problem(BadFile, 0, "")
	}
}

// headers are the template's first row.
func headers(chinese bool) []string {
	var out []string
	for _, col := range Columns() {
		if chinese {
			out = append(out, synonyms[col][0])
		} else {
			out = append(out, string(col))
		}
	}
	return out
}

// WriteTemplate writes an empty list to be filled in: the header row in English or
// Chinese. CSV starts with a byte order mark so that Excel sees UTF-8; in XLSX every
// column is text, so that Excel leaves passwords of digits alone.
func WriteTemplate(w io.Writer, format Format, chinese bool) error {
	var err error
	switch format {
	case CSV:
		err = writeCSV(w, headers(chinese))
	case XLSX:
		err = writeXLSX(w, headers(chinese))
	default:
		return core.E(core.Invalid, "write template", nil, "format", string(format))
	}
	if err != nil {
		return core.E(core.Internal, "write template", err)
	}
	return nil
}

func writeCSV(w io.Writer, header []string) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	if err := c.Write(header); err != nil {
		return err
	}
	c.Flush()
	return c.Error()
}

func writeXLSX(w io.Writer, header []string) error {
	f := excelize.NewFile()
	defer f.Close()
	sheet := f.GetSheetName(0)
	const asText = 49 // the built-in number format "@"
	text, err := f.NewStyle(&excelize.Style{NumFmt: asText})
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{NumFmt: asText, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	last, err := excelize.ColumnNumberToName(len(header))
	if err != nil {
		return err
	}
	for _, act := range []func() error{
		func() error { return f.SetColStyle(sheet, "A:"+last, text) },
		func() error { return f.SetColWidth(sheet, "A", last, 28) },
		func() error { return f.SetSheetRow(sheet, "A1", &header) },
		func() error { return f.SetCellStyle(sheet, "A1", last+"1", bold) },
		func() error {
			return f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
		},
	} {
		if err := act(); err != nil {
			return err
		}
	}
	return f.Write(w)
}
