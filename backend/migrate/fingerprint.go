package migrate

import (
	"bytes"
	"crypto/sha256"
	"hash"
)

// A head is the fingerprint of a message's header: one byte that is 1 if there is
// a Message-ID, then 16 bytes of the SHA-256 over the normalised fields Message-ID,
// Date, From and Subject. Fields that servers add or rewrite on the way (Received,
// X-…) stay out, and so does folding.
const headLen = 17

// headWindow bounds how much of a message is searched for its header.
const headWindow = 64 << 10

var headFields = [...]string{"message-id", "date", "from", "subject"}

// fingerprint makes the head of a raw header block; bytes after the empty line that
// ends the block are ignored.
func fingerprint(header []byte) []byte {
	var values [len(headFields)][]byte
	eachField(header, func(name, value []byte) bool {
		for i, want := range headFields {
			if equalFold(name, want) {
				values[i] = append(append(values[i], foldSpace(value)...), '\n')
			}
		}
		return true
	})
	h := sha256.New()
	for i, v := range values {
		h.Write([]byte(headFields[i]))
		h.Write([]byte{0})
		h.Write(v)
	}
	out := make([]byte, 1, 1+sha256.Size)
	if len(bytes.TrimSpace(values[0])) > 0 {
		out[0] = 1
	}
	return h.Sum(out)[:headLen]
}

// eachField calls f with each header field, unfolded but otherwise raw, until f
// returns false or the block ends.
func eachField(block []byte, f func(name, value []byte) bool) {
	for len(block) > 0 {
		line := nextLine(&block)
		if len(line) == 0 {
			return
		}
		colon := bytes.IndexByte(line, ':')
		value := line
		if colon >= 0 {
			value = line[colon+1:]
		}
		for len(block) > 0 && (block[0] == ' ' || block[0] == '\t') {
			value = append(append(bytes.Clone(value), ' '), nextLine(&block)...)
		}
		if colon > 0 && !f(bytes.TrimSpace(line[:colon]), value) {
			return
		}
	}
}

// nextLine cuts the first line off block, without its line end.
func nextLine(block *[]byte) []byte {
	line, rest, _ := bytes.Cut(*block, []byte{'\n'})
	*block = rest
	return bytes.TrimSuffix(line, []byte{'\r'})
}

func equalFold(name []byte, lower string) bool {
	if len(name) != len(lower) {
		return false
	}
	for i, c := range name {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// foldSpace turns each run of white space into one space and trims the ends.
func foldSpace(v []byte) []byte {
	out := make([]byte, 0, len(v))
	for _, c := range v {
		space := c == ' ' || c == '\t' || c == '\r' || c == '\n'
		if !space {
			out = append(out, c)
		} else if len(out) > 0 && out[len(out)-1] != ' ' {
			out = append(out, ' ')
		}
	}
	return bytes.TrimSuffix(out, []byte{' '})
}

// A digest hashes a message twice at once: as it is, and with every line end made a
// CRLF, since servers that store lines normalise them. A line end is any number of
// CRs and an LF, or a CR that no LF follows; CRs at the very end are none. (Dovecot
// drops one CR of CR CR LF, and a CR at the end.)
type digest struct {
	raw, canon hash.Hash
	crs        int // CRs whose meaning the next byte decides
	size       int64
}

func newDigest() *digest { return &digest{raw: sha256.New(), canon: sha256.New()} }

// Write never fails.
func (d *digest) Write(p []byte) (int, error) {
	d.raw.Write(p)
	d.size += int64(len(p))
	for rest := p; len(rest) > 0; {
		i := bytes.IndexByte(rest, '\n')
		line := rest
		if i >= 0 {
			line = rest[:i]
		}
		d.line(line)
		if i < 0 {
			break
		}
		d.crs = 0
		d.canon.Write(crlf)
		rest = rest[i+1:]
	}
	return len(p), nil
}

var crlf = []byte("\r\n")

// line hashes bytes without an LF and holds back the CRs at their end.
func (d *digest) line(b []byte) {
	for len(b) > 0 {
		i := bytes.IndexByte(b, '\r')
		if i != 0 {
			d.bareCRs()
		}
		if i < 0 {
			d.canon.Write(b)
			return
		}
		d.canon.Write(b[:i])
		d.crs++
		b = b[i+1:]
	}
}

func (d *digest) bareCRs() {
	for ; d.crs > 0; d.crs-- {
		d.canon.Write(crlf)
	}
}

// sums is what two messages are compared by.
type sums struct {
	raw, canon [sha256.Size]byte
	size       int64
}

func (d *digest) sums() sums {
	s := sums{size: d.size}
	d.raw.Sum(s.raw[:0])
	d.canon.Sum(s.canon[:0])
	return s
}
