package people

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// csv reads comma-separated values, or values separated by semicolons or tabs, after
// RFC 4180. Quotation marks are taken strictly: a guess could send a wrong password.
func (c *checker) csv(raw []byte) {
	text, encoding, ok := decode(raw)
	c.list.Encoding = encoding
	if !ok {
		c.problem(BadEncoding, 0, "")
		return
	}
	comma, skipped := separator(text, c.table != nil, c.headings)
	r := csv.NewReader(strings.NewReader(text[skipped:]))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma, -1, true
	offset := strings.Count(text[:skipped], "\n")
	for {
		cells, err := r.Read()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return
		case errors.As(err, &bad):
			c.problem(BadQuote, bad.StartLine+offset, "")
			if c.grid == nil && !c.ready || len(c.problems) >= maxProblems {
				return // the header itself cannot be read
			}
			continue
		case err != nil:
			c.problem(BadFile, 0, "")
			return
		}
		line, _ := r.FieldPos(0)
		if !c.row(cells, line+offset) {
			return
		}
	}
}

// separator finds out which character separates the cells: the one with which the
// header makes most sense, which in a deep search may stand below a title. Excel's line "sep=;" is believed and skipped.
func separator(text string, deep bool, headings func([]string) int) (comma rune, skip int) {
	first, _, _ := strings.Cut(text, "\n")
	if s, ok := strings.CutPrefix(strings.ToLower(strings.TrimRight(first, "\r")), "sep="); ok && len(s) == 1 && strings.Contains(",;\t", s) {
		return rune(s[0]), min(len(first)+1, len(text))
	}
	comma, best := ',', -1
	for _, r := range []rune{',', ';', '\t'} {
		c := csv.NewReader(strings.NewReader(text))
		c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = r, -1, true, true
		n := 0
		for range titles {
			cells, err := c.Read()
			if err != nil {
				break
			}
			if n = max(n, 1000*headings(cells)+min(len(cells), 100)); !deep {
				break
			}
		}
		if n > best {
			comma, best = r, n
		}
	}
	return comma, 0
}

// titles is how many rows may stand above the heading.
const titles = 20

// decode makes UTF-8 of the file: by its byte order mark, then UTF-16 by its zero
// bytes, then UTF-8 if it is that, else GB18030 (which holds GBK and GB2312).
func decode(raw []byte) (text, encoding string, ok bool) {
	const skipMark = unicode.UseBOM
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		raw = raw[3:]
		return string(raw), "utf-8", utf8.Valid(raw)
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		return decodeUTF16(raw, unicode.UTF16(unicode.LittleEndian, skipMark).NewDecoder(), "utf-16le")
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return decodeUTF16(raw, unicode.UTF16(unicode.BigEndian, skipMark).NewDecoder(), "utf-16be")
	}
	if even, odd := zeroes(raw); even+odd > 0 {
		// Text has no zero bytes, but every ASCII comma of UTF-16 has one.
		if odd > even {
			return decodeUTF16(raw, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder(), "utf-16le")
		}
		return decodeUTF16(raw, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder(), "utf-16be")
	}
	if utf8.Valid(raw) {
		return string(raw), "utf-8", true
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", "gb18030", false
	}
	return string(out), "gb18030", true
}

func decodeUTF16(raw []byte, d transform.Transformer, name string) (string, string, bool) {
	out, _, err := transform.Bytes(d, raw)
	ok := err == nil && len(raw)%2 == 0 && !bytes.ContainsRune(out, utf8.RuneError) && bytes.IndexByte(out, 0) < 0
	if !ok {
		return "", name, false
	}
	return string(out), name, true
}

// zeroes counts zero bytes at even and odd places near the start.
func zeroes(raw []byte) (even, odd int) {
	for i, b := range raw[:min(len(raw), 4096)] {
		if b == 0 && i%2 == 0 {
			even++
		} else if b == 0 {
			odd++
		}
	}
	return even, odd
}
