package archive

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/utf7"
)

// maxDepth and maxFolders bound what a hostile tree can make us walk.
const (
	maxDepth   = 64
	maxFolders = 100_000
)

// maildir is the layout of a Maildir. Folders are written as Maildir++ (".A.B" in the
// root, modified UTF-7, which Dovecot and Courier share); nested directories (mbsync's
// Verbatim, Dovecot's fs layout) are read, and written where they exist already.
type maildir struct {
	*archive
	colon string
}

func (m *maildir) traits(t *mailbox.Traits) {
	t.Separator = "."
	t.Forbidden = "./\x00"
	if runtime.GOOS == "windows" {
		t.Forbidden += `\:*?"<>|`
	}
}

// recover tries out whether the disk takes a colon in a name. Windows is not asked:
// there a colon names a hidden stream of the file.
func (m *maildir) recover() error {
	if runtime.GOOS == "windows" {
		m.colon = infoSemicolon
		return nil
	}
	m.colon = infoColon
	probe := path.Join(m.state, "tmp", "probe"+infoColon)
	f, err := m.root.OpenFile(probe, os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		err = errors.Join(f.Close(), m.root.Remove(probe))
	}
	if err != nil {
		m.colon = infoSemicolon
	}
	return nil
}

func (m *maildir) isBox(dir string) bool {
	info, err := m.root.Stat(path.Join(dir, "cur"))
	return err == nil && info.IsDir()
}

func (m *maildir) walk(ctx context.Context) ([]place, error) {
	var out []place
	inbox := m.isBox(".")
	if inbox {
		out = append(out, place{id: "INBOX", path: ".", levels: []string{"INBOX"}, selectable: true})
	}
	err := m.walkInto(ctx, ".", nil, inbox, &out)
	return out, err
}

func (m *maildir) walkInto(ctx context.Context, dir string, above []string, inBox bool, out *[]place) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	list, err := readDir(m.root, dir)
	if err != nil {
		return readFailure("list folders", dir, err)
	}
	for _, d := range list {
		name := d.Name()
		if inBox && (name == "cur" || name == "new" || name == "tmp") || dir == "." && name == m.state {
			continue
		}
		sub := path.Join(dir, name)
		if !m.enter(d, sub) {
			continue
		}
		levels := append(slices.Clone(above), maildirLevels(name)...)
		if len(levels) > maxDepth || len(*out) >= maxFolders {
			m.note("folder_too_deep:" + legible(sub))
			continue
		}
		box := m.isBox(sub)
		if box {
			*out = append(*out, m.place(sub, levels, *out))
		} else if strings.HasPrefix(name, ".") {
			continue // .git, .notmuch and the like
		}
		if err := m.walkInto(ctx, sub, levels, box, out); err != nil {
			return err
		}
	}
	return nil
}

// place gives a directory its identity: its path, but for a nested "INBOX" beside a
// root that is the inbox itself.
func (m *maildir) place(sub string, levels []string, known []place) place {
	p := place{id: sub, path: sub, levels: levels, selectable: true}
	taken := len(known) > 0 && known[0].path == "."
	switch {
	case taken && sub == "INBOX":
		p.id = "./INBOX"
	case !taken && strings.EqualFold(levels[0], "INBOX"):
		p.levels = append([]string{"INBOX"}, levels[1:]...)
	}
	return p
}

// enter tells whether a directory entry is a real directory; links are not followed,
// they could lead round in circles.
func (a *archive) enter(d fs.DirEntry, sub string) bool {
	if d.Type()&fs.ModeSymlink != 0 {
		if info, err := a.root.Stat(sub); err != nil || info.IsDir() {
			a.note("link_not_followed:" + legible(sub))
		}
		return false
	}
	return d.IsDir()
}

// isFile tells whether an entry is a regular file, or a link to one within the
// archive; opening anything else could block.
func (a *archive) isFile(d fs.DirEntry, name string) bool {
	if d.Type()&fs.ModeSymlink == 0 {
		return d.Type().IsRegular()
	}
	info, err := a.root.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

func maildirLevels(name string) []string {
	if len(name) < 2 || name[0] != '.' {
		return []string{decodeMaildirLevel(name)}
	}
	var out []string
	for part := range strings.SplitSeq(name[1:], ".") {
		if part != "" {
			out = append(out, decodeMaildirLevel(part))
		}
	}
	if len(out) == 0 {
		out = []string{name}
	}
	return out
}

func (m *maildir) id(levels []string) (string, error) {
	if len(levels) == 1 && levels[0] == "INBOX" {
		return "INBOX", nil
	}
	var t mailbox.Traits
	m.traits(&t)
	var b strings.Builder
	for _, l := range levels {
		if strings.ContainsAny(l, t.Forbidden) || runtime.GOOS == "windows" && strings.HasSuffix(l, " ") {
			return "", core.E(core.Invalid, "folder name", nil, "level", l, "reason", "forbidden_character")
		}
		b.WriteString("." + utf7.Encode(l))
	}
	if b.Len() > maxName {
		return "", core.E(core.Invalid, "folder name", nil, "level", levels[len(levels)-1], "reason", "length")
	}
	return b.String(), nil
}

func (m *maildir) create(id string) (place, error) {
	p := place{id: id, path: id, levels: maildirLevels(id), selectable: true}
	if id == "INBOX" {
		p.path, p.levels = ".", []string{"INBOX"}
	} else if again, err := m.id(p.levels); err != nil || again != id {
		return p, core.E(core.Invalid, "create folder", err, "folder", legible(id))
	}
	// cur comes last: it makes the directory a folder.
	for _, sub := range []string{"tmp", "new", "cur"} {
		if err := m.makeDir(path.Join(p.path, sub)); err != nil {
			return p, err
		}
	}
	if p.path != "." {
		// The mark by which Maildir++ programs tell a folder from a mailbox.
		f, err := m.root.OpenFile(path.Join(p.path, "maildirfolder"), os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return p, err
		}
		if err := f.Close(); err != nil {
			return p, err
		}
	}
	return p, errors.Join(syncDir(m.root, p.path), syncDir(m.root, "."))
}

// foreignSubscriptions reads the file that Dovecot ("subscriptions") or Courier
// ("courierimapsubscribed") keeps; false if there is none.
func (m *maildir) foreignSubscriptions(ids map[string]bool) bool {
	for _, name := range []string{"subscriptions", "courierimapsubscribed"} {
		f, err := m.root.Open(name)
		if err != nil {
			continue
		}
		raw, err := io.ReadAll(io.LimitReader(f, 16<<20))
		f.Close()
		if err != nil {
			continue
		}
		for l := range strings.Lines(string(raw)) {
			l = strings.TrimRight(l, "\r\n")
			if l == "" || strings.HasPrefix(l, "V\t") {
				continue
			}
			l = strings.TrimPrefix(l, "INBOX.")
			ids[l] = true // INBOX, and nested directories
			ids["."+strings.ReplaceAll(l, "\t", ".")] = true
		}
		return true
	}
	return false
}

// readDir lists a directory within root; the order is the system's.
func readDir(root *os.Root, dir string) ([]fs.DirEntry, error) {
	d, err := root.Open(dir)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	list, err := d.ReadDir(-1)
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return natural(a.Name(), b.Name()) })
	return list, err
}
