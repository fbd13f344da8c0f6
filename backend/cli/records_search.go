package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/records"
	"mailroom/backend/records/archive"
	"mailroom/backend/records/query"
)

// recordsSearch lists what a question asks for.
type recordsSearch struct {
	searchFlags `embed:""`
	bookFlags   `embed:""`
}

// searchFlags say what is looked for.
type searchFlags struct {
	Question []string `arg:"" optional:"" name:"question" help:"help_records_question"`
	Limit    int      `default:"50" placeholder:"N" help:"help_records_limit"`
	Before   int64    `placeholder:"PLACE" help:"help_records_before"`
}

// foundEvent is one record.
type foundEvent struct {
	Event string `json:"event"` // record
	Place int64  `json:"place"`
	archive.Line
}

func (v *recordsSearch) run(ctx context.Context, r *run) int {
	book, err := v.open(ctx, r, false)
	if err != nil {
		return r.fail(err)
	}
	defer func() { _ = book.Close() }()
	return v.search(ctx, r, book)
}

// search asks a book that is open, in the zone of its office.
func (v *searchFlags) search(ctx context.Context, r *run, book *records.Book) int {
	q, err := query.Parse(strings.Join(v.Question, " "), book.Zone())
	if err != nil {
		return r.fail(questionError(err))
	}
	texts, err := r.pageWords()
	if err != nil {
		return r.fail(err)
	}
	sources, err := book.Scopes(ctx)
	if err != nil {
		return r.fail(err)
	}
	page, err := book.Find(ctx, q, v.Before, max(v.Limit, 1))
	if err != nil {
		return r.fail(err)
	}
	for i := range page.Hits {
		h := &page.Hits[i]
		if r.json != nil {
			r.json.send(foundEvent{"record", h.ID, archive.Line{Source: sources[h.Source], Nth: h.Nth, Record: &h.Record}})
			continue
		}
		rec := &h.Record
		parts := []string{
			rec.At.In(book.Zone()).Format("2006-01-02 15:04:05"), texts.T("records.kind." + string(rec.Kind)), rec.Person, rec.From,
			strings.Join(rec.To, ","), rec.Subject, rec.Target,
		}
		if rec.Action != "" {
			parts = append(parts, texts.T("records.action."+string(rec.Action)))
		}
		if rec.Outcome != "" {
			parts = append(parts, texts.T("records.outcome."+string(rec.Outcome)))
		}
		if rec.IP.IsValid() {
			parts = append(parts, rec.IP.String())
		}
		fmt.Fprintln(r.stdout, printable(strings.Join(filled(parts), "  ")))
	}
	exit := exitOK
	if len(page.Hits) == 0 {
		exit = exitLeft
	}
	next := ""
	if page.Next > 0 {
		next = strconv.FormatInt(page.Next, 10)
	}
	switch {
	case r.json != nil:
		r.json.send(map[string]any{"event": "summary", "rows": len(page.Hits), "next": next, "exit": exit, "errors": []recordError{}})
	case exit == exitLeft:
		fmt.Fprintln(r.stdout, r.words.say("records.none"))
	case next != "":
		fmt.Fprintln(r.stderr, r.words.say("records.more", "next", next))
	}
	return exit
}

func filled(parts []string) []string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return kept
}

// questionError gives a mistake in a question a sentence of its own.
func questionError(err error) error {
	a := core.ArgsOf(err)
	return core.E(core.Invalid, "read question", err, "problem", "question_"+a["problem"], "field", a["field"], "value", a["value"], "at", a["at"])
}
