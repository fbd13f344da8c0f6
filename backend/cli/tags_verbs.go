package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/provider"
)

// tagsVerb looks after the tags of an office.
type tagsVerb struct {
	List   tagsListVerb   `cmd:"" help:"help_tags_list"`
	Show   tagsShowVerb   `cmd:"" help:"help_tags_show"`
	Give   tagsGiveVerb   `cmd:"" help:"help_tags_give"`
	Take   tagsTakeVerb   `cmd:"" help:"help_tags_take"`
	Delete tagsDeleteVerb `cmd:"" help:"help_tags_delete"`
}

type tagsListVerb struct {
	officeFlags `embed:""`
}

type tagsShowVerb struct {
	officeFlags `embed:""`
	Tag         string `arg:"" placeholder:"TAG" help:"help_tags_which"`
}

type tagsGiveVerb struct {
	officeFlags `embed:""`
	changing    `embed:""`
	Tag         string   `arg:"" placeholder:"TAG" help:"help_tags_which"`
	Who         []string `arg:"" placeholder:"ADDRESS" help:"help_people_who"`
}

type tagsTakeVerb struct {
	officeFlags `embed:""`
	changing    `embed:""`
	Tag         string   `arg:"" placeholder:"TAG" help:"help_tags_which"`
	Who         []string `arg:"" placeholder:"ADDRESS" help:"help_people_who"`
}

type tagsDeleteVerb struct {
	officeFlags `embed:""`
	changing    `embed:""`
	Tag         string `arg:"" placeholder:"TAG" help:"help_tags_which"`
}

// tagLine is one tag on the wire.
type tagLine struct {
	Event       string   `json:"event"` // tag
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	People      []string `json:"people"`      // addresses
	Departments []string `json:"departments"` // by their names
	Partial     bool     `json:"partial"`     // who has it was not told
}

func (b *bureau) tag(t provider.Tag, v *directory.View) {
	line := tagLine{Event: "tag", ID: t.ID, Name: t.Name, People: some(t.People), Departments: []string{}, Partial: t.Partial}
	for _, id := range t.Departments {
		line.Departments = append(line.Departments, v.Path(id))
	}
	if b.r.json != nil {
		b.r.json.send(line)
		return
	}
	fmt.Fprintf(b.r.stdout, "%s\t%s\t%s\n", printable(t.Name), strconv.Itoa(len(line.People)), printable(strings.Join(line.Departments, ", ")))
}

// tags connects an office that has tags.
func (b *bureau) tags(ctx context.Context) (*directory.View, error) {
	view, err := b.connect(ctx, "tags")
	if err == nil && !b.live.Capabilities.Can(provider.CanReadTags) {
		err = core.E(core.Unsupported, "read tags", nil)
	}
	return view, err
}

// onTag does something with one tag of the office, which is named by its name or ID.
func (f *officeFlags) onTag(ctx context.Context, r *run, which string, do func(b *bureau, v *directory.View, t provider.Tag) (int, error)) int {
	return f.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, err := b.tags(ctx)
		if err != nil {
			return 0, err
		}
		t, err := findTag(view, which)
		if err != nil {
			return 0, err
		}
		return do(b, view, t)
	})
}

// findTag leads a name or an ID to a tag.
func findTag(v *directory.View, which string) (provider.Tag, error) {
	for _, t := range v.Tags {
		if t.Name == which || t.ID == which {
			return t, nil
		}
	}
	return provider.Tag{}, core.E(core.NotFound, "find tag", nil, "problem", "no_tag", "value", which)
}

func (v *tagsListVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, err := b.tags(ctx)
		if err != nil {
			return 0, err
		}
		for _, t := range view.Tags {
			b.tag(t, view)
		}
		b.count(len(view.Tags), "tags.count")
		return exitOK, nil
	})
}

func (v *tagsShowVerb) run(ctx context.Context, r *run) int {
	return v.onTag(ctx, r, v.Tag, func(b *bureau, view *directory.View, t provider.Tag) (int, error) {
		t, err := b.live.Provider.(provider.TagReader).Tag(ctx, t.ID)
		if err != nil {
			return 0, err
		}
		b.tag(t, view)
		if r.json == nil {
			for _, one := range t.People {
				fmt.Fprintln(r.stdout, "  "+printable(one))
			}
		}
		return exitOK, nil
	})
}

// addressesOf are the main addresses of people who are named by any of theirs.
func (b *bureau) addressesOf(ctx context.Context, v *directory.View, who []string) (all []string, err error) {
	for _, one := range who {
		id, err := b.find(ctx, v, one)
		if err != nil {
			return nil, err
		}
		p, _ := v.Person(id)
		all = append(all, p.Address)
	}
	return all, nil
}

// run gives a tag to people; one that is not there is created.
func (v *tagsGiveVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		view, err := b.tags(ctx)
		if err != nil {
			return 0, err
		}
		who, err := b.addressesOf(ctx, view, v.Who)
		if err != nil {
			return 0, err
		}
		c := office.Change{Kind: office.CreateTag, Tag: provider.Tag{Name: v.Tag, People: who}}
		if t, err := findTag(view, v.Tag); err == nil {
			c = office.Change{Kind: office.UpdateTag, Target: t.ID, AddMembers: who}
		}
		return b.carryOut(ctx, []office.Change{c}, v.changing)
	})
}

func (v *tagsTakeVerb) run(ctx context.Context, r *run) int {
	return v.onTag(ctx, r, v.Tag, func(b *bureau, view *directory.View, t provider.Tag) (int, error) {
		who, err := b.addressesOf(ctx, view, v.Who)
		if err != nil {
			return 0, err
		}
		return b.carryOut(ctx, []office.Change{{Kind: office.UpdateTag, Target: t.ID, RemoveMembers: who}}, v.changing)
	})
}

func (v *tagsDeleteVerb) run(ctx context.Context, r *run) int {
	return v.onTag(ctx, r, v.Tag, func(b *bureau, _ *directory.View, t provider.Tag) (int, error) {
		return b.carryOut(ctx, []office.Change{{Kind: office.DeleteTag, Target: t.ID}}, v.changing)
	})
}
