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
		r.p.HiddenAddresses = without(r.p.HiddenAddresses, alias)
		return "- " + alias, nil
	})
}

// without is a list without one value; nil where nothing is left.
func without(all []string, gone string) []string {
	left := slices.DeleteFunc(slices.Clone(all), func(one string) bool { return one == gone })
	if len(left) == 0 {
		return nil
	}
	return left
}

// mine says whether an address is one of the person's own.
func (r record) mine(address string) bool {
	return address == r.p.Address || slices.Contains(r.p.Aliases, address)
}

// SetPrimary makes an alias the main address, and the main address an alias. The mailbox
// stays the one that it is.
func (a *Adapter) SetPrimary(ctx context.Context, key, address string) error {
	address = strings.ToLower(address)
	return a.change(ctx, "set main address", key, logs.ActAlias, func(tx *sql.Tx, r *record) (string, error) {
		switch {
		case !r.mine(address):
			return "", notFound("alias")
		case address == r.p.Address:
			return address, nil
		}
		box, err := a.box(ctx, tx, *r)
		if err != nil {
			return "", err
		}
		r.keep.Box = box.Key
		for use, of := range map[provider.Use]string{provider.UseAlias: r.p.Address, provider.UsePerson: address} {
			if _, err := tx.ExecContext(ctx, "UPDATE address SET use=? WHERE address=? AND owner=?", string(use), of, r.n); err != nil {
				return "", err
			}
		}
		remark := r.p.Address + " → " + address
		r.p.Address = address
		return remark, nil
	})
}

// SetAddressHidden takes one address of an account out of the organisation's book or puts
// it in.
func (a *Adapter) SetAddressHidden(ctx context.Context, key, address string, hidden bool) error {
	address = strings.ToLower(address)
	return a.change(ctx, "set visibility of an address", key, logs.ActAlias, func(_ *sql.Tx, r *record) (string, error) {
		if !r.mine(address) {
			return "", notFound("alias")
		}
		r.p.HiddenAddresses = without(r.p.HiddenAddresses, address)
		if hidden {
			r.p.HiddenAddresses = append(r.p.HiddenAddresses, address)
			slices.Sort(r.p.HiddenAddresses)
		}
		return address + " hidden: " + string(flag(hidden)), nil
	})
}

// leftOut spells the hidden addresses of a new person; every one has to be the person's.
func leftOut(r *record) error {
	var all []string
	for _, address := range r.p.HiddenAddresses {
		address = strings.ToLower(address)
		if !r.mine(address) {
			return invalid(provider.AttrHiddenAddresses, "unknown")
		}
		all = append(all, address)
	}
	slices.Sort(all)
	r.p.HiddenAddresses = slices.Compact(all)
	return nil
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
