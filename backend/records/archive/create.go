package archive

import (
	"archive/zip"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/report"
)

// halfDone ends the name of a folder that is being written.
const halfDone = ".part"

// Create writes every month that is due and returns the new links. What was cut off
// leaves nothing behind that a later run would take for whole. Errors: read_only,
// disk_full with "path"; malformed where the archive so far is damaged.
func Create(ctx context.Context, b *records.Book, dir, office string, now time.Time, told func(month string)) ([]Link, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, diskError("make archive", dir, err)
	}
	due, err := Due(ctx, b, dir, now)
	if err != nil {
		return nil, err
	}
	var made []Link
	for _, one := range due {
		chain, err := Chain(dir)
		if err != nil {
			return made, err
		}
		if told != nil {
			told(one.Month)
		}
		l, err := createMonth(ctx, b, dir, office, one, chain, now)
		if err != nil {
			return made, err
		}
		made = append(made, l)
	}
	return made, nil
}

func createMonth(ctx context.Context, b *records.Book, dir, office string, due DueMonth, chain []Link, now time.Time) (Link, error) {
	m := Manifest{
		Version: version, Seq: 1, Office: office, Month: due.Month, Zone: b.Zone().String(), From: due.span.From.UTC(), To: due.span.To.UTC(),
		Made: now.UTC().Truncate(time.Millisecond), Files: []File{}, Gaps: []Gap{},
	}
	folder, again := m.Month, 0
	for _, l := range chain {
		if l.Month == m.Month {
			again++
			folder = fmt.Sprintf("%s-%d", m.Month, again+1)
		}
		m.Seq, m.Previous = l.Seq+1, l.Sum
	}
	if deleted, err := readDeleted(dir); err != nil {
		return Link{}, err
	} else if len(chain) == 0 && len(deleted) > 0 {
		last := deleted[len(deleted)-1]
		m.Seq, m.Previous = last.Seq+1, last.Sum
	}
	part := filepath.Join(dir, folder+halfDone)
	if err := os.RemoveAll(part); err != nil {
		return Link{}, diskError("clear archive", part, err)
	}
	if err := os.Mkdir(part, 0o700); err != nil {
		return Link{}, diskError("make archive", part, err)
	}
	w := &writer{dir: part, zone: b.Zone(), kinds: map[logs.Kind]*kindFiles{}}
	err := w.month(ctx, b, due.span)
	if err == nil {
		m.Files, m.Rows = w.files, w.rows
		m.Gaps, err = gapsOf(ctx, b, due.span)
	}
	if err != nil {
		return Link{}, errors.Join(err, os.RemoveAll(part))
	}
	raw, err := json.MarshalIndent(&m, "", "  ")
	if err != nil {
		return Link{}, core.E(core.Internal, "write manifest", err)
	}
	path := filepath.Join(part, manifestName)
	if err := writeSynced(path, raw); err != nil {
		return Link{}, diskError("write manifest", path, err)
	}
	if err := os.Rename(part, filepath.Join(dir, folder)); err != nil {
		return Link{}, diskError("finish archive", part, err)
	}
	return Link{Manifest: m, Folder: folder, Sum: sum(raw)}, nil
}

func writeSynced(path string, raw []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	return errors.Join(err, f.Sync(), f.Close())
}

// gapsOf lists what is missing of a month, of the kinds that any source tells.
func gapsOf(ctx context.Context, b *records.Book, of records.Span) ([]Gap, error) {
	gaps := []Gap{}
	covers, err := b.Covers(ctx)
	if err != nil {
		return nil, err
	}
	for _, k := range logs.Kinds() {
		if !slices.ContainsFunc(covers, func(c records.Cover) bool { return c.Kind == k }) {
			continue
		}
		missing, err := b.Gaps(ctx, k, of)
		if err != nil {
			return nil, err
		}
		for _, m := range missing {
			gaps = append(gaps, Gap{k, m.From.UTC(), m.To.UTC(), m.Why})
		}
	}
	return gaps, nil
}

// writer writes the files of one month.
type writer struct {
	dir   string
	zone  *time.Location
	kinds map[logs.Kind]*kindFiles
	files []File
	rows  int64
}

func (w *writer) month(ctx context.Context, b *records.Book, of records.Span) error {
	names, err := b.Scopes(ctx)
	if err != nil {
		return err
	}
	err = b.EachWithin(ctx, of, func(h records.Hit) error {
		k := w.kinds[h.Record.Kind]
		if k == nil {
			if k, err = w.open(h.Record.Kind); err != nil {
				return err
			}
			w.kinds[h.Record.Kind] = k
		}
		w.rows++
		return k.write(&Line{Source: names[h.Source], Nth: h.Nth, Record: &h.Record})
	})
	var errs []error
	for _, k := range logs.Kinds() {
		if files := w.kinds[k]; files != nil {
			done, err := files.close()
			w.files, errs = append(w.files, done...), append(errs, err)
		}
	}
	return errors.Join(append([]error{err}, errs...)...)
}

// Line is one record as an archive holds it: the record's own fields, with where it
// came from and its number among equal events.
type Line struct {
	Source string `json:"source"`
	Nth    int    `json:"nth,omitempty"`
	*logs.Record
}

// kindFiles are the two files of a kind.
type kindFiles struct {
	kind  logs.Kind
	zone  *time.Location
	json  *summed
	gz    *gzip.Writer
	enc   *json.Encoder
	table *summed
	zip   *zip.Writer
	sheet *report.Sheet
	rows  int64
}

func (w *writer) open(kind logs.Kind) (*kindFiles, error) {
	k := &kindFiles{kind: kind, zone: w.zone}
	var err error
	if k.json, err = create(filepath.Join(w.dir, string(kind)+".ndjson.gz")); err != nil {
		return nil, err
	}
	if k.table, err = create(filepath.Join(w.dir, string(kind)+".csv.zip")); err != nil {
		return nil, errors.Join(err, k.json.file.Close())
	}
	k.gz = gzip.NewWriter(k.json)
	k.enc = json.NewEncoder(k.gz)
	k.enc.SetEscapeHTML(false)
	k.zip = zip.NewWriter(k.table)
	entry, err := k.zip.Create(string(kind) + ".csv")
	if err != nil {
		return nil, errors.Join(err, k.json.file.Close(), k.table.file.Close())
	}
	k.sheet = report.NewSheet(entry, Columns())
	return k, nil
}

func (k *kindFiles) write(l *Line) error {
	k.rows++
	k.sheet.Row(Cells(l, k.zone))
	if err := k.enc.Encode(l); err != nil {
		return diskError("write archive", k.json.file.Name(), err)
	}
	return nil
}

func (k *kindFiles) close() ([]File, error) {
	err := errors.Join(k.gz.Close(), k.sheet.Close(), k.zip.Close())
	var files []File
	for _, s := range []*summed{k.json, k.table} {
		f, closeErr := s.close()
		f.Kind, f.Rows = k.kind, k.rows
		files, err = append(files, f), errors.Join(err, closeErr)
	}
	if err != nil {
		return nil, diskError("write archive", k.json.file.Name(), err)
	}
	return files, nil
}

// summed is a file whose sum is made while it is written.
type summed struct {
	file  *os.File
	out   *bufio.Writer
	hash  hash.Hash
	bytes int64
}

func create(path string) (*summed, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, diskError("write archive", path, err)
	}
	return &summed{file: f, out: bufio.NewWriterSize(f, 256<<10), hash: sha256.New()}, nil
}

// Write writes and sums.
func (s *summed) Write(p []byte) (int, error) {
	n, err := s.out.Write(p)
	s.hash.Write(p[:n])
	s.bytes += int64(n)
	return n, err
}

func (s *summed) close() (File, error) {
	err := errors.Join(s.out.Flush(), s.file.Sync(), s.file.Close())
	return File{Name: filepath.Base(s.file.Name()), Bytes: s.bytes, SHA256: hex.EncodeToString(s.hash.Sum(nil))}, err
}

// Columns are the heads of a spreadsheet's columns: the names of the JSON's fields.
func Columns() []string {
	return []string{
		"at", "kind", "person", "name", "from", "to", "subject", "size", "ip", "method", "agent", "action", "target", "outcome", "said",
		"remark", "times", "messageId", "id", "source", "sent", "received", "sentBytes", "receivedBytes", "used", "quota", "facts",
	}
}

// Cells are a record as a row of a spreadsheet, its time in the zone.
func Cells(l *Line, zone *time.Location) []string {
	r := l.Record
	cells := []string{
		r.At.In(zone).Format("2006-01-02 15:04:05 -07:00"), string(r.Kind), r.Person, r.Name, r.From, strings.Join(r.To, "; "), r.Subject,
		figure(r.Size), "", string(r.Method), r.Agent, string(r.Action), r.Target, string(r.Outcome), r.Said, r.Remark, figure(int64(r.Times)),
		r.MessageID, r.ID, l.Source, "", "", "", "", "", "", "",
	}
	if r.IP.IsValid() {
		cells[8] = r.IP.String()
	}
	if d := r.Day; d != nil {
		for i, n := range []int64{d.Sent, d.Received, d.SentBytes, d.ReceivedBytes, d.Used, d.Quota} {
			if n >= 0 {
				cells[20+i] = strconv.FormatInt(n, 10)
			}
		}
	}
	if len(r.Facts) > 0 {
		raw, _ := json.Marshal(r.Facts) // texts always can
		cells[26] = string(raw)
	}
	return cells
}

func figure(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// diskError gives trouble with the archive's disk its code.
func diskError(op, path string, err error) error {
	if _, ok := errors.AsType[*core.Error](err); ok {
		return err
	}
	code := core.ReadOnly
	if errors.Is(err, syscall.ENOSPC) {
		code = core.DiskFull
	}
	return core.E(code, op, err, "path", path)
}

var _ io.Writer = (*summed)(nil)
