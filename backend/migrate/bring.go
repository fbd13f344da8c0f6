package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/preset"
)

func (o *origin) name() string { return strings.Join(o.entry.Source.Levels, "/") }

// bring does everything for one target: intake, matching, copying, flags, proof.
// It may be called again for the same target after a failure.
func (mv *move) bring(ctx context.Context, l *lane, t *target) error {
	selected := make(chan error, 1)
	go func() { selected <- l.enter(ctx, t) }()
	first := t.origins[0]
	changes, modseq, err := l.intake(ctx, first)
	if selErr := <-selected; err == nil {
		err = selErr
	}
	if err != nil {
		return err
	}
	pending := []*passing{{first, changes, modseq}}
	for _, o := range t.origins[1:] {
		changes, modseq, err := l.intake(ctx, o)
		if err != nil {
			return err
		}
		pending = append(pending, &passing{o, changes, modseq})
	}
	if err := l.settleTarget(ctx, t); err != nil {
		return err
	}
	for _, p := range pending {
		if err := l.bringOrigin(ctx, t, p, len(t.origins) > 1); err != nil {
			return err
		}
	}
	if err := l.resolveSent(ctx, t); err != nil {
		return err
	}
	if err := l.prove(ctx, t, mv.opt.Verify); err != nil {
		return err
	}
	for _, p := range pending {
		if err := l.finish(ctx, t, p); err != nil {
			return err
		}
	}
	return nil
}

// passing is what one source folder's intake found to pass on.
type passing struct {
	origin  *origin
	changes map[flagChange][]uint32
	modseq  uint64
}

// enter makes the destination folder if it is missing and selects it.
func (l *lane) enter(ctx context.Context, t *target) error {
	if t.missing {
		errs, err := l.dst.Create(ctx, []string{t.id})
		if err != nil {
			return err
		}
		if errs[0] != nil {
			return core.E(core.Rejected, "create "+t.name, errs[0])
		}
		t.missing = false
	}
	st, err := l.dst.Select(ctx, t.id)
	t.status = st
	return err
}

// settleTarget takes note of the destination's UIDVALIDITY and finds out what is
// there already.
func (l *lane) settleTarget(ctx context.Context, t *target) error {
	for _, o := range t.origins {
		reset, err := l.led.SetTarget(ctx, &o.folder, max(1, t.status.UIDValidity))
		if err != nil {
			return err
		}
		if reset {
			l.book.note("destination_renumbered:" + t.name)
		}
	}
	return l.reconcile(ctx, t)
}

// bringOrigin copies one source folder and passes its flags on.
func (l *lane) bringOrigin(ctx context.Context, t *target, p *passing, reopen bool) error {
	o := p.origin
	if err := l.led.Reopen(ctx, o.folder.ID, string(preset.Virus)); err != nil {
		return err
	}
	counts, _, err := l.led.Tally(ctx, o.folder.ID)
	if err != nil {
		return err
	}
	l.announce(o, counts)
	if counts[ledger.Pending] > 0 {
		if reopen {
			if _, err := l.src.Examine(ctx, o.entry.Source.ID); err != nil {
				return err
			}
		}
		l.progress.change(true, func(s *Progress) { s.Phase, s.Folder = PhaseCopying, o.name() })
		if err := l.copyOpen(ctx, t, o, counts[ledger.Pending], l.sizeLimit(ctx, t)); err != nil {
			return err
		}
	}
	if len(p.changes) > 0 {
		l.progress.phase(PhaseFlags, o.name())
		if err := l.passChanges(ctx, t, o, p.changes); err != nil {
			return err
		}
	}
	return l.census(ctx, o)
}

// announce brings the totals of the progress in step with the ledger, once per folder.
func (l *lane) announce(o *origin, counts map[ledger.State]int64) {
	if o.announced {
		return
	}
	o.announced = true
	live := int64(0)
	for s, n := range counts {
		if s != ledger.Gone {
			live += n
		}
	}
	l.progress.add(Counts{
		Messages:     live - int64(o.told),
		AlreadyThere: counts[ledger.Copied] + counts[ledger.Adopted] + counts[ledger.Sent] - o.copied.Load(),
		Excluded:     counts[ledger.Excluded],
		LeftBehind:   counts[ledger.Left],
	})
	o.told = uint32(live)
}

// sizeLimit is the largest message the destination takes; negative: unknown. It is
// asked once: limits that differ by folder (RFC 7889 section 3) are told by refusals.
func (l *lane) sizeLimit(ctx context.Context, t *target) int64 {
	l.limit.once.Do(func() {
		l.limit.bytes = -1
		if room, err := l.dst.Room(ctx, t.id); err == nil {
			l.limit.bytes = room.MaxMessage
		}
	})
	return l.limit.bytes
}

// resolveSent learns the UIDs of messages that the destination took without telling
// them (no UIDPLUS).
func (l *lane) resolveSent(ctx context.Context, t *target) error {
	open := false
	for _, o := range t.origins {
		counts, _, err := l.led.Tally(ctx, o.folder.ID)
		if err != nil {
			return err
		}
		open = open || counts[ledger.Sent] > 0
	}
	if !open {
		return nil
	}
	st, err := l.dst.Select(ctx, t.id)
	if err != nil {
		return err
	}
	t.status = st
	return l.reconcile(ctx, t)
}

// passChanges applies the source's flag changes to the copies.
func (l *lane) passChanges(ctx context.Context, t *target, o *origin, changes map[flagChange][]uint32) error {
	filter := newFlagFilter(t.status)
	for c, uids := range changes {
		slices.Sort(uids)
		for part := range slices.Chunk(uids, intakeChunk) {
			rows, targets, err := l.rowsOf(ctx, o, part)
			if err != nil {
				return err
			}
			if err := l.storeBoth(ctx, filter, targets, c); err != nil {
				return err
			}
			for i := range rows {
				rows[i].Flags = packFlags(append(without(unpackFlags(rows[i].Flags), c.remove), unpackFlags(c.add)...))
			}
			if err := l.led.Update(ctx, o.folder.ID, rows); err != nil {
				return err
			}
			l.flagsSet.Add(int64(len(rows)))
			l.progress.change(false, func(s *Progress) { s.FlagsSet += int64(len(rows)) })
		}
		delete(changes, c)
	}
	return nil
}

func without(flags []string, remove string) []string {
	gone := unpackFlags(remove)
	return slices.DeleteFunc(flags, func(f string) bool { return slices.Contains(gone, f) })
}

// rowsOf reads the rows of the given source UIDs and the UIDs of their copies.
func (l *lane) rowsOf(ctx context.Context, o *origin, uids []uint32) (rows []ledger.Message, targets []uint32, err error) {
	wanted := make(map[uint32]bool, len(uids))
	for _, uid := range uids {
		wanted[uid] = true
	}
	for after, last := uids[0]-1, uids[len(uids)-1]; after < last; {
		part, err := l.led.Messages(ctx, o.folder.ID, after, intakeChunk)
		if err != nil || len(part) == 0 {
			return rows, targets, err
		}
		for _, row := range part {
			if wanted[row.UID] && row.Target > 0 {
				rows, targets = append(rows, row), append(targets, row.Target)
			}
		}
		after = part[len(part)-1].UID
	}
	slices.Sort(targets)
	return rows, targets, nil
}

func (l *lane) storeBoth(ctx context.Context, filter flagFilter, targets []uint32, c flagChange) error {
	if len(targets) == 0 {
		return nil
	}
	for _, step := range []struct {
		add   bool
		flags string
	}{{true, c.add}, {false, c.remove}} {
		flags, _ := filter.pick(unpackFlags(step.flags))
		if len(flags) == 0 {
			continue
		}
		if err := l.dst.Store(ctx, targets, step.add, flags); err != nil {
			return err
		}
	}
	return nil
}

// finish records that a source folder is done as long as its state stays as it is.
func (l *lane) finish(ctx context.Context, t *target, p *passing) error {
	o := p.origin
	counts, _, err := l.led.Tally(ctx, o.folder.ID)
	if err != nil {
		return err
	}
	state := ""
	if counts[ledger.Pending]+counts[ledger.Left]+counts[ledger.Sent]+o.unlisted == 0 {
		state = sourceState(o.status, l.opt)
	}
	o.done = true
	return l.led.Settle(ctx, &o.folder, p.modseq, state, targetState(t.status, l.opt.Verify))
}

// sourceState says in one line what must be unchanged for a folder to be skipped;
// "" if the source cannot tell (no UIDNEXT, no modification sequence).
func sourceState(st mailbox.Status, opt Options) string {
	if st.UIDNext == 0 || st.HighestModSeq == 0 {
		return ""
	}
	state := fmt.Sprintf("%d.%d.%d.%d.%t", st.UIDValidity, st.UIDNext, st.Messages, st.HighestModSeq, opt.ExcludeDeleted)
	if !opt.Since.IsZero() || !opt.Before.IsZero() {
		state += fmt.Sprintf(".%d.%d", opt.Since.Unix(), opt.Before.Unix())
	}
	return state
}

// targetState says in one line which destination folder it was and how far the
// messages are proven.
func targetState(st mailbox.Status, level Level) string {
	return fmt.Sprintf("%d.%d", st.UIDValidity, rank(level))
}

// stillProven reports that the destination folder is the same and the proof at
// least as good as now asked for.
func stillProven(recorded string, st mailbox.Status, level Level) bool {
	for r := rank(level); r <= provenBytes; r++ {
		if recorded == fmt.Sprintf("%d.%d", st.UIDValidity, r) {
			return true
		}
	}
	return false
}
