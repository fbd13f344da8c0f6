package people

import (
	"encoding/csv"
	"io"

	"github.com/xuri/excelize/v2"

	"mailroom/backend/core"
)

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
	return WriteHeadings(w, format, headers(chinese))
}

// WriteHeadings writes an empty list with headings of the caller's own, as
// [WriteTemplate] does.
func WriteHeadings(w io.Writer, format Format, headings []string) error {
	var err error
	switch format {
	case CSV:
		err = writeCSV(w, headings)
	case XLSX:
		err = writeXLSX(w, headings)
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
