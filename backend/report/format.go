package report

import (
	"io"
	"path/filepath"
	"strings"

	"mailroom/backend/core"
)

// Format is a file format of a certificate; its name is the file's extension.
type Format string

// The formats: two to read and hand over, two to calculate with.
const (
	FormatHTML Format = "html"
	FormatPDF  Format = "pdf"
	FormatCSV  Format = "csv"
	FormatXLSX Format = "xlsx"
)

// FormatOf tells the format by a file's name. An invalid error names what it is not.
func FormatOf(path string) (Format, error) {
	switch f := Format(strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))); f {
	case FormatHTML, FormatPDF, FormatCSV, FormatXLSX:
		return f, nil
	case "htm":
		return FormatHTML, nil
	}
	return "", core.E(core.Invalid, "certificate format", nil, "field", "format", "reason", "unknown", "value", filepath.Ext(path))
}

// Write writes the certificate in a format, in one language or in two: pages come one
// after the other, sheets hold both in each heading.
func Write(out io.Writer, f Format, c *Certificate, languages ...*Words) error {
	if len(languages) == 0 {
		return core.E(core.Invalid, "write certificate", nil, "field", "language", "reason", "missing")
	}
	sheet := languages[0]
	for _, other := range languages[1:] {
		sheet = Both(sheet, other)
	}
	switch f {
	case FormatHTML:
		return HTML(out, c, languages...)
	case FormatPDF:
		return PDF(out, c, languages...)
	case FormatCSV:
		return CSV(out, c, sheet)
	case FormatXLSX:
		return XLSX(out, c, sheet)
	}
	return core.E(core.Invalid, "write certificate", nil, "field", "format", "reason", "unknown", "value", string(f))
}
