package archive

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// maildirStage writes the files of a batch to tmp.
type maildirStage struct {
	m    *maildir
	f    *folder
	done []string // in tmp
}

func (m *maildir) stage(_ context.Context, f *folder) (stage, error) {
	if err := m.makeDir(path.Join(f.path, "tmp")); err != nil {
		return nil, err
	}
	return &maildirStage{m: m, f: f}, nil
}

// uniqueName is new in every process and for every message.
func uniqueName(now time.Time) string {
	var b [8]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return fmt.Sprintf("%d.M%06dR%s", now.Unix(), now.Nanosecond()/1000, hex.EncodeToString(b[:]))
}

func (s *maildirStage) add(_ context.Context, e entry, body io.Reader) (entry, error) {
	e.name = fmt.Sprintf("%s%sS=%d,W=%d", uniqueName(time.Now()), ownMark, e.size, e.size)
	e.sub = "tmp"
	name := s.m.file(s.f, &e)
	s.done = append(s.done, name)
	return e, s.m.writeFile(name, &e, body)
}

// writeFile writes a staged message, not synced yet, with the message's date as its
// modification time.
func (a *archive) writeFile(name string, e *entry, body io.Reader) error {
	file, err := a.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	buf := copyBuffers.Get().(*[]byte)
	_, err = io.CopyBuffer(struct{ io.Writer }{file}, body, *buf)
	copyBuffers.Put(buf)
	if cerr := file.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	date := dateOf(e.date, e.zone)
	// A disk that cannot hold the date (FAT before 1980) leaves it to the index.
	_ = a.root.Chtimes(name, date, date)
	return nil
}

var copyBuffers = sync.Pool{New: func() any { b := make([]byte, chunk); return &b }}

// syncFiles syncs files side by side: the journal takes them together.
func (a *archive) syncFiles(ctx context.Context, names []string) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(16)
	for _, name := range names {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			file, err := a.root.OpenFile(name, os.O_RDWR, 0)
			if err != nil {
				return err
			}
			err = file.Sync()
			return errors.Join(err, file.Close())
		})
	}
	return g.Wait()
}

func (s *maildirStage) sync(ctx context.Context, _ []entry) error {
	if err := s.m.syncFiles(ctx, s.done); err != nil {
		return err
	}
	return syncDir(s.m.root, path.Join(s.f.path, "tmp"))
}

func (s *maildirStage) publish(list []entry) error {
	s.done = nil
	for i := range list {
		if err := s.m.land(s.f, &list[i]); err != nil {
			list[i].sub, list[i].info = "tmp", ""
			return err
		}
	}
	return syncDir(s.m.root, path.Join(s.f.path, "cur"))
}

func (s *maildirStage) abort() {
	for _, name := range s.done {
		_ = s.m.root.Remove(name) // else swept at the next opening
	}
	s.done = nil
}

// flag puts what has a letter into the file's name and all of it into the index.
func (m *maildir) flag(f *folder, changed []entry) error {
	for i := range changed {
		e := &changed[i]
		old := *e
		e.info = infoOf(m.colon, e.flags, e.info)
		e.sub = "cur"
		if m.file(f, e) == m.file(f, &old) {
			continue
		}
		err := m.root.Rename(m.file(f, &old), m.file(f, e))
		if errors.Is(err, fs.ErrNotExist) && m.find(f, &old) == nil {
			err = m.root.Rename(m.file(f, &old), m.file(f, e))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return writeFailure("change flags", m.where(f, e), err)
		}
	}
	return f.logFlags(changed)
}

func (m *maildir) remove(_ context.Context, f *folder, gone []entry) error {
	for i := range gone {
		err := m.root.Remove(m.file(f, &gone[i]))
		if errors.Is(err, fs.ErrNotExist) && m.find(f, &gone[i]) == nil {
			err = m.root.Remove(m.file(f, &gone[i]))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return writeFailure("remove message", m.where(f, &gone[i]), err)
		}
	}
	return f.forget(gone)
}
