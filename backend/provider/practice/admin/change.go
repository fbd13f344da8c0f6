package admin

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/server"
)

// checkPerson holds a person's values against what the office takes.
func checkPerson(p provider.Person) error {
	genders, rights := []string{"", "female", "male"}, []provider.MailRights{"", provider.Everywhere, provider.SendInside, provider.ReceiveInside, provider.InsideOnly}
	for way := range p.SignIn {
		if !slices.Contains(signInWays, way) {
			return core.E(core.Unsupported, "", nil, "field", string(provider.AttrSignIn))
		}
	}
	switch {
	case p.Quota < -1:
		return invalid(provider.AttrQuota, "negative")
	case !slices.Contains(genders, p.Gender):
		return invalid(provider.AttrGender, "choice")
	case !slices.Contains(rights, p.MailRights):
		return invalid(provider.AttrMailRights, "choice")
	}
	if p.Forward != nil {
		if err := checkForward(p.Address, p.Forward); err != nil {
			return err
		}
	}
	return firstOf(
		text(provider.AttrName, p.Name, true), text(provider.AttrTitle, p.Title, false), text(provider.AttrStaffNo, p.StaffNo, false),
		text(provider.AttrRemark, p.Remark, false), phone(provider.AttrMobile, p.Mobile), phone(provider.AttrPhone, p.Phone),
	)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// settle puts a person into departments, the first is the main one.
func settle(ctx context.Context, tx *sql.Tx, person int64, departments []string) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM place WHERE person=?", person); err != nil {
		return err
	}
	for rank, key := range departments {
		if key == provider.RootDepartment && len(departments) == 1 {
			return nil // nowhere but in the office itself
		}
		d, err := findDepartment(ctx, tx, key)
		if err != nil {
			return invalid(provider.AttrDepartments, "unknown")
		}
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO place VALUES (?,?,?)", person, numberOf('d', d.ID), rank); err != nil {
			return err
		}
	}
	return nil
}

// UpdatePerson changes what the change names.
func (a *Adapter) UpdatePerson(ctx context.Context, key string, c provider.PersonChange) error {
	if err := capabilities().CanUpdate(c); err != nil {
		return err
	}
	return a.change(ctx, "update person", key, logs.ActPersonEdit, func(tx *sql.Tx, r *record) (string, error) {
		apply(&r.p, c)
		if err := checkPerson(r.p); err != nil {
			return "", err
		}
		var names []string
		for _, attr := range c.Given() {
			names = append(names, string(attr))
		}
		if c.Departments != nil {
			if err := settle(ctx, tx, r.n, *c.Departments); err != nil {
				return "", err
			}
		}
		return strings.Join(names, ", "), nil
	})
}

func apply(p *provider.Person, c provider.PersonChange) {
	set(&p.Name, c.Name)
	set(&p.Title, c.Title)
	set(&p.Mobile, c.Mobile)
	set(&p.Phone, c.Phone)
	set(&p.StaffNo, c.StaffNo)
	set(&p.Remark, c.Remark)
	set(&p.Gender, c.Gender)
	if c.Hidden != nil {
		p.Hidden = flag(*c.Hidden)
	}
	set(&p.Quota, c.Quota)
	if c.Expires != nil {
		p.Expires = c.Expires.UTC()
	}
}

func flag(b bool) provider.Flag {
	if b {
		return provider.Yes
	}
	return provider.No
}

// change reads a person who is not deleted, changes and writes the person, and notes
// the act with the remark that f returns.
func (a *Adapter) change(ctx context.Context, op, key string, action logs.Action, f func(*sql.Tx, *record) (string, error)) error {
	return a.write(ctx, op, func(tx *sql.Tx) error {
		r, err := living(ctx, tx, key)
		if err != nil {
			return err
		}
		remark, err := f(tx, &r)
		if err != nil {
			return err
		}
		if err := r.save(ctx, tx); err != nil {
			return err
		}
		return a.note(ctx, tx, action, r.p.Address, remark)
	})
}

// DeletePerson deletes an account; for 30 days it can be brought back. Who is deleted
// already is then deleted for good.
func (a *Adapter) DeletePerson(ctx context.Context, key string) error {
	return a.write(ctx, "delete person", func(tx *sql.Tx) error {
		r, err := find(ctx, tx, key)
		if err != nil {
			return err
		}
		if !r.gone.IsZero() {
			return a.purge(ctx, tx, r)
		}
		if err := leave(ctx, tx, &r); err != nil {
			return err
		}
		r.keep.Was, r.p.Status, r.gone = r.p.Status, provider.Deleted, a.now()
		if err := r.save(ctx, tx); err != nil {
			return err
		}
		return a.note(ctx, tx, logs.ActPersonDelete, r.p.Address, r.p.Name)
	})
}

// leave takes a person out of every list and frees the addresses; what is needed to
// come back is kept.
func leave(ctx context.Context, tx *sql.Tx, r *record) error {
	r.keep.Aliases, r.keep.Lists, r.keep.On, r.keep.Hidden = r.p.Aliases, nil, nil, r.p.HiddenAddresses
	r.p.HiddenAddresses = nil
	lists, err := allLists(ctx, tx)
	if err != nil {
		return err
	}
	mine := append([]string{r.p.Address}, r.p.Aliases...)
	for _, l := range lists {
		as := l.Members
		member, sender := drop(&l.Members, mine), drop(&l.Senders, mine)
		if !member && !sender {
			continue
		}
		if member {
			r.keep.On = append(r.keep.On, seat{l.Address, as[slices.IndexFunc(as, func(m string) bool { return slices.Contains(mine, m) })]})
		}
		if err := saveList(ctx, tx, numberOf('g', l.ID), l); err != nil {
			return err
		}
	}
	for _, step := range []string{"DELETE FROM address WHERE use IN ('person','alias') AND owner=?", "DELETE FROM granted WHERE person=?"} {
		if _, err := tx.ExecContext(ctx, step, r.n); err != nil {
			return err
		}
	}
	return nil
}

// drop takes values out of a list and tells whether there was one.
func drop(from *[]string, values []string) bool {
	before := len(*from)
	*from = slices.DeleteFunc(slices.Clone(*from), func(v string) bool { return slices.Contains(values, v) })
	return len(*from) != before
}

// purge deletes a person for good.
func (a *Adapter) purge(ctx context.Context, tx *sql.Tx, r record) error {
	for _, step := range []string{"DELETE FROM place WHERE person=?", "DELETE FROM tagged WHERE person=?", "DELETE FROM person WHERE id=?"} {
		if _, err := tx.ExecContext(ctx, step, r.n); err != nil {
			return err
		}
	}
	return a.note(ctx, tx, logs.ActPersonDelete, r.p.Address, "for good")
}

// RestorePerson brings a deleted person back, with aliases that nobody has taken and
// into lists that still exist. conflict where somebody else has the main address now.
func (a *Adapter) RestorePerson(ctx context.Context, key string) error {
	return a.write(ctx, "restore person", func(tx *sql.Tx) error {
		r, err := find(ctx, tx, key)
		if err != nil {
			return err
		}
		if r.gone.IsZero() {
			return conflict(provider.AttrStatus, "not_deleted")
		}
		if err := take(ctx, tx, provider.AttrAddress, r.p.Address, provider.UsePerson, r.n); err != nil {
			return err
		}
		r.p.HiddenAddresses = r.keep.Hidden
		for _, alias := range r.keep.Aliases {
			err := take(ctx, tx, provider.AttrAliases, alias, provider.UseAlias, r.n)
			if core.CodeOf(err) == core.Conflict {
				r.p.HiddenAddresses = without(r.p.HiddenAddresses, alias)
			} else if err != nil {
				return err
			}
		}
		if err := r.sit(ctx, tx); err != nil {
			return err
		}
		r.p.Status, r.gone, r.keep = r.keep.Was, time.Time{}, keep{Adopted: r.keep.Adopted, Box: r.keep.Box}
		if err := r.save(ctx, tx); err != nil {
			return err
		}
		return a.note(ctx, tx, logs.ActPersonAdd, r.p.Address, "restored")
	})
}

// DeletePersonKeeping deletes an account for good; its addresses become the heir's.
func (a *Adapter) DeletePersonKeeping(ctx context.Context, key, heir string, how provider.Keep) error {
	return a.write(ctx, "delete person keeping mail", func(tx *sql.Tx) error {
		if how != provider.KeepAttach && how != provider.KeepForward {
			return invalid("keep", "choice")
		}
		r, err := living(ctx, tx, key)
		if err != nil {
			return err
		}
		h, err := living(ctx, tx, heir)
		switch {
		case err != nil:
			return err
		case h.n == r.n:
			return invalid("heir", "same")
		}
		mine := append([]string{r.p.Address}, r.p.Aliases...)
		if err := leave(ctx, tx, &r); err != nil {
			return err
		}
		for _, address := range mine {
			if err := take(ctx, tx, provider.AttrAliases, address, provider.UseAlias, h.n); err != nil {
				return err
			}
		}
		if how == provider.KeepAttach {
			h.p.Used += max(r.p.Used, 0)
			box, err := a.box(ctx, tx, r)
			if err != nil {
				return err
			}
			local, _, _ := strings.Cut(r.p.Address, "@")
			h.keep.Adopted = append(append(h.keep.Adopted, r.keep.Adopted...), server.Adopted{Key: box.Key, Name: local})
		}
		if err := h.save(ctx, tx); err != nil {
			return err
		}
		if err := a.purge(ctx, tx, r); err != nil {
			return err
		}
		return a.note(ctx, tx, logs.ActPersonDelete, r.p.Address, string(how)+" → "+h.p.Address)
	})
}
