package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"mime"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/unicode/norm"
)

// maxStem is the longest cleaned subject in a file name, in bytes.
const maxStem = 120

// emlStage writes the files of a batch to the state folder.
type emlStage struct {
	l     *eml
	f     *folder
	files []string // in the state folder, in the order of the batch
}

func (l *eml) stage(_ context.Context, f *folder) (stage, error) { return &emlStage{l: l, f: f}, nil }

// stagingPrefix starts the staged files of one folder.
func (l *eml) stagingPrefix(f *folder) string {
	return strings.TrimSuffix(path.Base(f.index), ".jsonl") + "-"
}

// staging is where a file waits that the index may already name.
func (l *eml) staging(f *folder, name string) string {
	sum := sha256.Sum256([]byte(name))
	return path.Join(l.state, "tmp", l.stagingPrefix(f)+hex.EncodeToString(sum[:12]))
}

func (s *emlStage) add(_ context.Context, e entry, body io.Reader) (entry, error) {
	head := &headTap{src: body}
	name := path.Join(s.l.state, "tmp", s.l.stagingPrefix(s.f)+"new-"+uniqueName(time.Now()))
	s.files = append(s.files, name)
	err := s.l.writeFile(name, &e, head)
	e.name = fileStem(head.buf, dateOf(e.date, e.zone))
	return e, err
}

// headTap keeps the start of what is read through it.
type headTap struct {
	src io.Reader
	buf []byte
}

func (t *headTap) Read(b []byte) (int, error) {
	n, err := t.src.Read(b)
	t.buf = append(t.buf, b[:min(n, 32<<10-len(t.buf))]...)
	return n, err
}

// sync chooses the final names and makes the files last under names that the index
// leads to.
func (s *emlStage) sync(ctx context.Context, list []entry) error {
	book := s.f.names()
	for i := range list {
		name, err := s.l.freeName(s.f, book, list[i].name)
		if err != nil {
			return err
		}
		list[i].name = name
		to := s.l.staging(s.f, name)
		if err := s.l.root.Rename(s.files[i], to); err != nil {
			return err
		}
		s.files[i] = to
	}
	if err := s.l.syncFiles(ctx, s.files); err != nil {
		return err
	}
	return syncDir(s.l.root, path.Join(s.l.state, "tmp"))
}

func (s *emlStage) publish(list []entry) error {
	files := s.files
	s.files = nil
	var failed error
	for i := range list {
		if err := s.l.root.Rename(files[i], path.Join(s.f.path, list[i].name)); err != nil {
			list[i].how |= unreachable
			failed = err
		}
	}
	if failed != nil {
		return failed
	}
	return syncDir(s.l.root, s.f.path)
}

func (s *emlStage) abort() {
	for _, name := range s.files {
		_ = s.l.root.Remove(name) // else swept at the next opening
	}
	s.files = nil
}

// nameBook knows a folder's file names, folded.
type nameBook struct {
	taken map[string]bool
	last  map[string]int // by stem: the highest number given
}

// names are the folder's file names; the turn is held.
func (f *folder) names() *nameBook {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.book == nil {
		f.book = &nameBook{taken: make(map[string]bool, len(f.list)), last: map[string]int{}}
		for i := range f.list {
			f.book.taken[foldName(f.list[i].name)] = true
		}
	}
	return f.book
}

// foldName makes one of names that some disk takes as one.
func foldName(name string) string { return cases.Fold().String(norm.NFC.String(name)) }

// freeName numbers a stem until no file has it.
func (l *eml) freeName(f *folder, book *nameBook, stem string) (string, error) {
	key := foldName(stem)
	for {
		book.last[key]++
		name := stem + ".eml"
		if n := book.last[key]; n > 1 {
			name = stem + " (" + strconv.Itoa(n) + ").eml"
		}
		folded := foldName(name)
		if book.taken[folded] {
			continue
		}
		book.taken[folded] = true
		_, err := l.root.Lstat(path.Join(f.path, name))
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if err != nil {
			return "", err
		}
	}
}

// fileStem makes a file name of a message's date and subject.
func fileStem(head []byte, date time.Time) string {
	var h foreignHeader
	_ = headerLines(bytes.NewReader(head), h.line) // a short header is one, too
	stem := date.Format("2006-01-02 15.04")
	if date.Year() < 1000 || date.Year() > 9999 {
		stem = "undated"
	}
	if subject := cleanName(decodeSubject(h.subject)); subject != "" {
		stem += " " + subject
	}
	return stem
}

var words = mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
	enc, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return enc.NewDecoder().Reader(in), nil
}}

func decodeSubject(raw string) string {
	if s, err := words.DecodeHeader(raw); err == nil {
		raw = s
	}
	return legible(raw)
}

// cleanName leaves what every system takes in a file name, in at most maxStem bytes;
// marks that turn the direction of writing go too, they disguise extensions.
func cleanName(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			space = true
			continue
		case unicode.Is(unicode.Cf, r), r == utf8.RuneError, r >= 0xe000 && r <= 0xf8ff, r > 0xffff && !unicode.IsPrint(r):
			continue
		case strings.ContainsRune(`/\:*?"<>|%`, r):
			r = '_'
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		if b.Len()+utf8.RuneLen(r) <= maxStem {
			b.WriteRune(r)
		}
	}
	return strings.Trim(b.String(), ". ")
}

func (l *eml) flag(f *folder, changed []entry) error { return f.logFlags(changed) }

func (l *eml) remove(_ context.Context, f *folder, gone []entry) error {
	for i := range gone {
		name := path.Join(f.path, gone[i].name)
		if gone[i].how&unreachable != 0 {
			name = l.staging(f, gone[i].name)
		}
		if err := l.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return writeFailure("remove message", l.where(f, &gone[i]), err)
		}
	}
	f.mu.Lock()
	f.book = nil
	f.mu.Unlock()
	return f.forget(gone)
}

// sweep deletes what batches that never came to an end left in the state folder.
func (l *eml) sweep(f *folder) {
	if !l.write {
		return
	}
	dir := path.Join(l.state, "tmp")
	list, err := readDir(l.root, dir)
	if err != nil {
		return // tried again next time
	}
	keep := map[string]bool{}
	for i := range f.list {
		if f.list[i].how&unreachable != 0 {
			keep[path.Base(l.staging(f, f.list[i].name))] = true
		}
	}
	for _, d := range list {
		if strings.HasPrefix(d.Name(), l.stagingPrefix(f)) && !keep[d.Name()] {
			_ = l.root.Remove(path.Join(dir, d.Name()))
		}
	}
}
