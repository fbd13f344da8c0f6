package alimail

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
)

// AddAlias gives a user one more address.
func (o *Office) AddAlias(ctx context.Context, id, address string) error {
	_, err := o.give(ctx, "add alias", id, address, provider.AttrAliases, false)
	return err
}

// SetPrimary gives a user a new address as the default one: the API has no other way to a
// main address (assumption "as-default"). It is looked at afterwards whether the user is
// known by it; where not, the call ends in rejected, and the address is an alias.
func (o *Office) SetPrimary(ctx context.Context, id, address string) error {
	const op = "set main address"
	address, err := o.give(ctx, op, id, address, provider.AttrAddress, true)
	if err != nil {
		return err
	}
	u, err := o.user(ctx, op, id)
	if core.CodeOf(err) == core.NotFound && strings.Contains(id, "@") { // it was asked for by the former one
		u, err = o.user(ctx, op, address)
	}
	if err == nil && !strings.EqualFold(u.Email, address) {
		err = core.E(core.Rejected, op, nil, "field", string(provider.AttrAddress), "reason", "primary_stays", "address", strings.ToLower(u.Email))
	}
	return err
}

// give gives a user one more address, as it is spelled then.
func (o *Office) give(ctx context.Context, op, id, address string, a provider.Attr, asDefault bool) (string, error) {
	address = strings.ToLower(strings.TrimSpace(address))
	if !addressLike(address) {
		return address, core.E(core.Invalid, op, nil, "field", string(a), "reason", "address")
	}
	if err := named(op, id); err != nil {
		return address, err
	}
	return address, o.do(ctx, wire.Call{
		Op: op, Method: http.MethodPost, Path: userPath(id) + "/emailAliases", Body: map[string]any{"alias": address, "asDefault": asDefault}, Once: true,
	})
}

// RemoveAlias takes one of a user's addresses away.
func (o *Office) RemoveAlias(ctx context.Context, id, address string) error {
	const op = "remove alias"
	address = strings.ToLower(strings.TrimSpace(address))
	u, err := o.user(ctx, op, id)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(u.Aliases, func(a string) bool { return strings.EqualFold(a, address) }) {
		return core.E(core.NotFound, op, nil, "field", string(provider.AttrAliases))
	}
	return o.do(ctx, wire.Call{
		Op: op, Method: http.MethodDelete, Path: userPath(id) + "/emailAliases", Body: map[string]string{"alias": address}, Deletes: true,
	})
}
