package migrate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// memBox is a mailbox in memory that breaks on command: it is the other side of the
// engine's property tests. It follows the contract to the letter and no further.
type memBox struct {
	mu      sync.Mutex
	name    string
	folders map[string]*memFolder
	traits  mailbox.Traits
	opens   int
	// breakIn counts down with every command; at zero the connection breaks, before
	// or after the command took effect. Negative: never.
	breakIn      int
	rng          *rand.Rand
	refuse       func(body []byte, flags []string) error // a server's dislike of a message
	refuseSignIn error
	hideUIDNext  bool
	after        func(command string) // told of each STATUS and SELECT when it is done
	strand       string               // the next batch for this folder is cut off and carried out late
	late         []func() error       // commands of broken connections that the server has yet to carry out
}

type memFolder struct {
	validity   uint32
	next       uint32
	messages   []*memMessage
	subscribed bool
	permanent  []string
	modseq     uint64
}

type memMessage struct {
	uid    uint32
	flags  []string
	date   time.Time
	body   []byte
	modseq uint64
}

func newMemBox(name string, seed uint64) *memBox {
	return &memBox{name: name, folders: map[string]*memFolder{}, breakIn: -1, rng: rand.New(rand.NewPCG(seed, 7)),
		traits: mailbox.Traits{Kind: "imap", Family: "own", Separator: "/", MultiAppend: true, NonSync: true, UIDPlus: true, UIDNext: true,
			Condstore: true, KeepsDate: true}}
}

func (b *memBox) folder(id string) *memFolder {
	f := b.folders[id]
	if f == nil {
		f = &memFolder{validity: uint32(1000 + len(b.folders)), next: 1, modseq: 1}
		b.folders[id] = f
	}
	return f
}

func (b *memBox) put(id, body string, flags ...string) uint32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.folder(id)
	return f.add([]byte(body), flags, time.Date(2020, 1, 2, 3, 4, 5, 0, time.FixedZone("", 8*3600)))
}

func (f *memFolder) add(body []byte, flags []string, date time.Time) uint32 {
	uid := f.next
	f.next++
	f.modseq++
	f.messages = append(f.messages, &memMessage{uid: uid, flags: flags, date: date, body: body, modseq: f.modseq})
	return uid
}

func (f *memFolder) find(uid uint32) *memMessage {
	for _, m := range f.messages {
		if m.uid == uid {
			return m
		}
	}
	return nil
}

// land carries out what broken connections left behind.
func (b *memBox) land() {
	for _, effect := range b.late {
		_ = effect()
	}
	b.late = nil
}

// contents is the multiset of bodies per folder.
func (b *memBox) contents() map[string]map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := map[string]map[string]int{}
	for id, f := range b.folders {
		for _, m := range f.messages {
			if all[id] == nil {
				all[id] = map[string]int{}
			}
			all[id][string(m.body)]++
		}
	}
	return all
}

func (b *memBox) Key() string { return "mem:" + b.name }

func (b *memBox) Open(context.Context) (mailbox.Session, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opens++
	if b.refuseSignIn != nil {
		return nil, core.E(core.Unauthenticated, "sign in", b.refuseSignIn)
	}
	return &memSession{box: b}, nil
}

type memSession struct {
	box      *memBox
	selected string
	dead     bool
}

var errCut = core.E(core.Unreachable, "read", io.ErrUnexpectedEOF)

// step runs a command's effect, unless the connection breaks before it.
func (s *memSession) step(ctx context.Context, effect func() error) error {
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if s.dead || ctx.Err() != nil {
		s.dead = true
		return errCut
	}
	if s.box.breakIn == 0 {
		s.dead = true
		s.box.breakIn = -1
		switch s.box.rng.IntN(3) {
		case 0:
			_ = effect() // it happened, but nobody hears of it
		case 1:
			s.box.late = append(s.box.late, effect) // the server will come to it
		}
		return errCut
	}
	s.box.breakIn--
	if len(s.box.late) > 0 && s.box.rng.IntN(8) == 0 {
		s.box.land()
	}
	return effect()
}

func (s *memSession) Traits() mailbox.Traits { return s.box.traits }
func (s *memSession) Close() error           { s.dead = true; return nil }

func (s *memSession) Folders(ctx context.Context) (all []mailbox.Folder, err error) {
	err = s.step(ctx, func() error {
		for id, f := range s.box.folders {
			all = append(all, mailbox.Folder{ID: id, Levels: strings.Split(id, "/"), Selectable: true, Subscribed: f.subscribed})
		}
		slices.SortFunc(all, func(a, b mailbox.Folder) int { return strings.Compare(a.ID, b.ID) })
		return nil
	})
	return all, err
}

func (s *memSession) status(f *memFolder) mailbox.Status {
	st := mailbox.Status{UIDValidity: f.validity, UIDNext: f.next, Messages: uint32(len(f.messages)), PermanentFlags: f.permanent, Size: -1}
	if s.box.traits.Condstore {
		st.HighestModSeq = f.modseq
	}
	if s.box.hideUIDNext {
		st.UIDNext = 0
	}
	return st
}

func (s *memSession) Statuses(ctx context.Context, ids []string) (map[string]mailbox.Status, error) {
	all := map[string]mailbox.Status{}
	err := s.step(ctx, func() error {
		for _, id := range ids {
			if f := s.box.folders[id]; f != nil {
				all[id] = s.status(f)
			}
		}
		return nil
	})
	s.tell("STATUS")
	return all, err
}

func (s *memSession) tell(command string) {
	if s.box.after != nil {
		s.box.after(command)
	}
}

func (s *memSession) Examine(ctx context.Context, id string) (mailbox.Status, error) {
	return s.Select(ctx, id)
}

func (s *memSession) Select(ctx context.Context, id string) (st mailbox.Status, err error) {
	err = s.step(ctx, func() error {
		f := s.box.folders[id]
		if f == nil {
			return &mailbox.Refusal{Status: "NO", Code: "NONEXISTENT", Text: "no such folder", Command: "SELECT"}
		}
		s.selected, st = id, s.status(f)
		return nil
	})
	s.tell("SELECT")
	return st, err
}

func (s *memSession) snapshot(ctx context.Context) (all []memMessage, err error) {
	err = s.step(ctx, func() error {
		for _, m := range s.box.folders[s.selected].messages {
			all = append(all, *m)
		}
		return nil
	})
	return all, err
}

func (s *memSession) List(ctx context.Context, from, to mailbox.UID, since uint64, yield func(mailbox.Meta) error) error {
	all, err := s.snapshot(ctx)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.uid < from || (to > 0 && m.uid > to) || m.modseq <= since {
			continue
		}
		if err := yield(mailbox.Meta{UID: m.uid, Flags: m.flags, Date: m.date, Size: int64(len(m.body)), ModSeq: m.modseq}); err != nil {
			return err
		}
	}
	return nil
}

func (s *memSession) Headers(ctx context.Context, uids []mailbox.UID, yield func(mailbox.UID, int64, []byte) error) error {
	all, err := s.snapshot(ctx)
	if err != nil {
		return err
	}
	for _, m := range all {
		if slices.Contains(uids, m.uid) {
			head, _, _ := bytes.Cut(m.body, []byte("\r\n\r\n"))
			if err := yield(m.uid, int64(len(m.body)), head); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *memSession) Fetch(ctx context.Context, uids []mailbox.UID, yield func(mailbox.Message) error) error {
	all, err := s.snapshot(ctx)
	if err != nil {
		return err
	}
	for _, m := range all {
		if !slices.Contains(uids, m.uid) {
			continue
		}
		if err := s.step(ctx, func() error { return nil }); err != nil {
			return err
		}
		if err := yield(mailbox.Message{UID: m.uid, Size: int64(len(m.body)), Body: bytes.NewReader(m.body)}); err != nil {
			return err
		}
	}
	return nil
}

func (s *memSession) FolderID(levels []string) (string, error) { return strings.Join(levels, "/"), nil }

func (s *memSession) Create(ctx context.Context, ids []string) ([]error, error) {
	return make([]error, len(ids)), s.step(ctx, func() error {
		for _, id := range ids {
			s.box.folder(id)
		}
		return nil
	})
}

func (s *memSession) Subscribe(ctx context.Context, ids []string) ([]error, error) {
	return make([]error, len(ids)), s.step(ctx, func() error {
		for _, id := range ids {
			if f := s.box.folders[id]; f != nil {
				f.subscribed = true
			}
		}
		return nil
	})
}

func (s *memSession) Store(ctx context.Context, uids []mailbox.UID, add bool, flags []string) error {
	return s.step(ctx, func() error {
		f := s.box.folders[s.selected]
		for _, uid := range uids {
			m := f.find(uid)
			if m == nil {
				continue
			}
			f.modseq++
			m.modseq = f.modseq
			rest := without(slices.Clone(m.flags), strings.Join(flags, " "))
			if add {
				rest = append(rest, flags...)
			}
			m.flags = rest
		}
		return nil
	})
}

func (s *memSession) Remove(ctx context.Context, uids []mailbox.UID) error {
	return s.step(ctx, func() error {
		f := s.box.folders[s.selected]
		f.messages = slices.DeleteFunc(f.messages, func(m *memMessage) bool { return slices.Contains(uids, m.uid) })
		return nil
	})
}

func (s *memSession) Room(context.Context, string) (mailbox.Room, error) {
	return mailbox.Room{MaxMessage: -1, QuotaTotal: -1, QuotaUsed: -1, QuotaMessages: -1}, nil
}

func (s *memSession) Batch(_ context.Context, folder string, _ int) (mailbox.Batch, error) {
	return &memBatch{s: s, folder: folder}, nil
}

type memBatch struct {
	s      *memSession
	folder string
	items  []memMessage
	done   []mailbox.Appended
	err    error
}

func (b *memBatch) Add(ctx context.Context, a mailbox.Append) error {
	data, err := io.ReadAll(a.Body)
	if err != nil || int64(len(data)) != a.Size {
		return errors.Join(err, fmt.Errorf("size %d told, %d given", a.Size, len(data)))
	}
	b.items = append(b.items, memMessage{flags: a.Flags, date: a.Date, body: data})
	if b.s.box.traits.MultiAppend {
		return nil
	}
	item := b.items[len(b.items)-1]
	return b.s.step(ctx, func() error { b.done = append(b.done, b.store(item)); return nil })
}

var errEmpty = core.E(core.Rejected, "append", nil, "why", "empty")

func (b *memBatch) store(item memMessage) mailbox.Appended {
	if len(item.body) == 0 {
		return mailbox.Appended{Err: errEmpty}
	}
	if b.s.box.refuse != nil {
		if err := b.s.box.refuse(item.body, item.flags); err != nil {
			return mailbox.Appended{Err: err}
		}
	}
	uid := b.s.box.folder(b.folder).add(item.body, item.flags, item.date)
	if !b.s.box.traits.UIDPlus {
		uid = 0
	}
	return mailbox.Appended{UID: uid}
}

func (b *memBatch) Finish(ctx context.Context) error {
	if !b.s.box.traits.MultiAppend {
		return nil
	}
	effect := func() error {
		for _, item := range b.items {
			if b.s.box.refuse == nil {
				break
			}
			if err := b.s.box.refuse(item.body, item.flags); err != nil {
				for _, item := range b.items {
					refused := mailbox.Appended{Err: err, Whole: len(b.items) > 1}
					if len(item.body) == 0 {
						refused = mailbox.Appended{Err: errEmpty}
					}
					b.done = append(b.done, refused)
				}
				return nil
			}
		}
		for _, item := range b.items {
			b.done = append(b.done, b.store(item))
		}
		return nil
	}
	if box := b.s.box; box.strand == b.folder {
		box.mu.Lock()
		defer box.mu.Unlock()
		b.s.dead, box.strand, box.late, b.err = true, "", append(box.late, effect), errCut
		return nil
	}
	b.err = b.s.step(ctx, effect)
	return nil
}

func (b *memBatch) Wait(context.Context) ([]mailbox.Appended, error) { return b.done, b.err }
