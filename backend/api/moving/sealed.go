package moving

import (
	"context"

	"mailroom/backend/mailbox/archive/seal"
	"mailroom/backend/migrate"
)

// breakSeal prepares a sealed copy for being written; see [seal.Break].
func (t *task) breakSeal(ctx context.Context) error {
	if to := t.mailbox().To; to.Path != "" {
		if err := seal.Break(ctx, to.Path); err != nil {
			return sided(err, "to")
		}
	}
	return nil
}

// sealCopy seals a copy that is to be sealed and notes the seal's number.
func (t *task) sealCopy(ctx context.Context, r *migrate.Result) error {
	to := t.mailbox().To
	if !to.Sealed || to.Path == "" {
		return nil
	}
	summary, err := seal.Make(ctx, to.Path, "mailroom")
	if err != nil {
		return err
	}
	r.Notes = append(r.Notes, "sealed:"+summary.Number)
	return nil
}
