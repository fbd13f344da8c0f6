package logs

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// Key is what stays equal whenever the same event is handed out again, and differs
// between events: made of the source's own ID where it has one, else of the facts that
// do not change with the outcome. Events without an ID that are equal in all of these
// have the same key; whoever keeps them numbers them.
type Key uint64

// KeyOf computes the key of a cleaned record. scope keeps sources apart that may use
// the same IDs: the name of the adapter or the server.
func KeyOf(scope string, r *Record) Key {
	return key(make([]byte, 0, 512), scope, r)
}

func key(b []byte, scope string, r *Record) Key {
	b = field(b, scope)
	b = field(b, string(r.Kind))
	if r.ID != "" {
		b = field(append(b, 1), r.ID)
	} else {
		b = append(b, 0)
		b = binary.LittleEndian.AppendUint64(b, uint64(r.At.UnixMilli()))
		for _, s := range [...]string{r.Person, r.From, r.Subject, string(r.Method), string(r.Action), r.Target, r.MessageID} {
			b = field(b, s)
		}
		for _, s := range r.To {
			b = field(b, s)
		}
		ip := r.IP.As16()
		b = append(b, ip[:]...)
		b = binary.LittleEndian.AppendUint64(b, uint64(r.Size))
		if changeless(r.Kind) { // the outcome is part of what happened
			b = field(field(field(b, string(r.Outcome)), r.Said), r.Remark)
		}
	}
	sum := sha256.Sum256(b)
	return Key(binary.LittleEndian.Uint64(sum[:]))
}

// changeless kinds are told once: two sign-ins in the same second that differ in the
// outcome only are two.
func changeless(k Kind) bool { return k == Admin || k == User || k == SignIn }

// field appends a text in a way that no two lists of texts have in common.
func field(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256:" + hex.EncodeToString(sum[:16])
}
