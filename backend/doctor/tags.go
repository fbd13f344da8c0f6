package doctor

import "strings"

// Tag is one tag=value of a record such as "v=DMARC1; p=none".
type Tag struct {
	Name  string // as written, without spaces around
	Value string
}

// Tags splits a tag list (RFC 6376 3.2). What has no "=" comes as a Tag with an empty
// Name and the text as its Value; empty pieces are left out.
func Tags(text string) []Tag {
	var all []Tag
	for piece := range strings.SplitSeq(text, ";") {
		piece = strings.Trim(piece, " \t\r\n")
		if piece == "" {
			continue
		}
		name, value, ok := strings.Cut(piece, "=")
		if !ok {
			all = append(all, Tag{"", piece})
			continue
		}
		all = append(all, Tag{strings.TrimRight(name, " \t\r\n"), strings.TrimLeft(value, " \t\r\n")})
	}
	return all
}
