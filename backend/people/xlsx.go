package people

import (
	"bytes"
	"slices"

	"github.com/xuri/excelize/v2"
)

const (
	maxUnzipped = 32 << 20 // a workbook of 10 MB that grows beyond this is no list
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
	c.formulated = hasFormulas(f)
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		c.problem(BadFile, 0, "")
		return
	}
	sheets = sheets[:min(len(sheets), maxSheets)]
	best, most := sheets[0], 0
	for _, s := range sheets {
		if n := c.headersOf(f, s); n > most {
			best, most = s, n
		}
	}
	if slices.Contains(sheets, c.sheet) {
		best = c.sheet
	}
	if c.table != nil {
		c.table.Sheets, c.table.Sheet = sheets, best
	}
	c.readSheet(f, best)
}
