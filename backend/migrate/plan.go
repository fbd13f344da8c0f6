package migrate

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate/foldermap"
	"mailroom/backend/migrate/ledger"
	"mailroom/backend/preset"
)

// chart lists both sides, decides which folder goes where and groups the work by
// destination folder. Each side is asked in three exchanges, both at the same time:
// round trips are what a run with nothing new consists of.
func (mv *move) chart(ctx context.Context, l *lane, create bool) error {
	var source, dest []mailbox.Folder
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { source, err = l.src.Folders(gctx); return err })
	g.Go(func() (err error) { dest, err = l.dst.Folders(gctx); return err })
	if err := g.Wait(); err != nil {
		return err
	}
	earlier, err := mv.led.Folders(ctx, mv.account)
	if err != nil {
		return err
	}
	mv.finished = map[string]bool{}
	for _, f := range earlier {
		if f.Current {
			mv.finished[f.Source] = f.TargetState != ""
		}
	}
	// The source is asked for its states while the destination makes folders.
	states := make(chan asked, 1)
	go func() {
		st, err := l.src.Statuses(ctx, selectable(source))
		states <- asked{st, err}
	}()
	err = mv.settlePlan(ctx, l, source, dest, mv.rules(earlier, dest), create)
	st := <-states
	if err != nil || st.err != nil {
		return errors.Join(err, st.err)
	}
	mv.count(st.of)
	return mv.skipSettled(ctx, earlier)
}

// asked is an answer about many folders.
type asked struct {
	of  map[string]mailbox.Status
	err error
}

func selectable(folders []mailbox.Folder) []string {
	var ids []string
	for _, f := range folders {
		if f.Selectable {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// settlePlan makes the plan and brings the destination's folders in step with it.
func (mv *move) settlePlan(ctx context.Context, l *lane, source, dest []mailbox.Folder, rules foldermap.Rules, create bool) error {
	mv.build(l, source, dest, rules)
	if create {
		flat, err := mv.create(ctx, l)
		if err != nil {
			return err
		}
		if flat { // the destination has no sub-folders: plan again without
			rules.Flat = true
			mv.build(l, source, dest, rules)
			if _, err := mv.create(ctx, l); err != nil {
				return err
			}
		}
		if err := mv.subscribe(ctx, l); err != nil {
			return err
		}
	}
	return mv.ask(ctx, l)
}

// build makes the plan and the work from it.
func (mv *move) build(l *lane, source, dest []mailbox.Folder, rules foldermap.Rules) {
	mv.plan = foldermap.Build(source, dest, mv.srcTraits, mv.dstTraits, rules)
	mv.elsewhere = mv.plan.Elsewhere()
	mv.origins, mv.targets = nil, nil
	mv.group(l.dst, source, dest)
}

// create makes the missing folders. It is flat if the destination refuses folders
// within folders.
func (mv *move) create(ctx context.Context, l *lane) (flat bool, err error) {
	var missing []string
	for _, t := range mv.targets {
		if t.missing {
			missing = append(missing, t.id)
		}
	}
	if len(missing) == 0 {
		return false, nil
	}
	refused, err := l.dst.Create(ctx, missing)
	if err != nil {
		return false, err
	}
	for _, r := range refused {
		if v, _, ok := judge(r, 0); ok && v.Action == preset.Flatten {
			flat = true
		}
	}
	if flat && !mv.flat {
		mv.flat = true
		return true, nil
	}
	mv.created(missing, refused)
	return false, nil
}

// rules turns options and what an earlier run decided into the plan's rules.
func (mv *move) rules(earlier []ledger.Folder, dest []mailbox.Folder) foldermap.Rules {
	r := foldermap.Rules{Include: mv.opt.Folders, Exclude: mv.opt.Exclude,
		Targets: map[string][]string{}, Earlier: map[string][]string{}}
	for id, p := range mv.opt.Targets {
		if p == "" {
			r.Targets[id] = nil
		} else {
			r.Targets[id] = strings.Split(path.Clean(p), "/")
		}
	}
	levels := map[string][]string{}
	for _, f := range dest {
		levels[f.ID] = f.Levels
	}
	for _, f := range earlier {
		if at, ok := levels[f.Target]; ok && f.Current {
			r.Earlier[f.Source] = at
		}
	}
	return r
}

// group makes the origins and the targets of the plan.
func (mv *move) group(dst mailbox.Writer, source, dest []mailbox.Folder) {
	exists, subscribed := map[string]bool{}, map[string]bool{}
	for _, f := range dest {
		exists[f.ID] = exists[f.ID] || f.Selectable
		subscribed[f.ID] = subscribed[f.ID] || f.Subscribed
	}
	// A source without any subscription does not know them: then all folders are meant.
	all := !slices.ContainsFunc(source, func(f mailbox.Folder) bool { return f.Subscribed })
	byID := map[string]*target{}
	for _, e := range mv.plan.Entries {
		if e.Action == foldermap.Ask {
			e.Action = foldermap.Copy
		}
		o := &origin{entry: e}
		mv.origins = append(mv.origins, o)
		if e.Action != foldermap.Copy {
			continue
		}
		if o.targetID = e.TargetID; o.targetID == "" {
			id, err := dst.FolderID(e.Target)
			if err != nil {
				o.err = err
				mv.book.trouble(troubleOf(err, o.name()))
				continue
			}
			o.targetID = id
		}
		t := byID[o.targetID]
		if t == nil {
			t = &target{id: o.targetID, name: strings.Join(e.Target, "/"), missing: !exists[o.targetID]}
			byID[o.targetID] = t
			mv.targets = append(mv.targets, t)
		}
		t.subscribe = t.subscribe || (all || e.Source.Subscribed) && !subscribed[t.id]
		t.origins = append(t.origins, o)
	}
}

// ask gets the state of the destination's folders that were there before.
func (mv *move) ask(ctx context.Context, l *lane) error {
	var present []string
	for _, t := range mv.targets {
		if !t.missing && !t.fresh {
			present = append(present, t.id)
		}
	}
	if len(present) == 0 {
		return nil
	}
	states, err := l.dst.Statuses(ctx, present)
	for _, t := range mv.targets {
		st, told := states[t.id]
		if t.status = st; told {
			t.firstLook = mv.glanceOf(st)
		}
	}
	return err
}

// count takes in the source's states.
func (mv *move) count(states map[string]mailbox.Status) {
	for _, o := range mv.origins {
		o.status = states[o.entry.Source.ID]
		o.told = o.status.Messages
		c := Counts{Messages: int64(o.status.Messages)}
		if o.entry.Action != foldermap.Copy {
			c.Excluded = c.Messages
		}
		mv.progress.add(c)
	}
}

// subscribe subscribes to the targets of subscribed folders. A refusal is noted: the
// mail is there all the same.
func (mv *move) subscribe(ctx context.Context, l *lane) error {
	var ids []string
	for _, t := range mv.targets {
		if t.subscribe {
			ids = append(ids, t.id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	refused, err := l.dst.Subscribe(ctx, ids)
	for i := range refused {
		if refused[i] != nil {
			mv.book.note("subscribe_refused:" + ids[i])
		}
	}
	return err
}

// created takes note of which missing folders exist now; a refused one takes its
// sources out of the run, which are then reported as left behind.
func (mv *move) created(missing []string, refused []error) {
	mv.targets = slices.DeleteFunc(mv.targets, func(t *target) bool {
		i := slices.Index(missing, t.id)
		if i < 0 || i >= len(refused) {
			return false
		}
		if refused[i] == nil {
			t.missing, t.fresh, mv.made = false, true, true
			return false
		}
		err := core.E(core.Rejected, "create "+t.name, refused[i])
		for _, o := range t.origins {
			o.err = err
		}
		mv.book.trouble(troubleOf(err, t.name))
		return true
	})
}

// skipSettled leaves out the targets where nothing has changed since everything was
// done and proven.
func (mv *move) skipSettled(ctx context.Context, earlier []ledger.Folder) error {
	bySource := map[string]ledger.Folder{}
	for _, f := range earlier {
		if f.Current {
			bySource[f.Source] = f
		}
	}
	settled := func(t *target, o *origin) bool {
		f, ok := bySource[o.entry.Source.ID]
		return ok && f.Target == t.id && f.SourceState != "" && f.SourceState == sourceState(o.status, mv.opt) &&
			stillProven(f.TargetState, t.status, mv.opt.Verify)
	}
	var open []*target
	for _, t := range mv.targets {
		if t.missing || slices.ContainsFunc(t.origins, func(o *origin) bool { return !settled(t, o) }) {
			open = append(open, t)
			continue
		}
		for _, o := range t.origins {
			o.folder, o.known, o.done = bySource[o.entry.Source.ID], true, true
			counts, _, err := mv.led.Tally(ctx, o.folder.ID)
			if err != nil {
				return err
			}
			(&lane{move: mv}).announce(o, counts)
		}
	}
	mv.targets = open
	mv.order()
	return nil
}

// order puts the inbox first, because people look there, then the largest folders,
// so that no lane is left with a long one at the end.
func (mv *move) order() {
	weight := func(t *target) int64 {
		sum := int64(0)
		for _, o := range t.origins {
			if o.entry.Role == core.RoleInbox {
				return 1 << 62
			}
			sum += int64(o.status.Messages)
		}
		return sum
	}
	slices.SortStableFunc(mv.targets, func(a, b *target) int {
		switch wa, wb := weight(a), weight(b); {
		case wa > wb:
			return -1
		case wa < wb:
			return 1
		}
		return 0
	})
}

// changeWords makes codes with facts of a plan entry's changes: "characters:a/b→a_b".
func changeWords(e foldermap.Entry) []string {
	words := make([]string, 0, len(e.Changes))
	for _, c := range e.Changes {
		words = append(words, string(c.Code)+":"+c.From+"→"+c.To)
	}
	return words
}
