package provider_test

import (
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

func TestAnOfficeForReadingOnlyOffersNothingThatChanges(t *testing.T) {
	all := provider.Capabilities{Support: map[provider.Capability]provider.Support{}, Change: []provider.Attr{provider.AttrName}}
	for _, c := range provider.All() {
		all.Support[c] = provider.Support{Can: true}
	}
	left := all.WithoutWriting()
	for _, c := range []provider.Capability{provider.CanCreatePeople, provider.CanSignInLink, provider.CanEditLists, provider.CanSetPassword} {
		if left.Can(c) || left.Support[c].Why != provider.ReadOnly {
			t.Errorf("%s is still offered: %+v", c, left.Support[c])
		}
	}
	for _, c := range []provider.Capability{provider.CanReadPeople, provider.CanLogMail, provider.CanReadLists} {
		if !left.Can(c) {
			t.Errorf("%s is gone", c)
		}
	}
	if left.CanChange(provider.AttrName) {
		t.Error("a name can still be changed")
	}
	if !all.Can(provider.CanCreatePeople) || !all.CanChange(provider.AttrName) {
		t.Error("the original was changed")
	}
}

func TestAFormSaysWhichFieldIsMissing(t *testing.T) {
	m := provider.Maker{Fields: []provider.Field{
		{Key: "region", Kind: provider.FieldChoice, Choices: []string{"north", "east"}},
		{Key: "key", Kind: provider.FieldSecret, Required: true},
	}}
	ok := provider.Config{Values: map[string]string{"region": "east"}, Secret: map[string]secret.Value{"key": secret.NewValue("k")}}
	if err := m.Validate(ok); err != nil {
		t.Fatal(err)
	}
	err := m.Validate(provider.Config{})
	if core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["field"] != "key" {
		t.Errorf("got %v %v", err, core.ArgsOf(err))
	}
	ok.Values = map[string]string{"region": "south"}
	if err := m.Validate(ok); core.ArgsOf(err)["field"] != "region" {
		t.Errorf("got %v", err)
	}
}
