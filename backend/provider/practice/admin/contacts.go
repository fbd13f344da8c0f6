package admin

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
)

// Contacts returns the whole shared book.
func (a *Adapter) Contacts(ctx context.Context) (contacts []provider.Contact, groups []provider.ContactGroup, err error) {
	err = a.read(ctx, "read contacts", func(tx *sql.Tx) error {
		if contacts, err = allContacts(ctx, tx); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT id, name, place FROM contact_group ORDER BY place, id")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var n int64
			var g provider.ContactGroup
			if err := rows.Scan(&n, &g.Name, &g.Order); err != nil {
				return err
			}
			g.ID = id('k', n)
			groups = append(groups, g)
		}
		return rows.Err()
	})
	return contacts, groups, err
}

func allContacts(ctx context.Context, tx *sql.Tx) (all []provider.Contact, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT id, doc FROM contact ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		var doc string
		if err := rows.Scan(&n, &doc); err != nil {
			return nil, err
		}
		var c provider.Contact
		if err := json.Unmarshal([]byte(doc), &c); err != nil {
			return nil, core.E(core.Malformed, "read contact", err)
		}
		c.ID = id('c', n)
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(x, y provider.Contact) int { return x.Order - y.Order })
	return all, rows.Err()
}

// SaveContact creates or changes a contact.
func (a *Adapter) SaveContact(ctx context.Context, c provider.Contact) (provider.Contact, error) {
	err := a.write(ctx, "save contact", func(tx *sql.Tx) (err error) {
		if err := firstOf(text(provider.AttrName, c.Name, true), text("company", c.Company, false), text(provider.AttrTitle, c.Title, false),
			text(provider.AttrRemark, c.Remark, false), phone(provider.AttrMobile, c.Mobile), phone(provider.AttrPhone, c.Phone)); err != nil {
			return err
		}
		if c.Addresses, err = addresses(provider.AttrAddress, c.Addresses); err != nil {
			return err
		}
		for _, g := range c.Groups {
			if n, err := count(ctx, tx, "SELECT count(*) FROM contact_group WHERE id=?", numberOf('k', g)); err != nil || n == 0 {
				return firstOf(err, invalid("groups", "unknown"))
			}
		}
		n := numberOf('c', c.ID)
		if c.ID == "" {
			result, err := tx.ExecContext(ctx, "INSERT INTO contact (doc) VALUES ('{}')")
			if err != nil {
				return err
			}
			if n, err = result.LastInsertId(); err != nil {
				return err
			}
		}
		if found, err := count(ctx, tx, "SELECT count(*) FROM contact WHERE id=?", n); err != nil || found == 0 {
			return firstOf(err, notFound("contact"))
		}
		c.ID = id('c', n)
		doc, err := json.Marshal(c)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE contact SET doc=? WHERE id=?", string(doc), n); err != nil {
			return err
		}
		return a.note(ctx, tx, logs.ActOther, c.Name, "contact")
	})
	return c, err
}

func count(ctx context.Context, tx *sql.Tx, query string, args ...any) (n int, err error) {
	err = tx.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, err
}

// DeleteContact deletes a contact.
func (a *Adapter) DeleteContact(ctx context.Context, key string) error {
	return a.write(ctx, "delete contact", func(tx *sql.Tx) error {
		if err := one(tx.ExecContext(ctx, "DELETE FROM contact WHERE id=?", numberOf('c', key)))("contact"); err != nil {
			return err
		}
		return a.note(ctx, tx, logs.ActOther, key, "contact -")
	})
}

// one makes not_found of a statement that touched nothing.
func one(result sql.Result, err error) func(what string) error {
	return func(what string) error {
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return firstOf(err, notFound(what))
		}
		return nil
	}
}

// SaveContactGroup creates or changes a group.
func (a *Adapter) SaveContactGroup(ctx context.Context, g provider.ContactGroup) (provider.ContactGroup, error) {
	err := a.write(ctx, "save contact group", func(tx *sql.Tx) error {
		n := numberOf('k', g.ID)
		taken, err := count(ctx, tx, "SELECT count(*) FROM contact_group WHERE name=? AND id<>?", g.Name, n)
		if err == nil && taken > 0 {
			err = conflict(provider.AttrName, "name_taken")
		}
		if err = firstOf(err, text(provider.AttrName, g.Name, true)); err != nil {
			return err
		}
		if g.ID != "" {
			return one(tx.ExecContext(ctx, "UPDATE contact_group SET name=?, place=? WHERE id=?", g.Name, g.Order, n))("group")
		}
		result, err := tx.ExecContext(ctx, "INSERT INTO contact_group (name, place) VALUES (?,?)", g.Name, g.Order)
		if err != nil {
			return err
		}
		n, err = result.LastInsertId()
		g.ID = id('k', n)
		return err
	})
	return g, err
}

// DeleteContactGroup deletes a group; its contacts stay.
func (a *Adapter) DeleteContactGroup(ctx context.Context, key string) error {
	return a.write(ctx, "delete contact group", func(tx *sql.Tx) error {
		if err := one(tx.ExecContext(ctx, "DELETE FROM contact_group WHERE id=?", numberOf('k', key)))("group"); err != nil {
			return err
		}
		contacts, err := allContacts(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range contacts {
			if !drop(&c.Groups, []string{key}) {
				continue
			}
			doc, err := json.Marshal(c)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE contact SET doc=? WHERE id=?", string(doc), numberOf('c', c.ID)); err != nil {
				return err
			}
		}
		return nil
	})
}
