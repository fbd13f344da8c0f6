package moving

import (
	"context"
	"strconv"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/job/schedule"
)

// mostHours bounds how rare repeated runs may be: a week.
const mostHours = 7 * 24

// checkWhen finds what is wrong with the times of a move: invalid with Args field
// (mode, at, hours, slow, bytesPerDay, days, zone, repeat) and reason.
func checkWhen(o *Options) error {
	field, reason := o.Schedule.Wrong()
	if field == "" && (o.Repeat.Hours < 0 || o.Repeat.Hours > mostHours || o.Repeat.At < 0 || o.Repeat.At >= 24*60) {
		field, reason = "repeat", "malformed"
	}
	if field != "" {
		return core.E(core.Invalid, "check schedule", nil, "field", field, "reason", reason)
	}
	return nil
}

// Forecast tells when a move will have ended if it ran with these options: by what
// the dry run found, the plan's hours, pace and budget, and the providers' limits.
// Errors: not_found; invalid, see checkWhen.
func (d *Desk) Forecast(id string, o Options) (schedule.Forecast, error) {
	if err := checkWhen(&o); err != nil {
		return schedule.Forecast{}, err
	}
	v, err := d.Get(id)
	if err != nil {
		return schedule.Forecast{}, err
	}
	return v.forecast(time.Now(), o), nil
}

// forecast is zero where no dry run has found out what there is to do.
func (v *View) forecast(now time.Time, o Options) schedule.Forecast {
	load := schedule.Load{Parallel: o.Parallel}
	if load.Parallel == 0 {
		load.Parallel = defaultParallel
	}
	known := false
	for i := range v.Mailboxes {
		mb, box := &v.Mailboxes[i], &v.Snapshot.Boxes[i]
		if mb.Estimate == nil {
			continue
		}
		known = true
		if mb.Out || mb.Self || mb.State == Done || mb.State == LeftBehind {
			continue
		}
		load.Works = append(load.Works, workOf(mb.Estimate, box, o.BytesPerDay))
	}
	if !known {
		return schedule.Forecast{}
	}
	return o.Schedule.Finish(now, load)
}

// workOf is what a mailbox still has to do. The dry run knew nothing of a budget that
// the person chose since.
func workOf(e *Estimate, box *Box, bytesPerDay int64) schedule.Work {
	w := schedule.Work{Bytes: e.ToCopyBytes, Seconds: float64(e.Seconds), PerDay: e.PerDay}
	switch {
	case bytesPerDay > 0:
		w.PerDay = bytesPerDay
	case bytesPerDay < 0:
		w.PerDay = 0
	}
	if box.BytesTotal > 0 && box.BytesDone > 0 {
		left := 1 - min(float64(box.BytesDone)/float64(box.BytesTotal), 1)
		w.Bytes, w.Seconds = int64(float64(w.Bytes)*left), w.Seconds*left
	}
	return w
}

// SetWhen changes when a move runs and how often it is repeated, at work or not.
// Errors: not_found; invalid, see checkWhen; and those of the disk.
func (d *Desk) SetWhen(ctx context.Context, id string, p schedule.Plan, r Repeat) (View, error) {
	if err := checkWhen(&Options{Schedule: p, Repeat: r}); err != nil {
		return View{}, err
	}
	var was Repeat
	d.acts.Lock()
	err := d.amend(ctx, id, func(m *Move) error {
		was = m.Options.Repeat
		m.Options.Schedule, m.Options.Repeat = p, r
		if was != r {
			m.setNext(time.Now())
		}
		return nil
	})
	d.acts.Unlock()
	if err != nil {
		return View{}, err
	}
	switch {
	case was.Hours == 0 && r.Hours > 0:
		d.tell(id, EventWatchOn, nil, "hours", strconv.Itoa(r.Hours))
	case was.Hours > 0 && r.Hours == 0:
		d.tell(id, EventWatchOff, nil)
	}
	d.reopen(id)
	d.listen.Changed(d.seq.Add(1), id)
	return d.Get(id)
}
