package admin

import (
	"context"
	"database/sql"
	"errors"

	"mailroom/backend/logs"
	"mailroom/backend/provider"
)

// readTag reads who has a tag; people who were deleted have none until they come back.
func readTag(ctx context.Context, tx *sql.Tx, n int64) (provider.Tag, error) {
	t := provider.Tag{ID: id('t', n)}
	err := tx.QueryRowContext(ctx, "SELECT name FROM tag WHERE id=?", n).Scan(&t.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return t, notFound("tag")
	}
	if err != nil {
		return t, err
	}
	rows, err := tx.QueryContext(ctx, "SELECT p.address FROM tagged JOIN person p ON p.id=tagged.person WHERE tag=? AND p.gone=0 ORDER BY p.address", n)
	if err == nil {
		t.People, err = texts(rows, nil)
	}
	if err != nil {
		return t, err
	}
	rows, err = tx.QueryContext(ctx, "SELECT 'd' || department FROM tagged WHERE tag=? AND department<>0 ORDER BY department", n)
	if err == nil {
		t.Departments, err = texts(rows, nil)
	}
	return t, err
}

// Tags lists all tags with everybody who has them.
func (a *Adapter) Tags(ctx context.Context) (tags []provider.Tag, err error) {
	err = a.read(ctx, "list tags", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT 't' || id FROM tag ORDER BY id")
		if err != nil {
			return err
		}
		ids, err := texts(rows, nil)
		if err != nil {
			return err
		}
		for _, key := range ids {
			t, err := readTag(ctx, tx, numberOf('t', key))
			if err != nil {
				return err
			}
			tags = append(tags, t)
		}
		return nil
	})
	return tags, err
}

// Tag reads one.
func (a *Adapter) Tag(ctx context.Context, key string) (t provider.Tag, err error) {
	err = a.read(ctx, "read tag", func(tx *sql.Tx) error {
		t, err = readTag(ctx, tx, numberOf('t', key))
		return err
	})
	return t, err
}

// soleTag refuses a name that another tag has.
func soleTag(ctx context.Context, tx *sql.Tx, self int64, name string) error {
	if err := text(provider.AttrName, name, true); err != nil {
		return err
	}
	n, err := count(ctx, tx, "SELECT count(*) FROM tag WHERE name=? AND id<>?", name, self)
	if err == nil && n > 0 {
		err = conflict(provider.AttrName, "name_taken")
	}
	return err
}

// CreateTag creates a tag and gives it to people and departments.
func (a *Adapter) CreateTag(ctx context.Context, t provider.Tag) (made provider.Tag, err error) {
	err = a.write(ctx, "create tag", func(tx *sql.Tx) error {
		if err := soleTag(ctx, tx, 0, t.Name); err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, "INSERT INTO tag (name) VALUES (?)", t.Name)
		if err != nil {
			return err
		}
		n, err := result.LastInsertId()
		if err == nil {
			err = tagThem(ctx, tx, n, provider.Tag{Name: t.Name}.Difference(t))
		}
		if err != nil {
			return err
		}
		if made, err = readTag(ctx, tx, n); err != nil {
			return err
		}
		return a.note(ctx, tx, logs.ActOther, t.Name, "tag +")
	})
	return made, err
}

// tagThem gives a tag to people and departments and takes it from others.
func tagThem(ctx context.Context, tx *sql.Tx, n int64, c provider.TagChange) error {
	for _, address := range c.AddPeople {
		r, err := living(ctx, tx, address)
		if err != nil {
			return invalid(provider.AttrMembers, "unknown")
		}
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO tagged VALUES (?,?,0)", n, r.n); err != nil {
			return err
		}
	}
	for _, address := range c.RemovePeople {
		if _, err := tx.ExecContext(ctx, "DELETE FROM tagged WHERE tag=? AND person IN (SELECT id FROM person WHERE address=? AND gone=0)", n, address); err != nil {
			return err
		}
	}
	for _, key := range c.AddDepartments {
		d, err := findDepartment(ctx, tx, key)
		if err != nil {
			return invalid(provider.AttrDepartments, "unknown")
		}
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO tagged VALUES (?,0,?)", n, numberOf('d', d.ID)); err != nil {
			return err
		}
	}
	for _, key := range c.RemoveDepartments {
		if _, err := tx.ExecContext(ctx, "DELETE FROM tagged WHERE tag=? AND department=?", n, numberOf('d', key)); err != nil {
			return err
		}
	}
	return nil
}

// UpdateTag changes what the change names.
func (a *Adapter) UpdateTag(ctx context.Context, key string, c provider.TagChange) error {
	return a.write(ctx, "update tag", func(tx *sql.Tx) error {
		n := numberOf('t', key)
		t, err := readTag(ctx, tx, n)
		if err != nil {
			return err
		}
		if c.Name != nil {
			if err := soleTag(ctx, tx, n, *c.Name); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE tag SET name=? WHERE id=?", *c.Name, n); err != nil {
				return err
			}
		}
		if err := tagThem(ctx, tx, n, c); err != nil {
			return err
		}
		return a.note(ctx, tx, logs.ActOther, t.Name, "tag")
	})
}

// DeleteTag deletes a tag; those who had it stay.
func (a *Adapter) DeleteTag(ctx context.Context, key string) error {
	return a.write(ctx, "delete tag", func(tx *sql.Tx) error {
		n := numberOf('t', key)
		t, err := readTag(ctx, tx, n)
		if err != nil {
			return err
		}
		for _, step := range []string{"DELETE FROM tagged WHERE tag=?", "DELETE FROM tag WHERE id=?"} {
			if _, err := tx.ExecContext(ctx, step, n); err != nil {
				return err
			}
		}
		return a.note(ctx, tx, logs.ActOther, t.Name, "tag -")
	})
}
