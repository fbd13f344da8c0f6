package job

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/store"
)

func TestAJobComesBackFromTheDiskAsItWas(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mailroom.db")
	db, err := store.Open(t.Context(), path, []string{Schema})
	ok(t, err)
	table := NewTable(db)
	at := time.UnixMilli(1_795_000_000_123)
	first := Job{
		ID: "1", Kind: "k", Subject: "s", Args: `{"level":"bytes"}`, State: Waiting, Interrupted: true, Attempt: 3,
		Created: at, Started: at.Add(time.Second), Ended: at.Add(time.Minute), Next: at.Add(time.Hour),
		Code: core.RateLimited, Facts: map[string]string{"host": "imap.new.example"},
	}
	second := Job{ID: "2", Kind: "k", State: Queued, Created: at.Add(time.Second)}
	for _, j := range []Job{second, first, {ID: "3", Kind: "k", State: Done}} {
		ok(t, table.Save(t.Context(), j))
	}
	ok(t, table.Delete(t.Context(), "3"))
	ok(t, table.Delete(t.Context(), "never there"))
	ok(t, db.Close())
	db, err = store.Open(t.Context(), path, []string{Schema})
	ok(t, err)
	defer func() { ok(t, db.Close()) }()
	all, err := NewTable(db).All(t.Context())
	ok(t, err)
	if !reflect.DeepEqual(all, []Job{first, second}) {
		t.Errorf("read back:\n%+v\nwant:\n%+v", all, []Job{first, second})
	}
}
