package admin

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
)

// SuspendPerson switches an account off; mail still arrives.
func (a *Adapter) SuspendPerson(ctx context.Context, key string) error {
	return a.status(ctx, key, provider.Suspended, logs.ActPersonOff)
}

// ResumePerson switches it on again, and unlocks one that was locked.
func (a *Adapter) ResumePerson(ctx context.Context, key string) error {
	return a.status(ctx, key, provider.Active, logs.ActPersonOn)
}

func (a *Adapter) status(ctx context.Context, key string, s provider.Status, action logs.Action) error {
	return a.change(ctx, "change status", key, action, func(_ *sql.Tx, r *record) (string, error) {
		r.p.Status = s
		return string(s), nil
	})
}

// AddAlias gives an account one more address.
func (a *Adapter) AddAlias(ctx context.Context, key, address string) error {
	return a.change(ctx, "add alias", key, logs.ActAlias, func(tx *sql.Tx, r *record) (string, error) {
		return "+ " + strings.ToLower(address), addAlias(ctx, tx, r, address)
	})
}

func addAlias(ctx context.Context, tx *sql.Tx, r *record, alias string) error {
	alias, err := own(ctx, tx, provider.AttrAliases, alias)
	if err != nil {
		return err
	}
	var n int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM address WHERE use='alias' AND owner=?", r.n).Scan(&n); err != nil {
		return err
	}
	if n >= maxAliases {
		return invalid(provider.AttrAliases, "too_many")
	}
	return take(ctx, tx, provider.AttrAliases, alias, provider.UseAlias, r.n)
}

// RemoveAlias takes it away; not_found where the account does not have it.
func (a *Adapter) RemoveAlias(ctx context.Context, key, address string) error {
	alias := strings.ToLower(address)
	return a.change(ctx, "remove alias", key, logs.ActAlias, func(tx *sql.Tx, r *record) (string, error) {
		result, err := tx.ExecContext(ctx, "DELETE FROM address WHERE address=? AND use='alias' AND owner=?", alias, r.n)
		if err != nil {
			return "", err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return "", notFound("alias")
		}
		return "- " + alias, nil
	})
}

// forwardLimit is how many addresses mail may go on to.
const forwardLimit = 5

func checkForward(from string, f *provider.Forward) error {
	switch {
	case len(f.To) == 0:
		return invalid(provider.AttrForward, "missing")
	case len(f.To) > forwardLimit:
		return invalid(provider.AttrForward, "too_many")
	}
	for i, to := range f.To {
		to, err := address(provider.AttrForward, to)
		switch {
		case err != nil:
			return err
		case to == from:
			return invalid(provider.AttrForward, "same")
		}
		f.To[i] = to
	}
	return nil
}

// SetForward passes an account's mail on, or ends that.
func (a *Adapter) SetForward(ctx context.Context, key string, f *provider.Forward) error {
	action, remark := logs.ActForwardOff, ""
	if f != nil {
		copied := *f
		copied.To = slices.Clone(f.To)
		f, action, remark = &copied, logs.ActForwardOn, strings.Join(f.To, ", ")
	}
	return a.change(ctx, "set forwarding", key, action, func(_ *sql.Tx, r *record) (string, error) {
		if f != nil {
			if err := checkForward(r.p.Address, f); err != nil {
				return "", err
			}
		}
		r.p.Forward = f
		return remark, nil
	})
}

// SetMailRights limits whom an account may write to and hear from.
func (a *Adapter) SetMailRights(ctx context.Context, key string, rights provider.MailRights) error {
	return a.change(ctx, "set mail rights", key, logs.ActPersonEdit, func(_ *sql.Tx, r *record) (string, error) {
		if rights == "" {
			return "", invalid(provider.AttrMailRights, "missing")
		}
		r.p.MailRights = rights
		return string(rights), checkPerson(r.p)
	})
}

// SetSignIn allows or forbids one way of signing in.
func (a *Adapter) SetSignIn(ctx context.Context, key string, way provider.Way, allowed bool) error {
	if !slices.Contains(signInWays, way) {
		return core.E(core.Unsupported, "set sign-in", nil, "field", string(provider.AttrSignIn))
	}
	return a.change(ctx, "set sign-in", key, logs.ActSecurity, func(_ *sql.Tx, r *record) (string, error) {
		r.p.SignIn[way] = flag(allowed)
		return string(way) + ": " + string(flag(allowed)), nil
	})
}

// SignInWays are all.
func (a *Adapter) SignInWays() []provider.Way { return slices.Clone(signInWays) }

// SetHidden takes an account out of the organisation's book or puts it in.
func (a *Adapter) SetHidden(ctx context.Context, key string, hidden bool) error {
	return a.change(ctx, "set visibility", key, logs.ActPersonEdit, func(_ *sql.Tx, r *record) (string, error) {
		r.p.Hidden = flag(hidden)
		return "hidden: " + string(r.p.Hidden), nil
	})
}

// CheckAddresses tells what addresses are used for.
func (a *Adapter) CheckAddresses(ctx context.Context, addresses []string) (map[string]provider.Use, error) {
	uses := make(map[string]provider.Use, len(addresses))
	err := a.read(ctx, "check addresses", func(tx *sql.Tx) error {
		for _, asked := range addresses {
			known, err := own(ctx, tx, provider.AttrAddress, asked)
			if core.CodeOf(err) == core.Invalid {
				uses[asked] = provider.UseInvalid
				continue
			}
			if err != nil {
				return err
			}
			var use string
			switch err := tx.QueryRowContext(ctx, "SELECT use FROM address WHERE address=?", known).Scan(&use); err {
			case nil:
				uses[asked] = provider.Use(use)
			case sql.ErrNoRows:
				uses[asked] = provider.UseFree
			default:
				return err
			}
		}
		return nil
	})
	return uses, err
}
