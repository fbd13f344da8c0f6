package api

import (
	"context"
	"slices"
	"sync"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

// Practice is the built-in rehearsal office: a small company with an old and a new
// mail server inside the program.
type Practice struct {
	api *API

	mu     sync.Mutex
	office Rehearsal
}

// Rehearsal is a running practice office.
type Rehearsal interface {
	// Office describes it; the endpoints of its people are filled in by [Practice].
	Office() PracticeOffice
	// Account is a person's mailbox on the old or the new server.
	Account(side PracticeSide, user string) (mailbox.Account, error)
	// Reset empties the new server.
	Reset(ctx context.Context) error
	// Close stops the servers.
	Close() error
}

// PracticeOffice describes the rehearsal office.
type PracticeOffice struct {
	Company  string           `json:"company"`
	People   []PracticePerson `json:"people"`
	Messages int64            `json:"messages"`
	Bytes    int64            `json:"bytes"`
}

// PracticePerson is one of its people. From and To are ready endpoints.
type PracticePerson struct {
	Name     string   `json:"name"`
	Address  string   `json:"address"`
	Messages int64    `json:"messages"`
	Bytes    int64    `json:"bytes"`
	From     Endpoint `json:"from"`
	To       Endpoint `json:"to"`
}

// start starts the servers unless they run.
func (p *Practice) start(ctx context.Context) (Rehearsal, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.office != nil {
		return p.office, nil
	}
	if p.api.cfg.Practice == nil {
		return nil, core.E(core.Unsupported, "start practice office", nil)
	}
	office, err := p.api.cfg.Practice(ctx, p.api.cfg.DataDir)
	if err != nil {
		return nil, err
	}
	p.office = office
	return office, nil
}

func (p *Practice) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.office == nil {
		return nil
	}
	office := p.office
	p.office = nil
	return office.Close()
}

// account is a person's mailbox, as [API.connect] asks for it.
func (p *Practice) account(ctx context.Context, side PracticeSide, user string) (mailbox.Account, error) {
	office, err := p.start(ctx)
	if err != nil {
		return nil, err
	}
	return office.Account(side, user)
}

// Office starts the two servers if they do not run yet (a few seconds) and
// describes the office.
func (p *Practice) Office() (PracticeOffice, error) {
	return with(p.api, "practice office", func(ctx context.Context, _ *data) (PracticeOffice, error) {
		rehearsal, err := p.start(ctx)
		if err != nil {
			return PracticeOffice{People: []PracticePerson{}}, err
		}
		office := rehearsal.Office()
		office.People = slices.Clone(full(office.People))
		for i := range office.People {
			person := &office.People[i]
			person.From = Endpoint{Kind: KindPractice, Side: PracticeOld, User: person.Address}
			person.To = Endpoint{Kind: KindPractice, Side: PracticeNew, User: person.Address}
			office.Messages += person.Messages
			office.Bytes += person.Bytes
		}
		return office, nil
	})
}

// Reset empties the new server, so that the rehearsal can begin again. It is a
// conflict while a move of the practice office is at work.
func (p *Practice) Reset() error {
	_, err := with(p.api, "reset practice office", func(ctx context.Context, d *data) (struct{}, error) {
		for _, v := range d.desk.List() {
			if v.Snapshot.Live && practiceOnly(v.Mailboxes) {
				return struct{}{}, core.E(core.Conflict, "reset practice office", nil, "move", v.ID)
			}
		}
		office, err := p.start(ctx)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, office.Reset(ctx)
	})
	return err
}
