package migrate

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/migrate/ledger"
)

func sortUIDs(uids []uint32) { slices.SortFunc(uids, cmp.Compare) }

const undoChunk = 500

// undo deletes what this move appended, folder by folder, also what it appended
// before the source was renumbered. Folders stay.
func (m *Mover) undo(ctx context.Context) (Result, error) {
	mv := m.begin()
	l := &lane{move: mv}
	defer l.close()
	err := mv.undoAll(ctx, l)
	return mv.undone(err), err
}

func (mv *move) undoAll(ctx context.Context, l *lane) error {
	mv.progress.phase(PhaseConnecting, "")
	var err error
	if mv.account, err = mv.led.Account(ctx, mv.from.account.Key(), mv.to.account.Key()); err != nil {
		return err
	}
	folders, err := mv.led.Folders(ctx, mv.account)
	if err != nil {
		return err
	}
	if err := l.connectDestination(ctx); err != nil {
		return err
	}
	present, err := l.dst.Folders(ctx)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, f := range present {
		names[f.ID] = strings.Join(f.Levels, "/")
	}
	for _, f := range folders {
		t := &target{id: f.Target, name: cmp.Or(names[f.Target], f.Target)}
		o := &origin{folder: f, known: true, targetID: t.name}
		mv.origins = append(mv.origins, o)
		err := mv.undoRetry(ctx, l, t, o)
		if err == nil {
			continue
		}
		if final(ctx, err) || lost(err) {
			return err
		}
		o.err = err
		mv.book.trouble(troubleOf(err, f.Target))
	}
	return nil
}

// undoRetry needs the destination only.
func (mv *move) undoRetry(ctx context.Context, l *lane, t *target, o *origin) error {
	for failures := 1; ; failures++ {
		if err := l.connectDestination(ctx); err != nil {
			return err
		}
		err := mv.undoFolder(ctx, l, t, o)
		if err == nil {
			return nil
		}
		d, again := l.setback(ctx, err, failures)
		if !again {
			return givenUp(err)
		}
		l.close()
		if err := l.pause(ctx, d, classOf(err)); err != nil {
			return err
		}
	}
}

func (mv *move) undoFolder(ctx context.Context, l *lane, t *target, o *origin) error {
	mv.progress.phase(PhaseUndoing, t.name)
	counts, _, err := mv.led.Tally(ctx, o.folder.ID)
	if err != nil || counts[ledger.Copied]+counts[ledger.Gone] == 0 {
		return err
	}
	st, err := l.dst.Select(ctx, t.id)
	if err != nil {
		return err
	}
	if max(1, st.UIDValidity) != o.folder.TargetValidity {
		return core.E(core.Conflict, "undo "+t.name, nil, "class", "renumbered")
	}
	for part, err := range mv.led.Each(ctx, o.folder.ID, ledger.Copied, ledger.Gone) {
		if err != nil {
			return err
		}
		part = slices.DeleteFunc(part, func(m ledger.Message) bool { return !removable(&m) })
		for some := range slices.Chunk(part, undoChunk) {
			some, present, err := mv.sparing(ctx, l, o, some)
			if err != nil {
				return err
			}
			if err := mv.removeSome(ctx, l, o, some, present); err != nil {
				return err
			}
		}
	}
	return mv.led.Settle(ctx, &o.folder, o.folder.ModSeq, "", "")
}

// removeSome deletes messages of which so many were there a moment ago: what a person
// had deleted before is not counted as deleted by the undo.
func (mv *move) removeSome(ctx context.Context, l *lane, o *origin, some []ledger.Message, present int64) error {
	if len(some) == 0 {
		return nil
	}
	uids := make([]uint32, len(some))
	for i := range some {
		uids[i] = some[i].Target
	}
	sortUIDs(uids)
	if err := l.dst.Remove(ctx, uids); err != nil {
		return err
	}
	for i := range some {
		some[i].Target, some[i].Verified, some[i].Reason = 0, provenNot, ""
		if some[i].State != ledger.Gone {
			some[i].State = ledger.Pending
		}
	}
	o.copied.Add(present)
	mv.progress.add(Counts{Copied: int64(len(some))})
	return mv.led.Update(ctx, o.folder.ID, some)
}

// undone reports an undo: Copied counts the messages that it deleted, Excluded
// those that were kept because a person has worked with them.
func (mv *move) undone(err error) Result {
	r := mv.emptyResult()
	for _, o := range mv.origins {
		n := o.copied.Load()
		r.Copied += n
		r.Excluded += o.kept.Load()
		fr := FolderReport{SourceID: o.folder.Source, Source: o.targetID, Target: o.targetID, Action: "undo", Counts: Counts{Copied: n, Excluded: o.kept.Load()}, Changes: []string{}}
		if o.err != nil {
			fr.Error = string(core.CodeOf(o.err))
			r.State = StateLeftBehind
		}
		r.Folders = append(r.Folders, fr)
	}
	mv.close(&r, err)
	return r
}
