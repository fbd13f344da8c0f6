package corpus

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"mailroom/backend/testkit/servers"
)

// maildirWriter writes Dovecot's Maildir++: one folder a mailbox, the state in the
// file names, INTERNALDATE as the file's time, keywords as letters.
type maildirWriter struct {
	server  *servers.Server
	root    string
	folders map[string]*maildirFolder
	filled  Filled
	buf     []byte
}

type maildirFolder struct {
	dir      string
	next     int
	uidlist  bytes.Buffer
	keywords []string
}

// firstUID is where a filled folder starts, so that nothing passes that takes UIDs
// for positions.
const firstUID = 7

func fillMaildir(ctx context.Context, s *servers.Server, root string, c Corpus) (Filled, error) {
	w := &maildirWriter{server: s, root: root, folders: map[string]*maildirFolder{}, buf: make([]byte, 64<<10)}
	w.filled.Refused = map[string]string{}
	if err := w.makeFolders(c.Folders); err != nil {
		return w.filled, fmt.Errorf("fill %s: %w", root, err)
	}
	n := 0
	for m := range c.Messages {
		if ctx.Err() != nil {
			return w.filled, ctx.Err()
		}
		n++
		if err := w.add(m, n); err != nil {
			return w.filled, fmt.Errorf("fill %s: message %s: %w", root, m.Name, err)
		}
	}
	for key, f := range w.folders {
		if err := w.finish(f); err != nil {
			return w.filled, fmt.Errorf("fill %s: folder %s: %w", root, key, err)
		}
	}
	return w.filled, nil
}

func (w *maildirWriter) makeFolders(folders []Folder) error {
	subscribed := "V\t2\n\n"
	for _, f := range folders {
		if f.Subscribed {
			var levels []string
			for _, l := range f.Levels {
				levels = append(levels, encodeUTF7(l))
			}
			subscribed += strings.Join(levels, "\t") + "\n"
		}
		if f.NoSelect {
			continue
		}
		dir := w.root
		if Key(f.Levels) != "INBOX" {
			name := ""
			for _, l := range f.Levels {
				name += "." + encodeUTF7(l)
			}
			dir = filepath.Join(w.root, name)
		}
		for _, sub := range []string{"", "cur", "new", "tmp"} {
			if err := w.mkdir(filepath.Join(dir, sub)); err != nil {
				return err
			}
		}
		if dir != w.root {
			if err := w.write(filepath.Join(dir, "maildirfolder"), nil); err != nil {
				return err
			}
		}
		w.folders[Key(f.Levels)] = &maildirFolder{dir: dir, next: firstUID}
	}
	return w.write(filepath.Join(w.root, "subscriptions"), []byte(subscribed))
}

func (w *maildirWriter) mkdir(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return w.server.Own(dir)
}

func (w *maildirWriter) write(name string, text []byte) error {
	if err := os.WriteFile(name, text, 0o644); err != nil {
		return err
	}
	return w.server.Own(name)
}

// add stores one message the way Dovecot does: with line feeds, its size on the disk
// (S) and on the wire (W) in the name.
func (w *maildirWriter) add(m Message, n int) error {
	f := w.folders[Key(m.Folder)]
	if f == nil {
		return fmt.Errorf("its folder %v is not in the corpus", m.Folder)
	}
	draft := filepath.Join(f.dir, "tmp", fmt.Sprintf("%d.fill", n))
	onDisk, onWire, err := w.store(draft, m)
	if err != nil {
		return err
	}
	base := fmt.Sprintf("%d.M%dP1.fill,S=%d,W=%d", m.Date.Unix(), n, onDisk, onWire)
	name := filepath.Join(f.dir, "cur", base+":2,"+f.letters(m))
	if err := errors.Join(os.Rename(draft, name), os.Chtimes(name, m.Date, m.Date), w.server.Own(name)); err != nil {
		return err
	}
	fmt.Fprintf(&f.uidlist, "%d :%s\n", f.next, base)
	f.next++
	w.filled.Messages++
	w.filled.Bytes += m.Size
	return nil
}

func (w *maildirWriter) store(name string, m Message) (onDisk, onWire int64, err error) {
	file, err := os.Create(name)
	if err != nil {
		return 0, 0, err
	}
	lf := &lineFeeds{w: bufio.NewWriterSize(file, 64<<10)}
	// Two carriage returns before a line feed survive only with the line ends kept.
	lf.keep = m.Size < 1<<20 && bytes.Contains(m.Bytes(), []byte("\r\r\n"))
	_, err = io.CopyBuffer(struct{ io.Writer }{lf}, struct{ io.Reader }{m.Open()}, w.buf)
	return lf.onDisk, lf.onWire, errors.Join(err, lf.flush(), file.Close())
}

// letters gives the flags of a file name in ASCII order, keywords as small letters.
func (f *maildirFolder) letters(m Message) string {
	var out strings.Builder
	for _, l := range []struct{ flag, letter string }{
		{`\Draft`, "D"}, {`\Flagged`, "F"}, {`\Answered`, "R"}, {`\Seen`, "S"}, {`\Deleted`, "T"},
	} {
		for _, have := range m.Flags {
			if strings.EqualFold(have, l.flag) {
				out.WriteString(l.letter)
			}
		}
	}
	var marks [26]bool
	for _, k := range m.Keywords {
		marks[f.keyword(k)] = true
	}
	for i, set := range marks {
		if set {
			out.WriteByte(byte('a' + i))
		}
	}
	return out.String()
}

func (f *maildirFolder) keyword(name string) int {
	for i, k := range f.keywords {
		if k == name {
			return i
		}
	}
	if len(f.keywords) == 26 {
		panic("corpus: a Maildir folder holds 26 keywords only")
	}
	f.keywords = append(f.keywords, name)
	return len(f.keywords) - 1
}

// finish writes the folder's list of UIDs and of keywords.
func (w *maildirWriter) finish(f *maildirFolder) error {
	head := fmt.Sprintf("3 V%d N%d G%032x\n", 1500000000+len(f.dir), f.next, f.next)
	if err := w.write(filepath.Join(f.dir, "dovecot-uidlist"), append([]byte(head), f.uidlist.Bytes()...)); err != nil {
		return err
	}
	if len(f.keywords) == 0 {
		return nil
	}
	var text bytes.Buffer
	for i, k := range f.keywords {
		fmt.Fprintf(&text, "%d %s\n", i, k)
	}
	return w.write(filepath.Join(f.dir, "dovecot-keywords"), text.Bytes())
}

// lineFeeds drops the carriage return of every line end and counts both sizes.
type lineFeeds struct {
	w       *bufio.Writer
	keep    bool // do not drop
	pending bool // a carriage return that may belong to a line end
	onDisk  int64
	onWire  int64
	err     error
}

func (l *lineFeeds) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 && l.err == nil {
		if l.pending {
			l.pending = false
			if p[0] != '\n' || l.keep {
				l.put([]byte{'\r'})
			}
			if p[0] != '\n' {
				l.onWire++
			}
		}
		i := bytes.IndexAny(p, "\r\n")
		if i < 0 {
			l.put(p)
			l.onWire += int64(len(p))
			break
		}
		l.put(p[:i])
		l.onWire += int64(i)
		if p[i] == '\n' {
			l.put(p[i : i+1])
			l.onWire += 2
		} else {
			l.pending = true
		}
		p = p[i+1:]
	}
	return n, l.err
}

func (l *lineFeeds) put(p []byte) {
	if l.err == nil && len(p) > 0 {
		_, l.err = l.w.Write(p)
		l.onDisk += int64(len(p))
	}
}

func (l *lineFeeds) flush() error {
	if l.pending {
		l.pending = false
		l.put([]byte{'\r'})
		l.onWire++
	}
	return errors.Join(l.err, l.w.Flush())
}
