package logfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"time"

	"golang.org/x/text/encoding/unicode"

	"mailroom/backend/core"
	"mailroom/backend/logs"
)

// longestLine is the most bytes of a line: Exchange puts all recipients of a mail into
// one. A longer one is left out, and its place is told.
const longestLine = 4 << 20

// stream is an opened file, decompressed where it must be.
type stream struct {
	r      *bufio.Reader
	file   *os.File
	packed bool // the text is not what lies in the file: gzip, UTF-16
	wrote  time.Time
	size   int64 // of the file as it lies there
	at     int64 // bytes of the text so far
	long   bool  // the line that was read last was longer than the limit, and is cut
}

// openStream opens a file. Errors: not_found, read_only with "file"; malformed for a
// file that begins like gzip and is none.
func openStream(path string) (*stream, error) {
	// A pipe would have to be waited for.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, core.E(core.Invalid, "read log", nil, "file", path, "problem", "no_file")
	}
	f, err := os.Open(path)
	if err != nil {
		code := core.ReadOnly
		if errors.Is(err, os.ErrNotExist) {
			code = core.NotFound
		}
		return nil, core.E(code, "read log", err, "file", path)
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(core.E(core.Invalid, "read log", err, "file", path, "problem", "no_file"), f.Close())
	}
	s := &stream{file: f, wrote: info.ModTime(), size: info.Size(), r: bufio.NewReaderSize(f, 256<<10)}
	if head, _ := s.r.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		gz, err := gzip.NewReader(s.r)
		if err != nil {
			return nil, errors.Join(core.E(core.Malformed, "read log", err, "file", path), f.Close())
		}
		// logrotate's gzip notes when the log was written to; the file may be a copy.
		if noted := gz.ModTime; !noted.IsZero() && noted.Before(s.wrote) {
			s.wrote = noted
		}
		s.packed, s.r = true, bufio.NewReaderSize(gz, 256<<10)
	}
	if head, _ := s.r.Peek(2); bytes.Equal(head, []byte{0xff, 0xfe}) || bytes.Equal(head, []byte{0xfe, 0xff}) {
		wide := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()
		s.packed, s.r = true, bufio.NewReaderSize(wide.Reader(s.r), 256<<10)
	}
	return s, nil
}

// bom leaves out the mark with which editors begin a text in UTF-8.
func (s *stream) bom() {
	if head, _ := s.r.Peek(3); bytes.Equal(head, []byte("\ufeff")) {
		_, _ = s.r.Discard(3)
	}
}

func (s *stream) close() { _ = s.file.Close() }

// skip goes on to a place in the text.
func (s *stream) skip(to int64) error {
	if !s.packed {
		if _, err := s.file.Seek(to, io.SeekStart); err != nil {
			return err
		}
		s.r.Reset(s.file)
		s.at = to
		return nil
	}
	n, err := io.CopyN(io.Discard, s.r, to-s.at)
	s.at += n
	return err
}

// next reads a line without its end, valid until the next one. io.EOF: there is no whole
// line any more; half says whether a half one is there.
func (s *stream) next() (line []byte, half bool, err error) {
	var whole []byte
	n := 0
	for {
		part, err := s.r.ReadSlice('\n')
		n += len(part)
		if room := longestLine - len(whole); room > 0 && (err != nil || n > len(part)) {
			whole = append(whole, part[:min(len(part), room)]...)
		}
		switch {
		case err == nil:
			s.at += int64(n)
			s.long = n > longestLine
			if n == len(part) {
				whole = part
			}
			return bytes.TrimRight(whole, "\r\n"), false, nil
		case err != bufio.ErrBufferFull:
			return nil, n > 0, err
		}
	}
}

// headLines is how many lines a file is known by. Exchange writes the time into the
// fourth.
const headLines = 5

// fingerprint is the sum of the first lines; "" while there are fewer.
func fingerprint(path string) (print string, head [][]byte, err error) {
	s, err := openStream(path)
	if err != nil {
		return "", nil, err
	}
	defer s.close()
	h := sha256.New()
	for range headLines {
		line, _, err := s.next()
		if err == io.EOF {
			return "", head, nil
		}
		if err != nil {
			return "", head, core.E(core.Malformed, "read log", err, "file", path)
		}
		h.Write(line)
		h.Write([]byte{'\n'})
		head = append(head, bytes.Clone(line))
	}
	return hex.EncodeToString(h.Sum(nil)), head, nil
}

// detect tells from its beginning what wrote a file, and of what kinds it tells:
// syslog puts several programs into one.
func detect(path string) (Format, []logs.Kind, error) {
	s, err := openStream(path)
	if err != nil {
		return Unknown, nil, err
	}
	defer s.close()
	votes := map[Format]int{}
	for range 400 {
		line, _, err := s.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return Unknown, nil, core.E(core.Malformed, "read log", err, "file", path)
		}
		votes[formatOf(line)]++
	}
	best := Unknown
	var kinds []logs.Kind
	for _, f := range Formats() {
		if votes[f] > 0 {
			kinds = append(kinds, f.kinds()...)
		}
		if votes[f] > votes[best] || best == Unknown && votes[f] > 0 {
			best = f
		}
	}
	return best, kinds, nil
}

func formatOf(line []byte) Format {
	switch {
	case bytes.HasPrefix(bytes.TrimPrefix(line, []byte("\ufeff")), []byte("#")) && (bytes.Contains(line, []byte("Message Tracking Log")) || bytes.Contains(line, []byte("recipient-address"))):
		return Exchange
	case bytes.Contains(line, []byte("postfix/")):
		return Postfix
	case bytes.Contains(line, []byte("dovecot")), bytes.Contains(line, []byte("imap-login: ")), bytes.Contains(line, []byte("pop3-login: ")),
		bytes.Contains(line, []byte(" imap(")), bytes.Contains(line, []byte(" lmtp(")), bytes.Contains(line, []byte("managesieve-login: ")):
		return Dovecot
	}
	return Unknown
}
