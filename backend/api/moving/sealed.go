package moving

import (
	"context"
	"os"
	"strconv"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/archive/seal"
	"mailroom/backend/migrate"
)

// breakSeal prepares a sealed copy for being written. Its seal is looked at first: what
// was changed since is told and not covered up by a new seal. Then the seal goes, so
// that an interrupted run does not leave one that no longer fits.
func (t *task) breakSeal(ctx context.Context) error {
	to := t.mailbox().To
	if to.Path == "" || !seal.Exists(to.Path) {
		return nil
	}
	report, err := seal.Check(ctx, to.Path)
	if err != nil {
		return err
	}
	if !report.Intact() {
		n := report.ChangedCount + report.MissingCount + report.AddedCount
		return core.E(core.Conflict, "open seal", nil, "class", "seal-broken", "file", to.Path, "count", strconv.FormatInt(n, 10), "side", "to")
	}
	if err := os.Remove(to.Path + seal.Suffix); err != nil {
		return core.E(core.ReadOnly, "open seal", err, "file", to.Path+seal.Suffix)
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
