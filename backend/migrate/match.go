package migrate

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
)

// Matching answers one question before anything is sent: which of the messages
// still to come are at the destination already? After a broken connection, a kill
// or a power cut that is the only way to know; the same look adopts mail that was
// there before the first run.
//
// Only destination UIDs at or above the watermark that the ledger does not know are
// looked at. They are compared by the header's fingerprint; where that leaves doubt
// (no Message-ID, several of a kind, another size) by every byte.

// candidate is a message on either side.
type candidate struct {
	head   [headLen]byte
	uid    uint32
	size   int64
	date   int64 // INTERNALDATE, Unix seconds: of two that are alike in all else, the same date goes first
	origin int32 // index in the target's origins; -1 at the destination
	open   bool  // at the source: still to come
	flying bool  // at the source: on its way when something broke
	flags  string
}

// quiet is how long a destination must not change before what it holds is believed,
// and quietTries how often it is looked at again. A connection that broke may have
// left commands behind that the server still carries out: they land late.
const (
	quiet      = 3 * time.Second
	quietTries = 20
)

// glance is what a destination folder told of itself, and when.
type glance struct {
	at       time.Time // zero: never
	uidNext  uint32
	messages uint32
}

func (mv *move) glanceOf(st mailbox.Status) glance {
	return glance{at: mv.now(), uidNext: st.UIDNext, messages: st.Messages}
}

func (g glance) same(st mailbox.Status) bool {
	return !g.at.IsZero() && g.uidNext == st.UIDNext && g.messages == st.Messages
}

// reconcile matches everything open in t with what the destination holds unknown
// to the ledger, ends all flights and moves the watermark. How long the folder has
// been quiet counts from the run's first look at all folders, so that many folders
// in doubt cost one wait together.
func (l *lane) reconcile(ctx context.Context, t *target) error {
	last := t.firstLook
	if t.touched.Load() || !last.same(t.status) {
		last = l.glanceOf(t.status)
	}
	var found map[int32][]ledger.Message
	var mark uint32
	for try := 0; ; try++ {
		var doubt bool
		var err error
		if found, mark, doubt, err = l.look(ctx, t); err != nil {
			return err
		}
		left := quiet - l.now().Sub(last.at)
		if !doubt || try == quietTries || left <= 0 {
			break
		}
		if err := l.pause(ctx, left, "settling"); err != nil {
			return err
		}
		if t.status, err = l.dst.Select(ctx, t.id); err != nil {
			return err
		}
		if last.same(t.status) {
			break
		}
		last = l.glanceOf(t.status)
	}
	for i, o := range t.origins {
		if !o.known {
			continue
		}
		if err := l.led.Land(ctx, &o.folder, found[int32(i)], mark); err != nil {
			return err
		}
		t.steps.Add(int64(len(found[int32(i)])))
	}
	return nil
}

// look matches once. It is in doubt if something may still land: a message that was
// on its way is not there, or messages are open while there is mail that the ledger
// cannot explain, or may be soon (the ledger may have lost its last entries, or all).
func (l *lane) look(ctx context.Context, t *target) (found map[int32][]ledger.Message, mark uint32, doubt bool, err error) {
	strangers, mark, err := l.strangers(ctx, t)
	if err != nil {
		return nil, 0, false, err
	}
	if len(strangers) > 0 {
		l.progress.phase(PhaseMatching, t.name)
		if found, err = l.match(ctx, t, strangers); err != nil {
			return nil, 0, false, err
		}
	}
	for i, o := range t.origins {
		if !o.known {
			continue
		}
		flying, err := l.led.InFlight(ctx, o.folder.ID)
		if err != nil {
			return nil, 0, false, err
		}
		counts, _, err := l.led.Tally(ctx, o.folder.ID)
		if err != nil {
			return nil, 0, false, err
		}
		for _, row := range found[int32(i)] {
			delete(flying, row.UID)
		}
		open := counts[ledger.Pending] + counts[ledger.Sent] - int64(len(found[int32(i)]))
		doubt = doubt || len(flying) > 0 || open > 0 && (len(strangers) > 0 || l.unsure(t, o))
	}
	return found, mark, doubt, nil
}

// unsure says that an earlier run, of which the ledger knows nothing any more, may have
// sent mail into a folder that still looks empty: all folders are there already, and
// this one was never brought to its end.
func (l *lane) unsure(t *target, o *origin) bool {
	return l.dstTraits.Kind == "imap" && !l.made && !t.touched.Load() && !l.finished[o.entry.Source.ID]
}

// strangers lists the destination's UIDs from the watermark on that the ledger does
// not know, with their flags, and the new watermark.
func (l *lane) strangers(ctx context.Context, t *target) ([]candidate, uint32, error) {
	from := uint32(math.MaxUint32)
	for _, o := range t.origins {
		if o.known {
			from = min(from, o.folder.Watermark)
		}
	}
	from = max(from, 1)
	mark := max(from, t.status.UIDNext)
	if t.status.Messages == 0 || (t.status.UIDNext > 0 && from >= t.status.UIDNext) {
		return nil, mark, nil
	}
	known, err := l.led.Arrived(ctx, l.account, t.id, from)
	if err != nil {
		return nil, 0, err
	}
	var all []candidate
	err = l.dst.List(ctx, from, 0, 0, func(meta mailbox.Meta) error {
		mark = max(mark, meta.UID+1)
		if _, ok := known[meta.UID]; !ok {
			all = append(all, candidate{uid: meta.UID, origin: -1, date: meta.Date.Unix(), flags: packFlags(meta.Flags)})
		}
		return nil
	})
	return all, mark, err
}

// match pairs open messages with strangers.
func (l *lane) match(ctx context.Context, t *target, strangers []candidate) (map[int32][]ledger.Message, error) {
	sources, err := l.sourceCandidates(ctx, t)
	if err != nil || !slices.ContainsFunc(sources, func(c candidate) bool { return c.open }) {
		return nil, err
	}
	if err := l.fingerprintAll(ctx, l.dst, strangers); err != nil {
		return nil, err
	}
	byHead := func(a, b candidate) int {
		return cmp.Or(bytes.Compare(a.head[:], b.head[:]), cmp.Compare(a.origin, b.origin), cmp.Compare(a.uid, b.uid))
	}
	slices.SortFunc(sources, byHead)
	slices.SortFunc(strangers, byHead)
	pairs := &pairing{lane: l, target: t, found: map[int32][]ledger.Message{}}
	for len(sources) > 0 && len(strangers) > 0 {
		switch c := bytes.Compare(sources[0].head[:], strangers[0].head[:]); {
		case c < 0:
			sources = sources[run(sources):]
		case c > 0:
			strangers = strangers[run(strangers):]
		default:
			n, k := run(sources), run(strangers)
			if err := pairs.group(ctx, sources[:n], strangers[:k]); err != nil {
				return nil, err
			}
			sources, strangers = sources[n:], strangers[k:]
		}
	}
	return pairs.found, pairs.passFlags(ctx)
}

// run is how many of the first have the same head.
func run(c []candidate) int {
	n := 1
	for n < len(c) && c[n].head == c[0].head {
		n++
	}
	return n
}

// sourceCandidates gathers the source's messages: the open ones, and those that
// arrived already, since a head that occurs twice is a doubt.
func (l *lane) sourceCandidates(ctx context.Context, t *target) ([]candidate, error) {
	var all []candidate
	for i, o := range t.origins {
		if !o.known {
			continue
		}
		if err := l.fillHeads(ctx, o); err != nil {
			return nil, err
		}
		flying, err := l.led.InFlight(ctx, o.folder.ID)
		if err != nil {
			return nil, err
		}
		for part, err := range l.led.Each(ctx, o.folder.ID, ledger.Pending, ledger.Sent, ledger.Copied, ledger.Adopted) {
			if err != nil {
				return nil, err
			}
			for _, row := range part {
				c := candidate{uid: row.UID, size: row.Size, date: row.Date.Unix(), origin: int32(i), flags: row.Flags,
					open: row.Target == 0, flying: flying[row.UID] || row.State == ledger.Sent}
				if copy(c.head[:], row.Head) == headLen {
					all = append(all, c)
				}
			}
		}
	}
	return all, nil
}

// fillHeads fetches the fingerprints of open messages that have none yet.
func (l *lane) fillHeads(ctx context.Context, o *origin) error {
	examined := false
	for part, err := range l.led.Each(ctx, o.folder.ID, ledger.Pending) {
		if err != nil {
			return err
		}
		lacking := make(map[uint32]*ledger.Message, len(part))
		uids := make([]uint32, 0, len(part))
		for i := range part {
			if part[i].Head == nil {
				lacking[part[i].UID] = &part[i]
				uids = append(uids, part[i].UID)
			}
		}
		if len(uids) == 0 {
			continue
		}
		if !examined {
			if _, err := l.src.Examine(ctx, o.entry.Source.ID); err != nil {
				return err
			}
			examined = true
		}
		var rows []ledger.Message
		err = l.src.Headers(ctx, uids, func(uid uint32, size int64, header []byte) error {
			if row := lacking[uid]; row != nil {
				row.Head, row.Size = fingerprint(header), cmp.Or(size, row.Size)
				rows = append(rows, *row)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := l.led.Update(ctx, o.folder.ID, rows); err != nil {
			return err
		}
	}
	return nil
}

// fingerprintAll reads the heads and sizes of messages in the selected folder.
func (l *lane) fingerprintAll(ctx context.Context, s mailbox.Session, all []candidate) error {
	at := make(map[uint32]int, len(all))
	uids := make([]uint32, len(all))
	for i := range all {
		at[all[i].uid], uids[i] = i, all[i].uid
	}
	return s.Headers(ctx, uids, func(uid uint32, size int64, header []byte) error {
		if i, ok := at[uid]; ok {
			copy(all[i].head[:], fingerprint(header))
			all[i].size = size
		}
		return nil
	})
}
