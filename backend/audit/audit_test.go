package audit_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/audit"
	"mailroom/backend/store"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func open(t *testing.T) (*audit.Log, *store.DB) {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "audit.db"), audit.Migrations)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return audit.New(file{db}), db
}

type file struct{ *store.DB }

func (f file) Reader() *sql.DB { return f.R }

func add(t *testing.T, l *audit.Log, n int) (head audit.Head) {
	t.Helper()
	for i := range n {
		var err error
		head, err = l.Add(t.Context(), audit.Entry{
			Act: "move.started", Subject: fmt.Sprintf("搬家 %d", i), Facts: map[string]string{"mailboxes": fmt.Sprint(i)},
			Before: map[string]string{"name": "旧名"}, After: map[string]string{"name": "Neu 100%"},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return head
}

func TestEntriesAreFoundAgainNewestFirst(t *testing.T) {
	l, _ := open(t)
	add(t, l, 5)
	if _, err := l.Add(t.Context(), audit.Entry{Act: "certificate.saved", Subject: "李雷"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		q     audit.Query
		found int
		total int64
	}{
		{audit.Query{Limit: 10}, 6, 6}, {audit.Query{Limit: 2}, 2, 6}, {audit.Query{Limit: 10, After: 4}, 3, 6},
		{audit.Query{Text: "搬家 3", Limit: 9}, 1, 1}, {audit.Query{Text: "NEU 100%", Limit: 9}, 5, 5}, {audit.Query{Text: "_", Limit: 9}, 0, 0},
		{audit.Query{Acts: []string{"certificate.saved"}, Limit: 9}, 1, 1}, {audit.Query{Text: "搬家 1", Acts: []string{"certificate.saved"}, Limit: 9}, 2, 2},
	} {
		got, total, err := l.List(t.Context(), c.q)
		if err != nil || len(got) != c.found || total != c.total {
			t.Errorf("%+v: %d of %d, %v", c.q, len(got), total, err)
		}
		for i := 1; i < len(got); i++ {
			if got[i].Seq >= got[i-1].Seq {
				t.Errorf("%+v: not the newest first", c.q)
			}
		}
	}
}

func TestASecretIsNeverWrittenDown(t *testing.T) {
	l, _ := open(t)
	if _, err := l.Add(t.Context(), audit.Entry{Act: "x", Facts: map[string]string{"newPassword": "hunter2", "accessToken": "hunter2"}}); err != nil {
		t.Fatal(err)
	}
	got, _, err := l.List(t.Context(), audit.Query{Limit: 1})
	if err != nil || strings.Contains(fmt.Sprint(got), "hunter2") {
		t.Errorf("%v %v", got, err)
	}
}

func TestAnythingThatIsChangedShows(t *testing.T) {
	for name, c := range map[string]struct {
		sql  string
		flaw audit.Flaw
		at   int64
	}{
		"a record":          {`UPDATE entry SET record=replace(record, '搬家 2', '搬家 9') WHERE seq=3`, audit.Changed, 3},
		"an act":            {`UPDATE entry SET act='x' WHERE seq=2`, audit.Changed, 2},
		"a time":            {`UPDATE entry SET time=time+1 WHERE seq=2`, audit.Changed, 2},
		"a hash":            {`UPDATE entry SET hash='00' WHERE seq=4`, audit.Changed, 4},
		"one taken out":     {`DELETE FROM entry WHERE seq=3`, audit.Missing, 3},
		"the first":         {`DELETE FROM entry WHERE seq=1`, audit.Missing, 1},
		"the last":          {`DELETE FROM entry WHERE seq=5`, audit.Cut, 5},
		"all":               {`DELETE FROM entry`, audit.Cut, 1},
		"nothing":           {`SELECT 1`, audit.Sound, 0},
		"a swap":            {`UPDATE entry SET seq=9 WHERE seq=2; UPDATE entry SET seq=2 WHERE seq=3; UPDATE entry SET seq=3 WHERE seq=9`, audit.Changed, 2},
		"one inserted late": {`INSERT INTO entry VALUES (6, 0, 'x', '{}', '', '', '')`, audit.Changed, 6},
	} {
		t.Run(name, func(t *testing.T) {
			l, db := open(t)
			head := add(t, l, 5)
			for _, act := range []string{`UPDATE entry SET act='x'`, `DELETE FROM entry`} {
				if _, err := db.W.ExecContext(t.Context(), act); err == nil {
					t.Errorf("%s was allowed", act)
				}
			}
			tamper(t, db, c.sql)
			got, err := l.Check(t.Context(), head)
			if err != nil || got.Flaw != c.flaw || got.At != c.at {
				t.Errorf("%+v %v", got, err)
			}
		})
	}
}

// tamper does what somebody with the file in hand could do.
func tamper(t *testing.T, db *store.DB, act string) {
	t.Helper()
	for _, step := range []string{`DROP TRIGGER entry_stays`, `DROP TRIGGER entry_remains`, act} {
		if _, err := db.W.ExecContext(t.Context(), step); err != nil {
			t.Fatal(err)
		}
	}
}

func TestManyAtOnceMakeOneChain(t *testing.T) {
	l, _ := open(t)
	done := make(chan error)
	for range 8 {
		go func() {
			for range 10 {
				if _, err := l.Add(context.WithoutCancel(t.Context()), audit.Entry{Act: "x"}); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	if got, err := l.Check(t.Context(), audit.Head{Seq: 40}); err == nil && got.Flaw != audit.Changed {
		t.Errorf("a head with another hash was taken: %+v", got)
	}
	if got, err := l.Check(t.Context(), audit.Head{}); err != nil || got.Flaw != audit.Sound || got.Entries != 80 {
		t.Errorf("%+v %v", got, err)
	}
}
