package recordbench

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// What the benchmark asks is in the corpus, and the peers find the same.
func TestTheCorpusHoldsWhatIsAsked(t *testing.T) {
	const n = 20_000
	var raw bytes.Buffer
	size, err := newOffice(1, n).write(&raw)
	if err != nil || size != int64(raw.Len()) {
		t.Fatal(size, err)
	}
	b, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	sample := strings.SplitN(raw.String(), "\n", 2)[0]
	var r logs.Record
	if err := json.Unmarshal([]byte(sample), &r); err != nil || r.Subject == "" || r.MessageID == "" {
		t.Fatalf("%s %v", sample, err)
	}
	out, err := b.ImportNDJSON(t.Context(), "bench", &raw, nil)
	if err != nil || out.New != n {
		t.Fatalf("%+v %v", out, err)
	}
	dir := b.Dir()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := evict(dir); err != nil {
		t.Fatal(err)
	}
	for _, q := range questions(n)[:3] {
		got, err := Ask(t.Context(), dir, q.Question)
		if err != nil || got.Rows == 0 || got.Warm <= 0 {
			t.Errorf("%s: %+v %v", q.Question, got, err)
		}
	}
	found, err := peers(t.Context(), t.TempDir(), 2000)
	if err != nil || len(found) != 3 {
		t.Fatalf("%+v %v", found, err)
	}
	f := Figures{Records: n, Rate: 1, SizeRatio: 9, Questions: []QuestionTime{{Warm: 1, Cold: 1}}, Peers: found}
	f.judge()
	var table bytes.Buffer
	f.Print(&table)
	if len(f.Missed) != 4 || !strings.Contains(table.String(), "MISSED") {
		t.Errorf("%v\n%s", f.Missed, table.String())
	}
}
