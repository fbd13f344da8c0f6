package secret

import (
	"testing"

	"mailroom/backend/core"
)

func FuzzParse(f *testing.F) {
	v, key, err := newFile()
	if err != nil {
		f.Fatal(err)
	}
	v.Key = keychainBox
	v.Entries["id"], _ = seal(key, "id", []byte("text"))
	whole, _ := v.encode()
	v.Key = phraseBox
	v.Lock, _ = newLock(key, NewValue("passphrase"), Cost{Passes: 1, MemoryKiB: 8, Threads: 1})
	locked, _ := v.encode()
	for _, seed := range [][]byte{whole, locked, whole[:len(whole)/2], {}, []byte("null"), []byte(`{"version":2}`), []byte(`{"version":1,"entries":{}}`)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := parse(data)
		if err != nil {
			if c := core.CodeOf(err); c != core.Malformed && c != core.NewerData {
				t.Fatalf("code %s: %v", c, err)
			}
			return
		}
		again, err := got.encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parse(again); err != nil {
			t.Fatalf("written but not readable: %v", err)
		}
		for id, sealed := range got.Entries {
			_, _ = unseal(key, id, sealed)
		}
	})
}
