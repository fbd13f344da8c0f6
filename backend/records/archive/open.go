package archive

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/zone"
)

// Open reads an archive into a book, which then can be searched like any other. months
// restricts it; empty: all. A month that was archived twice counts as it was last.
func Open(ctx context.Context, dir string, into *records.Book, months map[string]bool, told func(month string)) (records.Tally, error) {
	var sum records.Tally
	chain, err := Chain(dir)
	if err != nil {
		return sum, err
	}
	if len(chain) == 0 {
		return sum, core.E(core.NotFound, "open archive", nil, "path", dir)
	}
	for _, l := range chain {
		if len(months) > 0 && !months[l.Month] {
			continue
		}
		if told != nil {
			told(l.Month)
		}
		for _, f := range l.Files {
			if !strings.HasSuffix(f.Name, ".ndjson.gz") || f.Name != filepath.Base(f.Name) {
				continue
			}
			path := filepath.Join(dir, l.Folder, f.Name)
			t, err := openFile(ctx, path, into)
			sum.New, sum.Updated, sum.Same, sum.Unusable = sum.New+t.New, sum.Updated+t.Updated, sum.Same+t.Same, sum.Unusable+t.Unusable
			if err != nil {
				return sum, err
			}
			if err := covered(ctx, into, &l, f.Kind); err != nil {
				return sum, err
			}
		}
	}
	return sum, nil
}

// Zone is the zone of an archive, as its newest month says; of an archive that does not, or of
// none, this computer's.
func Zone(dir string) (*time.Location, error) {
	chain, err := Chain(dir)
	for _, l := range slices.Backward(chain) {
		if z, err := zone.Load(l.Zone); err == nil {
			return z, nil
		}
	}
	return zone.Computer(), err
}

// scope is the name under which an opened archive says what it covers.
const scope = "archive"

// covered notes that a month of a kind is complete but for the gaps that its manifest
// names.
func covered(ctx context.Context, into *records.Book, l *Link, kind logs.Kind) error {
	if !l.sound() {
		return core.E(core.Malformed, "open archive", nil, "file", filepath.Join(l.Folder, manifestName))
	}
	from, end := l.Span().From, l.Span().To
	for _, g := range l.Gaps {
		if g.Kind != kind {
			continue
		}
		if err := into.Lost(ctx, scope, kind, records.Missing{Span: records.Span{From: g.From, To: g.To}, Why: g.Why}); err != nil {
			return err
		}
		if g.From.After(from) {
			if err := into.Covered(ctx, scope, kind, records.Span{From: from, To: g.From}, time.Time{}); err != nil {
				return err
			}
		}
		if g.To.After(from) {
			from = g.To
		}
	}
	if !from.Before(end) {
		return nil
	}
	return into.Covered(ctx, scope, kind, records.Span{From: from, To: end}, time.Time{})
}

func openFile(ctx context.Context, path string, into *records.Book) (sum records.Tally, err error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return sum, core.E(core.Malformed, "open archive", errNoFile, "file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return sum, core.E(core.NotFound, "open archive", err, "file", path)
	}
	defer func() { _ = f.Close() }()
	gz, err := gzip.NewReader(bufio.NewReaderSize(reader{ctx, f}, 256<<10))
	if err != nil {
		return sum, core.E(core.Malformed, "open archive", err, "file", path)
	}
	adding := map[string]*records.Adding{}
	for dec := json.NewDecoder(gz); ; {
		l := Line{Record: &logs.Record{}}
		if err = dec.Decode(&l); err != nil {
			break
		}
		a := adding[l.Source]
		if a == nil {
			if a, err = into.Begin(ctx, l.Source); err != nil {
				return sum, err
			}
			adding[l.Source] = a
		}
		if err = a.Add(ctx, []logs.Record{*l.Record}); err != nil {
			return sum, err
		}
	}
	if !errors.Is(err, io.EOF) {
		if ctx.Err() != nil {
			return sum, ctx.Err()
		}
		err = core.E(core.Malformed, "open archive", err, "file", path)
	} else {
		err = nil
	}
	for _, a := range adding {
		err = errors.Join(err, a.Flush(ctx))
		t := a.Tally()
		sum.New, sum.Updated, sum.Same, sum.Unusable = sum.New+t.New, sum.Updated+t.Updated, sum.Same+t.Same, sum.Unusable+t.Unusable
	}
	return sum, err
}
