package migrate

import (
	"context"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/ledger"
)

// UndoFolder says what an undo would do in one folder of the destination.
type UndoFolder struct {
	Target     string // decoded path
	Stored     int64  // by this move
	Present    int64  // of these still there: what an undo deletes
	Gone       int64  // deleted or moved away since: nothing is done about them
	Touched    int64  // of Present: answered, flagged or forwarded since
	Read       int64  // of Present: read since
	Renumbered bool   // the folder was made anew: nothing can be told apart, nothing is deleted
	Missing    bool   // the folder is no longer there
}

// PreviewUndo looks at the destination and says what an undo would do; it changes
// nothing. Folders are only opened for reading.
func (m *Mover) PreviewUndo(ctx context.Context) ([]UndoFolder, error) {
	account, err := m.led.Account(ctx, m.from.Key(), m.to.Key())
	if err != nil {
		return nil, err
	}
	folders, err := m.led.Folders(ctx, account)
	if err != nil {
		return nil, err
	}
	session, err := m.to.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = session.Close() }()
	present, err := session.Folders(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, f := range present {
		names[f.ID] = strings.Join(f.Levels, "/")
	}
	var all []UndoFolder
	for i := range folders {
		f, err := m.previewFolder(ctx, session, &folders[i], names)
		if err != nil {
			return nil, err
		}
		if f.Stored > 0 {
			all = append(all, f)
		}
	}
	return all, nil
}

func (m *Mover) previewFolder(ctx context.Context, session mailbox.Session, f *ledger.Folder, names map[string]string) (UndoFolder, error) {
	name, there := names[f.Target]
	u := UndoFolder{Target: name, Missing: !there}
	if !there {
		u.Target = f.Target
	}
	stored, err := m.storedIn(ctx, f)
	u.Stored = int64(len(stored))
	if err != nil || len(stored) == 0 || !there {
		u.Gone = u.Stored
		return u, err
	}
	st, err := session.Examine(ctx, f.Target)
	if err != nil {
		return u, err
	}
	if max(1, st.UIDValidity) != f.TargetValidity {
		u.Renumbered = true
		return u, nil
	}
	err = session.List(ctx, 1, 0, 0, func(meta mailbox.Meta) error {
		before, ours := stored[meta.UID]
		if !ours {
			return nil
		}
		u.Present++
		switch {
		case workedWith(before, meta.Flags):
			u.Touched++
		case added(before, meta.Flags, `\Seen`):
			u.Read++
		}
		return nil
	})
	u.Gone = u.Stored - u.Present
	return u, err
}

// storedIn lists the destination UIDs that this move stored in a folder, with the flags
// that the messages had.
func (m *Mover) storedIn(ctx context.Context, f *ledger.Folder) (map[uint32]string, error) {
	stored := map[uint32]string{}
	for part, err := range m.led.Each(ctx, f.ID, ledger.Copied, ledger.Gone) {
		if err != nil {
			return nil, err
		}
		for i := range part {
			if removable(&part[i]) {
				stored[part[i].Target] = part[i].Flags
			}
		}
	}
	return stored, nil
}

// removable says whether a message was stored by this move, at a place that is known.
func removable(m *ledger.Message) bool {
	return m.Target != 0 && (m.State != ledger.Gone || m.Reason == wasCopied)
}

// ownWork are flags that only a person's own work with a message brings (RFC 9051
// section 2.3.2; $Forwarded: RFC 5788 and the IANA registry of keywords). Programs set
// others by themselves.
var ownWork = []string{`\Answered`, `\Flagged`, `$Forwarded`}

// workedWith says whether a person has worked with a message since it was stored.
func workedWith(before string, now []string) bool {
	return slices.ContainsFunc(ownWork, func(flag string) bool { return added(before, now, flag) })
}

func added(before string, now []string, flag string) bool {
	same := func(f string) bool { return strings.EqualFold(f, flag) }
	return slices.ContainsFunc(now, same) && !slices.ContainsFunc(strings.Fields(before), same)
}

// sparing looks which of some messages are still there and, if they are to be kept,
// drops those that a person has worked with since. It counts the ones kept, and returns
// the others with how many of them are there.
func (mv *move) sparing(ctx context.Context, l *lane, o *origin, some []ledger.Message) ([]ledger.Message, int64, error) {
	if len(some) == 0 {
		return some, 0, nil
	}
	byUID := map[uint32]string{}
	low, high := some[0].Target, some[0].Target
	for i := range some {
		byUID[some[i].Target] = some[i].Flags
		low, high = min(low, some[i].Target), max(high, some[i].Target)
	}
	present, touched := int64(0), map[uint32]bool{}
	err := l.dst.List(ctx, low, high, 0, func(meta mailbox.Meta) error {
		before, ours := byUID[meta.UID]
		switch {
		case !ours:
		case mv.opt.KeepTouched && workedWith(before, meta.Flags):
			touched[meta.UID] = true
		default:
			present++
		}
		return nil
	})
	if err != nil {
		return nil, 0, core.E(core.CodeOf(err), "look before undo", err)
	}
	o.kept.Add(int64(len(touched)))
	return slices.DeleteFunc(some, func(m ledger.Message) bool { return touched[m.Target] }), present, nil
}
