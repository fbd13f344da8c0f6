package store

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"mailroom/backend/core"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var steps = []string{
	`CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT`,
	`ALTER TABLE note ADD COLUMN at INTEGER NOT NULL DEFAULT 0`,
}

func open(t *testing.T, path string, steps []string) *DB {
	t.Helper()
	db, err := Open(t.Context(), path, steps)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func wantCode(t *testing.T, err error, code core.Code, path string) {
	t.Helper()
	if core.CodeOf(err) != code || core.ArgsOf(err)["path"] != path {
		t.Fatalf("got %v (%s, %v), want %s naming %s", err, core.CodeOf(err), core.ArgsOf(err), code, path)
	}
}

func TestASecondCopyIsToldThatTheDataIsInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b", "x.db")
	db := open(t, path, steps)
	_, err := Open(t.Context(), path, steps)
	wantCode(t, err, core.InUse, path)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, path, steps)
}

func TestAFileOfANewerProgramIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	_ = open(t, path, steps).Close()
	before, _ := os.ReadFile(path)
	_, err := Open(t.Context(), path, steps[:1])
	wantCode(t, err, core.NewerData, path)
	if after, _ := os.ReadFile(path); string(after) != string(before) {
		t.Fatal("the file was changed")
	}
}

func TestAMigrationLaysACopyBesideAndKeepsTheData(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x.db")
	old := open(t, path, steps[:1])
	if _, err := old.W.Exec(`INSERT INTO note (text) VALUES ('kept')`); err != nil {
		t.Fatal(err)
	}
	_ = old.Close()
	db := open(t, path, steps)
	var text string
	if err := db.R.QueryRow(`SELECT text FROM note WHERE at=0`).Scan(&text); err != nil || text != "kept" {
		t.Fatal(text, err)
	}
	if copies, _ := filepath.Glob(path + ".v1-*.bak"); len(copies) != 1 {
		t.Fatalf("copies: %v", copies)
	}
}

func TestAPlaceThatCannotBeWrittenIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), filepath.Join(file, "x.db"), steps)
	wantCode(t, err, core.ReadOnly, file)
}

func TestAFullDiskIsToldAndTheTransactionUndone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db := open(t, path, steps)
	if _, err := db.W.Exec(`PRAGMA max_page_count=8`); err != nil {
		t.Fatal(err)
	}
	err := db.Write(t.Context(), func(tx *sql.Tx) error {
		for range 100 {
			if _, err := tx.Exec(`INSERT INTO note (text) VALUES (?)`, strings.Repeat("x", 4096)); err != nil {
				return err
			}
		}
		return nil
	})
	wantCode(t, err, core.DiskFull, path)
	var n int
	if err := db.R.QueryRow(`SELECT count(*) FROM note`).Scan(&n); err != nil || n != 0 {
		t.Fatal(n, err)
	}
}

func TestAFileThatIsNoDatabaseIsToldAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), path, steps)
	wantCode(t, err, core.Malformed, path)
}

func TestAnErrorOfTheCallerRollsBackAndKeepsItsCode(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "x.db"), steps)
	mine := core.E(core.NotFound, "look", nil)
	err := db.Write(t.Context(), func(tx *sql.Tx) error {
		if _, err := tx.Exec(`INSERT INTO note (text) VALUES ('gone')`); err != nil {
			return err
		}
		return mine
	})
	if !errors.Is(err, mine) {
		t.Fatal(err)
	}
	var n int
	if err := db.R.QueryRow(`SELECT count(*) FROM note`).Scan(&n); err != nil || n != 0 {
		t.Fatal(n, err)
	}
}

func TestTheReaderRefusesToWrite(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "x.db"), steps)
	if _, err := db.R.Exec(`INSERT INTO note (text) VALUES ('x')`); err == nil {
		t.Fatal("a stray write on the reader went through")
	}
}

func TestASmallFileHasSmallCaches(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "x.db"), steps, Small(1, 4000, 500))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for pool, want := range map[*sql.DB]int{db.W: -4000, db.R: -500} {
		var got int
		if err := pool.QueryRow("PRAGMA cache_size").Scan(&got); err != nil || got != want {
			t.Errorf("a cache of %d, want %d (%v)", got, want, err)
		}
	}
	if n := db.R.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d readers", n)
	}
}
