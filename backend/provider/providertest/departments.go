package providertest

import (
	"context"
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// department creates a department that is deleted with the test.
func (o *office) department(parent string) provider.Department {
	o.Helper()
	o.need(provider.CanEditDepartments)
	editor := as[provider.DepartmentEditor](o)
	d, err := editor.CreateDepartment(o.ctx, provider.Department{Parent: parent, Name: name("部门")})
	must(o, "create a department", err)
	if d.ID == "" || d.Parent != parent {
		o.Fatalf("the created department is %+v, its parent should be %q", d, parent)
	}
	o.later(func(ctx context.Context) { _ = editor.DeleteDepartment(ctx, d.ID) }) // the test may have done it
	return d
}

func (o *office) departments() []provider.Department {
	o.Helper()
	all, err := as[provider.DepartmentReader](o).Departments(o.ctx)
	must(o, "list departments", err)
	return all
}

func (o *office) findDepartment(id string) (provider.Department, bool) {
	o.Helper()
	for _, d := range o.departments() {
		if d.ID == id {
			return d, true
		}
	}
	return provider.Department{}, false
}

func testDepartments(o *office) {
	o.need(provider.CanReadDepartments, provider.CanEditDepartments)
	editor := as[provider.DepartmentEditor](o)
	top, other := o.department(provider.RootDepartment), o.department(provider.RootDepartment)
	below := o.department(top.ID)
	if got, ok := o.findDepartment(below.ID); !ok || got.Parent != top.ID || got.Name != below.Name {
		o.Errorf("the listing has %v %+v, want %+v", ok, got, below)
	}
	_, err := editor.CreateDepartment(o.ctx, provider.Department{Parent: top.ID, Name: below.Name})
	o.wants("the same name beside it", err, core.Conflict)
	_, err = editor.CreateDepartment(o.ctx, provider.Department{Parent: "987654321", Name: name("部门")})
	o.wants("below an unknown department", err, core.NotFound, core.Invalid)
	_, err = editor.CreateDepartment(o.ctx, provider.Department{Name: ""})
	o.wants("without a name", err, core.Invalid)

	o.changeDepartment(editor, below, other.ID)

	holder := top
	if slices.Contains(o.caps.Department, provider.AttrParent) { // then it was moved
		holder = other
	}
	o.wants("delete what holds departments", editor.DeleteDepartment(o.ctx, holder.ID), core.Conflict)
	if o.caps.CanChange(provider.AttrDepartments) || settable(o.caps.Create, provider.AttrDepartments) {
		o.inhabited(editor, below.ID)
	}
	must(o, "delete an empty department", editor.DeleteDepartment(o.ctx, below.ID))
	if _, ok := o.findDepartment(below.ID); ok {
		o.Error("the deleted department is still listed")
	}
	o.wants("delete it again", editor.DeleteDepartment(o.ctx, below.ID), core.NotFound)
}

// changeDepartment changes one value after the other; with a parent of its own choice.
func (o *office) changeDepartment(editor provider.DepartmentEditor, d provider.Department, parent string) {
	o.Helper()
	want, _ := o.findDepartment(d.ID)
	newName, remark, order := name("改名"), "说明 text", 7
	for _, v := range []struct {
		attr   provider.Attr
		change provider.DepartmentChange
		set    func(*provider.Department)
	}{
		{provider.AttrName, provider.DepartmentChange{Name: &newName}, func(d *provider.Department) { d.Name = newName }},
		{provider.AttrParent, provider.DepartmentChange{Parent: &parent}, func(d *provider.Department) { d.Parent = parent }},
		{provider.AttrRemark, provider.DepartmentChange{Remark: &remark}, func(d *provider.Department) { d.Remark = remark }},
		{provider.AttrOrder, provider.DepartmentChange{Order: &order}, func(d *provider.Department) { d.Order = order }},
	} {
		before := o.requests()
		err := editor.UpdateDepartment(o.ctx, d.ID, v.change)
		if !slices.Contains(o.caps.Department, v.attr) {
			o.unsettable("change a department's", v.attr, err, o.requests()-before)
			continue
		}
		must(o, "change a department's "+string(v.attr), err)
		v.set(&want)
		got, _ := o.findDepartment(d.ID)
		if v.attr != provider.AttrOrder && got.Order != want.Order {
			want.Order = got.Order // places may follow from names or parents
		}
		if got != want {
			o.Errorf("after changing %s: %+v, want %+v", v.attr, got, want)
		}
	}
}

// inhabited puts somebody into a department: then it cannot be deleted.
func (o *office) inhabited(editor provider.DepartmentEditor, id string) {
	o.Helper()
	draft := o.draft(o.address("inside"))
	if settable(o.caps.Create, provider.AttrDepartments) {
		draft.Departments = []string{id}
	}
	p := o.create(draft)
	people := as[provider.PersonEditor](o)
	where := []string{id}
	if !settable(o.caps.Create, provider.AttrDepartments) {
		must(o, "move into the department", people.UpdatePerson(o.ctx, p.ID, provider.PersonChange{Departments: &where}))
	}
	if now := o.read(p.ID); !slices.Equal(now.Departments, where) {
		o.Errorf("the person is in %v, want %v", now.Departments, where)
	}
	o.wants("delete what holds people", editor.DeleteDepartment(o.ctx, id), core.Conflict)
	must(o, "delete the person", people.DeletePerson(o.ctx, p.ID))
}

func testTree(o *office) {
	o.need(provider.CanReadDepartments)
	seen := map[string]bool{provider.RootDepartment: true}
	for _, d := range o.departments() {
		switch {
		case d.ID == provider.RootDepartment:
			o.Errorf("the root is listed: %+v", d)
		case seen[d.ID]:
			o.Errorf("%q is listed twice", d.ID)
		case !seen[d.Parent]:
			o.Errorf("%+v comes before its parent", d)
		case d.Name == "":
			o.Errorf("%+v has no name", d)
		}
		seen[d.ID] = true
	}
	for _, p := range o.people() {
		for _, id := range p.Departments {
			if !seen[id] || id == provider.RootDepartment && len(p.Departments) > 1 {
				o.Errorf("%s is in the department %q, which is not listed", p.Address, id)
			}
		}
	}
	if !o.caps.Can(provider.CanEditDepartments) || !slices.Contains(o.caps.Department, provider.AttrParent) {
		return
	}
	top := o.department(provider.RootDepartment)
	below := o.department(top.ID)
	err := as[provider.DepartmentEditor](o).UpdateDepartment(o.ctx, top.ID, provider.DepartmentChange{Parent: &below.ID})
	o.wants("put a department below itself", err, core.Invalid, core.Conflict)
}
