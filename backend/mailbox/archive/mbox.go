package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// mbox is the layout of one mbox file, or of a folder of them: "A.mbox" with children
// in the folder "A" (as written), Thunderbird's "A" with "A.sbd", Apple Mail's
// "A.mbox/mbox".
type mbox struct {
	*archive
	file string // the one file; "" for a folder
}

func (l *mbox) traits(t *mailbox.Traits) {
	if l.file == "" {
		t.Separator = "/"
	}
}

func (l *mbox) walk(ctx context.Context) ([]place, error) {
	if l.file != "" {
		info, err := l.root.Stat(l.file)
		if errors.Is(err, fs.ErrNotExist) && l.write {
			return nil, nil
		}
		if err == nil && !info.Mode().IsRegular() {
			err = errors.New("not a regular file")
		}
		if err != nil {
			return nil, readFailure("open archive", l.file, err)
		}
		return []place{{id: "INBOX", path: l.file, levels: []string{"INBOX"}, selectable: true}}, nil
	}
	var out []place
	err := l.walkInto(ctx, ".", nil, &out)
	return out, err
}

func (l *mbox) walkInto(ctx context.Context, dir string, levels []string, out *[]place) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	list, err := readDir(l.root, dir)
	if err != nil {
		return readFailure("list folders", dir, err)
	}
	for _, d := range list {
		name, sub := d.Name(), path.Join(dir, d.Name())
		if name[0] == '.' {
			continue
		}
		if len(levels) >= maxDepth || len(*out) >= maxFolders {
			l.note("folder_too_deep:" + legible(sub))
			continue
		}
		if l.isFile(d, sub) {
			if l.sniff(sub) {
				*out = append(*out, place{id: sub, path: sub, levels: l.level(levels, name, ".mbox", ".mbx"), selectable: true})
			}
			continue
		}
		if !l.enter(d, sub) {
			continue
		}
		if inner := path.Join(sub, "mbox"); strings.HasSuffix(name, ".mbox") && l.sniff(inner) {
			*out = append(*out, place{id: inner, path: inner, levels: l.level(levels, name, ".mbox"), selectable: true})
			continue
		}
		if err := l.walkInto(ctx, sub, l.level(levels, name, ".sbd"), out); err != nil {
			return err
		}
	}
	return nil
}

// level adds one level to those above, without the ending that tells its kind.
func (l *mbox) level(above []string, name string, endings ...string) []string {
	for _, e := range endings {
		if len(name) > len(e) && strings.EqualFold(name[len(name)-len(e):], e) {
			name = name[:len(name)-len(e)]
			break
		}
	}
	return append(slices.Clone(above), treeLevel(name, len(above)))
}

// sniff tells an mbox file from the others that lie beside it: it starts with a dated
// From_ line, or has a name that fits and is empty or starts with "From ".
func (l *mbox) sniff(name string) bool {
	info, err := l.root.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	ext := strings.ToLower(path.Ext(name))
	fits := ext == ".mbox" || ext == ".mbx" || ext == ""
	if info.Size() == 0 {
		return fits
	}
	f, err := l.root.Open(name)
	if err != nil {
		l.note("unreadable:" + legible(name))
		return false
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head)
	head = bytes.TrimLeft(bytes.TrimPrefix(head[:n], []byte("\xef\xbb\xbf")), "\r\n")
	first, _, _ := bytes.Cut(head, []byte("\n"))
	_, _, dated := fromLine(bytes.TrimRight(first, "\r"))
	return dated || fits && bytes.HasPrefix(head, []byte(fromWord))
}

func (l *mbox) id(levels []string) (string, error) {
	if l.file != "" {
		if len(levels) == 1 && levels[0] == "INBOX" {
			return "INBOX", nil
		}
		return "", core.E(core.Unsupported, "folder name", nil, "folder", strings.Join(levels, "/"), "reason", "single_file")
	}
	id, err := treeID(levels)
	return id + ".mbox", err
}

func (l *mbox) create(id string) (place, error) {
	p := place{id: id, path: id, selectable: true}
	if l.file != "" {
		if id != "INBOX" {
			return p, core.E(core.Unsupported, "create folder", nil, "folder", legible(id), "reason", "single_file")
		}
		p.path, p.levels = l.file, []string{"INBOX"}
	} else {
		stem, ok := strings.CutSuffix(id, ".mbox")
		levels, err := treeLevels(stem)
		if err != nil || !ok {
			return p, core.E(core.Invalid, "create folder", err, "folder", legible(id))
		}
		p.levels = levels
		if err := l.makeDir(path.Dir(id)); err != nil {
			return p, err
		}
	}
	f, err := l.root.OpenFile(p.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return p, err
	}
	return p, errors.Join(f.Close(), syncDir(l.root, path.Dir(p.path)))
}

func (l *mbox) load(ctx context.Context, f *folder) error {
	snap, err := l.readIndex(f)
	if err != nil {
		return err
	}
	file, err := l.root.Open(f.path)
	if err != nil {
		return readFailure("open folder", f.path, err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return readFailure("open folder", f.path, err)
	}
	known := l.verified(snap, file, info.Size())
	start := int64(0)
	hints := map[int64]entry{}
	if snap.damaged { // count all anew, with what is still known of each
		for _, e := range known {
			hints[e.from] = e
		}
		known = nil
	}
	if n := len(known); n > 0 {
		start = known[n-1].from + known[n-1].line + known[n-1].len
	}
	sum := sha256.New()
	scan, err := scanMbox(ctx, file, start, info.Size(), sum)
	if err != nil {
		return readFailure("read folder", f.path, err)
	}
	if !scan.any && scan.junk && start == 0 {
		return core.E(core.Malformed, "read folder", nil, "path", f.path, "reason", "not_mbox")
	}
	var extra []entry
	for _, m := range scan.list {
		if e, ok := hints[m.from]; ok {
			extra = append(extra, e)
		} else if !m.own || !snap.found || snap.damaged || !hasTag(file, m.from, snap.validity) {
			extra = append(extra, m.entry)
		}
	}
	f.end = info.Size()
	if l.write && snap.found && !snap.damaged && len(extra) == 0 {
		if err := l.cutTorn(f, snap.validity, start); err != nil {
			return err
		}
	}
	return l.settle(f, snap, known, extra, func(d digest) { d.text(string(sum.Sum(nil))) })
}

// verified checks the index against the file: every message must still start with a
// From_ line where it did. If not, the file was rewritten and is counted anew.
func (l *mbox) verified(snap *snapshot, file io.ReaderAt, size int64) []entry {
	known := make([]entry, 0, len(snap.records))
	end := int64(0)
	var word [len(fromWord)]byte
	for _, r := range snap.records {
		if r.From < end || r.From+r.Line+r.Len > size {
			snap.damaged = true
			return nil
		}
		if n, _ := file.ReadAt(word[:], r.From); string(word[:n]) != fromWord {
			snap.damaged = true
			return nil
		}
		end = r.From + r.Line + r.Len
		known = append(known, entryOf(r))
	}
	return known
}

func hasTag(file io.ReaderAt, at int64, validity uint32) bool {
	tag := []byte(ownTag(validity))
	got := make([]byte, len(tag))
	n, _ := file.ReadAt(got, at)
	return bytes.Equal(got[:n], tag)
}

// cutTorn cuts off what a batch that never came to an end has left behind the last
// message, if it can be nothing else: our own From_ line, a part of it, or zeros.
func (l *mbox) cutTorn(f *folder, validity uint32, end int64) error {
	file, err := l.root.OpenFile(f.path, os.O_RDWR, 0)
	if err != nil {
		return writeFailure("open folder", f.path, err)
	}
	defer file.Close()
	head := make([]byte, 256)
	n, _ := file.ReadAt(head, end)
	head = head[:n]
	for i := 0; i < 2 && len(head) > 0 && head[0] == '\n'; i++ {
		head = head[1:]
		end++
	}
	tag := []byte(ownTag(validity))
	torn := len(head) > 0 && (bytes.HasPrefix(head, tag) || bytes.HasPrefix(tag, head) ||
		len(bytes.Trim(head, "\x00")) == 0)
	if !torn {
		return nil
	}
	if err := errors.Join(file.Truncate(end), file.Sync()); err != nil {
		return writeFailure("cut torn batch", f.path, err)
	}
	f.end = end
	return nil
}

// look has nothing to add: the scan knows all.
func (l *mbox) look(*folder, *entry) error { return nil }

func (l *mbox) open(f *folder, e *entry) (*stored, error) {
	file, err := l.root.Open(f.path)
	if err != nil {
		return nil, err
	}
	return &stored{
		raw: io.NewSectionReader(file, e.from+e.line, e.len), close: file.Close, how: e.how, size: e.size,
	}, nil
}
