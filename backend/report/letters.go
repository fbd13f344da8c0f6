package report

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"mailroom/backend/core"
)

// The font is Noto Sans SC, SIL Open Font License 1.1 (fonts/OFL.txt), cut down by
// scripts/font.sh to GBK and the letters of Europe. A paper embeds only what it uses.
//
//go:embed fonts/NotoSansSC.ttf.gz
var packedFont []byte

// maxFont bounds the unpacked font.
const maxFont = 32 << 20

// letters is a font and which characters it has.
type letters struct {
	font []byte
	has  map[rune]bool
}

func openLetters() (*letters, error) {
	unpack, err := gzip.NewReader(bytes.NewReader(packedFont))
	if err != nil {
		return nil, core.E(core.Internal, "unpack font", err)
	}
	font, err := io.ReadAll(io.LimitReader(unpack, maxFont))
	if err != nil {
		return nil, core.E(core.Internal, "unpack font", err)
	}
	has, err := covered(font)
	return &letters{font: font, has: has}, err
}

// mostCodes bounds how many characters in a row are shown by their numbers: a subject
// in a script that the font lacks would fill pages.
const mostCodes = 8

// shown replaces what the font cannot show by its number in Unicode, so that a rare
// name on a paper still says which; further ones in a row are squares. Marks without
// width are dropped.
func (l *letters) shown(text string) string {
	var b strings.Builder
	row := 0 // characters in a row that the font lacks
	for _, r := range text {
		switch {
		case r == '\n':
			b.WriteRune(r)
		case r < ' ', r == 0x7f, r == '\u200b', r == '\u200d', r == '\ufeff', r >= '\ufe00' && r <= '\ufe0f', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			continue
		case r == '\u202f', r == '\u2009', r == '\u00a0':
			b.WriteByte(' ')
		case l.has[r]:
			b.WriteRune(r)
		default:
			if row++; row <= mostCodes && r != utf8.RuneError {
				fmt.Fprintf(&b, "[U+%04X]", r)
			} else {
				b.WriteRune('□')
			}
			continue
		}
		row = 0
	}
	return b.String()
}

// covered reads the characters of a TrueType font from its cmap, format 4 (OpenType
// specification, "cmap"), which holds the basic plane.
func covered(font []byte) (map[rune]bool, error) {
	damaged := core.E(core.Internal, "read font", nil)
	u16 := func(at int) int {
		if at < 0 || at+2 > len(font) {
			return 0
		}
		return int(binary.BigEndian.Uint16(font[at:]))
	}
	u32 := func(at int) int { return u16(at)<<16 | u16(at+2) }
	table := 0
	for i := range u16(4) {
		if at := 12 + 16*i; at+16 <= len(font) && string(font[at:at+4]) == "cmap" {
			table = u32(at + 8)
		}
	}
	if table == 0 {
		return nil, damaged
	}
	for i := range u16(table + 2) {
		at := table + u32(table+4+8*i+4)
		if u16(at) == 4 {
			return segments(u16, at), nil
		}
	}
	return nil, damaged
}

func segments(u16 func(int) int, at int) map[rune]bool {
	has := map[rune]bool{}
	n := u16(at+6) / 2
	for s := range n {
		end, start := u16(at+14+2*s), u16(at+16+2*n+2*s)
		delta, offsetAt := u16(at+16+4*n+2*s), at+16+6*n+2*s
		offset := u16(offsetAt)
		for c := start; c <= end && c < 0xffff; c++ {
			glyph := (c + delta) & 0xffff
			if offset != 0 {
				if glyph = u16(offsetAt + offset + 2*(c-start)); glyph != 0 {
					glyph = (glyph + delta) & 0xffff
				}
			}
			if glyph != 0 {
				has[rune(c)] = true
			}
		}
	}
	return has
}
