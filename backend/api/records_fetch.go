package api

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/job/schedule"
	"mailroom/backend/logs"
	"mailroom/backend/records/intake"
)

// RecordSchedule says when an office's records are fetched by themselves while the
// program runs.
type RecordSchedule struct {
	Every int   `json:"every"` // minutes between two rounds: 15, 30, 60, 180, 360, 720 or 1440; 0: never
	Hours bool  `json:"hours"` // only between from and to
	From  int   `json:"from"`  // minutes after midnight of this computer, 0-1439
	To    int   `json:"to"`    // the same; not after from: on the next day
	Days  []int `json:"days"`  // weekdays (0 Sunday) on which the hours begin; empty: all
	Back  int   `json:"back"`  // how many months back records are fetched: 1, 3, 6, 12, 24, 36, 60 or 120; 0: 24
}

// recordIntervals are the minutes that may lie between two rounds.
var recordIntervals = []int{0, 15, 30, 60, 180, 360, 720, 1440}

// recordBacks are the months that may be gone back.
var recordBacks = []int{1, 3, 6, 12, 24, 36, 60, 120}

const (
	scheduleSetting = "schedule"
	roundSetting    = "round"
)

// usualSchedule is that of an office for which nobody chose another.
func usualSchedule() RecordSchedule {
	return RecordSchedule{Every: 30, From: 19 * 60, To: 7 * 60, Days: []int{}, Back: 24}
}

// lastRound is what a book remembers of the round that was made last.
type lastRound struct {
	Began time.Time `json:"began"`
	Ended time.Time `json:"ended"` // zero: it was cut off
	Code  core.Code `json:"code"`  // what ended it early; "" nothing
}

// barred says that a round was refused and the next one needs a person: asking again with
// the same key would be refused as well.
func (l lastRound) barred() bool { return l.Code == core.Unauthenticated || l.Code == core.Forbidden }

// plan is the schedule's hours.
func (r RecordSchedule) plan() schedule.Plan {
	if !r.Hours {
		return schedule.Plan{}
	}
	return schedule.Plan{Mode: schedule.Nights, From: r.From, To: r.To, Days: r.Days}
}

// next is when the next round begins by itself; zero: not by itself. A round that never
// was is due at once.
func (r RecordSchedule) next(l lastRound, now time.Time) time.Time {
	if r.Every == 0 || l.barred() {
		return time.Time{}
	}
	at := now // the first one, and one that was cut off
	if !l.Ended.IsZero() && l.Began.Before(now) {
		at = l.Began.Add(time.Duration(r.Every) * time.Minute)
	}
	p := r.plan()
	return p.Opens(later(at, now))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (s *shelf) schedule(ctx context.Context) (r RecordSchedule, l lastRound, err error) {
	r = usualSchedule()
	if err = s.book.Setting(ctx, scheduleSetting, &r); err == nil {
		err = s.book.Setting(ctx, roundSetting, &l)
	}
	r.Days = full(r.Days)
	return r, l, err
}

// SetSchedule chooses when an office's records are fetched by themselves. Errors: invalid
// with "field".
func (s *RecordSources) SetSchedule(officeID string, to RecordSchedule) (RecordState, error) {
	return shelved(s.shelves, "set schedule", officeID, func(ctx context.Context, d *data, sh *shelf) (RecordState, error) {
		wrong := func(field string) (RecordState, error) {
			return noRecordState(), core.E(core.Invalid, "set schedule", nil, "field", field, "reason", "unknown")
		}
		if !slices.Contains(recordIntervals, to.Every) {
			return wrong("every")
		}
		if to.Back == 0 {
			to.Back = usualSchedule().Back
		}
		if !slices.Contains(recordBacks, to.Back) {
			return wrong("back")
		}
		p := schedule.Plan{Mode: schedule.Nights, From: to.From, To: to.To, Days: to.Days}
		if field, _ := p.Wrong(); field != "" && to.Hours {
			return wrong(field)
		}
		if err := sh.growing("set schedule"); err != nil {
			return noRecordState(), err
		}
		to.Days = full(to.Days)
		if err := sh.book.SetSetting(ctx, scheduleSetting, to); err != nil {
			return noRecordState(), err
		}
		s.shelves.wake()
		return s.state(ctx, d, officeID, sh)
	})
}

// fetching is a round over an office's source.
type fetching struct {
	stop context.CancelFunc
	done chan struct{}
}

// RecordsProgress tells how far a round is.
type RecordsProgress struct {
	OfficeID string     `json:"officeId"`
	Running  bool       `json:"running"`
	First    bool       `json:"first"` // nothing was fetched for this office before
	Kind     RecordKind `json:"kind"`
	Person   string     `json:"person"` // who is asked about; "" everybody
	From     int64      `json:"from"`   // the window; what is later than its end can be asked about already
	To       int64      `json:"to"`
	Done     int        `json:"done"` // questions to the source, of all that this round needs
	All      int        `json:"all"`
	Rows     int        `json:"rows"` // that the source has told so far
	New      int        `json:"new"`  // of them that were not known
	Left     int64      `json:"left"` // milliseconds; -1 is not known
	Pace     int        `json:"pace"` // questions a second that the source is asked at most; 0: no limit is known
	Problem  *Problem   `json:"problem,omitempty"`
}

// fetch begins a round over an office's source unless one is at work. Errors:
// unsupported where the provider hands out no records.
func (s *shelves) fetch(ctx context.Context, d *data, officeID string) error {
	sh, err := s.of(ctx, d, officeID)
	if err != nil {
		return err
	}
	live, err := d.house.Live(ctx, officeID)
	if err != nil {
		return err
	}
	source, ok := live.Provider.(logs.Source)
	if !ok || len(source.Reaches()) == 0 {
		return core.E(core.Unsupported, "fetch records", nil)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	if r := s.rounds[officeID]; r != nil {
		select {
		case <-r.done:
		default:
			return nil // it is at work
		}
	}
	ctx, stop := context.WithCancel(s.api.root)
	r := &fetching{stop: stop, done: make(chan struct{})}
	s.rounds[officeID] = r
	go func() {
		defer s.wake() // a month may have become complete
		defer close(r.done)
		defer stop()
		one := &round{shelves: s, d: d, shelf: sh, p: RecordsProgress{OfficeID: officeID, Running: true, Left: -1}}
		one.run(ctx, source, string(live.Office.Provider))
	}()
	return nil
}

// round is one round over a source, told to the page.
type round struct {
	*shelves
	d     *data
	shelf *shelf
	p     RecordsProgress
	told  time.Time
}

func (r *round) run(ctx context.Context, source logs.Source, scope string) {
	chosen, before, err := r.shelf.schedule(ctx)
	r.p.First = err == nil && before.Began.IsZero()
	mine := lastRound{Began: r.api.now()}
	r.remember(ctx, mine)
	r.tell(true)
	job := &intake.Job{
		Book: r.shelf.book, Source: source, Scope: scope, Since: r.api.now().AddDate(0, -chosen.Back, 0), Now: r.api.now,
		People: func(ctx context.Context) ([]string, error) {
			var all []string
			for _, one := range r.d.peopleOf(ctx, r.p.OfficeID) {
				all = append(all, one.Address)
			}
			return all, nil
		},
		Tell: func(now intake.Progress) {
			r.p.Kind, r.p.From, r.p.To, r.p.Person = RecordKind(now.Kind), millis(now.Window.From), millis(now.Window.To), now.Person
			r.p.Done, r.p.All, r.p.Rows, r.p.New = now.Done, now.All, now.Rows, now.Tally.New
			r.p.Left, r.p.Pace = now.Left.Milliseconds(), int(now.Pace)
			if now.Left < 0 {
				r.p.Left = -1
			}
			r.tell(false)
		},
	}
	results, err := job.Run(ctx)
	for _, one := range results {
		if one.Err != nil && ctx.Err() == nil {
			slog.Info("a source of records did not tell everything", "kind", one.Kind, "code", core.CodeOf(one.Err))
		}
		if err == nil && one.Err != nil {
			err, r.p.Kind = one.Err, RecordKind(one.Kind)
		}
	}
	r.p.Running = false
	if err != nil && ctx.Err() == nil {
		slog.Warn("records were not fetched to the end", "code", core.CodeOf(err), "err", err)
		r.p.Problem, mine.Code = problemOf(err), core.CodeOf(err)
	}
	if r.api.root.Err() == nil { // else it goes on at the next start
		mine.Ended = r.api.now()
	}
	r.remember(ctx, mine)
	r.shelf.fresh.Store(true) // also where nothing came: a day may be complete now
	r.tell(true)
}

func (r *round) remember(ctx context.Context, l lastRound) {
	if err := r.shelf.book.SetSetting(context.WithoutCancel(ctx), roundSetting, l); err != nil {
		slog.Warn("a round of fetching is not remembered", "err", err)
	}
}

// tell tells the page how far the round is, at most five times a second.
func (r *round) tell(last bool) {
	if now := time.Now(); last || now.Sub(r.told) > 200*time.Millisecond {
		r.told = now
		r.api.cfg.Desktop.Emit("records:progress", r.p)
	}
}

func (s *shelves) fetchingNow(officeID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.rounds[officeID]
	if r == nil {
		return false
	}
	select {
	case <-r.done:
		return false
	default:
		return true
	}
}

// Fetch begins to fetch what is missing and returns at once; "records:progress" tells how
// far it is. Nothing happens where a round is at work.
func (s *RecordSources) Fetch(officeID string) (RecordState, error) {
	return shelved(s.shelves, "fetch records", officeID, func(ctx context.Context, d *data, sh *shelf) (RecordState, error) {
		if err := s.shelves.fetch(ctx, d, officeID); err != nil {
			return noRecordState(), err
		}
		return s.state(ctx, d, officeID, sh)
	})
}

// Stop ends a round; what was told is kept and the next round goes on from there.
func (s *RecordSources) Stop(officeID string) (RecordState, error) {
	return shelved(s.shelves, "stop fetching", officeID, func(ctx context.Context, d *data, sh *shelf) (RecordState, error) {
		s.shelves.mu.Lock()
		r := s.shelves.rounds[officeID]
		s.shelves.mu.Unlock()
		if r != nil {
			r.stop()
			<-r.done
		}
		return s.state(ctx, d, officeID, sh)
	})
}
