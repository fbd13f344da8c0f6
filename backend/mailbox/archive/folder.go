package archive

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"io"
	"path"
	"slices"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// place is a folder as found on the disk, before its messages are looked at.
type place struct {
	id         string
	path       string // of the directory or mbox file, relative to the root, with slashes
	levels     []string
	selectable bool
}

func (p place) role() core.Role {
	if len(p.levels) == 1 && p.levels[0] == "INBOX" {
		return core.RoleInbox
	}
	return core.RoleNone
}

// entry is one message of an opened folder.
type entry struct {
	uid   mailbox.UID
	zone  int32
	date  int64
	how   how
	size  int64 // on the wire; -1: not known before it is read
	from  int64 // mbox: where the From_ line starts
	line  int64 // mbox: length of the From_ line
	len   int64 // mbox: length of the stored bytes
	name  string
	sub   string // Maildir: cur or new
	info  string // Maildir: what follows the base name
	flags []string
}

func (e *entry) record() record {
	r := record{
		UID: e.uid, Name: octets(e.name), From: e.from, Line: e.line, Len: e.len,
		Size: max(0, e.size), Date: e.date, Zone: e.zone, How: e.how &^ unreachable,
	}
	if e.size < 0 {
		r.How |= sizeless
	}
	for _, f := range e.flags {
		r.Flags = append(r.Flags, octets(f))
	}
	return r
}

func entryOf(r record) entry {
	e := entry{
		uid: r.UID, name: string(r.Name), from: r.From, line: r.Line, len: r.Len,
		size: r.Size, date: r.Date, zone: r.Zone, how: r.How &^ (sizeless | unreachable),
	}
	if r.How&sizeless != 0 {
		e.size = -1
	}
	for _, f := range r.Flags {
		e.flags = append(e.flags, string(f))
	}
	return e
}

// folder is an opened folder, shared by the sessions of an account.
type folder struct {
	place
	index string        // path of its index
	turn  chan struct{} // held while the folder is loaded or written

	mu       sync.RWMutex // guards what follows
	loaded   bool
	validity uint32
	next     mailbox.UID
	list     []entry
	log      *index    // nil for readers
	end      int64     // mbox: where the next message goes
	book     *nameBook // EML: names in use
	stamp    [2]int64  // Maildir: times of cur and new when last listed again
}

func newFolder(p place, state string) *folder {
	sum := sha256.Sum256([]byte(norm.NFC.String(p.id)))
	return &folder{
		place: p,
		index: path.Join(state, hex.EncodeToString(sum[:12])+".jsonl"),
		turn:  make(chan struct{}, 1),
	}
}

// lock takes the folder's turn, or gives up when ctx ends.
func (f *folder) lock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case f.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (f *folder) unlock() { <-f.turn }

func (f *folder) head(kind string) line {
	return line{
		T: "head", Version: formatVersion, Kind: kind, Folder: octets(f.id),
		Validity: f.validity,
	}
}

func (f *folder) at(uid mailbox.UID) (int, bool) {
	return slices.BinarySearchFunc(f.list, uid, func(e entry, u mailbox.UID) int {
		return compareUID(e.uid, u)
	})
}

// get returns a copy of one message's entry.
func (f *folder) get(uid mailbox.UID) (entry, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	i, ok := f.at(uid)
	if !ok {
		return entry{}, false
	}
	return f.list[i], true
}

// after copies up to n entries with UIDs from from on.
func (f *folder) after(from mailbox.UID, n int) []entry {
	f.mu.RLock()
	defer f.mu.RUnlock()
	i, _ := f.at(from)
	return slices.Clone(f.list[i:min(len(f.list), i+n)])
}

func (f *folder) change(uid mailbox.UID, act func(*entry)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if i, ok := f.at(uid); ok {
		act(&f.list[i])
	}
}

func (f *folder) add(list []entry, next mailbox.UID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, list...)
	f.next = max(f.next, next)
}

func (f *folder) drop(uids []mailbox.UID) {
	gone := make(map[mailbox.UID]bool, len(uids))
	for _, u := range uids {
		gone[u] = true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = slices.DeleteFunc(f.list, func(e entry) bool { return gone[e.uid] })
}

func (f *folder) status() mailbox.Status {
	f.mu.RLock()
	defer f.mu.RUnlock()
	s := mailbox.Status{UIDValidity: f.validity, UIDNext: f.next, Messages: uint32(len(f.list))}
	for i := range f.list {
		if f.list[i].size < 0 {
			s.Size = -1
			break
		}
		s.Size += f.list[i].size
	}
	return s
}

// digest makes the UIDVALIDITY of numbers that are nowhere remembered.
type digest struct{ h io.Writer }

func (d digest) text(s string) {
	d.number(int64(len(s)))
	io.WriteString(d.h, s)
}

func (d digest) number(n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	d.h.Write(b[:])
}

func validityOf(sum []byte) uint32 { return max(1, binary.BigEndian.Uint32(sum)) }

// settle numbers what load found: known are the entries that the index names,
// extra the ones it does not, in natural order. A writer remembers the extras;
// a reader derives a UIDVALIDITY that changes whenever they do.
func (a *archive) settle(f *folder, snap *snapshot, known, extra []entry, sum func(digest)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.validity, f.next = snap.validity, snap.next
	if uint64(f.next)+uint64(len(extra)) >= 1<<32-1 {
		return core.E(core.Malformed, "number messages", nil, "path", f.path, "reason", "uids_used_up")
	}
	for i := range extra {
		extra[i].uid = f.next
		f.next++
	}
	rebuild := snap.damaged || !snap.found
	if !a.write {
		if rebuild || len(extra) > 0 {
			h := sha256.New()
			d := digest{h}
			d.number(int64(snap.validity))
			for _, e := range known {
				d.number(int64(e.uid))
				d.text(e.name)
			}
			sum(d)
			f.validity = validityOf(h.Sum(nil))
		}
		f.list = append(known, extra...)
		f.loaded = true
		return nil
	}
	return a.remember(f, snap, known, extra)
}

// remember brings the index up to date and opens it for appending.
func (a *archive) remember(f *folder, snap *snapshot, known, extra []entry) (err error) {
	good := snap.good
	all := append(known, extra...)
	switch {
	case snap.damaged || !snap.found:
		f.validity = newValidity()
		err = replaceIndex(a.root, f.index, f.head(a.kind), recordsOf(all), f.next)
		good = -1
	case snap.waste > 1000 && snap.waste > 2*len(known):
		err = replaceIndex(a.root, f.index, f.head(a.kind), recordsOf(all), f.next)
		good = -1
	}
	if err != nil {
		return err
	}
	if good < 0 {
		info, err := a.root.Stat(f.index)
		if err != nil {
			return writeFailure("open index", f.index, err)
		}
		good, extra, snap.lost = info.Size(), nil, nil
	}
	if f.log, err = openIndex(a.root, f.index, good, f.head(a.kind)); err != nil {
		return err
	}
	// First what is gone: its name may come again.
	if len(snap.lost) > 0 {
		err = f.log.append(line{T: "gone", Gone: snap.lost})
	}
	for chunk := range slices.Chunk(extra, 1000) {
		if err == nil {
			err = f.log.append(line{T: "add", Messages: recordsOf(chunk)})
		}
	}
	if err != nil {
		f.log.close()
		f.log = nil
		return err
	}
	f.list = all
	f.loaded = true
	return nil
}

func recordsOf(list []entry) []record {
	out := make([]record, len(list))
	for i := range list {
		out[i] = list[i].record()
	}
	return out
}

func (e *entry) setDate(t time.Time) {
	e.date, e.zone = when(t)
	e.how &^= undated
}
