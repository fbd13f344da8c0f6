// Package localbook keeps the shared contacts of offices whose provider has no public call for
// them, on this computer: contacts and their groups, an office's apart from another's.
//
// It leaves out when a book is kept here (backend/office decides by the capabilities), previews,
// undoing and the record of changes, which are the same as for a provider's own book.
package localbook

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
	"mailroom/backend/store"
)

// FileName is the name of the file within the data folder.
const FileName = "contacts.db"

// migrations of the file. A step that a release has shipped never changes.
var migrations = []string{`
CREATE TABLE contact (
	office TEXT NOT NULL,
	id     TEXT NOT NULL,
	record TEXT NOT NULL, -- JSON of provider.Contact
	PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE contact_group (
	office TEXT    NOT NULL,
	id     TEXT    NOT NULL,
	name   TEXT    NOT NULL,
	place  INTEGER NOT NULL,
	PRIMARY KEY (office, id)
) STRICT, WITHOUT ROWID;
`}

// Bounds of one book and of its values.
const (
	maxContacts  = 50_000
	maxGroups    = 1_000
	maxText      = 2_000 // bytes
	maxAddresses = 20
)

// Shelf holds the books of all offices. It is safe for concurrent use, and verbs may use the
// file beside the window.
type Shelf struct{ db *store.DB }

// Open opens or makes the file in a folder. Errors: as those of [store.Open].
func Open(ctx context.Context, dir string) (*Shelf, error) {
	db, err := store.Open(ctx, filepath.Join(dir, FileName), migrations, store.Beside())
	if err != nil {
		return nil, err
	}
	return &Shelf{db: db}, nil
}

// Close closes the file.
func (s *Shelf) Close() error { return s.db.Close() }

// Of is an office's book; it is empty at first.
func (s *Shelf) Of(id string) office.SharedBook { return &book{db: s.db, office: id} }

// Forget throws an office's book away.
func (s *Shelf) Forget(ctx context.Context, office string) error {
	return s.db.Write(ctx, func(tx *sql.Tx) error {
		for _, act := range []string{`DELETE FROM contact WHERE office=?`, `DELETE FROM contact_group WHERE office=?`} {
			if _, err := tx.ExecContext(ctx, act, office); err != nil {
				return err
			}
		}
		return nil
	})
}

// book is one office's.
type book struct {
	db     *store.DB
	office string
}

// Contacts reads the whole book, by place and name.
func (b *book) Contacts(ctx context.Context) (contacts []provider.Contact, groups []provider.ContactGroup, err error) {
	tx, err := b.db.R.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, nil, core.E(core.CodeOf(err), "read contacts", err)
	}
	defer func() { _ = tx.Rollback() }()
	if contacts, err = b.contacts(ctx, tx); err == nil {
		groups, err = b.groups(ctx, tx)
	}
	return contacts, groups, err
}

func (b *book) contacts(ctx context.Context, tx *sql.Tx) (all []provider.Contact, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, record FROM contact WHERE office=?`, b.office)
	if err != nil {
		return nil, core.E(core.CodeOf(err), "read contacts", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c provider.Contact
		var id, record string
		if err := rows.Scan(&id, &record); err != nil {
			return nil, core.E(core.CodeOf(err), "read contacts", err)
		}
		if err := json.Unmarshal([]byte(record), &c); err != nil {
			return nil, core.E(core.Malformed, "read contact", err)
		}
		c.ID = id
		all = append(all, c)
	}
	slices.SortFunc(all, func(x, y provider.Contact) int {
		return cmp.Or(cmp.Compare(x.Order, y.Order), strings.Compare(x.Name, y.Name), strings.Compare(x.ID, y.ID))
	})
	return all, rows.Err()
}

func (b *book) groups(ctx context.Context, tx *sql.Tx) (all []provider.ContactGroup, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, name, place FROM contact_group WHERE office=? ORDER BY place, name, id`, b.office)
	if err != nil {
		return nil, core.E(core.CodeOf(err), "read groups", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var g provider.ContactGroup
		if err := rows.Scan(&g.ID, &g.Name, &g.Order); err != nil {
			return nil, core.E(core.CodeOf(err), "read groups", err)
		}
		all = append(all, g)
	}
	return all, rows.Err()
}

func bad(a provider.Attr, reason string) error {
	return core.E(core.Invalid, "save contact", nil, "field", string(a), "reason", reason)
}

// check refuses what a book cannot hold: invalid with "field".
func check(c provider.Contact) error {
	if strings.TrimSpace(c.Name) == "" {
		return bad(provider.AttrName, "missing")
	}
	for _, v := range []struct {
		attr provider.Attr
		text string
	}{
		{provider.AttrName, c.Name}, {provider.AttrMobile, c.Mobile}, {provider.AttrPhone, c.Phone}, {directory.AttrCompany, c.Company},
		{provider.AttrTitle, c.Title}, {provider.AttrRemark, c.Remark},
	} {
		if len(v.text) > maxText {
			return bad(v.attr, "long")
		}
	}
	if len(c.Addresses) > maxAddresses {
		return bad(directory.AttrAddresses, "long")
	}
	for _, a := range c.Addresses {
		if local, domain, ok := strings.Cut(a, "@"); !ok || local == "" || domain == "" || len(a) > 254 || strings.ContainsAny(a, " \r\n<>,;") {
			return bad(directory.AttrAddresses, "address")
		}
	}
	return nil
}

// SaveContact makes a contact, or changes the one with its ID. Errors: invalid with "field",
// not_found.
func (b *book) SaveContact(ctx context.Context, c provider.Contact) (provider.Contact, error) {
	if err := check(c); err != nil {
		return c, err
	}
	err := b.db.Write(ctx, func(tx *sql.Tx) error {
		for _, g := range c.Groups {
			if n, err := b.count(ctx, tx, `SELECT count(*) FROM contact_group WHERE office=? AND id=?`, g); err != nil || n == 0 {
				return cmp.Or(err, bad(directory.AttrGroups, "unknown"))
			}
		}
		if c.ID == "" {
			n, err := b.count(ctx, tx, `SELECT count(*) FROM contact WHERE office=?`)
			if err != nil {
				return err
			}
			if n >= maxContacts {
				return core.E(core.TooBig, "save contact", nil, "limit", strconv.Itoa(maxContacts))
			}
			c.ID = rand.Text()
		} else if n, err := b.count(ctx, tx, `SELECT count(*) FROM contact WHERE office=? AND id=?`, c.ID); err != nil || n == 0 {
			return cmp.Or(err, missing("contact"))
		}
		return b.put(ctx, tx, c)
	})
	return c, err
}

func (b *book) put(ctx context.Context, tx *sql.Tx, c provider.Contact) error {
	record, err := json.Marshal(c)
	if err != nil {
		return core.E(core.Internal, "save contact", err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO contact VALUES (?,?,?) ON CONFLICT DO UPDATE SET record=excluded.record`, b.office, c.ID, string(record))
	return err
}

func (b *book) count(ctx context.Context, tx *sql.Tx, query string, args ...any) (n int, err error) {
	err = tx.QueryRowContext(ctx, query, append([]any{b.office}, args...)...).Scan(&n)
	return n, err
}

func missing(object string) error { return core.E(core.NotFound, "change book", nil, "object", object) }

// DeleteContact deletes a contact. Errors: not_found.
func (b *book) DeleteContact(ctx context.Context, id string) error {
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		return b.drop(ctx, tx, `DELETE FROM contact WHERE office=? AND id=?`, id, "contact")
	})
}

func (b *book) drop(ctx context.Context, tx *sql.Tx, query, id, object string) error {
	result, err := tx.ExecContext(ctx, query, b.office, id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return cmp.Or(err, missing(object))
	}
	return nil
}

// SaveContactGroup makes a group, or changes the one with its ID. Errors: invalid with "field",
// conflict (another group has the name), not_found.
func (b *book) SaveContactGroup(ctx context.Context, g provider.ContactGroup) (provider.ContactGroup, error) {
	switch {
	case strings.TrimSpace(g.Name) == "":
		return g, bad(provider.AttrName, "missing")
	case len(g.Name) > maxText:
		return g, bad(provider.AttrName, "long")
	}
	err := b.db.Write(ctx, func(tx *sql.Tx) error {
		if n, err := b.count(ctx, tx, `SELECT count(*) FROM contact_group WHERE office=? AND name=? AND id<>?`, g.Name, g.ID); err != nil || n > 0 {
			return cmp.Or[error](err, core.E(core.Conflict, "save group", nil, "field", string(provider.AttrName), "reason", "name_taken"))
		}
		if g.ID != "" {
			result, err := tx.ExecContext(ctx, `UPDATE contact_group SET name=?, place=? WHERE office=? AND id=?`, g.Name, g.Order, b.office, g.ID)
			if err != nil {
				return err
			}
			if n, err := result.RowsAffected(); err != nil || n == 0 {
				return cmp.Or(err, missing("group"))
			}
			return nil
		}
		n, err := b.count(ctx, tx, `SELECT count(*) FROM contact_group WHERE office=?`)
		if err != nil {
			return err
		}
		if n >= maxGroups {
			return core.E(core.TooBig, "save group", nil, "limit", strconv.Itoa(maxGroups))
		}
		g.ID = rand.Text()
		_, err = tx.ExecContext(ctx, `INSERT INTO contact_group VALUES (?,?,?,?)`, b.office, g.ID, g.Name, g.Order)
		return err
	})
	return g, err
}

// DeleteContactGroup deletes a group; its contacts stay. Errors: not_found.
func (b *book) DeleteContactGroup(ctx context.Context, id string) error {
	return b.db.Write(ctx, func(tx *sql.Tx) error {
		if err := b.drop(ctx, tx, `DELETE FROM contact_group WHERE office=? AND id=?`, id, "group"); err != nil {
			return err
		}
		contacts, err := b.contacts(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range contacts {
			if !slices.Contains(c.Groups, id) {
				continue
			}
			c.Groups = slices.DeleteFunc(c.Groups, func(g string) bool { return g == id })
			if err := b.put(ctx, tx, c); err != nil {
				return err
			}
		}
		return nil
	})
}
