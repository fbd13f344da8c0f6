package admin

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
)

// SuspendPerson switches an account off; mail still arrives.
func (a *Adapter) SuspendPerson(ctx context.Context, key string) error {
	return a.status(ctx, key, provider.Suspended, logs.ActPersonOff)
}

// ResumePerson switches it on again, and unlocks one that was locked.
func (a *Adapter) ResumePerson(ctx context.Context, key string) error {
	return a.status(ctx, key, provider.Active, logs.ActPersonOn)
}

func (a *Adapter) status(ctx context.Context, key string, s provider.Status, action logs.Action) error {
	return a.change(ctx, "change status", key, action, func(_ *sql.Tx, r *record) (string, error) {
		r.p.Status = s
		return string(s), nil
	})
}

// forwardLimit is how many addresses mail may go on to.
const forwardLimit = 5

func checkForward(from string, f *provider.Forward) error {
	switch {
	case len(f.To) == 0:
		return invalid(provider.AttrForward, "missing")
	case len(f.To) > forwardLimit:
		return invalid(provider.AttrForward, "too_many")
	}
	for i, to := range f.To {
		to, err := address(provider.AttrForward, to)
		switch {
		case err != nil:
			return err
		case to == from:
			return invalid(provider.AttrForward, "same")
		}
		f.To[i] = to
	}
	return nil
}

// SetForward passes an account's mail on, or ends that.
func (a *Adapter) SetForward(ctx context.Context, key string, f *provider.Forward) error {
	action, remark := logs.ActForwardOff, ""
	if f != nil {
		copied := *f
		copied.To = slices.Clone(f.To)
		f, action, remark = &copied, logs.ActForwardOn, strings.Join(f.To, ", ")
	}
	return a.change(ctx, "set forwarding", key, action, func(_ *sql.Tx, r *record) (string, error) {
		if f != nil {
			if err := checkForward(r.p.Address, f); err != nil {
				return "", err
			}
		}
		r.p.Forward = f
		return remark, nil
	})
}

// SetMailRights limits whom an account may write to and hear from.
func (a *Adapter) SetMailRights(ctx context.Context, key string, rights provider.MailRights) error {
	return a.change(ctx, "set mail rights", key, logs.ActPersonEdit, func(_ *sql.Tx, r *record) (string, error) {
		if rights == "" {
			return "", invalid(provider.AttrMailRights, "missing")
		}
		r.p.MailRights = rights
		return string(rights), checkPerson(r.p)
	})
}

// SetSignIn allows or forbids one way of signing in.
func (a *Adapter) SetSignIn(ctx context.Context, key string, way provider.Way, allowed bool) error {
	if !slices.Contains(signInWays, way) {
		return core.E(core.Unsupported, "set sign-in", nil, "field", string(provider.AttrSignIn))
	}
	return a.change(ctx, "set sign-in", key, logs.ActSecurity, func(_ *sql.Tx, r *record) (string, error) {
		r.p.SignIn[way] = flag(allowed)
		return string(way) + ": " + string(flag(allowed)), nil
	})
}

// SignInWays are all.
func (a *Adapter) SignInWays() []provider.Way { return slices.Clone(signInWays) }

// SetHidden takes an account out of the organisation's book or puts it in.
func (a *Adapter) SetHidden(ctx context.Context, key string, hidden bool) error {
	return a.change(ctx, "set visibility", key, logs.ActPersonEdit, func(_ *sql.Tx, r *record) (string, error) {
		r.p.Hidden = flag(hidden)
		return "hidden: " + string(r.p.Hidden), nil
	})
}
