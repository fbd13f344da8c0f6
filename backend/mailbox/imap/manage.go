package imap

import (
	"context"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// folderWindow is how many CREATE or SUBSCRIBE commands are on the wire at once.
const folderWindow = 24

// Create makes folders, parents first, pipelined.
func (s *session) Create(ctx context.Context, ids []string) ([]error, error) {
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return s.depth(ids[a]) - s.depth(ids[b]) })
	results, err := s.eachFolder(ctx, "create", "CREATE", ids, order, isInbox)
	if err == nil {
		err = s.forgiveExisting(ctx, ids, results)
	}
	return results, err
}

// forgiveExisting clears the refusals of folders that STATUS can see: Courier says
// "Cannot create this folder" of one that is there.
func (s *session) forgiveExisting(ctx context.Context, ids []string, results []error) error {
	var refused []string
	for i, r := range results {
		if r != nil {
			refused = append(refused, ids[i])
		}
	}
	if len(refused) == 0 {
		return nil
	}
	there, err := s.Statuses(ctx, refused)
	for i, id := range ids {
		if _, ok := there[id]; ok {
			results[i] = nil
		}
	}
	return err
}

// Subscribe subscribes to folders, pipelined.
func (s *session) Subscribe(ctx context.Context, ids []string) ([]error, error) {
	order := make([]int, len(ids))
	for i := range order {
		order[i] = i
	}
	return s.eachFolder(ctx, "subscribe", "SUBSCRIBE", ids, order, func(string) bool { return false })
}

func (s *session) depth(id string) int {
	if s.traits.Separator == "" {
		return 0
	}
	return strings.Count(id, s.traits.Separator)
}

// eachFolder runs one command per folder, in the given order, many at a time.
func (s *session) eachFolder(ctx context.Context, op, verb string, ids []string, order []int, skip func(string) bool) ([]error, error) {
	results := make([]error, len(ids))
	err := s.c.under(ctx, op+" folders", func() error {
		for part := range slices.Chunk(order, folderWindow) {
			if err := s.folderPart(op, verb, ids, part, skip, results); err != nil {
				return err
			}
		}
		return nil
	})
	return results, err
}

func (s *session) folderPart(op, verb string, ids []string, part []int, skip func(string) bool, results []error) error {
	c := s.c
	sent := make([]*command, len(part))
	for k, i := range part {
		if skip(ids[i]) {
			continue
		}
		var err error
		if sent[k], err = c.send(verb, nil, str(ids[i])); err != nil {
			return err
		}
	}
	if err := c.flush(op); err != nil {
		return err
	}
	for k, i := range part {
		if sent[k] == nil {
			continue
		}
		st, err := c.await(op, sent[k])
		if err != nil {
			return err
		}
		if st.kind != "OK" && !alreadyThere(st) {
			results[i] = c.refused(op+" "+decodeName(ids[i]), verb, st)
		}
	}
	return nil
}

// storeWindow is how many STORE commands are on the wire at once.
const storeWindow = 8

// Store adds or removes flags of messages in the selected folder, silently.
func (s *session) Store(ctx context.Context, uids []mailbox.UID, add bool, flags []string) error {
	const op = "store flags"
	list := s.flagList(flags)
	if list == "" || len(uids) == 0 {
		return nil
	}
	item := "-FLAGS.SILENT"
	if add {
		item = "+FLAGS.SILENT"
	}
	return s.c.under(ctx, op, func() error { return s.overUIDs(op, "UID STORE", uids, item+" ("+list+")") })
}

// overUIDs runs one command per chunk of uids, several on the wire, and returns the
// first refusal after all were answered.
func (s *session) overUIDs(op, verb string, uids []mailbox.UID, rest string) error {
	if s.opened == "" {
		return errNothingOpen
	}
	c := s.c
	var flight []*command
	var refused error
	settle := func(keep int) error {
		for len(flight) > keep {
			if err := c.flush(op); err != nil {
				return err
			}
			st, err := c.await(op, flight[0])
			if err != nil {
				return err
			}
			if st.kind != "OK" && refused == nil {
				refused = c.refused(op, verb, st)
			}
			flight = flight[1:]
		}
		return nil
	}
	for _, ch := range chunks(sorted(uids), s.messageLimit(10_000)) {
		if err := settle(storeWindow - 1); err != nil {
			return err
		}
		if refused != nil {
			break
		}
		args := []arg{word(ch.set)}
		if rest != "" {
			args = append(args, word(rest))
		}
		cmd, err := c.send(verb, nil, args...)
		if err != nil {
			return err
		}
		flight = append(flight, cmd)
	}
	if err := settle(0); err != nil {
		return err
	}
	return refused
}

// messageLimit is n, or less where the server processes fewer messages by one
// command (MESSAGELIMIT, RFC 9738).
func (s *session) messageLimit(n int) int {
	s.c.mu.Lock()
	defer s.c.mu.Unlock()
	if v, ok := s.c.caps.value("MESSAGELIMIT"); ok {
		if limit := toUint32(toNumber([]byte(v))); limit > 0 {
			n = min(n, int(limit))
		}
	}
	return n
}

// Remove deletes exactly these messages: UID EXPUNGE (RFC 4315 section 2.1). A plain
// EXPUNGE would take others' deleted messages with it, so without UIDPLUS it is
// unsupported.
func (s *session) Remove(ctx context.Context, uids []mailbox.UID) error {
	const op = "remove messages"
	if !s.traits.UIDPlus {
		return core.E(core.Unsupported, op, nil, "capability", "UIDPLUS")
	}
	if len(uids) == 0 {
		return nil
	}
	return s.c.under(ctx, op, func() error {
		if err := s.overUIDs(op, "UID STORE", uids, `+FLAGS.SILENT (\Deleted)`); err != nil {
			return err
		}
		return s.overUIDs(op, "UID EXPUNGE", uids, "")
	})
}
