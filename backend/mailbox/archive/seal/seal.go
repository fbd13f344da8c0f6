// Package seal proves that an archive on this computer is as a move left it: beside it
// lies a list of all its files with their SHA-256, and a later look finds what was
// changed, removed or added.
//
// It leaves out what is in the archive (package archive) and who may change it: a seal
// shows a change, it does not prevent one. Somebody who can write the archive can make
// a new seal, too; whoever wants to rule that out keeps the seal's number elsewhere.
package seal

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"mailroom/backend/core"
)

// Suffix is what a seal's name has behind the archive's: mail.mbox.seal.
const Suffix = ".seal"

const (
	format    = 1
	lineLimit = 64 << 10
	mostFiles = 20_000_000
	// mostNamed bounds how many files a report names; it counts all.
	mostNamed = 1000
)

// head is the first line of a seal.
type head struct {
	Format  int       `json:"format"`
	Made    time.Time `json:"made"`
	Version string    `json:"version"` // of the program
}

// file is one line for each file, in the order of their paths.
type file struct {
	Path   string `json:"path"` // from the archive's folder, with slashes; "." where the archive is one file
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// foot is the last line.
type foot struct {
	Files  int64  `json:"files"`
	Bytes  int64  `json:"bytes"`
	Number string `json:"number"` // SHA-256 of all lines before this one
}

// Summary is what a seal says.
type Summary struct {
	Made   time.Time
	Files  int64
	Bytes  int64
	Number string // proves the list itself, when kept elsewhere
}

// Report is what a look at a sealed archive has found.
type Report struct {
	Summary
	Changed, Missing, Added                []string // at most a thousand of each
	ChangedCount, MissingCount, AddedCount int64
	Damaged                                bool // the seal itself was altered
}

// Intact says whether everything is as it was sealed.
func (r *Report) Intact() bool {
	return !r.Damaged && r.ChangedCount+r.MissingCount+r.AddedCount == 0
}

// Exists says whether an archive has a seal.
func Exists(path string) bool {
	info, err := os.Lstat(path + Suffix)
	return err == nil && info.Mode().IsRegular()
}

// Make seals the archive at a path, a file or a folder, in place of an earlier seal.
// Errors: not_found, read_only, disk_full, forbidden; canceled.
func Make(ctx context.Context, path, version string) (s Summary, err error) {
	const op = "seal archive"
	if _, err := os.Stat(path); err != nil {
		return s, fault(op, path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return s, fault(op, path, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	s.Made = time.Now().UTC().Truncate(time.Second)
	sum := sha256.New()
	out := bufio.NewWriter(f)
	if err := put(io.MultiWriter(out, sum), head{format, s.Made, version}); err != nil {
		return s, fault(op, path, err)
	}
	err = walk(ctx, path, func(one file) error {
		s.Files++
		s.Bytes += one.Size
		return put(io.MultiWriter(out, sum), one)
	})
	if err != nil {
		return s, fault(op, path, err)
	}
	s.Number = hex.EncodeToString(sum.Sum(nil))
	err = errors.Join(put(out, foot{s.Files, s.Bytes, s.Number}), out.Flush(), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path+Suffix)
	}
	if err != nil {
		return s, fault(op, path, err)
	}
	return s, nil
}

func put(w io.Writer, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(raw, '\n'))
	return err
}

// Check compares an archive with its seal. Errors: not_found where there is no seal,
// malformed, canceled; that something was changed is no error.
func Check(ctx context.Context, path string) (r Report, err error) {
	const op = "check seal"
	f, err := os.Open(path + Suffix)
	if err != nil {
		return r, fault(op, path+Suffix, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	list := &reader{in: bufio.NewReaderSize(f, lineLimit), sum: sha256.New(), path: path + Suffix}
	if r.Made, err = list.head(); err != nil {
		return r, err
	}
	sealed, err := list.next()
	if err != nil {
		return r, err
	}
	// Both lists are in the same order: one pass over each is enough.
	seen := func(one file) error {
		for sealed != nil && sealed.Path < one.Path {
			note(&r.Missing, &r.MissingCount, sealed.Path)
			if sealed, err = list.next(); err != nil {
				return err
			}
		}
		if sealed == nil || sealed.Path != one.Path {
			note(&r.Added, &r.AddedCount, one.Path)
			return nil
		}
		if sealed.Size != one.Size || sealed.SHA256 != one.SHA256 {
			note(&r.Changed, &r.ChangedCount, one.Path)
		}
		sealed, err = list.next()
		return err
	}
	if err := walk(ctx, path, seen); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return r, fault(op, path, err)
	}
	for sealed != nil {
		note(&r.Missing, &r.MissingCount, sealed.Path)
		if sealed, err = list.next(); err != nil {
			return r, err
		}
	}
	r.Files, r.Bytes, r.Number, r.Damaged = list.foot.Files, list.foot.Bytes, list.foot.Number, list.damaged()
	return r, nil
}

// Break takes the seal off an archive that is to be written; none is fine. What was
// changed since the sealing is a conflict (Args class seal-broken, count, file) and the
// seal stays, so that a new one does not cover that up. An interrupted run then leaves
// no seal rather than one that no longer fits.
func Break(ctx context.Context, path string) error {
	const op = "open seal"
	if !Exists(path) {
		return nil
	}
	r, err := Check(ctx, path)
	if err != nil {
		return err
	}
	if !r.Intact() {
		n := r.ChangedCount + r.MissingCount + r.AddedCount
		return core.E(core.Conflict, op, nil, "class", "seal-broken", "file", path, "count", strconv.FormatInt(n, 10))
	}
	if err := os.Remove(path + Suffix); err != nil {
		return fault(op, path+Suffix, err)
	}
	return nil
}

func note(names *[]string, count *int64, name string) {
	*count++
	if len(*names) < mostNamed {
		*names = append(*names, name)
	}
}

// reader reads a seal line by line.
type reader struct {
	in     *bufio.Reader
	sum    hash.Hash
	path   string
	last   string
	foot   foot
	files  int64
	actual string
}

func (l *reader) malformed() error {
	return core.E(core.Malformed, "read seal", nil, "file", l.path)
}

func (l *reader) line() ([]byte, error) {
	raw, err := l.in.ReadSlice('\n')
	if err != nil {
		return nil, l.malformed()
	}
	return raw, nil
}

func (l *reader) head() (time.Time, error) {
	raw, err := l.line()
	if err != nil {
		return time.Time{}, err
	}
	var h head
	if json.Unmarshal(raw, &h) != nil || h.Format != format {
		return time.Time{}, l.malformed()
	}
	_, _ = l.sum.Write(raw)
	return h.Made, nil
}

// next is the next file, nil behind the last.
func (l *reader) next() (*file, error) {
	if l.actual != "" {
		return nil, nil //nolint:nilnil // the end is no error
	}
	raw, err := l.line()
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(raw, []byte(`{"files":`)) {
		if json.Unmarshal(raw, &l.foot) != nil {
			return nil, l.malformed()
		}
		l.actual = hex.EncodeToString(l.sum.Sum(nil))
		return nil, nil //nolint:nilnil // the end is no error
	}
	var one file
	if json.Unmarshal(raw, &one) != nil || one.Path <= l.last || l.files >= mostFiles {
		return nil, l.malformed()
	}
	l.last = one.Path
	l.files++
	_, _ = l.sum.Write(raw)
	return &one, nil
}

func (l *reader) damaged() bool { return l.actual != l.foot.Number || l.files != l.foot.Files }

// walk visits the files of an archive in the order of their paths, byte by byte.
func walk(ctx context.Context, path string, visit func(file) error) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return one(ctx, path, ".", visit)
	}
	var paths []string
	err = filepath.WalkDir(path, func(at string, d fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		rel, err := filepath.Rel(path, at)
		if err != nil || d.IsDir() || !d.Type().IsRegular() {
			return err
		}
		if rel = filepath.ToSlash(rel); !passing(rel) {
			paths = append(paths, rel)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(paths)
	for _, rel := range paths {
		if err := one(ctx, filepath.Join(path, filepath.FromSlash(rel)), rel, visit); err != nil {
			return err
		}
	}
	return nil
}

// passing files come and go while an archive is merely used: the lock of its writer.
func passing(rel string) bool {
	dir, name, _ := cutLast(rel)
	return name == "lock" && (strings.HasSuffix(dir, "mailroom-state") || strings.HasSuffix(dir, ".mailroom"))
}

func cutLast(rel string) (dir, name string, found bool) {
	i := strings.LastIndexByte(rel, '/')
	if i < 0 {
		return "", rel, false
	}
	return rel[:i], rel[i+1:], true
}

func one(ctx context.Context, path, rel string, visit func(file) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(sum, &heedful{ctx, f})
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return visit(file{rel, n, hex.EncodeToString(sum.Sum(nil))})
}

// heedful stops reading when the context ends.
type heedful struct {
	ctx context.Context
	r   io.Reader
}

func (h *heedful) Read(p []byte) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	return h.r.Read(p)
}

// fault gives a file trouble its code.
func fault(op, path string, err error) error {
	if _, ok := errors.AsType[*core.Error](err); ok {
		return err
	}
	code := core.CodeOf(err)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		code = core.NotFound
	case errors.Is(err, syscall.ENOSPC):
		code = core.DiskFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		code = core.ReadOnly
	}
	return core.E(code, op, err, "file", path)
}
