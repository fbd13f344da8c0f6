package api

import (
	"context"
	"time"

	"mailroom/backend/provider"
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
		people := mapped(d.peopleOf(ctx, shelfID), func(p provider.Person) answer.Person { return answer.Person{Address: p.Address, Name: p.Name} })
		a, err := answer.Ask(ctx, sh.book, text, people, time.Now().In(sh.book.Zone()))
		if err != nil {
			return noAnswer(), err
		}
		sources, err := sh.book.Scopes(ctx)
		return wireAnswer(a, sources), err
	})
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
