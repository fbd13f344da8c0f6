package providertest

import (
	"context"
	"reflect"
	"slices"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
)

func testContacts(o *office) {
	o.need(provider.CanReadContacts, provider.CanEditContacts)
	editor := as[provider.ContactEditor](o)
	group, err := editor.SaveContactGroup(o.ctx, provider.ContactGroup{Name: name("供应商"), Order: 3})
	must(o, "create a group", err)
	o.later(func(ctx context.Context) { _ = editor.DeleteContactGroup(ctx, group.ID) })
	want := provider.Contact{Name: "何小姐", Addresses: []string{"he@freight.example.com", "he2@freight.example.com"}, Mobile: "13800138001",
		Phone: "021-5550100", Company: "示例物流", Title: "经理", Remark: "周末不在", Groups: []string{group.ID}, Order: 2}
	made, err := editor.SaveContact(o.ctx, want)
	must(o, "create a contact", err)
	o.later(func(ctx context.Context) { _ = editor.DeleteContact(ctx, made.ID) })
	want.ID = made.ID
	find := func() (provider.Contact, bool, bool) {
		o.Helper()
		all, groups, err := as[provider.ContactReader](o).Contacts(o.ctx)
		must(o, "read contacts", err)
		here := slices.ContainsFunc(groups, func(g provider.ContactGroup) bool { return g.ID == group.ID && g.Name == group.Name })
		for _, c := range all {
			if c.ID == made.ID {
				return c, true, here
			}
		}
		return provider.Contact{}, false, here
	}
	if got, ok, here := find(); !ok || !here || !reflect.DeepEqual(got, want) {
		o.Errorf("the book has %v %v %+v, want %+v", ok, here, got, want)
	}
	want.Name, want.Groups, want.Order = "何女士", nil, 1
	_, err = editor.SaveContact(o.ctx, want)
	must(o, "change the contact", err)
	if got, ok, _ := find(); !ok || got.Name != want.Name || len(got.Groups) > 0 {
		o.Errorf("after the change: %v %+v", ok, got)
	}
	group.Name = name("客户")
	_, err = editor.SaveContactGroup(o.ctx, group)
	must(o, "rename the group", err)
	if _, _, here := find(); !here {
		o.Error("the group has not its new name")
	}
	must(o, "delete the group", editor.DeleteContactGroup(o.ctx, group.ID))
	must(o, "delete the contact", editor.DeleteContact(o.ctx, made.ID))
	if _, ok, here := find(); ok || here {
		o.Errorf("contact %v, group %v after deletion", ok, here)
	}
	o.wants("delete it again", editor.DeleteContact(o.ctx, made.ID), core.NotFound)
	_, err = editor.SaveContact(o.ctx, want)
	o.wants("change what is gone", err, core.NotFound)
}

func testRoles(o *office) {
	o.need(provider.CanReadRoles)
	reader := as[provider.RoleReader](o)
	roles, err := reader.Roles(o.ctx)
	must(o, "read roles", err)
	for _, r := range roles {
		if r.ID == "" || r.Name == "" {
			o.Errorf("%+v has no ID or name", r)
		}
	}
	o.need(provider.CanEditRoles, provider.CanCreatePeople)
	if len(roles) == 0 {
		o.Fatal("there is no role to give")
	}
	editor, p := as[provider.RoleEditor](o), o.someone("admin")
	g := provider.Grant{Role: roles[len(roles)-1].ID, Person: p.ID}
	has := func() bool {
		o.Helper()
		all, err := reader.Grants(o.ctx)
		must(o, "read who has roles", err)
		return slices.Contains(all, g)
	}
	must(o, "give the role", editor.Grant(o.ctx, g))
	if !has() {
		o.Error("the role was not given")
	}
	must(o, "take the role", editor.Revoke(o.ctx, g))
	if has() {
		o.Error("the role was not taken")
	}
	o.wants("a role that does not exist", editor.Grant(o.ctx, provider.Grant{Role: name("role"), Person: p.ID}), core.NotFound, core.Invalid)
}

func testSettings(o *office) {
	o.need(provider.CanReadSettings)
	reader := as[provider.SettingReader](o)
	read := func() map[string]provider.Setting {
		o.Helper()
		all, err := reader.Settings(o.ctx)
		must(o, "read settings", err)
		byKey := map[string]provider.Setting{}
		for _, s := range all {
			if _, twice := byKey[s.Key]; twice || s.Key == "" || len(s.Values) > 0 && !slices.Contains(s.Values, s.Value) {
				o.Errorf("%+v", s)
			}
			byKey[s.Key] = s
		}
		return byKey
	}
	before := read()
	o.need(provider.CanEditSettings)
	editor := as[provider.SettingEditor](o)
	for key, s := range before {
		for _, other := range s.Values {
			if other == s.Value {
				continue
			}
			must(o, "set "+key, editor.SetSetting(o.ctx, key, other))
			if got := read()[key].Value; got != other {
				o.Errorf("%s is %q, want %q", key, got, other)
			}
			must(o, "set "+key+" back", editor.SetSetting(o.ctx, key, s.Value))
			o.wants("a value that does not exist", editor.SetSetting(o.ctx, key, "no such value"), core.Invalid)
			break
		}
	}
	o.wants("a setting that does not exist", editor.SetSetting(o.ctx, name("setting"), "1"), core.NotFound, core.Invalid)
}

// kinds of records that each capability stands for.
var kinds = map[provider.Capability][]logs.Kind{
	provider.CanLogAdmin: {logs.Admin}, provider.CanLogUser: {logs.User}, provider.CanLogSignIn: {logs.SignIn},
	provider.CanLogMail: {logs.Sent, logs.Received}, provider.CanLogTraffic: {logs.Traffic},
}

// testLogs asks for everything of the last day. What the records hold is the adapter's
// own test; here they keep to their contract.
func testLogs(o *office) {
	source, ok := o.p.(logs.Source)
	if !ok {
		o.Skip("this adapter has no logs")
	}
	before := o.requests()
	reaches := source.Reaches()
	if n := o.requests() - before; n > 0 {
		o.Errorf("Reaches sent %d requests", n)
	}
	for capability, of := range kinds {
		told := slices.ContainsFunc(reaches, func(r logs.Reach) bool { return slices.Contains(of, r.Kind) })
		if told != o.caps.Can(capability) {
			o.Errorf("%s: declared %v, reached %v", capability, o.caps.Can(capability), told)
		}
	}
	for _, r := range reaches {
		zone := r.Zone
		if zone == nil {
			zone = time.UTC
		}
		to := time.Now().In(zone)
		if r.WholeDays {
			to = time.Date(to.Year(), to.Month(), to.Day(), 0, 0, 0, 0, zone)
		}
		from := to.AddDate(0, 0, -1)
		if r.Longest > 0 && r.Longest < to.Sub(from) {
			from = to.Add(-r.Longest)
		}
		ask := logs.Ask{Kind: r.Kind, From: from, To: to}
		if r.PerPerson {
			ask.Person = o.people()[0].Address
		}
		for pages := 0; ; pages++ {
			page, err := source.Fetch(o.ctx, ask)
			must(o, "fetch "+string(r.Kind), err)
			for _, record := range page.Records {
				if record.Kind != r.Kind || record.At.Before(from) || !record.At.Before(to) {
					o.Errorf("asked for %s of %v to %v, got %s of %v", r.Kind, from, to, record.Kind, record.At)
				}
			}
			if page.Next == "" {
				break
			}
			if page.Next == ask.Next || pages > 10_000 {
				o.Fatalf("the token %q of the next page leads nowhere", page.Next)
			}
			ask.Next = page.Next
		}
	}
}
