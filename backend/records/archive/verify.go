package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records/zone"
)

// Flaw is one thing that is wrong with an archive.
type Flaw struct {
	What Fault
	File string // path within the archive
}

// Fault is what is wrong. The set is closed: the page has a sentence for each.
type Fault string

// The faults.
const (
	FileChanged  Fault = "file_changed"  // its bytes are not those of the manifest
	FileMissing  Fault = "file_missing"  // it is in the manifest, and not there
	FileExtra    Fault = "file_extra"    // it is there, and in no manifest
	MonthMissing Fault = "month_missing" // the chain has a gap
	ChainBroken  Fault = "chain_broken"  // a manifest is not the one that the next was made after
	EndMissing   Fault = "end_missing"   // the newest months are gone: this computer knows a later one
	Unfinished   Fault = "unfinished"    // a folder that was cut off while it was written
	Unreadable   Fault = "unreadable"
)

// Report is what verifying came to.
type Report struct {
	Months  int
	Files   int
	Rows    int64
	Bytes   int64
	Deleted []Deleted // months that a rule deleted
	Flaws   []Flaw    // empty: the archive is whole
	Head    string    // sum of the last manifest
}

// Verify reads every byte of an archive. known is the sum of the last manifest that this
// computer made or saw, "" none: with it missing newest months are found, too. Errors
// are those of reading the folder; what is wrong within is in the report.
func Verify(ctx context.Context, dir, known string) (Report, error) {
	v := &verifying{ctx: ctx, dir: dir}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return v.out, core.E(core.NotFound, "verify archive", err, "path", dir)
	}
	var err error
	if v.out.Deleted, err = readDeleted(dir); err != nil {
		v.flaw(Unreadable, deletedName)
	}
	chain, err := v.manifests()
	if err != nil {
		return v.out, err
	}
	v.chain(chain, known)
	for i := range chain {
		if err := v.month(&chain[i]); err != nil {
			return v.out, err
		}
	}
	return v.out, nil
}

type verifying struct {
	ctx context.Context
	dir string
	out Report
}

func (v *verifying) flaw(what Fault, path ...string) {
	v.out.Flaws = append(v.out.Flaws, Flaw{what, filepath.ToSlash(filepath.Join(path...))})
}

// manifests reads what [Chain] reads, but goes on after a bad one.
func (v *verifying) manifests() ([]Link, error) {
	entries, err := os.ReadDir(v.dir)
	if err != nil {
		return nil, core.E(core.NotFound, "verify archive", err, "path", v.dir)
	}
	var chain []Link
	for _, e := range entries {
		switch {
		case !e.IsDir() && e.Name() != deletedName:
			v.flaw(FileExtra, e.Name())
		case e.IsDir() && strings.HasSuffix(e.Name(), halfDone):
			v.flaw(Unfinished, e.Name())
		case e.IsDir():
			raw, err := readSmall(filepath.Join(v.dir, e.Name(), manifestName))
			l := Link{Folder: e.Name(), Sum: sum(raw)}
			switch {
			case errors.Is(err, fs.ErrNotExist):
				v.flaw(FileMissing, e.Name(), manifestName)
			case err != nil || json.Unmarshal(raw, &l.Manifest) != nil || !l.sound():
				v.flaw(Unreadable, e.Name(), manifestName)
			default:
				chain = append(chain, l)
			}
		}
	}
	slices.SortStableFunc(chain, func(a, b Link) int { return a.Seq - b.Seq })
	return chain, nil
}

// sound says whether a manifest can be one of ours.
func (m *Manifest) sound() bool {
	first, last, ok := zone.Month(m.Month, time.UTC)
	if !ok || m.Seq < 1 || m.Version > version {
		return false
	}
	// A month that an office's zone was changed in is longer or shorter by hours, no more.
	const most = 50 * time.Hour
	apart := func(a, b time.Time) bool { return a.Sub(b).Abs() > most }
	return m.Version < 2 || m.From.Before(m.To) && !apart(m.From, first) && !apart(m.To, last)
}

// misplaced is true where a month lies in a folder of another name.
func (l *Link) misplaced() bool {
	again, ok := strings.CutPrefix(l.Folder, l.Month)
	if n, err := strconv.Atoi(strings.TrimPrefix(again, "-")); again != "" && (again[0] != '-' || err != nil || n < 2) {
		return true
	}
	return !ok
}

// chain compares each manifest with what the next one says of it.
func (v *verifying) chain(chain []Link, known string) {
	seq, last := 0, ""
	for _, d := range v.out.Deleted {
		if d.Seq != seq+1 {
			v.flaw(ChainBroken, deletedName)
		}
		seq, last = d.Seq, d.Sum
	}
	seen := known == "" || known == last
	for i := range chain {
		l := &chain[i]
		switch {
		case l.Seq > seq+1:
			v.flaw(MonthMissing, l.Folder)
		case l.Seq < seq+1, l.Previous != last, l.misplaced():
			v.flaw(ChainBroken, l.Folder, manifestName)
		}
		seq, last = l.Seq, l.Sum
		seen = seen || l.Sum == known
	}
	v.out.Head = last
	if !seen {
		v.flaw(EndMissing)
	}
}

func (v *verifying) month(l *Link) error {
	v.out.Months++
	v.out.Rows += l.Rows
	listed := map[string]bool{manifestName: true}
	for _, f := range l.Files {
		if f.Name != filepath.Base(f.Name) || f.Name == "." || f.Name == ".." {
			v.flaw(Unreadable, l.Folder, manifestName)
			continue
		}
		listed[f.Name] = true
		got, n, err := v.sum(filepath.Join(v.dir, l.Folder, f.Name), f.Bytes)
		switch {
		case v.ctx.Err() != nil:
			return v.ctx.Err()
		case errors.Is(err, fs.ErrNotExist):
			v.flaw(FileMissing, l.Folder, f.Name)
		case err != nil:
			v.flaw(Unreadable, l.Folder, f.Name)
		case got != f.SHA256 || n != f.Bytes:
			v.flaw(FileChanged, l.Folder, f.Name)
		}
		v.out.Files++
		v.out.Bytes += n
	}
	there, err := os.ReadDir(filepath.Join(v.dir, l.Folder))
	if err != nil {
		return core.E(core.NotFound, "verify archive", err, "path", filepath.Join(v.dir, l.Folder))
	}
	for _, e := range there {
		if !listed[e.Name()] {
			v.flaw(FileExtra, l.Folder, e.Name())
		}
	}
	return nil
}

// sum reads a file of so many bytes; one of another size need not be read.
func (v *verifying) sum(path string, bytes int64) (hexSum string, n int64, err error) {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return "", 0, err
	case !info.Mode().IsRegular():
		return "", 0, errNoFile
	case info.Size() != bytes:
		return "", info.Size(), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	n, err = io.Copy(h, reader{v.ctx, f})
	return hex.EncodeToString(h.Sum(nil)), n, err
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	r   io.Reader
}

// Read reads unless the context has ended.
func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// LeastKept is how long records must be kept at least: six months, which the rules for
// logs in China (网络安全法) demand.
const LeastKept = 6 // months

// ended is the end of a month, in the zone in which it was made: the rule does not depend
// on the computer that applies it.
func (m *Manifest) ended() time.Time {
	z, err := zone.Load(m.Zone)
	if err != nil || m.Version < 2 {
		z = time.UTC
	}
	return m.Span().To.In(z)
}

// Old are the months of a chain that a rule of so many months lets go: from the oldest
// on, and never one in the middle. keep 0 is for ever.
func Old(chain []Link, keep int, now time.Time) []Link {
	for i, l := range chain {
		if keep <= 0 || !l.ended().AddDate(0, keep, 0).Before(now) {
			return chain[:i]
		}
	}
	return chain
}

// Delete deletes the months of an archive that ended longer ago than the rule says, the
// oldest first and never one in the middle, and writes down what was deleted and why.
// keep is in months; below [LeastKept] is invalid.
func Delete(dir string, keep int, now time.Time) ([]Deleted, error) {
	if keep < LeastKept {
		return nil, core.E(core.Invalid, "delete months", nil, "field", "keep", "problem", "short")
	}
	chain, err := Chain(dir)
	if err != nil {
		return nil, err
	}
	deleted, err := readDeleted(dir)
	if err != nil {
		return nil, err
	}
	var gone []Deleted
	for _, l := range Old(chain, keep, now) {
		if slices.ContainsFunc(deleted, func(d Deleted) bool { return d.Sum == l.Sum }) { // cut off the last time
			if err := os.RemoveAll(filepath.Join(dir, l.Folder)); err != nil {
				return gone, diskError("delete months", filepath.Join(dir, l.Folder), err)
			}
			continue
		}
		d := Deleted{Seq: l.Seq, Month: l.Month, Sum: l.Sum, To: l.Span().To.UTC(), Rule: "months=" + figure(int64(keep)), At: now.UTC().Truncate(time.Second)}
		gone = append(gone, d)
		raw, err := json.MarshalIndent(append(deleted, gone...), "", "  ")
		if err != nil {
			return gone, core.E(core.Internal, "delete months", err)
		}
		// First the account, then the deed: what is cut off between is deleted next time.
		if err := writeSynced(filepath.Join(dir, deletedName), raw); err != nil {
			return gone, diskError("delete months", dir, err)
		}
		if err := os.RemoveAll(filepath.Join(dir, l.Folder)); err != nil {
			return gone, diskError("delete months", filepath.Join(dir, l.Folder), err)
		}
	}
	return gone, nil
}
