package migrate

import (
	"bytes"
	"io"

	"mailroom/backend/core"
	"mailroom/backend/preset"
)

// Classes of this package's own, beside those of the refusals' dictionary: why a message
// cannot be stored as it is, or cannot be had at all. Promise 2 forbids to change it.
const (
	ClassNUL      preset.Class = "nul-bytes"     // it holds NUL, and the destination takes none (no BINARY, RFC 3516)
	ClassLongLine preset.Class = "long-line"     // a line is longer than the destination takes
	ClassEmpty    preset.Class = "empty-message" // it has no byte; APPEND cannot carry it (RFC 9051 section 6.3.12)
	ClassUnlisted preset.Class = "count_differs" // the source counts it, but does not list it
)

// longestLine is from how many bytes on a line is taken for the cause of a refusal:
// Exchange breaks over 9,900, Office 365 over 10,500 (imapsync FAQ.Exchange, FAQ.Office365).
const longestLine = 9_900

// anatomy is what servers stumble over in a message, seen while its bytes pass.
type anatomy struct {
	nul  bool
	long bool  // some line is longer than limit
	line int64 // bytes of the line at hand so far, a CR at its end included
	// limit is [longestLine] where it is zero.
	limit int64
}

// Write never fails. Lines are not looked at one by one: from the start of a line on,
// the last line end within the limit shows that all before it are short enough.
func (a *anatomy) Write(p []byte) (int, error) {
	n, limit := len(p), a.limit
	if limit == 0 {
		limit = longestLine
	}
	a.nul = a.nul || bytes.IndexByte(p, 0) >= 0
	for len(p) > 0 && !a.long {
		reach := min(int64(len(p)), limit+1-a.line)
		if i := bytes.LastIndexByte(p[:reach], '\n'); i >= 0 {
			a.line, p = 0, p[i+1:]
			continue
		}
		a.line += reach
		a.long, p = a.line > limit, p[reach:]
	}
	return n, nil
}

// watched is a body whose anatomy is taken on its way.
type watched struct {
	io.Reader
	a *anatomy
}

func (w watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	_, _ = w.a.Write(p[:n])
	return n, err
}

// anatomy of a message that was sent; of a streamed one as far as it was.
func (c *cargo) anatomy() anatomy {
	if c.data == nil {
		return c.seen
	}
	var a anatomy
	_, _ = a.Write(c.data)
	return a
}

// cause names more exactly why the destination does not take a message, where its own
// words leave that open and the message tells.
func (c *cargo) cause(class preset.Class, why error) preset.Class {
	if core.ArgsOf(why)["why"] == "empty" {
		return ClassEmpty
	}
	switch class {
	case preset.BadMessage, preset.ClientBug, preset.PerMessage:
	default:
		return class
	}
	switch a := c.anatomy(); {
	case a.nul:
		return ClassNUL
	case a.long:
		return ClassLongLine
	}
	return class
}
