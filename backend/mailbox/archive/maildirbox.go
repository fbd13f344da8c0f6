package archive

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// ownMark is in the names of the files that this package makes in tmp.
const ownMark = ".mailroom,"

func (m *maildir) load(ctx context.Context, f *folder) error {
	snap, err := readIndex(m.root, f.index)
	if err != nil {
		return err
	}
	found, err := m.scan(ctx, f)
	if err != nil {
		return err
	}
	keywords := m.keywords(f)
	waiting, err := m.waiting(f)
	if err != nil {
		return err
	}
	var known, extra []entry
	for _, r := range snap.records {
		e := entryOf(r)
		at, ok := found[e.name]
		switch {
		case ok:
			delete(found, e.name)
			e.sub, e.info = at.sub, at.info
			e.flags = tidyFlags(append(flagsOf(e.info, keywords), keywordsIn(e.flags)...))
		case waiting[e.name]:
			e.sub, e.info = "tmp", ""
			delete(waiting, e.name)
			if m.write {
				if err := m.land(f, &e); err != nil {
					return writeFailure("finish batch", m.where(f, &e), err)
				}
			}
		default:
			snap.lost = append(snap.lost, e.uid) // deleted by somebody
			continue
		}
		known = append(known, e)
	}
	for _, at := range found {
		at.flags = flagsOf(at.info, keywords)
		extra = append(extra, at)
	}
	slices.SortFunc(extra, func(a, b entry) int { return natural(a.name, b.name) })
	if err := m.settle(f, snap, known, extra, func(d digest) {
		for i := range extra {
			d.text(extra[i].name)
		}
	}); err != nil {
		return err
	}
	m.sweep(f, waiting)
	return nil
}

// scan lists the messages of a folder by base name.
func (m *maildir) scan(ctx context.Context, f *folder) (map[string]entry, error) {
	out := map[string]entry{}
	for _, sub := range []string{"new", "cur"} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		dir := path.Join(f.path, sub)
		list, err := readDir(m.root, dir)
		if errors.Is(err, fs.ErrNotExist) && sub == "new" {
			continue
		}
		if err != nil {
			return nil, readFailure("list messages", dir, err)
		}
		for _, d := range list {
			if strings.HasPrefix(d.Name(), ".") || !m.isFile(d, path.Join(dir, d.Name())) {
				continue
			}
			base, info := splitMaildirName(d.Name())
			file, wire := sizesOf(base)
			e := entry{name: base, sub: sub, info: info, size: wire, how: undated}
			if wire >= 0 && wire == file && strings.Contains(base, ownMark) {
				e.how |= exact // ours, though the index may be gone
			} else {
				e.size = -1
			}
			out[base] = e
		}
	}
	return out, nil
}

// waiting lists our files in tmp.
func (m *maildir) waiting(f *folder) (map[string]bool, error) {
	out := map[string]bool{}
	list, err := readDir(m.root, path.Join(f.path, "tmp"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, readFailure("list messages", path.Join(f.path, "tmp"), err)
	}
	for _, d := range list {
		if strings.Contains(d.Name(), ownMark) {
			out[d.Name()] = true
		}
	}
	return out, nil
}

// sweep deletes what batches that never came to an end left in tmp.
func (m *maildir) sweep(f *folder, orphans map[string]bool) {
	if !m.write {
		return
	}
	for name := range orphans {
		_ = m.root.Remove(path.Join(f.path, "tmp", name)) // tried again next time
	}
}

func (m *maildir) keywords(f *folder) []string {
	in, err := m.root.Open(path.Join(f.path, "dovecot-keywords"))
	if err != nil {
		return nil
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, 64<<10))
	if err != nil {
		return nil
	}
	return parseKeywords(string(raw))
}

func (m *maildir) file(f *folder, e *entry) string {
	return path.Join(f.path, e.sub, e.name+e.info)
}

// land renames a message from tmp to cur.
func (m *maildir) land(f *folder, e *entry) error {
	from := m.file(f, &entry{name: e.name, sub: "tmp"})
	e.sub, e.info = "cur", infoOf(m.colon, e.flags, "")
	return m.root.Rename(from, m.file(f, e))
}

// look asks the file for what the index does not know.
func (m *maildir) look(f *folder, e *entry) error {
	if e.size >= 0 && e.how&undated == 0 {
		return nil
	}
	info, err := m.root.Stat(m.file(f, e))
	if errors.Is(err, fs.ErrNotExist) {
		if err = m.find(f, e); err == nil {
			info, err = m.root.Stat(m.file(f, e))
		}
	}
	if err != nil {
		return err
	}
	if e.how&undated != 0 {
		e.setDate(info.ModTime())
	}
	if e.size < 0 {
		e.size = info.Size()
		if _, wire := sizesOf(e.name); wire >= 0 {
			e.size = wire
		}
	}
	return nil
}

// find looks for a file that another program has renamed to change its flags. The
// folder is listed again only when it has changed since.
func (m *maildir) find(f *folder, e *entry) error {
	stamp := m.stamp(f)
	f.mu.RLock()
	fresh := f.stamp != stamp
	f.mu.RUnlock()
	if fresh {
		found, err := m.scan(context.Background(), f)
		if err != nil {
			return err
		}
		f.mu.Lock()
		for i := range f.list {
			if at, ok := found[f.list[i].name]; ok {
				f.list[i].sub, f.list[i].info = at.sub, at.info
			}
		}
		f.stamp = stamp
		f.mu.Unlock()
	}
	now, ok := f.get(e.uid)
	if !ok || now.sub == e.sub && now.info == e.info {
		return fs.ErrNotExist
	}
	e.sub, e.info = now.sub, now.info
	return nil
}

// stamp changes when files of a folder come, go or get another name.
func (m *maildir) stamp(f *folder) (times [2]int64) {
	for i, sub := range []string{"cur", "new"} {
		if info, err := m.root.Stat(path.Join(f.path, sub)); err == nil {
			times[i] = info.ModTime().UnixNano()
		}
	}
	return times
}

func (m *maildir) open(f *folder, e *entry) (*stored, error) {
	file, err := m.root.Open(m.file(f, e))
	if errors.Is(err, fs.ErrNotExist) {
		if err = m.find(f, e); err == nil {
			file, err = m.root.Open(m.file(f, e))
		}
	}
	if err != nil {
		return nil, err
	}
	return wholeFile(file, e)
}

// wholeFile is a message that is a file of its own.
func wholeFile(file *os.File, e *entry) (*stored, error) {
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	s := &stored{raw: io.NewSectionReader(file, 0, info.Size()), close: file.Close, size: -1}
	if e.how&exact != 0 && (e.size < 0 || e.size == info.Size()) {
		s.how = exact
		return s, nil
	}
	// Foreign, or changed since it was stored.
	if s.how, err = lineEnds(s.raw); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return s, nil
}
