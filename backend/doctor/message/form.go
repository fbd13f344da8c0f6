package message

import "bytes"

// Form is what servers look at before they read a mail: lines, line ends and bytes.
type Form struct {
	LongestLine int  // bytes, without its end
	BareLF      int  // line ends of LF alone in a mail that has CRLF elsewhere
	NUL         bool // a byte of zero
	RawHeader   bool // bytes above 127 in the header, without encoded words
}

// FormOf looks at the first 16 MB of a mail. A file whose lines all end in LF is a mail as
// systems keep it: that is no fault.
func FormOf(raw []byte) Form {
	raw = raw[:min(len(raw), maxBytes)]
	f := Form{NUL: bytes.IndexByte(raw, 0) >= 0}
	both, alone, inHeader := 0, 0, true
	for len(raw) > 0 {
		line := raw
		if i := bytes.IndexByte(raw, '\n'); i >= 0 {
			line, raw = raw[:i], raw[i+1:]
			if bytes.HasSuffix(line, []byte("\r")) {
				line = line[:len(line)-1]
				both++
			} else {
				alone++
			}
		} else {
			raw = nil
		}
		f.LongestLine = max(f.LongestLine, len(line))
		if inHeader {
			inHeader = len(line) > 0
			f.RawHeader = f.RawHeader || bytes.IndexFunc(line, func(r rune) bool { return r > 127 }) >= 0
		}
	}
	if both > 0 {
		f.BareLF = alone
	}
	return f
}
