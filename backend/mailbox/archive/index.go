package archive

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// maxLine is the longest index line that is read, in bytes: a batch of some ten
// thousand messages.
const maxLine = 64 << 20

// snapshot is what an index says, after all its lines.
type snapshot struct {
	found    bool
	validity uint32
	next     mailbox.UID
	records  []record      // ascending UIDs
	good     int64         // length of the undamaged lines, in bytes
	damaged  bool          // a whole line made no sense
	waste    int           // lines' entries that later ones replaced
	lost     []mailbox.UID // set by the layout: the index has them, the folder does not
}

// readIndex reads an index; a torn last line is left out, and a missing file gives
// an empty snapshot.
func readIndex(root *os.Root, name string) (*snapshot, error) {
	s := &snapshot{next: 1}
	f, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, readFailure("open index", name, err)
	}
	defer f.Close()
	if err := s.read(f); err != nil {
		return nil, readFailure("read index", name, err)
	}
	return s, nil
}

func (s *snapshot) read(r io.Reader) error {
	in := bufio.NewReaderSize(r, 64<<10)
	var long []byte
	for {
		part, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			if long = append(long, part...); len(long) > maxLine {
				s.damaged = true
				return nil
			}
			continue
		}
		if errors.Is(err, io.EOF) {
			return nil // what is left has no line end: torn
		}
		if err != nil {
			return err
		}
		raw := part
		if len(long) > 0 {
			long = append(long, part...)
			raw = long
		}
		if err := s.take(raw); err != nil {
			return err
		}
		long = long[:0]
	}
}

// take applies one whole line.
func (s *snapshot) take(raw []byte) error {
	l, err := decodeLine(raw)
	if err != nil {
		s.damaged = true
		s.good += int64(len(raw))
		return nil
	}
	if l.T == "head" {
		if l.Version > formatVersion {
			return core.E(core.NewerData, "read index", nil)
		}
		s.found = true
		s.validity = l.Validity
	}
	switch l.T {
	case "next":
		s.next = max(s.next, l.Next)
	case "add":
		for _, r := range l.Messages {
			if !r.valid() || r.UID < s.next || r.UID == ^mailbox.UID(0) {
				s.damaged = true
				continue
			}
			s.records = append(s.records, r)
			s.next = r.UID + 1
		}
	case "flags":
		for _, r := range l.Messages {
			if i, ok := s.at(r.UID); ok {
				s.records[i].Flags = r.Flags
				s.waste++
			}
		}
	case "gone":
		s.drop(l.Gone)
	}
	s.good += int64(len(raw))
	return nil
}

func (s *snapshot) at(uid mailbox.UID) (int, bool) {
	return slices.BinarySearchFunc(s.records, uid, func(r record, u mailbox.UID) int {
		return compareUID(r.UID, u)
	})
}

func (s *snapshot) drop(uids []mailbox.UID) {
	gone := make(map[mailbox.UID]bool, len(uids))
	for _, u := range uids {
		gone[u] = true
	}
	before := len(s.records)
	s.records = slices.DeleteFunc(s.records, func(r record) bool { return gone[r.UID] })
	s.waste += before - len(s.records)
}

func compareUID(a, b mailbox.UID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// index is an index open for appending.
type index struct {
	root   *os.Root
	name   string
	file   *os.File
	size   int64
	broken error // after a failure that could not be undone
}

// openIndex opens an index behind its last good line, or starts one with head.
func openIndex(root *os.Root, name string, good int64, head line) (*index, error) {
	f, err := root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, writeFailure("open index", name, err)
	}
	ix := &index{root: root, name: name, file: f, size: good}
	err = f.Truncate(good)
	if err == nil && good == 0 {
		err = ix.append(head)
	}
	if err == nil && good == 0 {
		err = syncDir(root, path.Dir(name))
	}
	if err != nil {
		f.Close()
		return nil, writeFailure("start index", name, err)
	}
	return ix, nil
}

// append adds one line and makes it last; on failure the index is as before, or
// refuses further work.
func (ix *index) append(l line) error {
	if ix.broken != nil {
		return ix.broken
	}
	raw, err := encodeLine(l)
	if err != nil {
		return core.E(core.Internal, "encode index line", err)
	}
	if len(raw) > maxLine {
		return core.E(core.Invalid, "index line", nil, "reason", "batch_too_long")
	}
	if _, err = ix.file.WriteAt(raw, ix.size); err == nil {
		if err = ix.file.Sync(); err == nil {
			ix.size += int64(len(raw))
			return nil
		}
	}
	err = writeFailure("append to index", ix.name, err)
	if cut := ix.file.Truncate(ix.size); cut != nil {
		ix.broken = err
	}
	return err
}

func (ix *index) close() error { return ix.file.Close() }

// writeIndex writes a whole index under name, synced.
func writeIndex(root *os.Root, name string, head line, records []record, next mailbox.UID) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return writeFailure("write index", name, err)
	}
	out := bufio.NewWriterSize(f, 256<<10)
	put := func(l line) {
		var raw []byte
		if raw, err = encodeLine(l); err == nil {
			_, err = out.Write(raw)
		}
	}
	put(head)
	for chunk := range slices.Chunk(records, 500) {
		if err == nil {
			put(line{T: "add", Messages: chunk})
		}
	}
	if err == nil {
		put(line{T: "next", Next: next})
	}
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return writeFailure("write index", name, err)
}

// replaceIndex puts a compact index in the place of a wasteful one.
func replaceIndex(root *os.Root, name string, head line, records []record, next mailbox.UID) error {
	if err := writeIndex(root, name+".new", head, records, next); err != nil {
		return err
	}
	if err := root.Rename(name+".new", name); err != nil {
		return writeFailure("replace index", name, err)
	}
	return writeFailure("replace index", name, syncDir(root, path.Dir(name)))
}

// newValidity makes a UIDVALIDITY that no earlier index of the folder had.
func newValidity() uint32 {
	var b [4]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return max(1, binary.BigEndian.Uint32(b[:])&0x7fffffff)
}
