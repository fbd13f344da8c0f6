package office

import (
	"context"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// one does one step. An error ends the run: nothing can be sent at present, or what
// became of the step could not be found out.
func (w *work) one(ctx context.Context, i int) error {
	it := &w.items[i]
	c, err := w.resolve(it.change)
	if err != nil {
		w.settle(i, Failed, err)
		return nil
	}
	at := ref{c.Kind.Of(), c.Target}
	if c.creates() {
		if it.doubt {
			if done, err := w.lookedUp(ctx, i, c, at); done || err != nil {
				return err
			}
		}
	} else if c.Kind.Of() == UntoldList {
		if it.doubt && w.untoldAgain(i, c) {
			return nil
		}
	} else if done, err := w.reread(ctx, i, c, at); done || err != nil {
		return err
	}
	it.doubt = false // it was looked for and is not there
	return w.send(ctx, i, c, at)
}

// reread reads the target just before it is changed. done: nothing is to be sent.
func (w *work) reread(ctx context.Context, i int, c Change, at ref) (done bool, err error) {
	fresh, err := w.reader.read(ctx, at)
	return w.judge(i, c, at, fresh, err)
}

// judge holds a target, as it is now, against what was planned. done: nothing is to be
// sent.
func (w *work) judge(i int, c Change, at ref, fresh thing, err error) (done bool, _ error) {
	it := &w.items[i]
	switch {
	case standsStill(err):
		return false, err
	case core.CodeOf(err) == core.NotFound && rules[c.Kind].ends, err == nil && rules[c.Kind].ends && deleted(fresh):
		w.found(i, at, thing{}) // it is gone already
		return true, nil
	case core.CodeOf(err) == core.NotFound && c.Kind == RestorePerson:
		return false, nil // many do not tell of those who are deleted
	case err != nil:
		return true, w.refused(i, err)
	}
	if strings.HasPrefix(it.change.Target, "@") { // its target was made by this very run
		it.before, it.altered = fresh, true
	}
	after := c.effect(fresh, keep)
	clash := slices.DeleteFunc(clashOf(it.step.Diffs, it.before, fresh, rules[c.Kind].ends), func(d Diff) bool { return w.harmless(c, d) })
	switch {
	case !rules[c.Kind].ends && c.Password == "" && same(it.step.Diffs, fresh, after):
		w.found(i, at, fresh)
		return true, nil
	case len(clash) == 0:
		if differs := len(clashOf(nil, it.before, fresh, true)) > 0; differs {
			it.before, it.altered = fresh, true
		}
		return false, nil
	default:
		it.altered = true
		it.step.Refusal = &Refusal{Code: core.Conflict, Args: map[string]string{"reason": "changed"}, Clash: clash}
		w.settle(i, Refused, nil)
		return true, nil
	}
}

// harmless says whether a difference at the provider does not matter to a change: who is
// added to a list or taken out is so whoever else is on it, an alias is so beside any
// other, and who or what this run has deleted or brought back moves out of lists and in
// again by itself.
func (w *work) harmless(c Change, d Diff) bool {
	switch d.Attr {
	case provider.AttrAliases:
		return c.Kind == AddAlias || c.Kind == RemoveAlias
	case provider.AttrMembers:
		return (c.Kind == UpdateList || c.Kind == UpdateTag) && !slices.Contains(c.Set, provider.AttrMembers) || c.Kind == DeleteList && w.stirred
	case provider.AttrSenders, provider.AttrLists, provider.AttrDepartments:
		return c.Kind == DeleteList && w.stirred
	}
	return false
}

// deleted is true for somebody who is listed although deleted.
func deleted(t thing) bool { return t.Person != nil && t.Person.Status == provider.Deleted }

// found settles a step whose target is already as it should be: by an earlier try of
// ours, or by somebody else.
func (w *work) found(i int, at ref, now thing) {
	o := There
	if w.items[i].doubt {
		o = Made
	}
	w.keep(now, at)
	w.settle(i, o, nil)
}

// clashOf compares the values that a step is about: as they were when it was planned,
// and as they are. For a deletion all values count.
func clashOf(diffs []Diff, before, now thing, ends bool) (clash []Diff) {
	for _, d := range directory.Compare(before.values(directory.AsIs), now.values(directory.AsIs)) {
		if ends || slices.ContainsFunc(diffs, func(of Diff) bool { return of.Attr == d.Attr && of.Part == d.Part }) {
			clash = append(clash, d)
		}
	}
	return clash
}

// same says whether the values that a step is about are the same in two versions.
func same(diffs []Diff, a, b thing) bool { return len(clashOf(diffs, a, b, false)) == 0 }

// order is a step that is to be sent.
type order struct {
	i             int
	c             Change // handles resolved
	at            ref
	before, after thing
	password      secret.Value
	looks         bool // the target is to be looked at; nothing is sent yet
}

// ready makes an order ready to be sent; false: it cannot be, and is settled.
func (w *work) ready(o *order) bool {
	ok := true
	if o.c.Password != "" {
		o.password, ok = w.passwords[o.c.Password]
	}
	if !ok {
		w.settle(o.i, Failed, core.E(core.Forbidden, "read password", nil, "class", "password-lost"))
		return false
	}
	o.before = w.items[o.i].before
	o.after = o.c.effect(o.before, keep)
	return true
}

// out sends an order to the provider. It touches nothing of the work, so that several may
// be out at once.
func (o order) out(ctx context.Context, live *Live) (thing, error) {
	return send(ctx, live, o.c, o.c.Target, o.before, o.after, o.password)
}

// send sends a step, and finds out what became of it where the answer does not tell.
func (w *work) send(ctx context.Context, i int, c Change, at ref) error {
	o := order{i: i, c: c, at: at}
	if !w.ready(&o) {
		return nil
	}
	made, err := o.out(ctx, w.live)
	return w.answered(ctx, o, 1, made, err)
}

// answered is told the answer to a try of an order, the first mostly.
func (w *work) answered(ctx context.Context, o order, try int, made thing, err error) error {
	it := &w.items[o.i]
	for ; ; try++ {
		switch {
		case err == nil:
			w.made(o.i, o.at, made, o.after)
			return nil
		case leavesOpen(err) || try > 1 && core.CodeOf(err) == core.Conflict:
			it.doubt = true
			done, lookErr := w.afterwards(ctx, o.i, o.c, o.at)
			if done || lookErr != nil {
				return lookErr
			}
			if again := core.CodeOf(err) == core.Unreachable || core.CodeOf(err) == core.Timeout; again && try == 1 {
				made, err = o.out(ctx, w.live)
				continue
			}
			it.doubt = false // it was looked for and is not there
		}
		if standsStill(err) {
			if core.CodeOf(err) == core.RateLimited && o.at.object != UntoldList {
				it.doubt = true // some say so and have done it all the same
			}
			return err
		}
		return w.refused(o.i, err)
	}
}

// leavesOpen is true for answers after which the order may have been carried out: what is
// found taken by a repeated call may be its own work.
func leavesOpen(err error) bool {
	return uncertain(err) || core.CodeOf(err) == core.Conflict && core.ArgsOf(err)[provider.Repeated] != ""
}

// uncertain is true for errors that leave open whether the change was made.
func uncertain(err error) bool {
	switch core.CodeOf(err) {
	case core.Unreachable, core.Timeout, core.Canceled, core.Malformed, core.Internal:
		return true
	}
	return false
}

// made settles a step that the provider has done.
func (w *work) made(i int, at ref, made, after thing) {
	it := &w.items[i]
	w.forbidden = 0
	w.stirred = w.stirred || rules[it.change.Kind].ends || it.change.Kind == RestorePerson
	switch {
	case it.change.creates():
		if it.made = made.id(); it.change.Handle != "" {
			w.ids[it.change.Handle] = it.made
		}
		at.id = it.made
		after = born(made, after)
	case !made.none():
		after = made
	case !after.none():
		after = after.named(at.id)
	}
	if at.id != "" && at.object != UntoldList {
		w.keep(after, at)
	}
	if it.change.Kind == DeletePersonKeeping {
		w.reader.changed(Person) // the heir is another one now
	}
	w.settle(i, Made, nil)
}

// refused settles a step that the provider did not do, or that was sent once and of which
// it does not tell now.
func (w *work) refused(i int, err error) error {
	o := Failed
	if w.items[i].doubt {
		o = Unsure
	}
	w.settle(i, o, err)
	if core.CodeOf(err) != core.Forbidden {
		w.forbidden = 0
		return nil
	}
	if w.forbidden++; w.forbidden >= manyForbidden {
		return err
	}
	return nil
}
