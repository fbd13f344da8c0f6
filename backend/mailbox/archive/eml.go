package archive

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// eml is the layout of a tree of folders holding .eml files.
type eml struct{ *archive }

func (l *eml) traits(t *mailbox.Traits) { t.Separator = "/" }

func isEML(name string) bool {
	return len(name) > 4 && strings.EqualFold(name[len(name)-4:], ".eml") && name[0] != '.'
}

func (l *eml) walk(ctx context.Context) ([]place, error) {
	var out []place
	if err := l.walkInto(ctx, ".", nil, &out); err != nil {
		return nil, err
	}
	if len(out) > 0 && out[0].path == "." && slices.ContainsFunc(out[1:], func(p place) bool {
		return len(p.levels) == 1 && p.levels[0] == "INBOX"
	}) {
		// Messages beside a folder INBOX: they are not the inbox, then.
		out[0].levels = []string{legible(path.Base(strings.TrimPrefix(l.key, kindEML+":")))}
	}
	return out, nil
}

func (l *eml) walkInto(ctx context.Context, dir string, levels []string, out *[]place) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	list, err := readDir(l.root, dir)
	if err != nil {
		return readFailure("list folders", dir, err)
	}
	holds := slices.ContainsFunc(list, func(d fs.DirEntry) bool { return !d.IsDir() && isEML(d.Name()) })
	if dir == "." && holds {
		*out = append(*out, place{id: ".", path: ".", levels: []string{"INBOX"}, selectable: true})
	} else if dir != "." {
		*out = append(*out, place{id: dir, path: dir, levels: levels, selectable: true})
	}
	for _, d := range list {
		sub := path.Join(dir, d.Name())
		if d.Name()[0] == '.' || isEML(d.Name()) && !d.IsDir() || !l.enter(d, sub) {
			continue
		}
		if len(levels) >= maxDepth || len(*out) >= maxFolders {
			l.note("folder_too_deep:" + legible(sub))
			continue
		}
		if err := l.walkInto(ctx, sub, append(slices.Clone(levels), treeLevel(d.Name(), len(levels))), out); err != nil {
			return err
		}
	}
	return nil
}

// treeLevel reads one level; the first is INBOX in any case of letters.
func treeLevel(name string, depth int) string {
	level := unescapeLevel(name)
	if depth == 0 && strings.EqualFold(level, "INBOX") {
		return "INBOX"
	}
	return level
}

func (l *eml) id(levels []string) (string, error) { return treeID(levels) }

// treeID makes a path of escaped levels.
func treeID(levels []string) (string, error) {
	names := make([]string, len(levels))
	for i, level := range levels {
		name, err := escapeLevel(level)
		if err != nil {
			return "", err
		}
		names[i] = name
	}
	return path.Join(names...), nil
}

// treeLevels takes apart what treeID made; an error if it cannot have made it.
func treeLevels(id string) ([]string, error) {
	var levels []string
	for i, name := range strings.Split(id, "/") {
		levels = append(levels, treeLevel(name, i))
	}
	if again, err := treeID(levels); err != nil || again != id {
		return nil, core.E(core.Invalid, "create folder", err, "folder", legible(id))
	}
	return levels, nil
}

func (l *eml) create(id string) (place, error) {
	p := place{id: id, path: id, selectable: true}
	var err error
	if p.levels, err = treeLevels(id); err != nil {
		return p, err
	}
	if err := l.makeDir(id); err != nil {
		return p, err
	}
	return p, syncDir(l.root, path.Dir(id))
}

func (l *eml) load(ctx context.Context, f *folder) error {
	snap, err := readIndex(l.root, f.index)
	if err != nil {
		return err
	}
	list, err := readDir(l.root, f.path)
	if err != nil {
		return readFailure("list messages", f.path, err)
	}
	found := make(map[string]fs.DirEntry, len(list))
	for _, d := range list {
		if isEML(d.Name()) && l.isFile(d, path.Join(f.path, d.Name())) {
			found[d.Name()] = d
		}
	}
	var known, extra []entry
	for _, r := range snap.records {
		e := entryOf(r)
		if found[e.name] != nil && l.same(f, &e) {
			delete(found, e.name)
		} else if !l.staged(f, &e) {
			snap.lost = append(snap.lost, e.uid) // deleted, renamed or replaced by somebody
			continue
		}
		known = append(known, e)
	}
	for name := range found {
		extra = append(extra, entry{name: name, size: -1, how: undated})
	}
	slices.SortFunc(extra, func(a, b entry) int { return natural(a.name, b.name) })
	if l.write {
		for i := range extra {
			if err := l.look(f, &extra[i]); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return readFailure("read message", l.where(f, &extra[i]), err)
			}
		}
	}
	if err := l.settle(f, snap, known, extra, func(d digest) { l.count(f, d, extra) }); err != nil {
		return err
	}
	l.sweep(f)
	return nil
}

// count feeds names, sizes and times to the digest.
func (l *eml) count(f *folder, d digest, extra []entry) {
	for i := range extra {
		d.text(extra[i].name)
		if info, err := l.root.Stat(path.Join(f.path, extra[i].name)); err == nil {
			d.number(info.Size())
			d.number(info.ModTime().UnixNano())
		}
	}
}

// same tells whether a file can still be the message that the index means: a name
// may come again after its message is gone.
func (l *eml) same(f *folder, e *entry) bool {
	info, err := l.root.Stat(path.Join(f.path, e.name))
	return err == nil && (e.size < 0 || info.Size() == e.size)
}

// staged looks for a message whose batch was acknowledged but not all put into
// place, and puts it there if this is a writer.
func (l *eml) staged(f *folder, e *entry) bool {
	from := l.staging(f, e.name)
	if _, err := l.root.Stat(from); err != nil {
		return false
	}
	if !l.write || l.root.Rename(from, path.Join(f.path, e.name)) != nil {
		e.how |= unreachable
	}
	return true
}

// look reads date and flags of a foreign file from its header: its modification time
// is mostly that of the export.
func (l *eml) look(f *folder, e *entry) error {
	if e.how&undated == 0 && e.size >= 0 {
		return nil
	}
	s, err := l.open(f, e)
	if err != nil {
		return err
	}
	defer s.close()
	e.size = s.raw.Size()
	if e.how&undated == 0 {
		return nil
	}
	var h foreignHeader
	if err := headerLines(s.raw, h.line); err != nil {
		return err
	}
	e.flags = tidyFlags(append(e.flags, h.flags()...))
	if date, ok := h.sent(); ok {
		e.setDate(date)
	} else if info, err := l.root.Stat(path.Join(f.path, e.name)); err == nil {
		e.setDate(info.ModTime())
	}
	return nil
}

func (l *eml) open(f *folder, e *entry) (*stored, error) {
	name := path.Join(f.path, e.name)
	if e.how&unreachable != 0 {
		name = l.staging(f, e.name)
	}
	file, err := l.root.Open(name)
	if err != nil {
		return nil, err
	}
	return wholeFile(file, e)
}
