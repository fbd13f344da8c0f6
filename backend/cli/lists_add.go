package cli

import (
	"context"
	"fmt"
	"strings"

	"mailroom/backend/core"
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

// run changes the list by a plan, or where the provider tells nothing of its lists by
// the one call that it has for it.
func (v *listsAddVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, err := b.connect(ctx)
		if err != nil {
			return 0, err
		}
		caps := b.live.Capabilities
		over, ok := b.live.Provider.(provider.ListOverwriter)
		if caps.Can(provider.CanReadLists) || !ok || !caps.Can(provider.CanOverwriteLists) {
			l, err := b.list(ctx, view, v.List)
			if err != nil {
				return 0, err
			}
			return b.carryOut(ctx, []office.Change{{Kind: office.UpdateList, Target: l.ID, AddMembers: v.Who}}, v.changing)
		}
		if !v.DryRun {
			if err := over.AddListMembers(ctx, strings.ToLower(v.List), v.Who); err != nil {
				if core.CodeOf(err) == core.NotFound {
					err = core.E(core.NotFound, "find list", err, "problem", "no_list", "value", v.List)
				}
				return 0, err
			}
		}
		key := "lists.added"
		if v.DryRun {
			key = "lists.would_add"
		}
		if r.json != nil {
			r.json.send(listLine{Event: "list", Address: v.List, Members: v.Who, Lists: []string{}, Departments: []string{}, Senders: []string{}, Partial: true})
		} else {
			fmt.Fprintln(r.stdout, r.words.say(key, "n", itoa(len(v.Who)), "list", printable(v.List)))
		}
		b.count(1, "lists.count")
		return exitOK, nil
	})
}
