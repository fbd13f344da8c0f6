package office

import (
	"context"
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

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
