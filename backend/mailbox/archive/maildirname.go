package archive

import (
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/mailbox/utf7"
)

// infoColon and infoSemicolon start the flags of a Maildir file name; the second is
// for disks that refuse a colon (Windows, FAT).
const (
	infoColon     = ":2,"
	infoSemicolon = ";2,"
)

// maildirFlags are the letters of https://cr.yp.to/proto/maildir.html.
var maildirFlags = []struct {
	letter byte
	flag   string
}{
	{'D', `\Draft`}, {'F', `\Flagged`}, {'P', "$Forwarded"}, {'R', `\Answered`}, {'S', `\Seen`}, {'T', `\Deleted`},
}

// splitMaildirName divides a file name into its base, which stays, and the info.
func splitMaildirName(name string) (base, info string) {
	for i := 0; i+2 < len(name); i++ {
		if c := name[i]; (c == ':' || c == ';' || c == '!') && (name[i+1] == '2' || name[i+1] == '1') && name[i+2] == ',' {
			return name[:i], name[i:]
		}
	}
	return name, ""
}

// flagsOf reads an info; keywords are Dovecot's names of the letters a-z.
func flagsOf(info string, keywords []string) []string {
	if len(info) < 3 || info[1] != '2' {
		return nil
	}
	letters := info[3:]
	// Dovecot may put further fields behind a comma.
	letters, _, _ = strings.Cut(letters, ",")
	var out []string
	for _, f := range maildirFlags {
		if strings.IndexByte(letters, f.letter) >= 0 {
			out = append(out, f.flag)
		}
	}
	for i, k := range keywords {
		if k != "" && strings.IndexByte(letters, byte('a'+i)) >= 0 {
			out = append(out, k)
		}
	}
	return tidyFlags(out)
}

// infoOf writes an info: the letters in order, those of old that are not ours kept.
func infoOf(colon string, flags []string, old string) string {
	var letters []byte
	for _, f := range maildirFlags {
		if containsFold(flags, f.flag) {
			letters = append(letters, f.letter)
		}
	}
	if len(old) > 3 && old[1] == '2' {
		rest, _, _ := strings.Cut(old[3:], ",")
		for _, c := range []byte(rest) {
			if c >= 'a' && c <= 'z' && !slices.Contains(letters, c) {
				letters = append(letters, c)
			}
		}
	}
	slices.Sort(letters)
	return colon + string(letters)
}

// keywordsIn leaves the flags that have no letter of their own.
func keywordsIn(flags []string) []string {
	var out []string
	for _, f := range flags {
		if !slices.ContainsFunc(maildirFlags, func(m struct {
			letter byte
			flag   string
		}) bool {
			return strings.EqualFold(m.flag, f)
		}) {
			out = append(out, f)
		}
	}
	return out
}

// sizesOf reads the fields ",S=" (stored bytes) and ",W=" (bytes with CRLF) that
// Maildir++ puts into a base name; -1 where missing.
func sizesOf(base string) (file, wire int64) {
	return sizeField(base, ",S="), sizeField(base, ",W=")
}

func sizeField(base, mark string) int64 {
	_, rest, ok := strings.Cut(base, mark)
	if !ok {
		return -1
	}
	n, err := strconv.ParseInt(digits(rest), 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// parseKeywords reads Dovecot's dovecot-keywords: lines of number and name, the
// number standing for the letters a-z.
func parseKeywords(text string) []string {
	out := make([]string, 26)
	for l := range strings.Lines(text) {
		number, name, ok := strings.Cut(strings.TrimRight(l, "\r\n"), " ")
		n, err := strconv.Atoi(number)
		if ok && err == nil && n >= 0 && n < len(out) && name != "" && !strings.ContainsAny(name, " \\\t") {
			out[n] = name
		}
	}
	return out
}

// decodeMaildirLevel reads one level: modified UTF-7 if it is well-formed, else
// bytes of text.
func decodeMaildirLevel(raw string) string {
	if s, ok := utf7.Decode(raw); ok {
		return legible(s)
	}
	return legible(raw)
}
