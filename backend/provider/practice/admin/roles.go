package admin

import (
	"context"
	"database/sql"
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
)

// roles are fixed, as with most providers.
var roles = []provider.Role{
	{ID: "owner", Name: "超级管理员 Owner", Remark: "全部权限 everything", Rights: []string{"people", "departments", "lists", "contacts", "roles", "settings", "logs"}},
	{ID: "staff", Name: "人事管理员 People", Remark: "成员与部门 people and departments", Rights: []string{"people", "departments"}},
	{ID: "lists", Name: "列表管理员 Lists", Remark: "邮件列表与公共联系人 lists and contacts", Rights: []string{"lists", "contacts"}},
	{ID: "auditor", Name: "审计员 Auditor", Remark: "只看日志 logs only", Rights: []string{"logs"}},
}

// Roles lists the roles.
func (a *Adapter) Roles(ctx context.Context) ([]provider.Role, error) {
	if err := a.turn(ctx, "list roles"); err != nil {
		return nil, err
	}
	all := slices.Clone(roles)
	for i := range all {
		all[i].Rights = slices.Clone(all[i].Rights)
	}
	return all, nil
}

// Grants lists who has which role.
func (a *Adapter) Grants(ctx context.Context) (all []provider.Grant, err error) {
	err = a.read(ctx, "list grants", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT role, person, department FROM granted ORDER BY role, person, department")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var g provider.Grant
			var person, department int64
			if err := rows.Scan(&g.Role, &person, &department); err != nil {
				return err
			}
			if g.Person = id('u', person); department > 0 {
				g.Department = id('d', department)
			}
			all = append(all, g)
		}
		return rows.Err()
	})
	return all, err
}

// Grant gives a role.
func (a *Adapter) Grant(ctx context.Context, g provider.Grant) error {
	return a.grant(ctx, "grant role", "+ ", g, "INSERT OR IGNORE INTO granted VALUES (?,?,?)")
}

// Revoke takes a role; conflict for the last owner, who could not be made again.
func (a *Adapter) Revoke(ctx context.Context, g provider.Grant) error {
	return a.grant(ctx, "revoke role", "- ", g, "DELETE FROM granted WHERE role=? AND person=? AND department=?")
}

func (a *Adapter) grant(ctx context.Context, op, sign string, g provider.Grant, step string) error {
	return a.write(ctx, op, func(tx *sql.Tx) error {
		if !slices.ContainsFunc(roles, func(r provider.Role) bool { return r.ID == g.Role }) {
			return notFound("role")
		}
		r, err := living(ctx, tx, g.Person)
		if err != nil {
			return err
		}
		var department int64
		if g.Department != provider.RootDepartment {
			if _, err := findDepartment(ctx, tx, g.Department); err != nil {
				return err
			}
			department = numberOf('d', g.Department)
		}
		if err := one(tx.ExecContext(ctx, step, g.Role, r.n, department))("grant"); err != nil {
			if core.CodeOf(err) != core.NotFound || sign == "- " {
				return err
			}
			return nil // has it already
		}
		if owners, err := count(ctx, tx, "SELECT count(*) FROM granted WHERE role='owner' AND department=0"); err != nil || owners == 0 {
			return firstOf(err, conflict("role", "last_owner"))
		}
		return a.note(ctx, tx, logs.ActRole, r.p.Address, sign+g.Role)
	})
}

// settings and what they may be; the first value is the usual one.
var settings = []provider.Setting{
	{Key: "password.days", Values: []string{"0", "90", "180"}},
	{Key: "password.length", Values: []string{"8", "10", "12"}},
	{Key: "signin.secondFactor", Values: []string{"off", "admins", "everybody"}},
	{Key: "signin.lockAfter", Values: []string{"5", "10", "20"}},
	{Key: "mail.external.mark", Values: []string{"on", "off"}},
	{Key: "mail.spam.level", Values: []string{"usual", "strict", "mild"}},
}

// Settings lists the office's settings.
func (a *Adapter) Settings(ctx context.Context) (all []provider.Setting, err error) {
	err = a.read(ctx, "list settings", func(tx *sql.Tx) error {
		for _, s := range settings {
			s.Values, s.Value = slices.Clone(s.Values), s.Values[0]
			if err := tx.QueryRowContext(ctx, "SELECT value FROM setting WHERE key=?", s.Key).Scan(&s.Value); err != nil && err != sql.ErrNoRows {
				return err
			}
			all = append(all, s)
		}
		return nil
	})
	return all, err
}

// SetSetting changes one setting.
func (a *Adapter) SetSetting(ctx context.Context, key, value string) error {
	return a.write(ctx, "change setting", func(tx *sql.Tx) error {
		i := slices.IndexFunc(settings, func(s provider.Setting) bool { return s.Key == key })
		switch {
		case i < 0:
			return notFound("setting")
		case !slices.Contains(settings[i].Values, value):
			return core.E(core.Invalid, "", nil, "field", key, "reason", "choice")
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO setting VALUES (?,?) ON CONFLICT (key) DO UPDATE SET value=excluded.value", key, value); err != nil {
			return err
		}
		return a.note(ctx, tx, logs.ActSecurity, key, value)
	})
}
