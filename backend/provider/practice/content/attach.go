package content

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"time"
)

// attachment makes a small file that really opens, of the kind its name says.
func attachment(r *rand.Rand, name string) (mime string, data []byte) {
	switch {
	case strings.HasSuffix(name, ".png"):
		return "image/png", picture(r, 48+r.IntN(60), 40+r.IntN(40))
	case strings.HasSuffix(name, ".xlsx"):
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheet(r, 20+r.IntN(200))
	}
	return "application/pdf", document(r, 2_000+r.IntN(30_000))
}

// document is a one-page PDF; scan bytes of random noise stand for a scanned page.
func document(r *rand.Rand, scan int) []byte {
	var b bytes.Buffer
	var at []int
	object := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	b.WriteString("%PDF-1.4\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>")
	text := fmt.Sprintf("BT /F 18 Tf 72 770 Td (Example document %d) Tj ET", r.IntN(100000))
	object(fmt.Sprintf("<</Length %d>>stream\n%s\nendstream", len(text), text))
	object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
	at = append(at, b.Len())
	fmt.Fprintf(&b, "%d 0 obj\n<</Length %d>>stream\n", len(at), scan)
	_, _ = io.CopyN(&b, noise(r), int64(scan))
	b.WriteString("\nendstream\nendobj\n")
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, table)
	return b.Bytes()
}

// picture is a PNG with a colour gradient, stored without compression: it shall weigh
// something.
func picture(r *rand.Rand, width, height int) []byte {
	red, blue := byte(r.IntN(256)), byte(r.IntN(256))
	var rows bytes.Buffer
	z, _ := zlib.NewWriterLevel(&rows, zlib.NoCompression)
	line := make([]byte, 1+3*width)
	for y := range height {
		for x := range width {
			line[1+3*x], line[2+3*x], line[3+3*x] = red+byte(x), byte(y*3), blue-byte(x+y)
		}
		_, _ = z.Write(line)
	}
	_ = z.Close()
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	head := binary.BigEndian.AppendUint32(nil, uint32(width))
	head = binary.BigEndian.AppendUint32(head, uint32(height))
	chunk(&b, "IHDR", append(head, 8, 2, 0, 0, 0))
	chunk(&b, "IDAT", rows.Bytes())
	chunk(&b, "IEND", nil)
	return b.Bytes()
}

// chunk writes one PNG chunk: length, kind, data, CRC of kind and data.
func chunk(b *bytes.Buffer, kind string, data []byte) {
	_ = binary.Write(b, binary.BigEndian, uint32(len(data)))
	from := b.Len()
	b.WriteString(kind)
	b.Write(data)
	_ = binary.Write(b, binary.BigEndian, crc32.ChecksumIEEE(b.Bytes()[from:]))
}

// sheet is an XLSX workbook with two columns of numbers.
func sheet(r *rand.Rand, rows int) []byte {
	var b, cells bytes.Buffer
	for i := range rows {
		fmt.Fprintf(&cells, `<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d"><v>%d</v></c></row>`, i+1, i+1, i+1, i+1, r.IntN(1_000_000))
	}
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		{"_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + cells.String() + `</sheetData></worksheet>`},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Store, Modified: time.Time{}})
		if err == nil {
			_, _ = io.WriteString(w, part[1])
		}
	}
	_ = z.Close()
	return b.Bytes()
}

// noise is an endless stream of bytes that depends on r alone.
func noise(r *rand.Rand) io.Reader {
	var key [32]byte
	for i := 0; i < len(key); i += 8 {
		binary.LittleEndian.PutUint64(key[i:], r.Uint64())
	}
	return rand.NewChaCha8(key)
}

// lineBytes are the bytes in one base64 line of 76 characters, RFC 2045 section 6.8.
const lineBytes = 57

// encodeLines writes data as base64 in lines that end with CRLF.
func encodeLines(w io.Writer, data io.Reader) error {
	in := make([]byte, 64*lineBytes)
	out := make([]byte, 0, 64*78)
	for {
		n, err := io.ReadFull(data, in)
		out = out[:0]
		for from := 0; from < n; from += lineBytes {
			out = base64.StdEncoding.AppendEncode(out, in[from:min(from+lineBytes, n)])
			out = append(out, '\r', '\n')
		}
		if _, writeErr := w.Write(out); writeErr != nil {
			return writeErr
		}
		if err != nil {
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				return nil
			}
			return err
		}
	}
}
