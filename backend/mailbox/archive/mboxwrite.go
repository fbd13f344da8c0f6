package archive

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"mailroom/backend/core"
)

// mboxStage writes the messages of a batch behind the end of the file.
type mboxStage struct {
	l    *mbox
	f    *folder
	file *os.File // nil before the first message; the turn is held while it is open
	out  *bufio.Writer
	pos  int64
}

func (l *mbox) stage(_ context.Context, f *folder) (stage, error) { return &mboxStage{l: l, f: f}, nil }

func (s *mboxStage) holdsTurn() bool { return s.file != nil }

// begin takes the turn and finds the place of the first From_ line, behind an empty
// line.
func (s *mboxStage) begin(ctx context.Context) error {
	if err := s.f.lock(ctx); err != nil {
		return err
	}
	file, err := s.l.root.OpenFile(s.f.path, os.O_RDWR, 0)
	if err != nil {
		s.f.unlock()
		return err
	}
	s.file, s.pos = file, s.f.end
	s.out = bufio.NewWriterSize(io.NewOffsetWriter(file, s.pos), 256<<10)
	if s.pos == 0 {
		return nil
	}
	last := make([]byte, min(3, s.pos))
	if _, err := file.ReadAt(last, s.pos-int64(len(last))); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	pad := "\n\n"
	switch {
	case bytes.HasSuffix(last, []byte("\n\n")), bytes.HasSuffix(last, []byte("\n\r\n")):
		pad = ""
	case bytes.HasSuffix(last, []byte("\n")):
		pad = "\n"
	}
	n, err := s.out.WriteString(pad)
	s.pos += int64(n)
	return err
}

func (s *mboxStage) add(ctx context.Context, e entry, body io.Reader) (entry, error) {
	if s.file == nil {
		if err := s.begin(ctx); err != nil {
			return e, err
		}
	}
	from := ownFrom(s.f.validity, dateOf(e.date, e.zone))
	e.from, e.line = s.pos, int64(len(from))
	if _, err := s.out.WriteString(from); err != nil {
		return e, err
	}
	q := &quoter{act: quote}
	tail := &tailWriter{out: s.out}
	buf := copyBuffers.Get().(*[]byte)
	_, err := io.CopyBuffer(struct{ io.Writer }{tail}, &filtered{src: body, by: q, in: *buf}, make([]byte, chunk))
	copyBuffers.Put(buf)
	if err != nil {
		return e, err
	}
	e.len = tail.n
	end := "\n"
	if tail.last != '\n' {
		end = "\n\n"
		e.len++
	}
	if q.lines > 0 {
		e.how |= quotedRD
	}
	_, err = s.out.WriteString(end)
	s.pos = e.from + e.line + e.len + 1
	return e, err
}

// tailWriter counts bytes and remembers the last one.
type tailWriter struct {
	out  io.Writer
	n    int64
	last byte
}

func (t *tailWriter) Write(b []byte) (int, error) {
	n, err := t.out.Write(b)
	t.n += int64(n)
	if n > 0 {
		t.last = b[n-1]
	}
	return n, err
}

func (s *mboxStage) sync(context.Context, []entry) error {
	if err := s.out.Flush(); err != nil {
		return err
	}
	return s.file.Sync()
}

func (s *mboxStage) publish([]entry) error {
	s.f.end = s.pos
	return nil
}

func (s *mboxStage) abort() {
	if s.file == nil {
		return
	}
	// What cannot be cut now is cut at the next opening; before that it is written over.
	_ = s.file.Truncate(s.f.end)
	_ = s.file.Close()
	s.file = nil
	s.f.unlock()
}

func (l *mbox) flag(f *folder, changed []entry) error { return f.logFlags(changed) }

// remove cuts our own last messages off, or writes the file anew without those gone.
func (l *mbox) remove(ctx context.Context, f *folder, gone []entry) error {
	drop := make(map[int64]bool, len(gone))
	first := gone[0].from
	own := true
	for i := range gone {
		drop[gone[i].from] = true
		first = min(first, gone[i].from)
		own = own && gone[i].how&ownWriting != 0
	}
	kept := make([]entry, 0, len(f.list))
	for _, e := range f.list {
		if !drop[e.from] {
			kept = append(kept, e)
			own = own && e.from < first
		}
	}
	if !own {
		return l.rewrite(ctx, f, kept)
	}
	// Once the index has forgotten them they count as a torn batch.
	if err := f.forget(gone); err != nil {
		return err
	}
	file, err := l.root.OpenFile(f.path, os.O_RDWR, 0)
	if err == nil {
		err = errors.Join(file.Truncate(first), file.Sync(), file.Close())
	}
	if err != nil {
		return writeFailure("remove messages", f.path, err)
	}
	f.end = first
	return nil
}

// The names of a rewriting under way: the new mbox file, and the new index once both
// are complete. As long as the new file is there, the old pair is the valid one.
func (l *mbox) newFile(index string) string {
	return path.Join(l.state, "tmp", strings.TrimSuffix(path.Base(index), ".jsonl")+".mbox")
}

func readyIndex(index string) string { return index + ".ready" }

// rewrite makes the file hold only kept.
func (l *mbox) rewrite(ctx context.Context, f *folder, kept []entry) error {
	end, err := l.copyKept(ctx, f, kept)
	if err == nil {
		err = writeIndex(l.root, f.index+".new", f.head(l.kind), recordsOf(kept), f.next)
	}
	if err == nil {
		err = l.root.Rename(f.index+".new", readyIndex(f.index))
	}
	if err == nil {
		err = syncDir(l.root, l.state)
	}
	if err != nil {
		_ = l.root.Remove(l.newFile(f.index))
		return writeFailure("remove messages", f.path, err)
	}
	err = errors.Join(f.log.close(), l.swap(f.index, f.path))
	if err == nil {
		info, serr := l.root.Stat(f.index)
		if err = serr; err == nil {
			f.log, err = openIndex(l.root, f.index, info.Size(), line{})
		}
	}
	if err != nil {
		f.log = &index{name: f.index, broken: err, file: f.log.file}
		return writeFailure("remove messages", f.path, err)
	}
	f.mu.Lock()
	f.list = kept
	f.mu.Unlock()
	f.end = end
	return nil
}

// copyKept writes the new file, synced, and gives kept its new offsets.
func (l *mbox) copyKept(ctx context.Context, f *folder, kept []entry) (end int64, err error) {
	old, err := l.root.Open(f.path)
	if err != nil {
		return 0, err
	}
	defer old.Close()
	info, err := old.Stat()
	if err != nil {
		return 0, err
	}
	file, err := l.root.OpenFile(l.newFile(f.index), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, info.Mode().Perm())
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriterSize(file, 256<<10)
	for i := range kept {
		e := &kept[i]
		src := &patient{ctx: ctx, src: io.NewSectionReader(old, e.from, e.line+e.len)}
		tail := &tailWriter{out: out}
		if _, err = io.Copy(tail, src); err != nil {
			break
		}
		gap := "\n"
		if tail.last != '\n' {
			gap = "\n\n" // a foreign file whose last line has no end
		}
		if _, err = out.WriteString(gap); err != nil {
			break
		}
		e.from = end
		end += tail.n + int64(len(gap))
	}
	if err == nil {
		err = errors.Join(out.Flush(), file.Sync())
	}
	return end, errors.Join(err, file.Close())
}

// swap puts a complete rewriting into place; it may be repeated after a crash.
func (l *mbox) swap(index, file string) error {
	if err := l.root.Rename(l.newFile(index), file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := syncDir(l.root, path.Dir(file)); err != nil {
		return err
	}
	if err := l.root.Rename(readyIndex(index), index); err != nil {
		return err
	}
	return syncDir(l.root, l.state)
}

// recover ends a rewriting that a crash has interrupted.
func (l *mbox) recover() error {
	list, err := readDir(l.root, l.state)
	if err != nil {
		return readFailure("open archive", l.state, err)
	}
	for _, d := range list {
		name, ok := strings.CutSuffix(d.Name(), ".jsonl.ready")
		if !ok {
			continue
		}
		index := path.Join(l.state, name+".jsonl")
		file, err := l.fileOf(readyIndex(index))
		if err == nil {
			err = l.swap(index, file)
		}
		if err != nil {
			return writeFailure("finish removal", index, err)
		}
	}
	rest, err := readDir(l.root, path.Join(l.state, "tmp"))
	for _, d := range rest {
		_ = l.root.Remove(path.Join(l.state, "tmp", d.Name())) // tried again next time
	}
	return err
}

// fileOf reads from an index whose file it belongs to.
func (l *mbox) fileOf(index string) (string, error) {
	f, err := l.root.Open(index)
	if err != nil {
		return "", err
	}
	defer f.Close()
	raw, err := bufio.NewReader(io.LimitReader(f, 64<<10)).ReadBytes('\n')
	if err != nil {
		return "", err
	}
	head, err := decodeLine(raw)
	switch {
	case err != nil:
		return "", err
	case l.file != "":
		return l.file, nil
	case head.T != "head" || !fs.ValidPath(string(head.Folder)):
		return "", core.E(core.Malformed, "read index", nil, "path", index)
	}
	return string(head.Folder), nil
}

// readIndex reads the index that belongs to the file as it is now.
func (l *mbox) readIndex(f *folder) (*snapshot, error) {
	if _, err := l.root.Stat(readyIndex(f.index)); err == nil {
		if _, err := l.root.Stat(l.newFile(f.index)); errors.Is(err, fs.ErrNotExist) {
			return readIndex(l.root, readyIndex(f.index))
		}
	}
	return readIndex(l.root, f.index)
}
