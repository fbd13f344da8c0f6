package doctor

import "unicode/utf8"

// Clip cuts s to at most n bytes without breaking a character; what was cut shows as
// an ellipsis.
func Clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("…")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
