package migrate

import (
	"context"
	"fmt"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
)

// Rules by which a message is excluded; the page has a sentence for each.
const (
	ruleDeleted  = "deleted"              // marked \Deleted, and the options leave such messages out
	ruleVanishes = "deleted_would_vanish" // marked \Deleted, and the destination drops such messages
	ruleLabelled = "labelled"             // All Mail: the message comes with its label's folder
	ruleOlder    = "older_than"           // arrived before the first day that is wanted
	ruleNewer    = "newer_than"           // arrived after the last one
	intakeChunk  = 2000
)

// intake brings the ledger in step with an examined source folder: new messages,
// flags that changed, messages that are gone. It returns the modification sequence
// up to which flags are in step and the flag changes to pass on.
func (l *lane) intake(ctx context.Context, o *origin) (map[flagChange][]uint32, uint64, error) {
	st, err := l.src.Examine(ctx, o.entry.Source.ID)
	if err != nil {
		return nil, 0, err
	}
	if st.UIDValidity == 0 {
		st.UIDValidity = o.status.UIDValidity
	}
	o.status = st
	if o.folder, err = l.led.Folder(ctx, l.account, o.entry.Source.ID, st.UIDValidity, o.targetID); err != nil {
		return nil, 0, err
	}
	o.known = true
	before := o.folder.Listed
	if err := l.takeNew(ctx, o); err != nil {
		return nil, 0, err
	}
	if err := l.reweigh(ctx, o); err != nil {
		return nil, 0, err
	}
	if o.swept != nil && o.swept.still(st) {
		return o.swept.changes, st.HighestModSeq, nil
	}
	changes := map[flagChange][]uint32{}
	if before > 0 {
		if err := l.revisit(ctx, o, before, changes); err != nil {
			return nil, 0, err
		}
	}
	o.swept = &sweep{changes, st}
	return changes, st.HighestModSeq, nil
}

// sweep is what this run has found out about the messages that it knew: a connection
// that breaks in the middle of a folder costs no second look at all of them.
type sweep struct {
	changes map[flagChange][]uint32 // not passed on yet
	status  mailbox.Status
}

// still says whether the folder is as it was, as far as the source tells.
func (s *sweep) still(now mailbox.Status) bool {
	return s.status.UIDValidity == now.UIDValidity && s.status.HighestModSeq == now.HighestModSeq && s.status.Messages == now.Messages
}

// takeNew lists the messages above the highest UID seen so far.
func (l *lane) takeNew(ctx context.Context, o *origin) error {
	if o.status.Messages == 0 || (o.status.UIDNext > 0 && o.folder.Listed >= o.status.UIDNext-1) {
		return nil
	}
	var fresh []ledger.Message
	keep := func() error {
		if len(fresh) == 0 {
			return nil
		}
		err := l.led.Take(ctx, &o.folder, fresh[len(fresh)-1].UID, fresh)
		fresh = fresh[:0]
		return err
	}
	err := l.src.List(ctx, o.folder.Listed+1, 0, 0, func(meta mailbox.Meta) error {
		if n := len(fresh); n > 0 && meta.UID <= fresh[n-1].UID {
			// Out of order: keep the highest last, so that "listed" never runs ahead.
			return l.led.Take(ctx, &o.folder, o.folder.Listed, []ledger.Message{l.entry(o, meta)})
		}
		fresh = append(fresh, l.entry(o, meta))
		if len(fresh) >= intakeChunk {
			return keep()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return keep()
}

// entry makes the ledger's row of a message and applies the rules.
func (l *lane) entry(o *origin, meta mailbox.Meta) ledger.Message {
	m := ledger.Message{UID: meta.UID, Size: meta.Size, Date: meta.Date, Flags: packFlags(meta.Flags)}
	m.Reason = l.rule(o, m.Flags, meta.Date, meta.GmailLabels)
	if m.Reason != "" {
		m.State = ledger.Excluded
	}
	return m
}

func (l *lane) rule(o *origin, flags string, date time.Time, labels []string) string {
	if reason := l.deletedRule(flags); reason != "" {
		return reason
	}
	if o.entry.LabellessOnly && l.elsewhere(labels) {
		return ruleLabelled
	}
	return l.dateRule(date)
}

func (l *lane) deletedRule(flags string) string {
	switch {
	case hasFlag(flags, deleted) && l.opt.ExcludeDeleted:
		return ruleDeleted
	case hasFlag(flags, deleted) && l.dstTraits.DropsDeleted:
		return ruleVanishes
	}
	return ""
}

func (l *lane) dateRule(date time.Time) string {
	since, before := l.opt.Since, l.opt.Before
	switch {
	case since.IsZero() && before.IsZero():
	case date.IsZero():
		l.book.note(noteDateless)
	case !since.IsZero() && date.Before(since):
		return ruleOlder
	case !before.IsZero() && !date.Before(before):
		return ruleNewer
	}
	return ""
}

// Notes about the bounds on dates; the counts of what they left out follow the code.
const (
	noteOlder    = "older-than"
	noteNewer    = "newer-than"
	noteDateless = "date-unknown" // messages without a date were moved whatever the bounds
)

// reweigh holds what an earlier run found against the rules of this one, which may be
// others: what was left out and is wanted now is taken up, and the other way round as
// long as it has not arrived. What is taken up may lie at the destination since before
// the first run, so that the whole folder there is looked at again.
func (l *lane) reweigh(ctx context.Context, o *origin) error {
	states := []ledger.State{ledger.Excluded}
	if l.opt.ExcludeDeleted || !l.opt.Since.IsZero() || !l.opt.Before.IsZero() {
		states = append(states, ledger.Pending, ledger.Left)
	}
	wider := false
	for part, err := range l.led.Each(ctx, o.folder.ID, states...) {
		if err != nil {
			return err
		}
		var rows []ledger.Message
		again := false
		for _, row := range part {
			if row.Reason == ruleLabelled {
				continue // its labels are not kept
			}
			reason := l.deletedRule(row.Flags)
			if reason == "" {
				reason = l.dateRule(row.Date)
			}
			switch {
			case reason != "" && reason != row.Reason:
				row.State, row.Reason = ledger.Excluded, reason
			case reason == "" && row.State == ledger.Excluded:
				row.State, row.Reason, again = ledger.Pending, "", true
			default:
				continue
			}
			rows = append(rows, row)
		}
		if len(rows) == 0 {
			continue
		}
		if again && !wider {
			wider = true
			if err := l.led.SetWatermark(ctx, &o.folder, 0); err != nil {
				return err
			}
		}
		if err := l.led.Update(ctx, o.folder.ID, rows); err != nil {
			return err
		}
	}
	return nil
}

// revisit looks at the messages that were known before: by modification sequence
// where the source keeps one, else all of them.
func (l *lane) revisit(ctx context.Context, o *origin, upTo uint32, changes map[flagChange][]uint32) error {
	live, err := l.live(ctx, o.folder.ID)
	if err != nil {
		return err
	}
	gone := live != int64(o.status.Messages)
	since := uint64(0)
	if l.src.Traits().Condstore && o.folder.ModSeq > 0 && o.status.HighestModSeq > 0 && !gone {
		if o.status.HighestModSeq == o.folder.ModSeq {
			return nil
		}
		since = o.folder.ModSeq
	}
	seen := newUIDSet()
	var batch []mailbox.Meta
	flush := func() error {
		err := l.compare(ctx, o, batch, changes)
		batch = batch[:0]
		return err
	}
	err = l.src.List(ctx, 1, upTo, since, func(meta mailbox.Meta) error {
		seen.add(meta.UID)
		meta.GmailLabels = append([]string(nil), meta.GmailLabels...)
		batch = append(batch, meta)
		if len(batch) >= intakeChunk {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	if err != nil || !gone {
		return err
	}
	return l.markGone(ctx, o, upTo, seen)
}

// live counts the messages that the ledger believes to be at the source.
func (l *lane) live(ctx context.Context, folder int64) (int64, error) {
	counts, _, err := l.led.Tally(ctx, folder)
	sum := int64(0)
	for s, n := range counts {
		if s != ledger.Gone {
			sum += n
		}
	}
	return sum, err
}

// compare finds flags that differ from the ledger's and notes what to pass on.
func (l *lane) compare(ctx context.Context, o *origin, batch []mailbox.Meta, changes map[flagChange][]uint32) error {
	if len(batch) == 0 {
		return nil
	}
	now := make(map[uint32]*mailbox.Meta, len(batch))
	lowest, highest := batch[0].UID, batch[0].UID
	for i := range batch {
		now[batch[i].UID] = &batch[i]
		lowest, highest = min(lowest, batch[i].UID), max(highest, batch[i].UID)
	}
	var rows []ledger.Message
	for after := lowest - 1; after < highest; {
		part, err := l.led.Messages(ctx, o.folder.ID, after, intakeChunk)
		if err != nil {
			return err
		}
		for i := range part {
			meta := now[part[i].UID]
			if meta == nil {
				continue
			}
			delete(now, part[i].UID)
			if row, changed := l.reflag(o, part[i], meta, changes); changed {
				rows = append(rows, row)
			}
		}
		if len(part) < intakeChunk {
			break
		}
		after = part[len(part)-1].UID
	}
	if len(rows) > 0 {
		if err := l.led.Update(ctx, o.folder.ID, rows); err != nil {
			return err
		}
	}
	var late []ledger.Message // the source did not list them when they were new
	for _, meta := range now {
		late = append(late, l.entry(o, *meta))
	}
	if len(late) == 0 {
		return nil
	}
	return l.led.Take(ctx, &o.folder, o.folder.Listed, late)
}

// reflag brings one row in step. The ledger gets the new flags at once for
// messages that are not at the destination; for the others only when they were
// passed on.
func (l *lane) reflag(o *origin, row ledger.Message, meta *mailbox.Meta, changes map[flagChange][]uint32) (ledger.Message, bool) {
	flags := packFlags(meta.Flags)
	if flags == row.Flags && row.State != ledger.Gone {
		return row, false
	}
	switch row.State {
	case ledger.Copied, ledger.Adopted:
		if row.Target > 0 {
			c := changed(row.Flags, flags)
			changes[c] = append(changes[c], row.UID)
			return row, false
		}
	case ledger.Pending, ledger.Excluded, ledger.Gone:
		if row.State != ledger.Gone || row.Target == 0 {
			row.Reason = l.rule(o, flags, row.Date, meta.GmailLabels)
			row.State = ledger.Pending
			if row.Reason != "" {
				row.State = ledger.Excluded
			}
		} else {
			row.State = ledger.Adopted
			if row.Reason == wasCopied {
				row.State, row.Reason = ledger.Copied, ""
			}
		}
	}
	row.Flags = flags
	return row, true
}

// wasCopied marks a gone message whose copy this program made: an undo must find it.
const wasCopied = "copied"

// markGone takes messages out of the count that the source has no longer.
func (l *lane) markGone(ctx context.Context, o *origin, upTo uint32, seen *uidSet) error {
	for part, err := range l.led.Each(ctx, o.folder.ID, ledger.Pending, ledger.Sent, ledger.Copied, ledger.Adopted, ledger.Excluded, ledger.Left) {
		if err != nil {
			return err
		}
		var rows []ledger.Message
		for _, row := range part {
			if row.UID <= upTo && !seen.has(row.UID) {
				if row.State == ledger.Copied {
					row.Reason = wasCopied
				}
				row.State = ledger.Gone
				rows = append(rows, row)
			}
		}
		if len(rows) == 0 {
			continue
		}
		if err := l.led.Update(ctx, o.folder.ID, rows); err != nil {
			return err
		}
	}
	return nil
}

// census compares the source's own count with what was listed (some servers leave
// messages out of one or the other). What is counted but not listed is left behind, so
// that the sum holds; it has no UID to be named by.
func (l *lane) census(ctx context.Context, o *origin) error {
	live, err := l.live(ctx, o.folder.ID)
	if err != nil {
		return err
	}
	unlisted := int64(o.status.Messages) - live
	if unlisted > 0 { // somebody may have deleted mail meanwhile: only a count told again stands
		st, err := l.src.Examine(ctx, o.entry.Source.ID)
		if err != nil {
			return err
		}
		o.status.Messages = min(o.status.Messages, st.Messages)
		unlisted = int64(o.status.Messages) - live
	}
	unlisted = max(unlisted, 0)
	more := unlisted - o.unlisted
	o.unlisted = unlisted
	l.progress.add(Counts{Messages: more, LeftBehind: more})
	if unlisted > 0 {
		l.book.trouble(Trouble{Code: core.Malformed, Class: string(ClassUnlisted), Folder: o.name(),
			Args: map[string]string{"folder": o.name(), "told": fmt.Sprint(o.status.Messages), "listed": fmt.Sprint(live)}})
	}
	return nil
}

// uidSet is a set of UIDs, cheap for dense ranges.
type uidSet struct{ words map[uint32]uint64 }

func newUIDSet() *uidSet { return &uidSet{words: map[uint32]uint64{}} }

func (s *uidSet) add(uid uint32)      { s.words[uid>>6] |= 1 << (uid & 63) }
func (s *uidSet) has(uid uint32) bool { return s.words[uid>>6]&(1<<(uid&63)) != 0 }
