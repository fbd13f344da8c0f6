package numbering

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"mailroom/backend/mailbox"
)

func numbersOf(t *testing.T, b *Book, account string, names ...string) (uint32, []mailbox.UID, mailbox.UID) {
	t.Helper()
	validity, uids, next, err := b.Number(t.Context(), account, names)
	if err != nil {
		t.Fatal(err)
	}
	return validity, uids, next
}

func book(t *testing.T, dir string) *Book {
	t.Helper()
	b, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestAMessageKeepsItsNumberOverRuns(t *testing.T) {
	dir := t.TempDir()
	b := book(t, dir)
	validity, uids, next := numbersOf(t, b, "li", "a", "b", "c")
	if !slices.Equal(uids, []mailbox.UID{1, 2, 3}) || next != 4 || validity == 0 {
		t.Fatalf("%v, %d, %d", uids, next, validity)
	}
	if _, other, _ := numbersOf(t, b, "han", "c"); other[0] != 1 {
		t.Errorf("another mailbox begins at %d", other[0])
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = book(t, dir)
	same, uids, next := numbersOf(t, b, "li", "c", "new", "a")
	if !slices.Equal(uids, []mailbox.UID{3, 4, 1}) || next != 5 || same != validity {
		t.Errorf("%v, %d, validity %d and %d", uids, next, validity, same)
	}
	_, uids, next = numbersOf(t, b, "li", "b")
	if uids[0] != 2 || next != 5 {
		t.Errorf("a message that came back has %d, next is %d", uids[0], next)
	}
}

func TestALostFileIsTold(t *testing.T) {
	dir := t.TempDir()
	b := book(t, dir)
	numbersOf(t, b, "li", "a")
	if _, err := b.db.W.ExecContext(t.Context(), `UPDATE accounts SET validity=validity-100`); err != nil { // made a while ago
		t.Fatal(err)
	}
	before, _, _ := numbersOf(t, b, "li", "a")
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{File, File + "-wal", File + "-shm"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	after, uids, _ := numbersOf(t, book(t, dir), "li", "z")
	if after == before || uids[0] != 1 {
		t.Errorf("validity %d and %d, number %d", before, after, uids[0])
	}
}
