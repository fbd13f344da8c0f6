package api

import (
	"context"

	"mailroom/backend/api/moving"
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
