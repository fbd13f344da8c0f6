package naming

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
)

// table is our own list of surnames; its source stands in its first lines.
//
//go:embed data/surnames.tsv
var table string

type reading struct {
	syllables []string
	other     []string // of single characters
}

var surnames = sync.OnceValue(func() map[string]reading {
	all := map[string]reading{}
	for line := range strings.Lines(table) {
		if line = strings.TrimRight(line, "\r\n"); line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) < 2 {
			continue
		}
		all[cells[0]] = reading{strings.Fields(cells[1]), cells[2:]}
	}
	return all
})

// every asks the library for all readings of a character, without tones, ü as "v".
var every = func() pinyin.Args {
	a := pinyin.NewArgs()
	a.Heteronym = true
	return a
}()

// syllables are the readings of one character, the usual one first; none where it is
// no Chinese character.
func syllables(r rune) []string { return pinyin.SinglePinyin(r, every) }
