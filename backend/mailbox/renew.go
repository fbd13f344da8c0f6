package mailbox

import (
	"context"

	"mailroom/backend/core"
)

// WithRenewal makes an account whose refused sign-in is tried a second time where
// renew says that there is a newer credential now: an access token may have ended on
// the way, or been revoked. A password is never tried twice by it.
func WithRenewal(a Account, renew func(context.Context) bool) Account { return renewing{a, renew} }

type renewing struct {
	Account
	renew func(context.Context) bool
}

// Open signs in, if need be a second time with another credential.
func (r renewing) Open(ctx context.Context) (Session, error) {
	s, err := r.Account.Open(ctx)
	if err == nil || core.CodeOf(err) != core.Unauthenticated || !r.renew(ctx) {
		return s, err
	}
	return r.Account.Open(ctx)
}
