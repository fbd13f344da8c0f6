package cli

import (
	"context"

	"mailroom/backend/office"
	"mailroom/backend/provider"
)

// listsAddVerb puts addresses on a mailing list.
type listsAddVerb struct {
	officeFlags `embed:""`
	changing    `embed:""`
	List        string   `arg:"" placeholder:"LIST" help:"help_lists_which"`
	Who         []string `arg:"" placeholder:"ADDRESS" help:"help_lists_members"`
}

// run changes the list by a plan; one that the provider does not tell by its address.
func (v *listsAddVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, err := b.connect(ctx, "lists")
		if err != nil {
			return 0, err
		}
		caps := b.live.Capabilities
		if !caps.Can(provider.CanReadLists) && caps.Can(provider.CanOverwriteLists) {
			return b.carryOut(ctx, []office.Change{{Kind: office.JoinList, Target: v.List, AddMembers: v.Who}}, v.changing)
		}
		l, err := b.list(ctx, view, v.List)
		if err != nil {
			return 0, err
		}
		return b.carryOut(ctx, []office.Change{{Kind: office.UpdateList, Target: l.ID, AddMembers: v.Who}}, v.changing)
	})
}
