package contactfile

import (
	"strings"
)

// separators part several values of a cell; Google writes ":::".
const separators = ";；,，、\n|"

// parts takes a cell with several values apart. A value in quotation marks is taken whole, as
// [joined] writes one that holds a separator itself.
func parts(cell string) (all []string) {
	cell = strings.ReplaceAll(cell, ":::", ";")
	var b strings.Builder
	whole, in := false, false
	end := func() {
		text := b.String()
		if !whole {
			text = strings.TrimSpace(text)
		}
		if text != "" {
			all = append(all, text)
		}
		b.Reset()
		whole = false
	}
	runes := []rune(cell)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case in && r == '"' && i+1 < len(runes) && runes[i+1] == '"':
			b.WriteRune('"')
			i++
		case in && r == '"':
			in = false
		case in:
			b.WriteRune(r)
		case r == '"' && strings.TrimSpace(b.String()) == "":
			b.Reset()
			in, whole = true, true
		case strings.ContainsRune(separators, r):
			end()
		case whole && r == ' ':
		default:
			b.WriteRune(r)
		}
	}
	end()
	return all
}

// joined writes several values into one cell.
func joined(all []string) string {
	out := make([]string, len(all))
	for i, s := range all {
		if strings.ContainsAny(s, separators+`"`) || strings.Contains(s, ":::") {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		out[i] = s
	}
	return strings.Join(out, ";")
}

// starts are the characters with which a spreadsheet begins to calculate (OWASP, "CSV
// Injection"), in both widths.
const starts = "=+-@＝＋－＠"

// calculates says whether a line would be taken for a formula, and whether apostrophes that
// somebody wrote stand before it.
func calculates(line string) (formula, marked bool) {
	bare := strings.TrimLeft(line, " ")
	rest := strings.TrimLeft(bare, "' ")
	formula = rest != "" && strings.ContainsRune(starts, []rune(rest)[0])
	return formula, formula && strings.HasPrefix(bare, "'")
}

// guarded makes a cell of CSV that no spreadsheet calculates, in any of its lines, and that
// [unguarded] gets back exactly. In a workbook cells are texts: there only what [unguarded]
// would shorten is marked.
func guarded(cell string, workbook bool) string {
	lines := strings.Split(strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029':
			return ' '
		}
		return r
	}, strings.ReplaceAll(cell, "\r\n", "\n")), "\n")
	for i, line := range lines {
		if formula, marked := calculates(line); marked || formula && !workbook {
			lines[i] = "'" + line
		}
	}
	return strings.Join(lines, "\n")
}

// unguarded takes away what [guarded] put before formulas.
func unguarded(cell string) string {
	if !strings.Contains(cell, "'") {
		return cell
	}
	lines := strings.Split(cell, "\n")
	for i, line := range lines {
		if _, marked := calculates(line); marked {
			lines[i] = strings.Replace(line, "'", "", 1)
		}
	}
	return strings.Join(lines, "\n")
}
