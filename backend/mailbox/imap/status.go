package imap

import (
	"context"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// statusWindow is how many STATUS commands are on the wire at once.
const statusWindow = 64

// asked is one STATUS on its way.
type asked struct {
	id       string
	got      mailbox.Status
	told     bool
	answered bool
}

// Statuses pipelines one STATUS per folder: one round trip for a few dozen.
func (s *session) Statuses(ctx context.Context, ids []string) (map[string]mailbox.Status, error) {
	const op = "folder states"
	out := make(map[string]mailbox.Status, len(ids))
	err := s.c.under(ctx, op, func() error {
		for batch := range slices.Chunk(ids, statusWindow) {
			if err := s.statuses(op, batch, out); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (s *session) statusItems() string {
	items := []string{"MESSAGES", "UIDNEXT", "UIDVALIDITY"}
	if s.traits.Condstore {
		items = append(items, "HIGHESTMODSEQ")
	}
	if s.c.has("STATUS=SIZE") {
		items = append(items, "SIZE")
	}
	return "(" + strings.Join(items, " ") + ")"
}

func (s *session) statuses(op string, ids []string, out map[string]mailbox.Status) error {
	flight := make([]asked, len(ids))
	for i, id := range ids {
		flight[i].id = id
	}
	done := s.c.listen(&handler{data: func(name string, _ uint32, sc *scanner) error {
		if name != "STATUS" {
			return nil
		}
		return takeStatus(flight, sc)
	}})
	defer done()
	items := s.statusItems()
	cmds := make([]*command, len(ids))
	for i, id := range ids {
		var err error
		mark := func(*command) { flight[i].answered = true } // the reader's, like flight
		if cmds[i], err = s.c.send("STATUS", mark, str(id), word(items)); err != nil {
			return err
		}
	}
	if err := s.c.flush(op); err != nil {
		return err
	}
	for _, cmd := range cmds {
		if _, err := s.c.await(op, cmd); err != nil {
			return err
		}
	}
	done()
	for i, a := range flight {
		if a.told && cmds[i].st.kind == "OK" {
			out[a.id] = a.got
		}
	}
	return nil
}

// takeStatus attributes one STATUS line: by its name, else to the oldest folder that
// still has none (servers may spell the name differently).
func takeStatus(flight []asked, sc *scanner) error {
	name, _, err := sc.str()
	if err != nil {
		return err
	}
	id := canonical(string(name))
	at := slices.IndexFunc(flight, func(a asked) bool { return canonical(a.id) == id && !a.told })
	if at < 0 {
		at = slices.IndexFunc(flight, func(a asked) bool { return !a.answered && !a.told })
	}
	if at < 0 {
		return nil
	}
	st := mailbox.Status{Size: -1}
	err = parseStatusItems(sc, &st)
	flight[at].got, flight[at].told = st, true
	return err
}

func parseStatusItems(sc *scanner, st *mailbox.Status) error {
	return sc.list(func() error {
		switch strings.ToUpper(string(sc.word())) {
		case "MESSAGES":
			st.Messages = toUint32(sc.number())
		case "UIDNEXT":
			st.UIDNext = toUint32(sc.number())
		case "UIDVALIDITY":
			st.UIDValidity = toUint32(sc.number())
		case "HIGHESTMODSEQ":
			st.HighestModSeq = sc.number()
		case "SIZE":
			st.Size = int64(min(sc.number(), 1<<62))
		case "":
		default:
			return sc.skip()
		}
		return nil
	})
}

// Examine opens a folder with EXAMINE. Where the server tells no UIDVALIDITY then
// (Courier gives it on SELECT only), STATUS is asked: the source is never SELECTed.
func (s *session) Examine(ctx context.Context, id string) (mailbox.Status, error) {
	return s.open(ctx, "EXAMINE", id)
}

// Select opens a folder for writing.
func (s *session) Select(ctx context.Context, id string) (mailbox.Status, error) {
	return s.open(ctx, "SELECT", id)
}

func (s *session) open(ctx context.Context, verb, id string) (st mailbox.Status, err error) {
	op := strings.ToLower(verb) + " " + decodeName(id)
	err = s.c.under(ctx, op, func() error {
		st, err = s.openFolder(op, verb, id)
		return err
	})
	return st, err
}

func (s *session) openFolder(op, verb, id string) (mailbox.Status, error) {
	st := mailbox.Status{Size: -1}
	s.opened = ""
	done := s.c.listen(&handler{
		data: func(name string, num uint32, _ *scanner) error {
			if name == "EXISTS" {
				st.Messages = num
			}
			return nil
		},
		status: func(u status) { codeInto(&st, u) },
	})
	answer, err := s.c.call(op, verb, str(id))
	done()
	if err != nil {
		return st, err
	}
	if answer.kind != "OK" {
		return st, s.c.refused(op, verb, answer)
	}
	codeInto(&st, answer)
	if verb == "EXAMINE" {
		st.ReadOnly = true
	}
	if st.UIDValidity == 0 || st.UIDNext == 0 && s.traits.UIDNext {
		if err := s.fillFromStatus(op, id, &st); err != nil {
			return st, err
		}
	}
	if st.UIDNext == 0 {
		s.traits.UIDNext = false
	}
	s.opened, s.state = id, st
	return st, nil
}

func (s *session) fillFromStatus(op, id string, st *mailbox.Status) error {
	asked := map[string]mailbox.Status{}
	if err := s.statuses(op, []string{id}, asked); err != nil {
		return err
	}
	got := asked[id]
	if st.UIDValidity == 0 {
		st.UIDValidity = got.UIDValidity
	}
	if st.UIDNext == 0 {
		st.UIDNext = got.UIDNext
	}
	return nil
}

// codeInto takes what a response code of SELECT or EXAMINE says.
func codeInto(st *mailbox.Status, u status) {
	sc := lineScanner(u.arg)
	switch u.code {
	case "UIDVALIDITY":
		st.UIDValidity = toUint32(sc.number())
	case "UIDNEXT":
		st.UIDNext = toUint32(sc.number())
	case "HIGHESTMODSEQ":
		st.HighestModSeq = sc.number()
	case "NOMODSEQ":
		st.HighestModSeq = 0
	case "READ-ONLY":
		st.ReadOnly = true
	case "READ-WRITE":
		st.ReadOnly = false
	case "PERMANENTFLAGS":
		st.PermanentFlags = []string{}
		_ = sc.list(func() error {
			if f := flagOf(sc); f != "" {
				st.PermanentFlags = append(st.PermanentFlags, f)
			}
			return nil
		})
	}
}

// flagOf reads one flag, quoted or bare.
func flagOf(sc *scanner) string {
	sc.spaces()
	if sc.peek() == '"' {
		if b, err := sc.quoted(); err == nil {
			return string(b)
		}
	}
	return string(sc.word())
}

var errNothingOpen = core.E(core.Invalid, "no folder is open", nil)
