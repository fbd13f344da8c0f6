package logsoak

import (
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"mailroom/backend/records"
	"mailroom/backend/records/logfile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// What the soak reads in gigabytes is read here in little: the log tells what its
// maker says.
func TestEveryRecordOfAMadeLogIsThere(t *testing.T) {
	for _, kind := range Kinds() {
		t.Run(kind, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "mail.log")
			want, text, err := Write(path, kind, 7, 300<<10)
			if err != nil || text < 300<<10 {
				t.Fatal(text, err)
			}
			dir := filepath.Join(t.TempDir(), "book")
			book, err := records.Open(t.Context(), dir, time.UTC)
			if err != nil {
				t.Fatal(err)
			}
			r, err := logfile.Open(t.Context(), book)
			if err != nil {
				t.Fatal(err)
			}
			res, err := r.File(t.Context(), path, nil)
			if err != nil || res.Wrong != 0 {
				t.Errorf("%+v %v", res, err)
			}
			if _, err := r.Close(), book.Close(); err != nil {
				t.Fatal(err)
			}
			got, err := count(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			for what, n := range want {
				if got[what] != n || n == 0 {
					t.Errorf("%s: %d, want %d", what, got[what], n)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
}
