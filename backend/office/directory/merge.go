package directory

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/store"
)

// merging is one comparison of what was read with what was known.
type merging struct {
	s            *Store
	office       string
	began        int64
	before, read *View
	puts         []written
	drops        []key
	news         []News
	out          Outcome
	err          error
}

type written struct {
	key    key
	record string
}

// kind tells of one kind of object what merging needs.
type kind[T any] struct {
	id     func(T) string
	label  func(T) string
	values func(T, Namer) []Value
}

var (
	personKey = kind[provider.Person]{
		func(p provider.Person) string { return p.ID }, func(p provider.Person) string { return p.Address }, PersonValues,
	}
	departmentKey = kind[provider.Department]{
		func(d provider.Department) string { return d.ID }, func(d provider.Department) string { return d.Name }, DepartmentValues,
	}
	listKey = kind[provider.List]{
		func(l provider.List) string { return l.ID }, func(l provider.List) string { return l.Address }, ListValues,
	}
	contactKey = kind[provider.Contact]{
		func(c provider.Contact) string { return c.ID }, func(c provider.Contact) string { return c.Name }, ContactValues,
	}
	groupKey = kind[provider.ContactGroup]{
		func(g provider.ContactGroup) string { return g.ID }, func(g provider.ContactGroup) string { return g.Name },
		func(g provider.ContactGroup, _ Namer) []Value { return GroupValues(g) },
	}
	tagKey = kind[provider.Tag]{
		func(t provider.Tag) string { return t.ID }, func(t provider.Tag) string { return t.Name }, TagValues,
	}
)

// merge compares one kind of object. What this program changed after the reading had
// begun is taken from what is known.
func merge[T any](m *merging, object string, read *[]T, before []T, k kind[T]) {
	known := make(map[string]T, len(before))
	for _, one := range before {
		known[k.id(one)] = one
	}
	there := make(map[string]bool, len(*read))
	kept := (*read)[:0:0]
	for _, one := range *read {
		id := k.id(one)
		there[id] = true
		old, was := known[id]
		if m.s.touched[key{m.office, object, id}] > m.began {
			if was { // else it was deleted while we read
				kept = append(kept, old)
			}
			continue
		}
		kept = append(kept, one)
		merged(m, object, k, one, old, was)
	}
	for _, old := range before {
		id := k.id(old)
		at := key{m.office, object, id}
		if there[id] {
			continue
		}
		if m.s.touched[at] > m.began {
			kept = append(kept, old) // created while we read
			continue
		}
		m.drops = append(m.drops, at)
		m.out.Gone++
		m.elsewhere(at, k.label(old), "gone", nil)
	}
	*read = kept
}

// merged takes one object that was read.
func merged[T any](m *merging, object string, k kind[T], one, old T, was bool) {
	at := key{m.office, object, k.id(one)}
	now, err := record(one)
	if err != nil {
		m.err = err
		return
	}
	then := ""
	if was {
		if then, err = record(old); err != nil {
			m.err = err
			return
		}
	}
	ours := m.s.ours[at]
	if now != then || ours {
		m.puts = append(m.puts, written{at, now})
	}
	if !was {
		m.out.Added++
		m.elsewhere(at, k.label(one), "added", nil)
		return
	}
	if now == then {
		return
	}
	diffs := Compare(k.values(old, m.before.Path), k.values(one, m.read.Path))
	if len(diffs) == 0 {
		return
	}
	m.out.Changed++
	m.elsewhere(at, k.label(one), "changed", diffs)
}

// elsewhere notes a change, unless it is this program's own showing at the provider or
// everything is new.
func (m *merging) elsewhere(at key, label, what string, diffs []Diff) {
	if !m.s.ours[at] && !m.out.First {
		m.news = append(m.news, News{Object: at.object, ID: at.id, Label: label, What: what, Diffs: diffs})
	}
}

// Gone is an object that this program has deleted at the provider; Object is "person",
// "department", "list", "contact", "contactGroup" or "tag".
type Gone struct{ Object, ID string }

// Put keeps objects as this program has changed them at the provider, or looked at them
// more closely: each is a [provider.Person], Department, List, Contact, ContactGroup,
// Tag or [Gone]. mine says that they were changed, so that the next reading finds nothing
// strange in them.
func (s *Store) Put(ctx context.Context, office string, mine bool, objects ...any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.viewLocked(ctx, office)
	if err != nil || len(objects) == 0 {
		return err
	}
	next := v.clone()
	next.Seq = v.Seq + 1
	kept := map[key]any{}
	var at places
	for _, o := range objects {
		object, id, one := next.put(o, &at)
		if id == "" {
			return core.E(core.Invalid, "keep in directory", nil)
		}
		kept[key{office, object, id}] = one
	}
	next.order()
	if err := s.db.Write(ctx, func(tx *sql.Tx) error { return s.write(ctx, tx, office, mine, kept) }); err != nil {
		return err
	}
	s.clock++
	for at := range kept {
		if mine {
			s.touched[at], s.ours[at] = s.clock, true
		}
	}
	s.views[office] = next
	return nil
}

// write brings the file up to objects that were put; nil: gone.
func (s *Store) write(ctx context.Context, tx *sql.Tx, office string, mine bool, kept map[key]any) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO office VALUES (?,0,'[]') ON CONFLICT DO NOTHING`, office); err != nil {
		return err
	}
	put, err := putting(ctx, tx)
	if err != nil {
		return err
	}
	defer put.Close()
	for at, one := range kept {
		if one == nil {
			if err := drop(ctx, tx, at); err != nil {
				return err
			}
			continue
		}
		text, err := record(one)
		if err != nil {
			return err
		}
		if _, err := put.ExecContext(ctx, at.office, at.object, at.id, mine || s.ours[at], text); err != nil {
			return err
		}
	}
	return nil
}

// places are where people stand in a list, while many of them are put into it one by one.
type places struct{ people map[string]int }

// replacePerson is replace for a long list and many people.
func (p *places) replacePerson(all *[]provider.Person, one provider.Person) any {
	if p.people == nil {
		p.people = make(map[string]int, len(*all))
		for i := range *all {
			p.people[(*all)[i].ID] = i
		}
	}
	if i, known := p.people[one.ID]; known {
		(*all)[i] = one
		return one
	}
	p.people[one.ID] = len(*all)
	*all = append(*all, one)
	return one
}

// put changes the view itself, and tells what was put; nil: gone.
func (v *View) put(object any, at *places) (kind, id string, one any) {
	switch o := object.(type) {
	case provider.Person:
		return person, o.ID, at.replacePerson(&v.People, o)
	case provider.Department:
		return department, o.ID, replace(&v.Departments, o, departmentKey)
	case provider.List:
		return list, o.ID, replace(&v.Lists, o, listKey)
	case provider.Contact:
		return contact, o.ID, replace(&v.Contacts, o, contactKey)
	case provider.ContactGroup:
		return contactGroup, o.ID, replace(&v.Groups, o, groupKey)
	case provider.Tag:
		return tag, o.ID, replace(&v.Tags, o, tagKey)
	case Gone:
		switch o.Object {
		case person:
			v.People, at.people = without(v.People, o.ID, personKey), nil
		case department:
			v.Departments = without(v.Departments, o.ID, departmentKey)
		case list:
			v.Lists = without(v.Lists, o.ID, listKey)
		case contact:
			v.Contacts = without(v.Contacts, o.ID, contactKey)
		case contactGroup:
			v.Groups = without(v.Groups, o.ID, groupKey)
		case tag:
			v.Tags = without(v.Tags, o.ID, tagKey)
		}
		return o.Object, o.ID, nil
	}
	return "", "", nil
}

func replace[T any](all *[]T, one T, k kind[T]) any {
	i := slices.IndexFunc(*all, func(o T) bool { return k.id(o) == k.id(one) })
	if i < 0 {
		*all = append(*all, one)
	} else {
		(*all)[i] = one
	}
	return one
}

func without[T any](all []T, id string, k kind[T]) []T {
	return slices.DeleteFunc(all, func(o T) bool { return k.id(o) == id })
}

// Complete looks at people of whom a listing told only a part, one by one, at most so
// many; looked counts them. Errors: those of the provider; what was looked at is kept.
func (s *Store) Complete(ctx context.Context, office string, p provider.Provider, most int) (looked int, err error) {
	v, err := s.View(ctx, office)
	if err != nil {
		return 0, err
	}
	for _, one := range v.People {
		if !one.Partial || looked == most {
			continue
		}
		closer, err := p.Person(ctx, one.ID)
		if core.CodeOf(err) == core.NotFound {
			continue // gone meanwhile: the next reading shows it
		}
		if err != nil {
			return looked, err
		}
		closer.Partial = false
		if err := s.Look(ctx, office, closer); err != nil {
			return looked, err
		}
		looked++
	}
	return looked, nil
}

// CompleteLists looks at the lists of which a listing told only a part, one by one, and
// returns the directory as it is known then. Errors: those of the provider; what was
// looked at is kept.
func (s *Store) CompleteLists(ctx context.Context, office string, p provider.ListReader) (*View, error) {
	v, err := s.View(ctx, office)
	if err != nil {
		return nil, err
	}
	for _, one := range v.Lists {
		if !one.Partial {
			continue
		}
		closer, err := p.List(ctx, one.ID)
		if core.CodeOf(err) == core.NotFound {
			continue // gone meanwhile: the next reading shows it
		}
		if err != nil {
			return nil, err
		}
		closer.Partial = false
		if err := s.Look(ctx, office, closer); err != nil {
			return nil, err
		}
	}
	return s.View(ctx, office)
}

// Look keeps what a closer look at one object has told. What differs from what was known
// of it, if that was known as closely, is news.
func (s *Store) Look(ctx context.Context, office string, object any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.viewLocked(ctx, office)
	if err != nil {
		return err
	}
	var before, after []Value
	at, label, close := key{office: office}, "", false
	switch o := object.(type) {
	case provider.Person:
		old, was := v.Person(o.ID)
		at.object, at.id, label, close = person, o.ID, o.Address, was && !old.Partial
		before, after = PersonValues(old, v.Path), PersonValues(o, v.Path)
	case provider.List:
		old, was := v.List(o.ID)
		at.object, at.id, label, close = list, o.ID, o.Address, was && !old.Partial
		before, after = ListValues(old, v.Path), ListValues(o, v.Path)
	default:
		return core.E(core.Internal, "look at object", nil)
	}
	diffs := Compare(before, after)
	if close && len(diffs) == 0 {
		return nil
	}
	next := v.clone()
	next.Seq = v.Seq + 1
	_, _, one := next.put(object, &places{})
	next.order()
	err = s.db.Write(ctx, func(tx *sql.Tx) error {
		if err := s.write(ctx, tx, office, false, map[key]any{at: one}); err != nil {
			return err
		}
		if !close || s.ours[at] {
			return nil
		}
		next.Unseen++
		return tell(ctx, tx, office, time.Now(), News{Object: at.object, ID: at.id, Label: label, What: "changed", Diffs: diffs})
	})
	if err != nil {
		return err
	}
	s.clock++
	s.touched[at] = s.clock // a reading that began before is older than the look
	s.views[office] = next
	return nil
}

func tell(ctx context.Context, tx *sql.Tx, office string, at time.Time, n News) error {
	diffs, err := json.Marshal(n.Diffs)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO news (office, time, object, id, label, what, diffs, seen) VALUES (?,?,?,?,?,?,?,0)`,
		office, store.Millis(at), n.Object, n.ID, n.Label, n.What, string(diffs))
	return err
}
