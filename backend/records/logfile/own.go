package logfile

import (
	"bytes"
	"io"

	"mailroom/backend/core"
)

// OwnFormat says whether a file begins like Mailroom's own format: a JSON object a line,
// be it after a damaged line or an empty one.
func OwnFormat(path string) bool {
	s, err := openStream(path)
	if err != nil {
		return false
	}
	defer s.close()
	s.bom()
	if head, _ := s.r.Peek(1); len(head) == 1 && head[0] == '{' {
		return true // however long the line is
	}
	for range headLines {
		line, _, err := s.next()
		if err != nil || formatOf(line) != Unknown {
			return false
		}
		if bytes.HasPrefix(bytes.TrimLeft(line, " \t\x00"), []byte("{")) {
			return true
		}
	}
	return false
}

// text is an opened file, decompressed where it must be.
type text struct {
	*stream
	path string
}

// Read reads the decompressed text. Errors name the file: malformed where what is
// compressed is cut or damaged, unreachable where the disk fails.
func (t text) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if err != nil && err != io.EOF {
		code := core.Unreachable
		if t.packed {
			code = core.Malformed
		}
		err = core.E(code, "read log", err, "file", t.path)
	}
	return n, err
}

// Close closes the file.
func (t text) Close() error { return t.file.Close() }

// OpenText opens a plain or gzipped file for reading. Errors: not_found, read_only,
// malformed with "file".
func OpenText(path string) (io.ReadCloser, error) {
	s, err := openStream(path)
	if err != nil {
		if core.CodeOf(err) == "" {
			err = core.E(core.Malformed, "read log", err, "file", path)
		}
		return nil, err
	}
	s.bom()
	return text{s, path}, nil
}
