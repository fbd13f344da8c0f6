package api

import (
	"context"
	"log/slog"

	"mailroom/backend/api/moving"
	"mailroom/backend/audit"
)

// Runs steer moves at work: when they run, and who of the office is at work.
type Runs struct{ api *API }

// Forecast tells when a move will have ended if it ran with these options. Nothing
// is kept. Errors: invalid with Args field (mode, at, hours, slow, bytesPerDay, days,
// zone, repeat) and reason.
func (r *Runs) Forecast(id string, options MoveOptions) (MoveForecast, error) {
	return with(r.api, "forecast", func(_ context.Context, d *data) (MoveForecast, error) {
		f, err := d.desk.Forecast(id, optionsOf(options))
		return wireForecast(f), err
	})
}

// SetWhen changes when a move runs and how often it is repeated; at work, too.
// Errors: as those of Forecast.
func (r *Runs) SetWhen(id string, when MoveSchedule, repeat MoveRepeat) (Move, error) {
	return r.api.moves.act("change schedule", func(ctx context.Context, d *moving.Desk) (moving.View, error) {
		return d.SetWhen(ctx, id, scheduleOf(when), moving.Repeat(repeat))
	})
}

// Timeline tells what happened to a move, the newest first: at most limit (500)
// entries older than the entry before; 0: from the newest on.
func (r *Runs) Timeline(id string, before int64, limit int) ([]MoveEvent, error) {
	return with(r.api, "read time line", func(ctx context.Context, d *data) ([]MoveEvent, error) {
		events, err := d.desk.Timeline(ctx, id, before, limit)
		return mapped(events, wireEvent), err
	})
}

// Pause stops some mailboxes of a move; the others go on.
func (r *Runs) Pause(id string, mailboxIDs []string) (Move, error) {
	return r.api.moves.act("pause mailboxes", func(ctx context.Context, d *moving.Desk) (moving.View, error) {
		return d.PauseBoxes(ctx, id, mailboxIDs)
	})
}

// GoOn has some mailboxes go on that were paused, have failed or left messages
// behind; if the move rests, work begins with these alone.
func (r *Runs) GoOn(id string, mailboxIDs []string) (Move, error) {
	return r.api.moves.actOn(id, "go on with mailboxes", func(ctx context.Context, d *moving.Desk) (moving.View, error) {
		return d.GoOnBoxes(ctx, id, mailboxIDs)
	})
}

// LeaveOut takes mailboxes out of a move (out) or back into it. What has arrived stays.
func (r *Runs) LeaveOut(id string, mailboxIDs []string, out bool) (Move, error) {
	return r.api.moves.act("leave out mailboxes", func(ctx context.Context, d *moving.Desk) (moving.View, error) {
		return d.LeaveOut(ctx, id, mailboxIDs, out)
	})
}

// ChangePassword signs in once with the password behind a handle of [Vault.Keep]. If
// the server takes it, it stands for the old one from then on, and the mailbox is
// tried again if it had failed; else the result's Problem says why, and nothing has
// changed. side is "from" or "to". App.Cancel(requestID) gives up.
func (r *Runs) ChangePassword(requestID, id, mailboxID, side, handle string) (SignInResult, error) {
	return with(r.api, "change password", func(ctx context.Context, d *data) (SignInResult, error) {
		mb, err := d.desk.Find(id, mailboxID)
		if err != nil {
			return SignInResult{}, err
		}
		target := mb.From
		if side == "to" {
			target = mb.To
		}
		target.Secret = handle
		result, err := r.api.endpoints.TestSignIn(requestID, wireEndpoint(target))
		if err != nil || !result.OK {
			return result, err
		}
		old, err := d.desk.SetSecret(ctx, id, mailboxID, side, handle)
		if err != nil {
			return result, err
		}
		d.record.note(ctx, audit.Entry{Act: actPasswordChanged, Subject: mb.Label, ID: id})
		if err := d.forget(ctx, old); err != nil {
			slog.Info("an old password stays for now", "err", err)
		}
		if mb.State == moving.Failed {
			d.record.settle(id)
			_, err = d.desk.GoOnBoxes(ctx, id, []string{mailboxID})
		}
		return result, err
	})
}

// resume lets moves that were cut off go on, as far as their passwords can be read.
func (d *data) resume(ctx context.Context) {
	s, err := d.settings(ctx)
	if err != nil || s.Resume == ResumeNone {
		return
	}
	open := d.vaultStatus(ctx).State == VaultOpen
	d.desk.Resume(ctx, s.Resume == ResumeAll, func(mb *moving.Mailbox) bool {
		return open || mb.From.Secret == "" && mb.To.Secret == ""
	})
}
