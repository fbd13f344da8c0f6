package admin

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
)

const departmentColumns = "SELECT id, parent, name, remark, place FROM department "

func scanDepartment(row scanner) (d provider.Department, err error) {
	var n, parent int64
	if err = row.Scan(&n, &parent, &d.Name, &d.Remark, &d.Order); err != nil {
		return d, err
	}
	d.ID = id('d', n)
	if parent > 0 {
		d.Parent = id('d', parent)
	}
	return d, nil
}

func findDepartment(ctx context.Context, tx *sql.Tx, key string) (provider.Department, error) {
	d, err := scanDepartment(tx.QueryRowContext(ctx, departmentColumns+"WHERE id=?", numberOf('d', key)))
	if errors.Is(err, sql.ErrNoRows) {
		err = notFound("department")
	}
	return d, err
}

// Departments lists the tree, parents before children, siblings in their order.
func (a *Adapter) Departments(ctx context.Context) (all []provider.Department, err error) {
	err = a.read(ctx, "list departments", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, departmentColumns+"ORDER BY place, id")
		if err != nil {
			return err
		}
		defer rows.Close()
		children := map[string][]provider.Department{}
		for rows.Next() {
			d, err := scanDepartment(rows)
			if err != nil {
				return err
			}
			children[d.Parent] = append(children[d.Parent], d)
		}
		for next := children[provider.RootDepartment]; len(next) > 0; {
			var below []provider.Department
			for _, d := range next {
				all = append(all, d)
				below = append(below, children[d.ID]...)
			}
			next = below
		}
		return rows.Err()
	})
	return all, err
}

// parentOf checks a parent and returns its number.
func parentOf(ctx context.Context, tx *sql.Tx, key string) (int64, error) {
	if key == provider.RootDepartment {
		return 0, nil
	}
	d, err := findDepartment(ctx, tx, key)
	if core.CodeOf(err) == core.NotFound {
		err = invalid(provider.AttrParent, "unknown")
	}
	return numberOf('d', d.ID), err
}

// sole refuses a name that a sibling has.
func sole(ctx context.Context, tx *sql.Tx, parent, self int64, name string) error {
	if err := text(provider.AttrName, name, true); err != nil {
		return err
	}
	var n int
	err := tx.QueryRowContext(ctx, "SELECT count(*) FROM department WHERE parent=? AND name=? AND id<>?", parent, name, self).Scan(&n)
	if err == nil && n > 0 {
		err = conflict(provider.AttrName, "name_taken")
	}
	return err
}

// CreateDepartment creates a department.
func (a *Adapter) CreateDepartment(ctx context.Context, d provider.Department) (provider.Department, error) {
	err := a.write(ctx, "create department", func(tx *sql.Tx) error {
		parent, err := parentOf(ctx, tx, d.Parent)
		if err == nil {
			err = firstOf(sole(ctx, tx, parent, 0, d.Name), text(provider.AttrRemark, d.Remark, false))
		}
		if err != nil {
			return err
		}
		result, err := tx.ExecContext(ctx, "INSERT INTO department (parent, name, remark, place) VALUES (?,?,?,?)", parent, d.Name, d.Remark, d.Order)
		if err != nil {
			return err
		}
		n, err := result.LastInsertId()
		if err != nil {
			return err
		}
		d.ID = id('d', n)
		return a.note(ctx, tx, logs.ActDepartment, d.Name, "+")
	})
	return d, err
}

// UpdateDepartment changes what the change names.
func (a *Adapter) UpdateDepartment(ctx context.Context, key string, c provider.DepartmentChange) error {
	return a.write(ctx, "update department", func(tx *sql.Tx) error {
		d, err := findDepartment(ctx, tx, key)
		if err != nil {
			return err
		}
		self := numberOf('d', key)
		if c.Name != nil {
			d.Name = *c.Name
		}
		if c.Remark != nil {
			d.Remark = *c.Remark
		}
		if c.Order != nil {
			d.Order = *c.Order
		}
		if c.Parent != nil {
			d.Parent = *c.Parent
		}
		parent, err := parentOf(ctx, tx, d.Parent)
		if err != nil {
			return err
		}
		below, err := subtree(ctx, tx, self)
		switch {
		case err != nil:
			return err
		case slices.Contains(below, parent):
			return invalid(provider.AttrParent, "loop")
		}
		if err := firstOf(sole(ctx, tx, parent, self, d.Name), text(provider.AttrRemark, d.Remark, false)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE department SET parent=?, name=?, remark=?, place=? WHERE id=?", parent, d.Name, d.Remark, d.Order, self); err != nil {
			return err
		}
		return a.note(ctx, tx, logs.ActDepartment, d.Name, "")
	})
}

// subtree is a department and all below it.
func subtree(ctx context.Context, tx *sql.Tx, n int64) (all []int64, err error) {
	rows, err := tx.QueryContext(ctx, `WITH RECURSIVE below(id) AS (SELECT ? UNION SELECT d.id FROM department d JOIN below b ON d.parent=b.id) SELECT id FROM below`, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, rows.Err()
}

// DeleteDepartment deletes an empty department. Who was deleted in it and comes back
// is then in none.
func (a *Adapter) DeleteDepartment(ctx context.Context, key string) error {
	return a.write(ctx, "delete department", func(tx *sql.Tx) error {
		d, err := findDepartment(ctx, tx, key)
		if err != nil {
			return err
		}
		n := numberOf('d', key)
		for _, held := range []struct{ reason, count string }{
			{"people", "SELECT count(*) FROM place JOIN person ON person.id=place.person WHERE department=? AND gone=0"},
			{"departments", "SELECT count(*) FROM department WHERE parent=?"},
		} {
			var count int
			if err := tx.QueryRowContext(ctx, held.count, n).Scan(&count); err != nil {
				return err
			}
			if count > 0 {
				return core.E(core.Conflict, "", nil, "reason", held.reason)
			}
		}
		lists, err := allLists(ctx, tx)
		if err != nil {
			return err
		}
		for _, l := range lists {
			if drop(&l.Departments, []string{key}) {
				if err := saveList(ctx, tx, numberOf('g', l.ID), l); err != nil {
					return err
				}
			}
		}
		for _, step := range []string{"DELETE FROM place WHERE department=?", "DELETE FROM granted WHERE department=?", "DELETE FROM tagged WHERE department=?", "DELETE FROM department WHERE id=?"} {
			if _, err := tx.ExecContext(ctx, step, n); err != nil {
				return err
			}
		}
		return a.note(ctx, tx, logs.ActDepartment, d.Name, "-")
	})
}
