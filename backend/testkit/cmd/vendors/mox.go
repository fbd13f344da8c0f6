package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

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
		person := provider.NewPerson{Person: provider.Person{Address: fmt.Sprintf("person%d@%s", i+1, o.domain), Quota: -1}, Password: secret.NewValue(startPassword)}
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
		do: func(verb, rest string) any { return atMox(ctx, m, verb, rest) },
		stop: func() {
			_ = office.Close() // the process ends with it
			m.Stop()
		},
	}, nil
}

// startPassword is that of every account.
const startPassword = "Start-4711-here"

// atMox does what somebody does at the server:
//
//	send {"from":…,"to":…,"subject":…}    hands a mail in
//	signin {"address":…,"password":…}     over IMAP; "refused" is an answer
//	keep ADDRESS                          the account keeps a list of what is done
//	welcome ADDRESS                       the account takes mail from somebody new at once
//	hold DOMAIN                           mail to a domain waits
func atMox(ctx context.Context, m *servers.MoxServer, verb, rest string) any {
	var f struct{ From, To, Subject, Address, Password string }
	if verb == "send" || verb == "signin" {
		if err := json.Unmarshal([]byte(rest), &f); err != nil {
			return "error: " + err.Error()
		}
	}
	owner := servers.User{Name: rest, Password: startPassword}
	var err error
	switch verb {
	case "send":
		err = m.Send(servers.User{Name: f.From, Password: startPassword}, f.To, f.Subject)
	case "signin":
		if m.TryIMAP(ctx, servers.User{Name: f.Address, Password: f.Password}) != nil {
			return "refused"
		}
	case "keep":
		err = m.KeepDone(ctx, owner, 24*time.Hour)
	case "welcome":
		err = m.Welcome(ctx, local(rest), owner)
	case "hold":
		err = m.Hold(ctx, rest)
	default:
		return "error: no such request: " + verb
	}
	if err != nil {
		return "error: " + err.Error()
	}
	return "ok"
}
