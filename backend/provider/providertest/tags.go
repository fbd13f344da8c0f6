package providertest

import (
	"context"
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

func testTags(o *office) {
	o.need(provider.CanReadTags, provider.CanEditTags)
	editor, reader := as[provider.TagEditor](o), as[provider.TagReader](o)
	a, b, c := o.someone("tag-a"), o.someone("tag-b"), o.someone("tag-c")
	want := provider.Tag{Name: name("外勤"), People: []string{a.Address, b.Address}}
	if o.caps.Can(provider.CanEditDepartments) {
		want.Departments = []string{o.department(provider.RootDepartment).ID}
	}
	made, err := editor.CreateTag(o.ctx, want)
	must(o, "create a tag", err)
	o.later(func(ctx context.Context) { _ = editor.DeleteTag(ctx, made.ID) })
	o.tagIs(made.ID, want)
	all, err := reader.Tags(o.ctx)
	must(o, "list tags", err)
	if !slices.ContainsFunc(all, func(t provider.Tag) bool { return t.ID == made.ID && t.Name == want.Name }) {
		o.Errorf("the listing has no %q: %+v", want.Name, all)
	}
	_, err = editor.CreateTag(o.ctx, provider.Tag{Name: want.Name})
	o.wants("a second tag of that name", err, core.Conflict)

	renamed := name("值班")
	must(o, "change it", editor.UpdateTag(o.ctx, made.ID, provider.TagChange{
		Name: &renamed, AddPeople: []string{c.Address, a.Address}, RemovePeople: []string{b.Address}, RemoveDepartments: want.Departments,
	}))
	want = provider.Tag{Name: renamed, People: []string{a.Address, c.Address}}
	o.tagIs(made.ID, want)
	must(o, "take it from somebody who has it not", editor.UpdateTag(o.ctx, made.ID, provider.TagChange{RemovePeople: []string{b.Address}}))
	o.wants("give it to nobody of the office", editor.UpdateTag(o.ctx, made.ID, provider.TagChange{AddPeople: []string{o.address("nobody")}}), core.Invalid, core.NotFound)
	o.wants("give it to one who is not there beside one who is",
		editor.UpdateTag(o.ctx, made.ID, provider.TagChange{AddPeople: []string{o.address("nobody"), a.Address}}), core.Invalid, core.NotFound)
	o.tagIs(made.ID, want)

	must(o, "delete it", editor.DeleteTag(o.ctx, made.ID))
	_, err = reader.Tag(o.ctx, made.ID)
	o.wants("read what is gone", err, core.NotFound)
	o.wants("change what is gone", editor.UpdateTag(o.ctx, made.ID, provider.TagChange{Name: &renamed}), core.NotFound)
	o.wants("delete what is gone", editor.DeleteTag(o.ctx, made.ID), core.NotFound)
	if now := o.read(a.ID); now.Address != a.Address {
		o.Errorf("with the tag somebody went: %+v", now)
	}
}

// tagIs reads a tag and compares.
func (o *office) tagIs(id string, want provider.Tag) {
	o.Helper()
	got, err := as[provider.TagReader](o).Tag(o.ctx, id)
	must(o, "read the tag", err)
	slices.Sort(got.People)
	slices.Sort(want.People)
	if got.ID != id || got.Name != want.Name || got.Partial || !slices.Equal(got.People, want.People) || !slices.Equal(got.Departments, want.Departments) {
		o.Errorf("the tag is %+v, want %+v", got, want)
	}
}

func tagAttempts() []attempt {
	return []attempt{
		{provider.CanOverwriteLists, doing(func(ctx context.Context, e provider.ListOverwriter) error {
			return e.AddListMembers(ctx, "x@x.example", []string{"y@x.example"})
		})},
		{provider.CanReadTags, doing(func(ctx context.Context, e provider.TagReader) error {
			_, err := e.Tags(ctx)
			return err
		})},
		{provider.CanEditTags, doing(func(ctx context.Context, e provider.TagEditor) error {
			_, err := e.CreateTag(ctx, provider.Tag{Name: "x"})
			return err
		})},
	}
}
