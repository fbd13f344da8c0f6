package main

import (
	"context"
	"fmt"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/mox"
	"mailroom/backend/secret"
	"mailroom/backend/testkit/servers"
)

// runMox starts the real server and makes accounts there: "person1" and so on. It has
// no departments, and its logs are of what happens.
func runMox(o order) (v vendor, err error) {
	ctx := context.Background()
	m, err := servers.StartMox(ctx)
	if err != nil {
		return vendor{}, err
	}
	defer func() {
		if err != nil {
			m.Stop()
		}
	}()
	if o.domain != m.Domain {
		if err := m.AddDomain(ctx, o.domain); err != nil {
			return vendor{}, err
		}
	}
	p, err := mox.Maker().New(provider.Config{
		Domain: o.domain, BaseURL: m.URL, Secret: map[string]secret.Value{"password": secret.NewValue(m.Password)},
	})
	if err != nil {
		return vendor{}, err
	}
	office := p.(*mox.Office)
	for i := range o.people {
		person := provider.NewPerson{Person: provider.Person{Address: fmt.Sprintf("person%d@%s", i+1, o.domain), Quota: -1}, Password: secret.NewValue("Start-4711-here")}
		if _, err := office.CreatePerson(ctx, person); err != nil {
			return vendor{}, fmt.Errorf("%w (%v)", err, core.ArgsOf(err))
		}
	}
	return vendor{
		office: map[string]string{"provider": string(mox.ID), "domain": o.domain, "address": m.URL, "password": m.Password},
		show: func(address string) (any, bool) {
			found, err := office.Person(ctx, address)
			return found, err == nil
		},
		stop: func() {
			_ = office.Close() // the process ends with it
			m.Stop()
		},
	}, nil
}
