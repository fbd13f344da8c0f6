package migrate

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
)

// Levels as the ledger stores them: what a message was proven by.
const (
	provenNot = iota
	provenFingerprint
	provenBytes
)

func rank(level Level) int {
	switch level {
	case VerifyBytes:
		return provenBytes
	case VerifyFingerprint:
		return provenFingerprint
	}
	return provenNot
}

const mismatchLimit = 10_000

func (mv *move) differs(m Mismatch) {
	mv.mu.Lock()
	defer mv.mu.Unlock()
	if len(mv.mismatch) < mismatchLimit {
		mv.mismatch = append(mv.mismatch, m)
	}
}

// prove compares what arrived in the selected target with what the source gave, as
// far as that was not proven at this level before.
func (l *lane) prove(ctx context.Context, t *target, level Level) error {
	if level == VerifyNone || level == "" {
		return nil
	}
	for _, o := range t.origins {
		if !o.known {
			continue
		}
		l.progress.change(true, func(s *Progress) { s.Phase, s.Folder = PhaseVerifying, o.name() })
		if level == VerifyCounts { // the other levels miss a message by itself
			if err := l.proveCount(ctx, t, o); err != nil {
				return err
			}
			continue
		}
		examined := false
		for part, err := range l.led.Each(ctx, o.folder.ID, ledger.Copied, ledger.Adopted) {
			if err != nil {
				return err
			}
			due := part[:0]
			for _, row := range part {
				if row.Target > 0 && row.Verified < rank(level) {
					due = append(due, row)
				}
			}
			if len(due) == 0 {
				continue
			}
			if err := l.provePart(ctx, t, o, due, level, &examined); err != nil {
				return err
			}
		}
	}
	return nil
}

// proveCount checks that the destination holds at least what the ledger says.
func (l *lane) proveCount(ctx context.Context, t *target, o *origin) error {
	counts, _, err := l.led.Tally(ctx, o.folder.ID)
	if err != nil {
		return err
	}
	want := counts[ledger.Copied] + counts[ledger.Adopted] + counts[ledger.Sent]
	st, err := l.dst.Select(ctx, t.id)
	if err != nil {
		return err
	}
	t.status = st
	if int64(st.Messages) < want {
		o.unproven += want - int64(st.Messages)
		l.differs(Mismatch{Folder: o.name(), Kind: "count", Detail: fmt.Sprintf("%d < %d", st.Messages, want)})
	}
	return nil
}

// provePart proves up to a thousand messages: heads first, bytes where asked or in
// doubt. What is not seen is looked for once more in the folder selected anew: some
// servers (Courier) show appended messages only then.
func (l *lane) provePart(ctx context.Context, t *target, o *origin, due []ledger.Message, level Level, examined *bool) error {
	proven, doubt := []ledger.Message(nil), due
	if level != VerifyBytes {
		var unseen []ledger.Message
		var err error
		if proven, doubt, unseen, err = l.proveHeads(ctx, due); err != nil {
			return err
		}
		if len(unseen) > 0 {
			if t.status, err = l.dst.Select(ctx, t.id); err != nil {
				return err
			}
			late, odd, gone, err := l.proveHeads(ctx, unseen)
			if err != nil {
				return err
			}
			proven, doubt = append(proven, late...), append(doubt, odd...)
			for _, row := range gone {
				l.absent(o, row)
			}
		}
	}
	if len(doubt) > 0 {
		if !*examined {
			var err error
			if _, err = l.src.Examine(ctx, o.entry.Source.ID); err != nil {
				return err
			}
			if t.status, err = l.dst.Select(ctx, t.id); err != nil {
				return err
			}
			*examined = true
		}
		agreed, err := l.proveBytes(ctx, o, doubt)
		if err != nil {
			return err
		}
		proven = append(proven, agreed...)
	}
	l.progress.change(false, func(s *Progress) { s.Verified += int64(len(due)) })
	t.steps.Add(int64(len(proven)))
	return l.bookProof(ctx, o, due, proven)
}

// bookProof writes down what was proven of the messages that were due, in as few
// ranges as there are gaps: due holds every message of its range that may be proven.
func (l *lane) bookProof(ctx context.Context, o *origin, due, proven []ledger.Message) error {
	by := make(map[uint32]int, len(proven))
	for _, row := range proven {
		by[row.UID] = row.Verified
	}
	spans := map[int][]ledger.Span{}
	last := provenNot
	for _, row := range due {
		level := by[row.UID]
		switch n := len(spans[level]); {
		case level == provenNot:
		case level == last:
			spans[level][n-1].To = row.UID
		default:
			spans[level] = append(spans[level], ledger.Span{From: row.UID, To: row.UID})
		}
		last = level
	}
	for level, s := range spans {
		if err := l.led.Prove(ctx, o.folder.ID, level, s); err != nil {
			return err
		}
	}
	return nil
}

// proveHeads compares fingerprints and sizes: what agrees, what does not, and what
// the destination did not show.
func (l *lane) proveHeads(ctx context.Context, due []ledger.Message) (proven, doubt, unseen []ledger.Message, err error) {
	byTarget := make(map[uint32]*ledger.Message, len(due))
	uids := make([]uint32, len(due))
	for i := range due {
		byTarget[due[i].Target], uids[i] = &due[i], due[i].Target
	}
	sortUIDs(uids)
	err = l.dst.Headers(ctx, uids, func(uid uint32, size int64, header []byte) error {
		row := byTarget[uid]
		if row == nil {
			return nil
		}
		delete(byTarget, uid)
		if bytes.Equal(row.Head, fingerprint(header)) && (size == row.Size || size == 0) {
			row.Verified = provenFingerprint
			proven = append(proven, *row)
		} else {
			doubt = append(doubt, *row)
		}
		return nil
	})
	for _, row := range byTarget {
		unseen = append(unseen, *row)
	}
	return proven, doubt, unseen, err
}

func (l *lane) absent(o *origin, row ledger.Message) {
	o.unproven++
	l.differs(Mismatch{Folder: o.name(), UID: row.UID, Kind: "missing", Detail: fmt.Sprint(row.Target)})
}

// proveBytes reads both sides' messages whole, at the same time, and compares them.
func (l *lane) proveBytes(ctx context.Context, o *origin, due []ledger.Message) (proven []ledger.Message, err error) {
	sources, targets := make([]uint32, len(due)), make([]uint32, len(due))
	for i, row := range due {
		sources[i], targets[i] = row.UID, row.Target
	}
	var ours, theirs map[uint32]sums
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { ours, err = readSums(gctx, l.src, sources); return err })
	g.Go(func() (err error) { theirs, err = readSums(gctx, l.dst, targets); return err })
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, row := range due {
		a, atSource := ours[row.UID]
		b, atTarget := theirs[row.Target]
		switch {
		case !atTarget:
			l.absent(o, row)
			continue
		case !atSource:
			l.book.note("gone_before_proof:" + o.name())
			continue
		case a.raw == b.raw:
		case a.canon == b.canon:
			l.book.note("line_ends_normalised:" + o.name())
		default:
			o.unproven++
			l.differs(Mismatch{Folder: o.name(), UID: row.UID, Kind: "bytes", Detail: fmt.Sprintf("%d, %d", a.size, b.size)})
			continue
		}
		row.Verified = provenBytes
		proven = append(proven, row)
	}
	return proven, nil
}

// readSums hashes messages of the open folder as they stream by.
func readSums(ctx context.Context, s mailbox.Session, uids []uint32) (map[uint32]sums, error) {
	all := make(map[uint32]sums, len(uids))
	sorted := append([]uint32(nil), uids...)
	sortUIDs(sorted)
	err := s.Fetch(ctx, sorted, func(msg mailbox.Message) error {
		if msg.Err != nil {
			return nil
		}
		d := newDigest()
		if _, err := io.Copy(d, msg.Body); err != nil {
			return err
		}
		all[msg.UID] = d.sums()
		return nil
	})
	return all, err
}

// verify proves a finished or unfinished move afresh: nothing proven before counts.
func (m *Mover) verify(ctx context.Context, level Level) (Result, error) {
	mv := m.begin()
	mv.opt.Verify = level
	first := &lane{move: mv}
	defer first.close()
	err := mv.prepare(ctx, first, false)
	if err == nil {
		err = mv.everyTarget(ctx, first, mv.check)
	}
	return mv.result(ctx, err)
}

// check compares one target with its sources: what the source has now, and every
// message that arrived.
func (mv *move) check(ctx context.Context, l *lane, t *target) error {
	if t.missing {
		return mv.checkMissing(ctx, l, t)
	}
	st, err := l.dst.Select(ctx, t.id)
	if err != nil {
		return err
	}
	t.status = st
	for _, o := range t.origins {
		o.unproven = 0
		if _, _, err := l.intake(ctx, o); err != nil {
			return err
		}
		if o.folder.TargetValidity != 0 && o.folder.TargetValidity != max(1, st.UIDValidity) {
			l.differs(Mismatch{Folder: o.name(), Kind: "count", Detail: "renumbered"})
			o.unproven++
			continue
		}
		if err := l.led.Doubt(ctx, o.folder.ID); err != nil {
			return err
		}
		counts, _, err := l.led.Tally(ctx, o.folder.ID)
		if err != nil {
			return err
		}
		l.announce(o, counts)
		if err := l.census(ctx, o); err != nil {
			return err
		}
	}
	if err := l.prove(ctx, t, mv.opt.Verify); err != nil {
		return err
	}
	for _, o := range t.origins {
		o.done = true
	}
	return nil
}

func (mv *move) checkMissing(ctx context.Context, l *lane, t *target) error {
	for _, o := range t.origins {
		if _, _, err := l.intake(ctx, o); err != nil {
			return err
		}
		if o.status.Messages > 0 {
			o.err = core.E(core.NotFound, "verify "+t.name, nil)
			mv.differs(Mismatch{Folder: o.name(), Kind: "missing", Detail: t.name})
		}
	}
	return nil
}
