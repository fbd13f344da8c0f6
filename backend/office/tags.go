package office

import (
	"context"
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// leaveTags takes a department that is to be deleted out of the tags that it has:
// providers differ in what becomes of them, and only what is done openly can be taken
// back.
func (p *previewing) leaveTags(c Change) (all []Change) {
	if !p.live.Capabilities.Can(provider.CanEditTags) {
		return nil
	}
	for _, t := range p.w.view.Tags {
		if changed, ok := p.w.over[ref{Tag, t.ID}]; ok {
			if changed.none() {
				continue
			}
			t = *changed.Tag
		}
		if slices.Contains(t.Departments, c.Target) {
			t.Departments = slices.DeleteFunc(slices.Clone(t.Departments), func(id string) bool { return id == c.Target })
			all = append(all, Change{Kind: UpdateTag, Target: t.ID, Label: t.Name, Set: []provider.Attr{provider.AttrDepartments}, Tag: t})
		}
	}
	return all
}

// refuseTag checks a tag: its name is its own, and who is to have it is of the office.
func (p *previewing) refuseTag(c Change, before, after thing) *Refusal {
	if after.Tag == nil {
		return nil
	}
	for _, o := range p.w.view.Tags {
		if t, changed := p.w.over[ref{Tag, o.ID}]; (!changed || !t.none()) && o.ID != c.Target && o.Name == after.Tag.Name {
			return clash(provider.AttrName, "taken")
		}
	}
	had := provider.Tag{}
	if before.Tag != nil {
		had = *before.Tag
	}
	change := had.Difference(*after.Tag)
	for _, address := range change.AddPeople {
		if use, _ := p.w.useOf(address); use != provider.UsePerson {
			return &Refusal{Code: core.NotFound, Attr: provider.AttrMembers, Args: map[string]string{"address": address, "reason": "unknown"}}
		}
	}
	for _, id := range change.AddDepartments {
		if !p.w.department(id) {
			return noDepartment(provider.AttrDepartments, id)
		}
	}
	return nil
}

// lookUpTag finds a tag by its name.
func (w *work) lookUpTag(ctx context.Context, name string) (thing, error) {
	tags, ok := w.live.Provider.(provider.TagReader)
	if !ok {
		return thing{}, core.E(core.Unsupported, "look up tag", nil)
	}
	all, err := tags.Tags(ctx)
	if err != nil {
		return thing{}, err
	}
	for _, t := range all {
		if t.Name == name {
			t, err = tags.Tag(ctx, t.ID)
			return thing{Tag: &t}, err
		}
	}
	return thing{}, core.E(core.NotFound, "look up tag", nil)
}

func sendTag(ctx context.Context, e provider.TagEditor, c Change, target string, before, after thing) (thing, error) {
	switch c.Kind {
	case CreateTag:
		made, err := e.CreateTag(ctx, *after.Tag)
		return thing{Tag: &made}, err
	case DeleteTag:
		return thing{}, e.DeleteTag(ctx, target)
	}
	return thing{}, e.UpdateTag(ctx, target, before.Tag.Difference(*after.Tag))
}

func (c Change) tagAfter(before thing, resolve func(string) string) *provider.Tag {
	from := c.Tag
	from.People, from.Departments, from.Partial = lowered(from.People), resolved(from.Departments, resolve), false
	if c.Kind == CreateTag {
		from.ID = ""
		return &from
	}
	t := *before.clone().Tag
	for _, a := range c.Set {
		switch a {
		case provider.AttrName:
			t.Name = from.Name
		case provider.AttrMembers:
			t.People = from.People
		case provider.AttrDepartments:
			t.Departments = from.Departments
		}
	}
	t.People = joined(t.People, c.AddMembers, c.RemoveMembers)
	return &t
}

func (c Change) inverseTag(back Change, before thing, made string) []Change {
	switch c.Kind {
	case CreateTag:
		back.Kind, back.Target, back.Label = DeleteTag, made, c.Tag.Name
		return []Change{back}
	case DeleteTag:
		back.Kind, back.Target, back.Handle, back.Tag = CreateTag, "", again(c.Target), *before.Tag
		return []Change{back}
	}
	back.Kind, back.Set, back.Tag = UpdateTag, c.Set, *before.Tag
	back.AddMembers, back.RemoveMembers = c.membersBack(before.Tag.People)
	return []Change{back}
}
