package month

import (
	"compress/gzip"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"mailroom/backend/logs"
)

// firstBatches are what testdata/first.db.gz was made of by the first format's program.
func firstBatches() [][]logs.Record {
	records := some(rand.New(rand.NewPCG(21, 22)), 120)
	late := &records[7]
	late.Kind, late.ID, late.Outcome = logs.Received, "late", logs.Pending
	batches := [][]logs.Record{records[:80], records[80:]}
	for _, o := range []logs.Outcome{logs.Junk, logs.Bounced} {
		again := records[7]
		again.Outcome = o
		batches = append(batches, []logs.Record{again})
	}
	return batches
}

// A file of the first format is converted when it is opened, with everything in it.
func TestAFileOfTheFirstFormatIsConverted(t *testing.T) {
	packed, err := os.Open("testdata/first.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = packed.Close() }()
	raw, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "2026-11.db")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(file, raw); err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	tr := &trial{T: t, r: rand.New(rand.NewPCG(1, 9)), path: path, model: newModel()}
	if tr.m, err = Open(t.Context(), path, shanghai); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tr.m.Close() }()
	for _, batch := range firstBatches() {
		tr.model.add(numbered(batch), batch)
		tr.told = append(tr.told, batch...)
	}
	tr.check()
	for _, batch := range firstBatches()[:2] {
		if got := add(t, tr.m, batch); got.New > 0 {
			t.Errorf("told again: %+v", got)
		}
	}
	tr.check()
	for range 4 {
		tr.step()
		tr.check()
	}
}
