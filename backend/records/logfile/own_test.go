package logfile

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records"
)

// A compressed file that ends in the middle gives what is whole, and the file is named;
// the whole one that comes later adds the rest.
func TestACompressedFileThatIsCutGivesItsBeginning(t *testing.T) {
	var whole bytes.Buffer
	z := gzip.NewWriter(&whole)
	for i := range 5000 {
		fmt.Fprintf(z, `{"kind":"received","at":"2026-11-12T%02d:%02d:05Z","subject":"%d","person":"a@office.example.com"}`+"\n", i/60%24, i%60, i)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	book, err := records.Open(t.Context(), t.TempDir(), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	path := filepath.Join(t.TempDir(), "half.ndjson.gz")
	read := func(raw []byte) (records.Imported, error) {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := OpenText(path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		return book.ImportNDJSON(t.Context(), Scope, f, nil)
	}
	out, err := read(whole.Bytes()[:whole.Len()*9/10])
	if core.CodeOf(err) != core.Malformed || core.ArgsOf(err)["file"] != path || out.New < 3000 || out.New != out.Lines {
		t.Errorf("%+v %v", out, err)
	}
	again, err := read(whole.Bytes())
	if err != nil || again.Same != out.New || again.New+again.Same != 5000 {
		t.Errorf("again: %+v %v", again, err)
	}
}
