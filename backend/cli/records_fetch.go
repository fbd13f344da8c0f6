package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/office"
	"mailroom/backend/records"
	"mailroom/backend/records/intake"
	"mailroom/backend/report"
)

// recordsFetch asks an office's provider for its records.
type recordsFetch struct {
	Since       day      `placeholder:"DAY" help:"help_records_since"`
	Kinds       []string `name:"kind" placeholder:"KIND" enum:"received,sent,signin,user,admin,traffic" help:"help_records_kind"`
	officeFlags `embed:""`
}

// fetchYears is how far back records are asked for where no day is named.
const fetchYears = 2

// fetchingEvent tells how far a round is.
type fetchingEvent struct {
	Event  string  `json:"event"` // progress
	Kind   string  `json:"kind"`
	From   string  `json:"from"` // the window, RFC 3339
	To     string  `json:"to"`
	Person string  `json:"person,omitempty"`
	Done   int     `json:"done"` // questions
	All    int     `json:"all"`
	Rows   int     `json:"rows"`
	New    int     `json:"new"`
	Left   float64 `json:"secondsLeft"` // -1: not known
}

// fetchedEvent tells what came of one kind.
type fetchedEvent struct {
	Event   string       `json:"event"` // fetched
	Kind    string       `json:"kind"`
	New     int          `json:"new"`
	Updated int          `json:"updated"`
	Same    int          `json:"same"`
	Bad     int          `json:"bad"`
	Gaps    []gapLine    `json:"gaps"`
	Error   *recordError `json:"error,omitempty"`
}

type gapLine struct {
	From string      `json:"from"`
	To   string      `json:"to"`
	Why  records.Why `json:"why"`
	Days int         `json:"days,omitempty"` // that the provider keeps
}

func (v *recordsFetch) run(ctx context.Context, r *run) int {
	defer roomy(r.env.Getenv)()
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		live, err := b.house.Live(ctx, b.office.ID)
		if err != nil {
			return 0, err
		}
		source, ok := live.Provider.(logs.Source)
		if !ok || len(source.Reaches()) == 0 {
			return 0, core.E(core.Unsupported, "fetch records", nil, "problem", "no_records", "value", b.office.Title())
		}
		texts, err := r.pageWords()
		if err != nil {
			return 0, err
		}
		book, err := records.Open(ctx, filepath.Join(dataFolder(r, v.State), "records", shelfOf(b.office, v.Office)), vendorZone(r, b.office))
		if err != nil {
			return 0, err
		}
		defer func() { _ = book.Close() }()
		return v.fetch(ctx, b, book, source, texts)
	})
}

// shelfOf is the folder of an office's book: as the window names it, or after the domain
// where a file describes the office.
func shelfOf(o office.Office, named string) string {
	if _, file := officeFile(named); file && officeName.MatchString(o.Domain) {
		return o.Domain
	}
	return o.ID
}

func (v *recordsFetch) fetch(ctx context.Context, b *bureau, book *records.Book, source logs.Source, texts *report.Words) (int, error) {
	now := time.Now()
	job := &intake.Job{
		Book: book, Source: source, Scope: string(b.office.Provider), Since: v.Since.start(), Tell: v.teller(b.r, texts, book.Zone()),
		People: func(ctx context.Context) (all []string, err error) {
			view, err := b.connect(ctx)
			if err != nil {
				return nil, err
			}
			for _, p := range view.People {
				all = append(all, p.Address)
			}
			return all, nil
		},
	}
	if job.Since.IsZero() {
		job.Since = now.AddDate(-fetchYears, 0, 0)
	}
	for _, k := range v.Kinds {
		job.Kinds = append(job.Kinds, logs.Kind(k))
	}
	results, err := job.Run(ctx)
	exit, sum, failed := exitOK, fetchedEvent{Event: "summary", Gaps: []gapLine{}}, []error{}
	calm := context.WithoutCancel(ctx)
	for _, res := range results {
		e, gapErr := v.result(calm, book, res, records.Span{From: job.Since, To: now})
		if gapErr != nil {
			return 0, gapErr
		}
		sum.New, sum.Updated, sum.Same, sum.Bad = sum.New+e.New, sum.Updated+e.Updated, sum.Same+e.Same, sum.Bad+e.Bad
		if slices.ContainsFunc(e.Gaps, func(g gapLine) bool { return g.Why == records.Refused }) {
			exit = worse(exit, exitLeft) // days that the provider answered with an error, and may tell another time
		}
		if res.Err != nil && ctx.Err() == nil {
			failed = append(failed, officeError(res.Err, b.office.Title()))
		}
		v.tell(b.r, texts, e, book.Zone())
	}
	if err != nil {
		failed = append(failed, err)
	}
	for _, err := range failed {
		exit = worse(exit, exitOf(core.CodeOf(err)))
		if b.r.json == nil {
			fmt.Fprintln(b.r.stderr, "mailroom: "+b.r.explain(err))
		}
	}
	if b.r.json != nil {
		b.r.json.send(map[string]any{
			"event": "summary", "new": sum.New, "updated": sum.Updated, "same": sum.Same, "bad": sum.Bad,
			"shelf": filepath.Base(book.Dir()), "exit": exit, "errors": recordErrors(failed),
		})
	}
	return exit, nil
}

// result is one kind's, with what is missing since the day that was asked for.
func (v *recordsFetch) result(ctx context.Context, book *records.Book, res intake.Result, span records.Span) (fetchedEvent, error) {
	e := fetchedEvent{Event: "fetched", Kind: string(res.Kind), New: res.Tally.New, Updated: res.Tally.Updated, Same: res.Tally.Same, Bad: res.Tally.Unusable, Gaps: []gapLine{}}
	gaps, err := book.Gaps(ctx, res.Kind, span)
	for _, g := range gaps {
		if g.To.Sub(g.From) >= time.Minute {
			e.Gaps = append(e.Gaps, gapLine{g.From.Format(time.RFC3339), g.To.Format(time.RFC3339), g.Why, g.Days()})
		}
	}
	if res.Err != nil {
		e.Error = &recordErrors([]error{res.Err})[0]
	}
	return e, err
}

// A terminal gets a line now and then, a program more often.
const (
	tellEvery     = 5 * time.Second
	tellEveryJSON = time.Second
)

func (v *recordsFetch) teller(r *run, texts *report.Words, z *time.Location) func(intake.Progress) {
	told := time.Now()
	every := tellEvery
	if r.json != nil {
		every, told = tellEveryJSON, time.Time{}
	}
	return func(p intake.Progress) {
		if time.Since(told) < every {
			return
		}
		told = time.Now()
		left := p.Left.Seconds()
		if p.Left < 0 {
			left = -1
		}
		if r.json != nil {
			r.json.send(fetchingEvent{
				Event: "progress", Kind: string(p.Kind), From: p.Window.From.Format(time.RFC3339), To: p.Window.To.Format(time.RFC3339), Person: p.Person,
				Done: p.Done, All: p.All, Rows: p.Rows, New: p.Tally.New, Left: float64(int(left)),
			})
			return
		}
		fmt.Fprintln(r.stderr, r.words.say("records.fetching", "kind", texts.T("records.kind."+string(p.Kind)), "day", p.Window.From.In(z).Format(time.DateOnly),
			"rows", strconv.Itoa(p.Rows), "new", strconv.Itoa(p.Tally.New), "left", max(p.Left, 0).Round(time.Second).String()))
	}
}

func (v *recordsFetch) tell(r *run, texts *report.Words, e fetchedEvent, z *time.Location) {
	if r.json != nil {
		r.json.send(e)
		return
	}
	n := strconv.Itoa
	fmt.Fprintln(r.stdout, r.words.say("records.fetched", "kind", texts.T("records.kind."+e.Kind), "new", n(e.New), "updated", n(e.Updated), "same", n(e.Same)))
	for _, g := range e.Gaps {
		key := "records.gap." + string(g.Why)
		if g.Days > 0 {
			key += "_kept"
		}
		fmt.Fprintln(r.stdout, "  "+texts.T(key, "from", minuteOf(g.From, z), "to", minuteOf(g.To, z), "days", g.Days))
	}
}

// minuteOf is a moment of the JSON for people.
func minuteOf(text string, z *time.Location) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return at.In(z).Format("2006-01-02 15:04")
}

// folderOf finds the book that is meant by a name: its folder, a stored office, or a
// file that describes one.
func folderOf(ctx context.Context, state, name string) (string, error) {
	if _, err := os.Stat(filepath.Join(state, "records", name, "book.db")); err == nil && officeName.MatchString(name) {
		return name, nil
	}
	if strings.EqualFold(filepath.Ext(name), ".json") {
		raw, err := os.ReadFile(name)
		if err != nil {
			return "", core.E(core.NotFound, "office file", err, "file", name)
		}
		var d struct{ Domain string }
		if json.Unmarshal(raw, &d) != nil {
			return "", core.E(core.Invalid, "office file", nil, "file", name, "problem", "office_json")
		}
		return d.Domain, nil
	}
	if _, err := os.Stat(filepath.Join(state, office.File)); err != nil {
		return name, nil
	}
	book, err := office.OpenBook(ctx, state)
	if err != nil {
		return "", err
	}
	found, err := stored(ctx, book, name)
	if closing := book.Close(); err == nil && closing != nil {
		return "", closing
	}
	if err != nil {
		return name, nil // it may be a new one
	}
	return found.ID, nil
}
