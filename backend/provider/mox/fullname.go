package mox

import (
	"context"
	"slices"

	"mailroom/backend/core"
	"mailroom/backend/secret"
)

// accountPage is where people find their own accounts, at the same address as the
// administrator's page.
type accountPage struct {
	path  string
	there bool
}

// ownAccounts finds the page for people's own accounts: "/account/" as localserve has
// it, or "/", where mox puts it unless told otherwise. Elsewhere it is not looked for.
func (o *Office) ownAccounts(ctx context.Context, op string) (page accountPage, err error) {
	if known := o.account.Load(); known != nil {
		return *known, nil
	}
	err = o.hold(ctx, op, func() error {
		if known := o.account.Load(); known != nil {
			page = *known
			return nil
		}
		for _, path := range []string{"/account/api/", "/api/"} {
			var token string
			err := o.send(ctx, op, session{path: path}, "LoginPrep", plain, &token)
			if err == nil && token != "" {
				page = accountPage{path: path, there: true}
				break
			}
			if err != nil && !slices.Contains(elsewhere, core.CodeOf(err)) {
				return err // not known; asked again the next time
			}
		}
		o.account.Store(&page)
		return nil
	})
	return page, err
}

// elsewhere are what another page, or none, answers.
var elsewhere = []core.Code{core.Malformed, core.Unsupported, core.Forbidden, core.NotFound, core.Rejected}

// setName writes a person's name where only the person can: it signs in with the
// password that was just set. The sign-in is the program's, by its agent. It does not
// sign out, which would be one more of a creation's four requests: the session ends by
// itself, and what opens it is forgotten here.
func (o *Office) setName(ctx context.Context, op, page, address string, password secret.Value, name string) error {
	return o.hold(ctx, op, func() error {
		s := session{path: page}
		if err := o.openQuick(ctx, op, &s, address, password); err != nil {
			return err
		}
		return o.send(ctx, op, s, "AccountSaveFullName", plain, nil, name)
	})
}
