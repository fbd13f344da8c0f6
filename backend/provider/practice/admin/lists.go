package admin

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
)

// memberLimit is how many members a list may have.
const memberLimit = 2000

var traits = provider.ListTraits{
	Policies: []provider.Policy{provider.PolicyAnyone, provider.PolicyInside, provider.PolicyMembers, provider.PolicyMembersNamed, provider.PolicyNamed},
	Outside:  true, Nested: true, Departments: true, Hidden: true, Off: true, Rename: true, Remark: true, MaxMembers: memberLimit,
}

// ListTraits is everything.
func (a *Adapter) ListTraits() provider.ListTraits {
	t := traits
	t.Policies = slices.Clone(traits.Policies)
	return t
}

func scanList(row scanner) (l provider.List, err error) {
	var n int64
	var address, doc string
	if err := row.Scan(&n, &address, &doc); err != nil {
		return l, err
	}
	if err := json.Unmarshal([]byte(doc), &l); err != nil {
		return l, core.E(core.Malformed, "read list", err)
	}
	l.ID, l.Address = id('g', n), address
	return l, nil
}

func saveList(ctx context.Context, tx *sql.Tx, n int64, l provider.List) error {
	doc, err := json.Marshal(l)
	if err == nil {
		_, err = tx.ExecContext(ctx, "UPDATE list SET doc=? WHERE id=?", string(doc), n)
	}
	return err
}

func allLists(ctx context.Context, tx *sql.Tx) (all []provider.List, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT id, address, doc FROM list ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		l, err := scanList(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, rows.Err()
}

// findList returns a list by ID or address.
func findList(ctx context.Context, tx *sql.Tx, key string) (provider.List, error) {
	l, err := scanList(tx.QueryRowContext(ctx, "SELECT id, address, doc FROM list WHERE id=? OR address=?", numberOf('g', key), key))
	if errors.Is(err, sql.ErrNoRows) {
		err = notFound("list")
	}
	return l, err
}

// Lists returns one page of the lists.
func (a *Adapter) Lists(ctx context.Context, page string) (lists []provider.List, next string, err error) {
	err = a.read(ctx, "list lists", func(tx *sql.Tx) error {
		after, err := offset(page)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT id, address, doc FROM list WHERE id>? ORDER BY id LIMIT ?", after, a.page+1)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if len(lists) == a.page {
				next = token(true, after)
				break
			}
			l, err := scanList(rows)
			if err != nil {
				return err
			}
			after = numberOf('g', l.ID)
			lists = append(lists, l)
		}
		return rows.Err()
	})
	return lists, next, err
}

// List returns one list.
func (a *Adapter) List(ctx context.Context, key string) (l provider.List, err error) {
	err = a.read(ctx, "read list", func(tx *sql.Tx) error {
		l, err = findList(ctx, tx, key)
		return err
	})
	return l, err
}

// checkList holds a list against what the office takes and spells its addresses.
func checkList(ctx context.Context, tx *sql.Tx, l *provider.List) error {
	if l.Policy == "" {
		l.Policy = provider.PolicyInside
	}
	if l.Hidden == provider.Unknown {
		l.Hidden = provider.No
	}
	if l.Off == provider.Unknown {
		l.Off = provider.No
	}
	switch {
	case !slices.Contains(traits.Policies, l.Policy):
		return core.E(core.Unsupported, "", nil, "field", string(provider.AttrPolicy))
	case len(l.Members) > memberLimit:
		return invalid(provider.AttrMembers, "too_many")
	case l.Policy == provider.PolicyNamed && len(l.Senders) == 0:
		return invalid(provider.AttrSenders, "missing")
	}
	if err := firstOf(text(provider.AttrName, l.Name, true), text(provider.AttrRemark, l.Remark, false)); err != nil {
		return err
	}
	var err error
	if l.Members, err = addresses(provider.AttrMembers, l.Members); err != nil {
		return err
	}
	if l.Senders, err = addresses(provider.AttrSenders, l.Senders); err != nil {
		return err
	}
	for _, member := range append(slices.Clone(l.Members), l.Address) {
		if slices.Contains(l.Lists, member) {
			return invalid(provider.AttrLists, "twice")
		}
	}
	for _, nested := range l.Lists {
		if _, err := findList(ctx, tx, nested); err != nil {
			return invalid(provider.AttrLists, "unknown")
		}
	}
	for _, department := range l.Departments {
		if _, err := findDepartment(ctx, tx, department); err != nil {
			return invalid(provider.AttrDepartments, "unknown")
		}
	}
	return nil
}

// addresses spells addresses of anywhere, each once.
func addresses(a provider.Attr, values []string) ([]string, error) {
	var out []string
	for _, v := range values {
		v, err := address(a, v)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out, nil
}

// circle tells whether a list leads back to itself through lists inside lists.
func circle(ctx context.Context, tx *sql.Tx, l provider.List) (bool, error) {
	seen := map[string]bool{}
	for next := slices.Clone(l.Lists); len(next) > 0; {
		at := next[0]
		next = next[1:]
		if at == l.Address {
			return true, nil
		}
		if seen[at] {
			continue
		}
		seen[at] = true
		inner, err := findList(ctx, tx, at)
		if err != nil {
			return false, err
		}
		next = append(next, inner.Lists...)
	}
	return false, nil
}

// CreateList creates a list.
func (a *Adapter) CreateList(ctx context.Context, l provider.List) (made provider.List, err error) {
	err = a.write(ctx, "create list", func(tx *sql.Tx) error {
		l := l
		if l.Address, err = own(ctx, tx, provider.AttrAddress, l.Address); err != nil {
			return err
		}
		if err := checkList(ctx, tx, &l); err != nil {
			return err
		}
		if err := unused(ctx, tx, provider.AttrAddress, l.Address); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, "INSERT INTO list (address, doc) VALUES (?,'{}')", l.Address)
		if err != nil {
			return err
		}
		n, err := result.LastInsertId()
		if err != nil {
			return err
		}
		if err := take(ctx, tx, provider.AttrAddress, l.Address, provider.UseList, n); err != nil {
			return err
		}
		l.ID, made = id('g', n), l
		made.ID = l.ID
		return firstOf(saveList(ctx, tx, n, l), a.note(ctx, tx, logs.ActList, l.Address, "+"))
	})
	return made, err
}

// UpdateList changes what the change names.
func (a *Adapter) UpdateList(ctx context.Context, key string, c provider.ListChange) error {
	return a.write(ctx, "update list", func(tx *sql.Tx) error {
		l, err := findList(ctx, tx, key)
		if err != nil {
			return err
		}
		applyList(&l, c)
		if err := checkList(ctx, tx, &l); err != nil {
			return err
		}
		round, err := circle(ctx, tx, l)
		switch {
		case err != nil:
			return err
		case round:
			return invalid(provider.AttrLists, "circle")
		}
		return firstOf(saveList(ctx, tx, numberOf('g', l.ID), l), a.note(ctx, tx, logs.ActList, l.Address, ""))
	})
}

func applyList(l *provider.List, c provider.ListChange) {
	set(&l.Name, c.Name)
	set(&l.Remark, c.Remark)
	set(&l.Members, c.Members)
	set(&l.Lists, c.Lists)
	set(&l.Departments, c.Departments)
	set(&l.Senders, c.Senders)
	set(&l.Policy, c.Policy)
	if c.Hidden != nil {
		l.Hidden = flag(*c.Hidden)
	}
	if c.Off != nil {
		l.Off = flag(*c.Off)
	}
	if l.Policy != provider.PolicyNamed && l.Policy != provider.PolicyMembersNamed {
		l.Senders = nil
	}
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// DeleteList deletes a list and takes it out of the lists that hold it.
func (a *Adapter) DeleteList(ctx context.Context, key string) error {
	return a.write(ctx, "delete list", func(tx *sql.Tx) error {
		l, err := findList(ctx, tx, key)
		if err != nil {
			return err
		}
		lists, err := allLists(ctx, tx)
		if err != nil {
			return err
		}
		for _, other := range lists {
			if drop(&other.Lists, []string{l.Address}) {
				if err := saveList(ctx, tx, numberOf('g', other.ID), other); err != nil {
					return err
				}
			}
		}
		n := numberOf('g', l.ID)
		for _, step := range []string{"DELETE FROM list WHERE id=?", "DELETE FROM address WHERE use='list' AND owner=?"} {
			if _, err := tx.ExecContext(ctx, step, n); err != nil {
				return err
			}
		}
		return a.note(ctx, tx, logs.ActList, l.Address, "-")
	})
}

// sit puts somebody who comes back on the lists of before, as far as there are any.
func (r record) sit(ctx context.Context, tx *sql.Tx) error {
	seats := slices.Clone(r.keep.On)
	for _, n := range r.keep.Lists {
		seats = append(seats, seat{id('g', n), r.p.Address})
	}
	for _, s := range seats {
		l, err := findList(ctx, tx, s.List)
		if core.CodeOf(err) == core.NotFound {
			continue
		}
		if err == nil && !slices.Contains(l.Members, s.As) {
			l.Members = append(l.Members, s.As)
			err = saveList(ctx, tx, numberOf('g', l.ID), l)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
