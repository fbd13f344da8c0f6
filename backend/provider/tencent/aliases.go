package tencent

import (
	"context"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// AddAlias gives a member one more address. The vendor takes the whole list of them:
// it is read before and sent with the new one.
func (o *Office) AddAlias(ctx context.Context, id, address string) error {
	const op = "add alias"
	address = strings.ToLower(strings.TrimSpace(address))
	wrong := func(reason string) error {
		return core.E(core.Invalid, op, nil, "field", string(provider.AttrAliases), "reason", reason)
	}
	if addressLike(op, address) != nil {
		return wrong("address")
	}
	if err := o.order.Enter(ctx, op); err != nil {
		return err
	}
	defer o.order.Leave()
	m, err := o.member(ctx, op, id)
	if err != nil {
		return err
	}
	aliases := m.person().Aliases
	if len(aliases) >= mostAliases {
		return wrong("too_many")
	}
	uses, err := o.CheckAddresses(ctx, []string{address})
	if err != nil {
		return err
	}
	switch uses[address] {
	case provider.UseInvalid:
		return wrong("address")
	case provider.UsePerson:
		return core.E(core.Conflict, op, nil, "field", string(provider.AttrAliases), "reason", "used_by_person")
	case provider.UseAlias:
		return core.E(core.Conflict, op, nil, "field", string(provider.AttrAliases), "reason", "used_by_alias")
	case provider.UseList:
		return core.E(core.Conflict, op, nil, "field", string(provider.AttrAliases), "reason", "used_by_list")
	}
	aliases = append(aliases, address)
	return o.update(ctx, op, m.UserID, memberBody{Slaves: &aliases})
}

// RemoveAlias takes one of a member's addresses away.
func (o *Office) RemoveAlias(ctx context.Context, id, address string) error {
	const op = "remove alias"
	address = strings.ToLower(strings.TrimSpace(address))
	if err := o.order.Enter(ctx, op); err != nil {
		return err
	}
	defer o.order.Leave()
	m, err := o.member(ctx, op, id)
	if err != nil {
		return err
	}
	aliases := m.person().Aliases
	at := slices.Index(aliases, address)
	if at < 0 {
		return core.E(core.NotFound, op, nil, "field", string(provider.AttrAliases))
	}
	left := slices.Delete(aliases, at, at+1)
	if err := o.update(ctx, op, m.UserID, memberBody{Slaves: &left}); err != nil || len(left) > 0 {
		return err
	}
	// Whether an empty list clears is not published: it is looked at.
	if m, err = o.member(ctx, op, id); err == nil && len(m.person().Aliases) > 0 {
		return core.E(core.Rejected, op, nil, "field", string(provider.AttrAliases), "reason", "not_cleared")
	}
	return err
}

// checkedAtOnce is the most that user/batchcheck takes.
const checkedAtOnce = 20

// CheckAddresses asks what addresses are used for, twenty at a time. Doc #10020.
func (o *Office) CheckAddresses(ctx context.Context, addresses []string) (map[string]provider.Use, error) {
	const op = "check addresses"
	uses := make(map[string]provider.Use, len(addresses))
	asked := map[string][]string{} // lower case to as it was given
	var ask []string
	for _, a := range addresses {
		low := strings.ToLower(strings.TrimSpace(a))
		if addressLike(op, low) != nil { // not worth a call, and it would spoil nineteen others
			uses[a] = provider.UseInvalid
			continue
		}
		if asked[low] == nil {
			ask = append(ask, low)
		}
		asked[low] = append(asked[low], a)
	}
	for some := range slices.Chunk(ask, checkedAtOnce) {
		var answer struct {
			List []struct {
				User string `json:"user"`
				Type number `json:"type"`
			} `json:"list"`
		}
		if err := o.post(ctx, fieldContacts, op, "user/batchcheck", map[string]any{"userlist": some}, &answer); err != nil {
			return nil, err
		}
		for _, e := range answer.List {
			use, known := map[number]provider.Use{
				-1: provider.UseInvalid, 0: provider.UseFree, 1: provider.UsePerson, 2: provider.UseAlias, 3: provider.UseList,
			}[e.Type]
			if !known {
				continue
			}
			for _, given := range asked[strings.ToLower(e.User)] {
				uses[given] = use
			}
		}
	}
	for _, a := range ask {
		if _, told := uses[asked[a][0]]; !told {
			return nil, core.E(core.Malformed, op, nil, "reason", "incomplete")
		}
	}
	return uses, nil
}
