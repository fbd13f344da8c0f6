package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

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

// Whoever is asked to stop in the middle of writing must be told just that: an internal
// fault in its place would be shown to people as trouble.
func TestAWriteThatIsAskedToStopSaysSo(t *testing.T) {
	db := open(t, filepath.Join(t.TempDir(), "x.db"), steps)
	insert := func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO note (text) VALUES ('x')`)
		return err
	}
	moments := map[string]func(context.Context, context.CancelFunc, *sql.Tx) error{
		"between two statements": func(ctx context.Context, cancel context.CancelFunc, tx *sql.Tx) error {
			cancel()
			for {
				if err := insert(context.WithoutCancel(ctx), tx); err != nil { // database/sql has rolled back
					return err
				}
			}
		},
		"before the commit": func(_ context.Context, cancel context.CancelFunc, tx *sql.Tx) error {
			err := insert(context.Background(), tx)
			cancel()
			return err
		},
		"in a statement": func(ctx context.Context, cancel context.CancelFunc, tx *sql.Tx) error {
			go cancel()
			_, err := tx.ExecContext(ctx, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<50000000)
				INSERT INTO note (text) SELECT 'x' FROM n`)
			return err
		},
	}
	for name, moment := range moments {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Write(ctx, func(tx *sql.Tx) error { return moment(ctx, cancel, tx) })
		if core.CodeOf(err) != core.Canceled || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v (%s)", name, err, core.CodeOf(err))
		}
		cancel()
	}
	var rows int
	if err := db.R.QueryRow(`SELECT count(*) FROM note`).Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows were kept, %v", rows, err)
	}
}

func TestTwoProgramsWriteIntoAFileThatBothMayHave(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	both := make([]*DB, 2)
	opened := make(chan error, 2)
	for i := range both { // both at once: the file is made once
		go func() {
			var err error
			both[i], err = Open(t.Context(), path, steps, Beside())
			opened <- err
		}()
	}
	for range both {
		if err := <-opened; err != nil {
			t.Fatal(err)
		}
	}
	written := make(chan error, 2)
	for _, db := range both {
		t.Cleanup(func() { _ = db.Close() })
		go func() {
			for range 50 {
				if err := db.Write(t.Context(), func(tx *sql.Tx) error {
					_, err := tx.Exec(`INSERT INTO note (text) SELECT count(*) FROM note`)
					return err
				}); err != nil {
					written <- err
					return
				}
			}
			written <- nil
		}()
	}
	for range both {
		if err := <-written; err != nil {
			t.Fatal(err)
		}
	}
	var rows, different int
	if err := both[0].R.QueryRow(`SELECT count(*), count(DISTINCT text) FROM note`).Scan(&rows, &different); err != nil || rows != 100 || different != 100 {
		t.Errorf("%d rows, %d different: %v", rows, different, err)
	}
}
