package pop3

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// inbox is the one folder that there is.
const inbox = "INBOX"

// entry is one message of the maildrop.
type entry struct {
	number int   // for this session
	size   int64 // as LIST tells it
	uid    mailbox.UID
}

// session is one signed-in connection. The maildrop is locked and does not change
// while it lasts (RFC 1939 section 5), so it is listed once.
type session struct {
	c     *conn
	acc   *Account
	rtt   time.Duration
	notes []string

	listed   bool
	entries  []entry // ascending by uid
	byUID    map[mailbox.UID]int
	validity uint32
	next     mailbox.UID
	examined bool
	closed   bool
}

var _ mailbox.Session = (*session)(nil)

// Traits says what POP3 cannot do.
func (s *session) Traits() mailbox.Traits {
	return mailbox.Traits{Kind: "pop3", UIDNext: true, RTT: s.rtt, Notes: slices.Clone(s.notes)}
}

// Folders is the inbox alone.
func (s *session) Folders(ctx context.Context) ([]mailbox.Folder, error) {
	if err := ctx.Err(); err != nil {
		return nil, core.E(core.CodeOf(err), "list folders", err)
	}
	return []mailbox.Folder{{ID: inbox, Levels: []string{inbox}, Role: core.RoleInbox, Selectable: true, Subscribed: true}}, nil
}

// Statuses tells the inbox's state; other folders are left out.
func (s *session) Statuses(ctx context.Context, ids []string) (map[string]mailbox.Status, error) {
	all := map[string]mailbox.Status{}
	if !slices.Contains(ids, inbox) {
		return all, nil
	}
	if err := s.list(ctx); err != nil {
		return nil, err
	}
	all[inbox] = s.status()
	return all, nil
}

func (s *session) status() mailbox.Status {
	st := mailbox.Status{UIDValidity: s.validity, UIDNext: s.next, Messages: uint32(len(s.entries)), ReadOnly: true, PermanentFlags: []string{}}
	for i := range s.entries {
		st.Size += s.entries[i].size
	}
	return st
}

// Examine opens the inbox.
func (s *session) Examine(ctx context.Context, id string) (mailbox.Status, error) {
	s.examined = false
	if id != inbox {
		return mailbox.Status{}, core.E(core.NotFound, "examine "+id, nil, "folder", id)
	}
	if err := s.list(ctx); err != nil {
		return mailbox.Status{}, err
	}
	s.examined = true
	return s.status(), nil
}

// list learns names and sizes of all messages and numbers them, once.
func (s *session) list(ctx context.Context) error {
	if s.listed {
		return s.c.broken
	}
	sizes := map[int]int64{}
	var order []int
	names := map[int]string{}
	err := s.c.under(ctx, "list", func() error {
		if err := s.pairs("LIST", func(number int, text string) error {
			size, err := strconv.ParseInt(text, 10, 64)
			if err != nil || size < 0 {
				size = 0
			}
			if _, twice := sizes[number]; !twice {
				order = append(order, number)
			}
			sizes[number] = size
			return nil
		}); err != nil {
			return err
		}
		err := s.pairs("UIDL", func(number int, text string) error {
			names[number] = text
			return nil
		})
		if err != nil && s.c.broken == nil && core.CodeOf(err) == core.Rejected {
			s.notes = append(s.notes, "pop3-no-uidl")
			return s.nameByHeader(order, sizes, names)
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.number(ctx, order, sizes, names)
}

// pairs asks a command whose answer has a number and a text in each line.
func (s *session) pairs(command string, yield func(number int, text string) error) error {
	op := strings.ToLower(command)
	if _, err := s.c.ask(op, command); err != nil {
		return err
	}
	return s.c.lines(op, func(line string) error {
		first, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		number, err := strconv.Atoi(first)
		if err != nil || number < 1 {
			return nil // a line that means nothing
		}
		word, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		return yield(number, word)
	})
}

// nameByHeader makes names where UIDL is not known: from the header and the size. It
// costs a look at every message, and without TOP there is no way at all.
func (s *session) nameByHeader(order []int, sizes map[int]int64, names map[int]string) error {
	for _, number := range order {
		header, err := s.top(number)
		if err != nil {
			if s.c.broken == nil && core.CodeOf(err) == core.Rejected {
				return core.E(core.Unsupported, "list", err, "host", s.c.cfg.Host, "why", "no_uidl")
			}
			return err
		}
		sum := sha256.Sum256(append(strconv.AppendInt(nil, sizes[number], 10), header...))
		names[number] = "header:" + hex.EncodeToString(sum[:16])
	}
	return nil
}

// number turns names into numbers that stay. Messages that share a name (RFC 1939
// allows that for equal ones) are told apart by their order.
func (s *session) number(ctx context.Context, order []int, sizes map[int]int64, names map[int]string) error {
	slices.Sort(order)
	unique, count := make([]string, 0, len(order)), map[string]int{}
	present := make([]int, 0, len(order))
	for _, number := range order {
		name := names[number]
		if name == "" || len(name) > 500 {
			name = "unnamed"
		}
		count[name]++
		if n := count[name]; n > 1 {
			name += "\x00" + strconv.Itoa(n)
		}
		unique, present = append(unique, name), append(present, number)
	}
	for name, n := range count {
		if n > 1 {
			note := "pop3-same-uidl"
			if name == "unnamed" {
				note = "pop3-missing-uidl"
			}
			if !slices.Contains(s.notes, note) {
				s.notes = append(s.notes, note)
			}
		}
	}
	validity, uids, next, err := s.c.cfg.Numbers.Number(ctx, s.acc.Key(), unique)
	if err != nil {
		return err
	}
	s.entries = make([]entry, len(present))
	for i, number := range present {
		s.entries[i] = entry{number: number, size: sizes[number], uid: uids[i]}
	}
	slices.SortFunc(s.entries, func(a, b entry) int { return int(int64(a.uid) - int64(b.uid)) })
	s.byUID = make(map[mailbox.UID]int, len(s.entries))
	for i := range s.entries {
		s.byUID[s.entries[i].uid] = i
	}
	s.validity, s.next, s.listed = validity, next, true
	return nil
}

// List yields the messages of a range. POP3 tells neither flags nor dates: the move
// takes the date from the message's own header.
func (s *session) List(ctx context.Context, from, to mailbox.UID, _ uint64, yield func(mailbox.Meta) error) error {
	if err := s.ready("list"); err != nil {
		return err
	}
	for _, e := range s.entries {
		if e.uid < from || to > 0 && e.uid > to {
			continue
		}
		if err := ctx.Err(); err != nil {
			return core.E(core.CodeOf(err), "list", err)
		}
		if err := yield(mailbox.Meta{UID: e.uid, Size: e.size}); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) ready(op string) error {
	switch {
	case s.c.broken != nil:
		return s.c.broken
	case !s.examined:
		return core.E(core.Internal, op, nil, "why", "no_folder")
	}
	return nil
}

// wanted are the entries of the UIDs that exist, in the order asked.
func (s *session) wanted(uids []mailbox.UID) []entry {
	var all []entry
	for _, uid := range uids {
		if i, ok := s.byUID[uid]; ok {
			all = append(all, s.entries[i])
		}
	}
	return all
}

// Close ends the connection. It never says QUIT.
func (s *session) Close() error {
	if !s.closed {
		s.closed = true
		s.c.close()
		s.acc.free()
	}
	return nil
}
