package report

import (
	"strings"
	"unicode"
)

// maxName is how many characters a file's name gets; with four bytes each it stays
// below the 255 bytes that Linux allows, room for an ending included.
const maxName = 56

// reserved are names that Windows keeps for devices, with any ending.
var reserved = map[string]bool{
	"con": true, "prn": true, "aux": true, "nul": true,
	"com1": true, "com2": true, "com3": true, "com4": true, "com5": true, "com6": true, "com7": true, "com8": true, "com9": true,
	"lpt1": true, "lpt2": true, "lpt3": true, "lpt4": true, "lpt5": true, "lpt6": true, "lpt7": true, "lpt8": true, "lpt9": true,
}

// FileName makes a text the name of a file on every system: no separators, no control
// or direction marks, not too long, not a device. fallback is used where nothing is
// left.
func FileName(text, fallback string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r), r == unicode.ReplacementChar:
			return '_'
		case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "_"))
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > maxName {
		runes = runes[:maxName]
	}
	name := strings.Trim(string(runes), ". ")
	stem, _, _ := strings.Cut(name, ".")
	switch {
	case name == "" || strings.Trim(name, "_") == "":
		return fallback
	case reserved[strings.ToLower(strings.TrimSpace(stem))]:
		return "_" + name
	}
	return name
}
