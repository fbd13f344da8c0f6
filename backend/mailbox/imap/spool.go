package imap

import (
	"bytes"
	"io"
	"os"

	"mailroom/backend/core"
)

const spoolMemory = 1 << 20 // of a body whose UID comes after it; the rest goes to a file

// spooled is a body that had to be put aside.
type spooled struct {
	head []byte
	file *os.File // nil if head is all
}

// spool reads n bytes of r, all of them whatever happens. diskErr tells that they
// could not be kept; err that r broke.
func spool(r io.Reader, n int64) (sp *spooled, diskErr, err error) {
	sp = &spooled{head: make([]byte, min(n, spoolMemory))}
	if _, err := io.ReadFull(r, sp.head); err != nil {
		return nil, nil, unexpected(err)
	}
	left := n - int64(len(sp.head))
	if left == 0 {
		return sp, nil, nil
	}
	limited := &io.LimitedReader{R: r, N: left}
	diskErr = sp.toFile(limited)
	if _, err := io.CopyN(io.Discard, r, limited.N); err != nil {
		sp.free()
		return nil, nil, unexpected(err)
	}
	if diskErr != nil {
		sp.free()
		return nil, core.E(core.DiskFull, "put message aside", diskErr), nil
	}
	return sp, nil, nil
}

func (sp *spooled) toFile(r *io.LimitedReader) error {
	f, err := os.CreateTemp("", "mailroom-*.tmp")
	if err != nil {
		return err
	}
	sp.file = f
	if _, err := io.Copy(f, r); err != nil {
		return err
	}
	_, err = f.Seek(0, io.SeekStart)
	return err
}

func (sp *spooled) reader() io.Reader {
	if sp.file == nil {
		return bytes.NewReader(sp.head)
	}
	return io.MultiReader(bytes.NewReader(sp.head), sp.file)
}

func (sp *spooled) free() {
	if sp != nil && sp.file != nil {
		_ = sp.file.Close()
		_ = os.Remove(sp.file.Name())
		sp.file = nil
	}
}
