package records

import (
	"context"
	"errors"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/records/zone"
)

const zoneSetting = "zone"

// Zone is the office's: its days and months are those of sums, questions, reports and
// archives. It has a name that means the same on every computer.
func (b *Book) Zone() *time.Location { return b.zone.Load() }

// openZone reads the zone that is kept. A book that has none gets the usual one, which stays
// its own whatever the computer's becomes.
func (b *Book) openZone(ctx context.Context, usual *time.Location) error {
	name := ""
	if err := b.Setting(ctx, zoneSetting, &name); err != nil {
		return err
	}
	if name != "" {
		kept, err := zone.Load(name)
		if err != nil {
			return core.E(core.Malformed, "open records", err, "setting", zoneSetting, "value", name)
		}
		b.zone.Store(kept)
		return nil
	}
	kept := zone.Kept(usual)
	b.zone.Store(kept)
	return b.SetSetting(ctx, zoneSetting, kept.String())
}

// SetZone gives the office another zone. Records keep their moments; each month is summed
// anew when it is asked for next.
func (b *Book) SetZone(ctx context.Context, to *time.Location) error {
	to = zone.Kept(to)
	if to.String() == b.Zone().String() {
		return nil
	}
	b.writing.Lock()
	defer b.writing.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return core.E(core.Canceled, "set zone", nil)
	}
	if err := b.SetSetting(ctx, zoneSetting, to.String()); err != nil {
		return err
	}
	b.zone.Store(to)
	ctx = context.WithoutCancel(ctx) // months of two zones would make sums of both
	var errs []error
	for name, s := range b.months {
		if s.users > 0 {
			errs = append(errs, s.m.SetZone(ctx, to))
			continue
		}
		errs = append(errs, s.m.Close())
		delete(b.months, name)
	}
	return errors.Join(errs...)
}
