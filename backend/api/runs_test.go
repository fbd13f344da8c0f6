package api

import (
	"testing"
	"time"

	"mailroom/backend/core"
)

func TestADryRunForecastsTheEnd(t *testing.T) {
	h := open(t, t.TempDir())
	draft := h.practiceDraft(2)
	m := must(h.moves.Create(draft))(t)
	if f := must(h.runs.Forecast(m.ID, draft.Options))(t); f.At != 0 {
		t.Errorf("nothing is known, yet it ends at %d", f.At)
	}
	must(h.moves.Plan(m.ID))(t)
	m = h.until(m.ID, "planned", func(m Move) bool { return m.Planned && m.State == MovePlanned })
	if m.Finish.At <= time.Now().Add(-time.Minute).UnixMilli() {
		t.Errorf("it ends at %d", m.Finish.At)
	}
	late := time.Now().Add(50 * time.Hour)
	o := draft.Options
	o.Schedule = MoveSchedule{Mode: "at", At: late.UnixMilli()}
	if f := must(h.runs.Forecast(m.ID, o))(t); f.At < late.UnixMilli() || f.Brake != "hours" {
		t.Errorf("it begins at %d and ends at %+v", late.UnixMilli(), f)
	}
	o.Schedule.Mode = "sometimes"
	wantCode(t, "an unknown mode", second(h.runs.Forecast(m.ID, o)), core.Invalid)
	wantCode(t, "an unknown mode", second(h.runs.SetWhen(m.ID, o.Schedule, MoveRepeat{})), core.Invalid)
	o.Schedule.Mode = "at"
	m = must(h.runs.SetWhen(m.ID, o.Schedule, MoveRepeat{Hours: 6}))(t)
	if m.Options.Schedule.At != late.UnixMilli() || m.Options.Repeat.Hours != 6 || m.Finish.At < late.UnixMilli() {
		t.Errorf("kept: %+v, ends %+v", m.Options, m.Finish)
	}
}
