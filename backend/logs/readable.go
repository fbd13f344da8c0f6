package logs

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Readable makes text of a line of unknown charset: as it is where it is UTF-8, else as
// GB18030 (which holds GBK and GB2312) where that gives characters throughout.
func Readable(line string) string {
	if utf8.ValidString(line) {
		return line
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().String(line)
	if err != nil || strings.ContainsRune(out, utf8.RuneError) {
		return line
	}
	return out
}
