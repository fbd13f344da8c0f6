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
	return w.send(ctx, i, c, at)
}

// reread reads the target just before it is changed. done: nothing is to be sent.
func (w *work) reread(ctx context.Context, i int, c Change, at ref) (done bool, err error) {
	it := &w.items[i]
	fresh, err := w.reader.read(ctx, at)
	switch {
	case standsStill(err):
		return false, err
	case core.CodeOf(err) == core.NotFound && rules[c.Kind].ends, err == nil && rules[c.Kind].ends && deleted(fresh):
		w.found(i, at, thing{}) // it is gone already
		return true, nil
	case core.CodeOf(err) == core.NotFound && c.Kind == RestorePerson:
		return false, nil // many do not tell of those who are deleted
	case err != nil:
		w.settle(i, Failed, err)
		return true, nil
	}
	if strings.HasPrefix(it.change.Target, "@") { // its target was made by this very run
		it.before, it.altered = fresh, true
	}
	after := c.effect(fresh, keep)
	clash := slices.DeleteFunc(clashOf(it.step.Diffs, it.before, fresh, rules[c.Kind].ends), func(d Diff) bool { return w.harmless(c, d) })
	switch {
	case len(clash) == 0:
		if differs := len(clashOf(nil, it.before, fresh, true)) > 0; differs {
			it.before, it.altered = fresh, true
		}
		return false, nil
	case !rules[c.Kind].ends && c.Password == "" && same(it.step.Diffs, fresh, after):
		w.found(i, at, fresh)
		return true, nil
	default:
		it.altered = true
		it.step.Refusal = &Refusal{Code: core.Conflict, Args: map[string]string{"reason": "changed"}, Clash: clash}
		w.settle(i, Refused, nil)
		return true, nil
	}
}

// harmless says whether a difference at the provider does not matter to a change: who is
// added to a list or taken out is so whoever else is on it, and who or what this run has
// deleted or brought back moves out of lists and in again by itself.
func (w *work) harmless(c Change, d Diff) bool {
	switch d.Attr {
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

// order is a step that is ready to be sent.
type order struct {
	i             int
	c             Change // handles resolved
	at            ref
	before, after thing
	password      secret.Value
}

// ordered makes a step ready; false: it cannot be, and is settled.
func (w *work) ordered(i int, c Change, at ref) (order, bool) {
	it := &w.items[i]
	password, ok := w.passwords[c.Password]
	if c.Password != "" && !ok {
		w.settle(i, Failed, core.E(core.Forbidden, "read password", nil, "class", "password-lost"))
		return order{}, false
	}
	return order{i: i, c: c, at: at, before: it.before, after: c.effect(it.before, keep), password: password}, true
}

// out sends an order to the provider. It touches nothing of the work, so that several may
// be out at once.
func (o order) out(ctx context.Context, live *Live) (thing, error) {
	return send(ctx, live, o.c, o.c.Target, o.before, o.after, o.password)
}

// send sends a step, and finds out what became of it where the answer does not tell.
func (w *work) send(ctx context.Context, i int, c Change, at ref) error {
	o, ok := w.ordered(i, c, at)
	if !ok {
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

// refused settles a step that the provider did not do.
func (w *work) refused(i int, err error) error {
	w.settle(i, Failed, err)
	if core.CodeOf(err) != core.Forbidden {
		w.forbidden = 0
		return nil
	}
	if w.forbidden++; w.forbidden >= manyForbidden {
		return err
	}
	return nil
}

// afterwards finds out whether a change was made whose answer is missing. done: it was,
// or there is no way to know.
func (w *work) afterwards(ctx context.Context, i int, c Change, at ref) (done bool, err error) {
	w.reader.changed(at.object)
	if c.creates() {
		return w.lookedUp(ctx, i, c, at)
	}
	switch {
	case c.Kind == SetPassword:
		return false, nil // nobody tells; it may be set again
	case c.Kind.Of() == UntoldList:
		return w.untoldAgain(i, c), nil
	}
	fresh, err := w.reader.read(ctx, at)
	gone := core.CodeOf(err) == core.NotFound || err == nil && deleted(fresh)
	switch {
	case rules[c.Kind].ends && gone:
		w.made(i, at, thing{}, thing{})
		return true, nil
	case err != nil:
		return false, err
	case !rules[c.Kind].ends && same(w.items[i].step.Diffs, fresh, c.effect(w.items[i].before, keep)):
		w.made(i, at, fresh, fresh)
		return true, nil
	}
	return false, nil
}

// lookedUp looks for what a creation may have made. done: it is there, or the provider
// has no way to tell.
func (w *work) lookedUp(ctx context.Context, i int, c Change, at ref) (done bool, err error) {
	w.reader.changed(at.object)
	there, err := w.lookUp(ctx, c)
	switch {
	case core.CodeOf(err) == core.NotFound:
		return false, nil
	case core.CodeOf(err) == core.Unsupported:
		w.settle(i, Unsure, err)
		return true, nil
	case err != nil:
		return false, err
	}
	w.made(i, at, there, there)
	return true, nil
}

// lookUp finds what a creation would have made: a person or list by address, a
// department by its parent and name, a contact by name and addresses, a group by name.
// Errors: not_found.
func (w *work) lookUp(ctx context.Context, c Change) (thing, error) {
	missing := core.E(core.NotFound, "look up", nil)
	switch c.Kind.Of() {
	case Person:
		p, err := w.live.Provider.Person(ctx, c.Person.Address)
		if err == nil && p.Status == provider.Deleted {
			err = missing
		}
		p.Partial = false
		return thing{Person: &p}, err
	case List:
		return w.lookUpList(ctx, c.List.Address)
	case Department:
		if err := w.reader.gatherDepartments(ctx); err != nil {
			return thing{}, err
		}
		for _, d := range w.reader.departments.all {
			if d.Parent == c.Department.Parent && d.Name == c.Department.Name {
				return thing{Department: &d}, nil
			}
		}
		return thing{}, missing
	case Tag:
		return w.lookUpTag(ctx, c.Tag.Name)
	}
	if err := w.reader.gatherContacts(ctx); err != nil {
		return thing{}, err
	}
	for _, one := range w.reader.contacts.all {
		if c.Kind == SaveContact && one.Name == c.Contact.Name && slices.Equal(one.Addresses, c.Contact.Addresses) {
			return thing{Contact: &one}, nil
		}
	}
	for _, g := range w.reader.groups {
		if c.Kind == SaveContactGroup && g.Name == c.Group.Name {
			return thing{Group: &g}, nil
		}
	}
	return thing{}, missing
}

func (w *work) lookUpList(ctx context.Context, address string) (thing, error) {
	lists, ok := w.live.Provider.(provider.ListReader)
	if !ok {
		return thing{}, core.E(core.Unsupported, "look up list", nil)
	}
	page := ""
	for range 1_000 {
		all, next, err := lists.Lists(ctx, page)
		if err != nil {
			return thing{}, err
		}
		for _, l := range all {
			if l.Address != address {
				continue
			}
			if l.Partial {
				if l, err = lists.List(ctx, l.ID); err != nil {
					return thing{}, err
				}
			}
			return thing{List: &l}, nil
		}
		if next == "" || next == page {
			break
		}
		page = next
	}
	return thing{}, core.E(core.NotFound, "look up list", nil)
}
