package provider_test

import (
	"reflect"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

func TestAValueThatCannotBeSetIsNamed(t *testing.T) {
	caps := provider.Capabilities{
		Create: []provider.Attr{provider.AttrName}, Change: []provider.Attr{provider.AttrTitle},
		Department: []provider.Attr{provider.AttrName, provider.AttrParent},
	}
	p := provider.NewPerson{Person: provider.Person{Address: "a@b.example", Name: "A", Quota: -1}, Password: secret.NewValue("x")}
	if err := caps.CanCreate(p); err != nil {
		t.Error(err)
	}
	p.Mobile = "1"
	if err := caps.CanCreate(p); core.CodeOf(err) != core.Unsupported || core.ArgsOf(err)["field"] != "mobile" {
		t.Errorf("%v %v", err, core.ArgsOf(err))
	}
	empty := ""
	if err := caps.CanUpdate(provider.PersonChange{Title: &empty, Name: &empty}); core.ArgsOf(err)["field"] != "name" {
		t.Errorf("%v", err)
	}
	if err := caps.CanSetDepartment(provider.Department{Name: "x", Order: 5}.Change()); core.ArgsOf(err)["field"] != "order" {
		t.Errorf("%v", err)
	}
	if err := caps.CanSetDepartment(provider.Department{Name: "x"}.Change()); err != nil {
		t.Error(err)
	}
	lists := provider.ListTraits{Policies: []provider.Policy{provider.PolicyAnyone}}
	if err := lists.Refuse(provider.List{Members: []string{"a@b.example"}, Policy: provider.PolicyAnyone, Off: provider.No}.Change()); err != nil {
		t.Error(err)
	}
	for field, l := range map[string]provider.List{
		"policy": {Policy: provider.PolicyInside}, "senders": {Senders: []string{"x"}}, "hidden": {Hidden: provider.Yes}, "off": {Off: provider.Yes},
		"lists": {Lists: []string{"x"}}, "departments": {Departments: []string{"x"}}, "remark": {Remark: "x"},
	} {
		if err := lists.Refuse(l.Change()); core.CodeOf(err) != core.Unsupported || core.ArgsOf(err)["field"] != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// A field that is added to a person or a change must be asked for as well.
func TestNoValueIsForgotten(t *testing.T) {
	fill := func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			v.Set(reflect.New(v.Type().Elem()))
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
	}
	var c provider.PersonChange
	for i := range reflect.TypeFor[provider.PersonChange]().NumField() {
		fill(reflect.ValueOf(&c).Elem().Field(i))
	}
	if got := len(c.Given()); got != reflect.TypeFor[provider.PersonChange]().NumField() {
		t.Errorf("a change tells %d values", got)
	}
	var d provider.DepartmentChange
	for i := range reflect.TypeFor[provider.DepartmentChange]().NumField() {
		fill(reflect.ValueOf(&d).Elem().Field(i))
	}
	if got := len(d.Given()); got != reflect.TypeFor[provider.DepartmentChange]().NumField() {
		t.Errorf("a department's change tells %d values", got)
	}
}
