package imap

import (
	"compress/flate"
	"errors"
	"fmt"
	"io"

	"mailroom/backend/core"
)

const writeBuffer = 128 << 10

// Errors of a message body that does not keep its word.
var (
	errBodyShort = errors.New("body ended before its announced size")
	errBodyLong  = errors.New("body is longer than its announced size")
)

// bodyError is a failure of the caller's Body, not of the connection.
type bodyError struct{ err error }

func (e *bodyError) Error() string { return "message body: " + e.err.Error() }
func (e *bodyError) Unwrap() error { return e.err }

// writer gathers what goes to the server. A body is read straight into its buffer.
type writer struct {
	w       io.Writer
	deflate *flate.Writer // nil without COMPRESS
	buf     []byte        // fixed capacity writeBuffer
	err     error         // the first failure; later writes do nothing
}

func newWriter(w io.Writer) *writer {
	return &writer{w: w, buf: make([]byte, 0, writeBuffer)}
}

func (w *writer) WriteString(s string) {
	for len(s) > 0 && w.err == nil {
		n := copy(w.buf[len(w.buf):cap(w.buf)], s)
		w.buf = w.buf[:len(w.buf)+n]
		if s = s[n:]; len(w.buf) == cap(w.buf) {
			w.spill()
		}
	}
}

// spill passes the buffer on.
func (w *writer) spill() {
	if w.err != nil || len(w.buf) == 0 {
		return
	}
	var err error
	if w.deflate != nil {
		_, err = w.deflate.Write(w.buf)
	} else {
		_, err = w.w.Write(w.buf)
	}
	w.buf = w.buf[:0]
	w.err = err
}

// flush sends everything to the wire.
func (w *writer) flush() error {
	w.spill()
	if w.deflate != nil && w.err == nil {
		w.err = w.deflate.Flush()
	}
	return w.err
}

// body copies exactly size bytes of r. A body of another length is a [bodyError]; the
// bytes sent so far then cannot be taken back.
func (w *writer) body(r io.Reader, size int64) error {
	idle := 0
	for left := size; left > 0 && w.err == nil; {
		free := w.buf[len(w.buf):cap(w.buf)]
		if int64(len(free)) > left {
			free = free[:left]
		}
		n, err := r.Read(free)
		w.buf = w.buf[:len(w.buf)+n]
		left -= int64(n)
		if len(w.buf) == cap(w.buf) {
			w.spill()
		}
		switch {
		case left == 0 && (err == nil || errors.Is(err, io.EOF)):
		case errors.Is(err, io.EOF):
			return &bodyError{fmt.Errorf("%w: %d of %d bytes missing", errBodyShort, left, size)}
		case err != nil:
			return &bodyError{err}
		case n == 0:
			if idle++; idle > 100 {
				return &bodyError{io.ErrNoProgress}
			}
		default:
			idle = 0
		}
	}
	if w.err != nil {
		return w.err
	}
	return atEnd(r)
}

// atEnd makes sure that nothing follows.
func atEnd(r io.Reader) error {
	var one [1]byte
	for range 100 {
		n, err := r.Read(one[:])
		switch {
		case n > 0:
			return &bodyError{errBodyLong}
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return &bodyError{err}
		}
	}
	return &bodyError{io.ErrNoProgress}
}

// bodyWhy is the fact for the page: body_short, body_long or body_failed.
func bodyWhy(err error) string {
	switch {
	case errors.Is(err, errBodyShort):
		return "body_short"
	case errors.Is(err, errBodyLong):
		return "body_long"
	}
	return "body_failed"
}

func bodyBroken(op string, err error) error {
	return core.E(core.Unreachable, op, err, "why", bodyWhy(err))
}
