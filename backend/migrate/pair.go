package migrate

import (
	"context"
	"io"
	"slices"

	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
)

// pairing collects what was found.
type pairing struct {
	*lane
	target  *target
	found   map[int32][]ledger.Message
	missing map[flagChange][]uint32 // destination UIDs that lack flags of the source
}

// group pairs the messages of one head.
func (p *pairing) group(ctx context.Context, sources, strangers []candidate) error {
	open := slices.DeleteFunc(slices.Clone(sources), func(c candidate) bool { return !c.open })
	if len(open) == 0 {
		return nil
	}
	if len(sources) == 1 && len(strangers) == 1 && open[0].head[0] == 1 && open[0].size == strangers[0].size {
		return p.pair(ctx, open[0], strangers[0])
	}
	ours, err := p.digests(ctx, p.src, open)
	if err != nil {
		return err
	}
	theirs, err := p.digests(ctx, p.dst, strangers)
	if err != nil {
		return err
	}
	// Of messages alike to the byte, those of the same date and flags belong together.
	for _, alike := range []func(a, b candidate) bool{
		func(a, b candidate) bool { return a.date == b.date && a.flags == b.flags },
		func(a, b candidate) bool { return a.date == b.date },
		func(candidate, candidate) bool { return true },
	} {
		for i, a := range open {
			for j, b := range strangers {
				if open[i].uid == 0 || strangers[j].uid == 0 || !alike(a, b) || ours[i] == nil ||
					theirs[j] == nil || ours[i].canon != theirs[j].canon {
					continue
				}
				if err := p.pair(ctx, a, b); err != nil {
					return err
				}
				open[i].uid, strangers[j].uid = 0, 0
				break
			}
		}
	}
	return p.rewritten(ctx, sources, open, strangers)
}

// rewritten takes a stranger for ours although its bytes differ: only if exactly
// one message of this head exists at the source, it was on its way when something
// broke, and it has a Message-ID. Some servers change what they store.
func (p *pairing) rewritten(ctx context.Context, sources, open, strangers []candidate) error {
	if len(sources) != 1 || open[0].uid == 0 || !open[0].flying || open[0].head[0] != 1 {
		return nil
	}
	for _, b := range strangers {
		if b.uid != 0 {
			return p.pair(ctx, open[0], b)
		}
	}
	return nil
}

// pair records that a source message is at the destination. What was on its way is
// ours (an undo deletes it); anything else was there and is left alone by an undo.
func (p *pairing) pair(ctx context.Context, a, b candidate) error {
	o := p.target.origins[a.origin]
	rows, err := p.led.Messages(ctx, o.folder.ID, a.uid-1, 1)
	if err != nil || len(rows) == 0 || rows[0].UID != a.uid {
		return err
	}
	row := rows[0]
	row.Target, row.State, row.Size = b.uid, ledger.Adopted, b.size
	if a.flying {
		row.State = ledger.Copied
	}
	p.found[a.origin] = append(p.found[a.origin], row)
	if c := changed(b.flags, a.flags); c.add != "" {
		if p.missing == nil {
			p.missing = map[flagChange][]uint32{}
		}
		c.remove = ""
		p.missing[c] = append(p.missing[c], b.uid)
	}
	return nil
}

// passFlags gives adopted messages the flags that only the source's copy has;
// flags that only the destination's copy has stay.
func (p *pairing) passFlags(ctx context.Context) error {
	filter := newFlagFilter(p.target.status)
	for c, uids := range p.missing {
		flags, _ := filter.pick(unpackFlags(c.add))
		if len(flags) == 0 {
			continue
		}
		slices.Sort(uids)
		if err := p.dst.Store(ctx, uids, true, flags); err != nil && lost(err) {
			return err
		}
	}
	return nil
}

// digests hashes whole messages of the open folder; nil where a message cannot be had.
func (p *pairing) digests(ctx context.Context, s mailbox.Session, all []candidate) ([]*sums, error) {
	if s == mailbox.Session(p.src) {
		if _, err := s.Examine(ctx, p.target.origins[all[0].origin].entry.Source.ID); err != nil {
			return nil, err
		}
	}
	out := make([]*sums, len(all))
	for start := 0; start < len(all); {
		end := start + 1
		for end < len(all) && all[end].origin == all[start].origin {
			end++
		}
		if start > 0 && s == mailbox.Session(p.src) {
			if _, err := s.Examine(ctx, p.target.origins[all[start].origin].entry.Source.ID); err != nil {
				return nil, err
			}
		}
		if err := digestInto(ctx, s, all[start:end], out[start:end]); err != nil {
			return nil, err
		}
		start = end
	}
	return out, nil
}

func digestInto(ctx context.Context, s mailbox.Session, all []candidate, out []*sums) error {
	uids := make([]uint32, len(all))
	for i := range all {
		uids[i] = all[i].uid
	}
	slices.Sort(uids)
	return s.Fetch(ctx, uids, func(msg mailbox.Message) error {
		if msg.Err != nil {
			return nil
		}
		d := newDigest()
		if _, err := io.Copy(d, msg.Body); err != nil {
			return err
		}
		sum := d.sums()
		for i := range all {
			if all[i].uid == msg.UID {
				out[i] = &sum
			}
		}
		return nil
	})
}
