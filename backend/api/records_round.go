package api

import (
	"context"
	"log/slog"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/office"
)

// lookEvery is how often it is looked whether something is due.
const lookEvery = time.Minute

// keepLooking does what is due with the records of every office, once a minute and when
// it is woken, until the context ends.
func (s *shelves) keepLooking(ctx context.Context, d *data) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		s.look(ctx, d)
		select {
		case <-tick.C:
		case <-s.woken:
		case <-ctx.Done():
			return
		}
	}
}

// wake lets what is due be done at once.
func (s *shelves) wake() {
	select {
	case s.woken <- struct{}{}:
	default: // it is about to look
	}
}

// look does what is due now: watched folders, fetching, the report of the month that has
// ended, the reminder of archives, and what is unusual, which takes longest.
func (s *shelves) look(ctx context.Context, d *data) {
	offices, err := d.house.Book().Offices(ctx)
	if err != nil {
		return
	}
	for _, o := range offices {
		if ctx.Err() != nil {
			return
		}
		sh, err := s.of(ctx, d, o.ID)
		if err != nil {
			slog.Info("the records of an office cannot be opened", "code", core.CodeOf(err))
			continue
		}
		s.lookAtFolders(ctx, sh, o.ID)
		s.fetchIfDue(ctx, d, sh, o)
		s.reportIfDue(ctx, d, sh, o)
		s.remindIfDue(ctx, sh, o)
	}
	for _, o := range offices {
		if ctx.Err() != nil {
			return
		}
		if sh, err := s.of(ctx, d, o.ID); err == nil {
			s.alarmIfDue(ctx, d, sh, o)
		}
	}
}

// fetchIfDue begins a round where the schedule says so. The first one waits until the
// office's people are known: some providers are asked person by person.
func (s *shelves) fetchIfDue(ctx context.Context, d *data, sh *shelf, o office.Office) {
	r, l, err := sh.schedule(ctx)
	if err != nil {
		return
	}
	now := s.api.now()
	if next := r.next(l, now); next.IsZero() || next.After(now) {
		return
	}
	if v, err := d.directory.View(ctx, o.ID); err != nil || v.Refreshed.IsZero() && v.Trouble == nil {
		return
	}
	err = s.fetch(ctx, d, o.ID)
	if err == nil || ctx.Err() != nil || core.ArgsOf(err)["class"] == "vault-locked" {
		return // a vault that is closed is asked again in a minute
	}
	slog.Info("records are not fetched now", "code", core.CodeOf(err))
	failed := lastRound{Began: now, Ended: now, Code: core.CodeOf(err)}
	if err := sh.book.SetSetting(ctx, roundSetting, failed); err != nil {
		slog.Warn("a round of fetching is not remembered", "err", err)
	}
}

// unbar forgets that an office's provider refused a round: its keys may be others now.
func (s *shelves) unbar(ctx context.Context, d *data, officeID string) {
	if sh, err := s.of(ctx, d, officeID); err == nil {
		if _, l, err := sh.schedule(ctx); err == nil && l.barred() {
			_ = sh.book.SetSetting(ctx, roundSetting, lastRound{}) // a person can fetch in any case
		}
	}
	s.wake()
}

// lookAtFolders reads what is new in an office's watched folders.
func (s *shelves) lookAtFolders(ctx context.Context, sh *shelf, officeID string) {
	if sh.files == nil {
		return
	}
	folders, err := sh.files.Watched(ctx)
	if err != nil {
		return
	}
	for _, one := range folders {
		done, failed, err := sh.files.Folder(ctx, one.Dir)
		for _, e := range append(failed, err) {
			if e != nil && ctx.Err() == nil {
				slog.Info("a log could not be read", "code", core.CodeOf(e))
			}
		}
		for _, r := range done {
			if r.Tally.New+r.Tally.Updated > 0 {
				sh.fresh.Store(true)
				s.api.cfg.Desktop.Emit("records:progress", RecordsProgress{OfficeID: officeID, New: r.Tally.New})
				break
			}
		}
	}
}
