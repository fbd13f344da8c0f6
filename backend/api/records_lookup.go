package api

import (
	"context"
	"log/slog"
	"time"

	"mailroom/backend/records"
	answer "mailroom/backend/records/lookup"
	"mailroom/backend/records/month"
)

// RecordLookup answers questions in everyday words.
type RecordLookup struct {
	api     *API
	shelves *shelves
}

// Ask answers a question such as "did Zhou's invoice arrive last Tuesday?" from what is
// kept on this computer, without the network. It gives up after a minute, or when
// App.Cancel(requestID) is called.
func (l *RecordLookup) Ask(requestID, shelfID, text string) (LookupAnswer, error) {
	return shelved(l.shelves, "answer question", shelfID, func(root context.Context, d *data, sh *shelf) (LookupAnswer, error) {
		ctx, end := l.api.calls.begin(root, requestID, searchLimit)
		defer end()
		home := d.householdOf(ctx, shelfID)
		a, err := answer.Ask(ctx, sh.book, text, home.People, time.Now().In(sh.book.Zone()))
		if err != nil {
			return noAnswer(), err
		}
		sources, err := sh.book.Scopes(ctx)
		wire := wireAnswer(a, sources)
		wire.Strangers = mapped(answer.Strangers(a, home), func(s answer.Stranger) LookupStranger {
			return LookupStranger{s.Asked, mapped(s.Near, func(p answer.Person) NamedAddress { return NamedAddress{p.Address, p.Name} })}
		})
		return wire, err
	})
}

// householdOf is whom a question may name, as the office's directory has them. Its
// addresses are all known where lists were read, and every person with all aliases.
func (d *data) householdOf(ctx context.Context, officeID string) (home answer.Household) {
	v, err := d.directory.View(ctx, officeID)
	if err != nil {
		slog.Info("a question is answered without the directory", "err", err)
		return home
	}
	home.Named = !v.Refreshed.IsZero() && v.Trouble == nil
	for _, p := range v.People {
		home.People = append(home.People, answer.Person{Address: p.Address, Name: p.Name})
		home.Others = append(home.Others, p.Aliases...)
		home.Named = home.Named && !p.Partial
	}
	home.Whole = home.Named && len(v.Lists) > 0 // without any, nobody knows whether they are told at all
	for _, l := range v.Lists {
		home.Others = append(home.Others, l.Address, l.Name)
	}
	for _, dep := range v.Departments {
		home.Others = append(home.Others, dep.Name)
	}
	for _, c := range v.Contacts {
		home.Others = append(append(home.Others, c.Name), c.Addresses...)
	}
	return home
}

func noAnswer() LookupAnswer { return wireAnswer(answer.Answer{}, nil) }

// Trace tells the story of the mail that a record belongs to, with the verdict.
func (l *RecordLookup) Trace(shelfID, id string) (LookupAnswer, error) {
	return shelved(l.shelves, "trace record", shelfID, func(ctx context.Context, _ *data, sh *shelf) (LookupAnswer, error) {
		place, err := recordPlace(id)
		if err != nil {
			return noAnswer(), err
		}
		hit, past, err := sh.book.Row(ctx, place)
		if err != nil {
			return noAnswer(), err
		}
		detail, err := sh.detail(ctx, hit, past)
		return detail.Story, err
	})
}

// detail is everything about one record.
func (s *shelf) detail(ctx context.Context, hit records.Hit, past []month.Past) (RecordDetail, error) {
	none := RecordDetail{Past: []RecordPast{}, Story: noAnswer()}
	sources, err := s.book.Scopes(ctx)
	if err != nil {
		return none, err
	}
	story, err := answer.Trace(ctx, s.book, hit, time.Now().In(s.book.Zone()))
	if err != nil {
		return none, err
	}
	return RecordDetail{
		Row: wireRecord(hit, sources), Story: wireAnswer(story, sources),
		Past: mapped(past, func(p month.Past) RecordPast { return RecordPast{millis(p.Until), wireRecord(p.Hit, sources)} }),
	}, nil
}
