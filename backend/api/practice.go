package api

import (
	"context"
	"path/filepath"
	"sync"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/provider/practice"
)

// Practice is the built-in rehearsal office: a small company with an old and a new
// mail server inside the program.
type Practice struct {
	api *API

	mu     sync.Mutex
	office *practice.Office
}

// PracticeOffice describes the rehearsal office.
type PracticeOffice struct {
	Company        string           `json:"company"` // in Chinese
	EnglishCompany string           `json:"englishCompany"`
	People         []PracticePerson `json:"people"`
	Messages       int64            `json:"messages"`
	Bytes          int64            `json:"bytes"`
}

// PracticePerson is one of its people. From and To are ready endpoints.
type PracticePerson struct {
	Name              string   `json:"name"` // in Chinese
	EnglishName       string   `json:"englishName"`
	Title             string   `json:"title"`
	Department        string   `json:"department"`
	EnglishDepartment string   `json:"englishDepartment"`
	Address           string   `json:"address"` // at the old provider
	NewAddress        string   `json:"newAddress"`
	Messages          int64    `json:"messages"` // in the old mailbox, at first
	Bytes             int64    `json:"bytes"`
	From              Endpoint `json:"from"`
	To                Endpoint `json:"to"`
}

// start starts the servers unless they run.
func (p *Practice) start(ctx context.Context) (*practice.Office, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.office != nil {
		return p.office, nil
	}
	office, err := practice.Start(ctx, practice.Options{
		Size: p.api.cfg.PracticeSize, Dir: filepath.Join(p.api.cfg.DataDir, "practice"), Directory: practiceDirectory{p.api},
	})
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

// practiceAccount has a key that does not change with the ports of a run.
type practiceAccount struct {
	mailbox.Account
	key string
}

// Key names the person and the side.
func (a practiceAccount) Key() string { return a.key }

// account is a person's mailbox on one of the two servers.
func (p *Practice) account(ctx context.Context, side PracticeSide, user string) (mailbox.Account, error) {
	office, err := p.start(ctx)
	if err != nil {
		return nil, err
	}
	server := office.Old()
	if side == PracticeNew {
		server = office.New()
	}
	for _, person := range office.People() {
		if person.OldAddress != user && person.NewAddress != user {
			continue
		}
		address, password := person.OldAddress, person.Password
		if side == PracticeNew {
			address, password = person.NewAddress, office.Key() // the office may have changed the person's
		}
		account, err := imap.New(imap.Config{
			Host: server.Host, Port: server.Port, User: address, Password: password,
			ServerName: server.Name, PinnedSHA256: server.Pin,
			ID: imap.Identity{Name: "Mailroom", Version: p.api.cfg.Version, Vendor: "Mailroom"},
		})
		if err != nil {
			return nil, err
		}
		return practiceAccount{account, "practice:" + string(side) + "/" + address}, nil
	}
	return nil, core.E(core.NotFound, "practice person", nil, "user", user)
}

// Office starts the two servers if they do not run yet (a few seconds) and
// describes the office.
func (p *Practice) Office() (PracticeOffice, error) {
	return with(p.api, "practice office", func(ctx context.Context, _ *data) (PracticeOffice, error) {
		office, err := p.start(ctx)
		if err != nil {
			return PracticeOffice{People: []PracticePerson{}}, err
		}
		described := PracticeOffice{People: mapped(office.People(), wirePerson)}
		described.Company, described.EnglishCompany = office.Company()
		for _, person := range described.People {
			described.Messages += person.Messages
			described.Bytes += person.Bytes
		}
		return described, nil
	})
}

func wirePerson(p practice.Person) PracticePerson {
	return PracticePerson{
		Name: p.Name, EnglishName: p.EnglishName, Title: p.Title, Department: p.Department, EnglishDepartment: p.EnglishDepartment,
		Address: p.OldAddress, NewAddress: p.NewAddress, Messages: p.Messages, Bytes: p.Bytes,
		From: Endpoint{Kind: KindPractice, Side: PracticeOld, User: p.OldAddress},
		To:   Endpoint{Kind: KindPractice, Side: PracticeNew, User: p.NewAddress},
	}
}

// Reset puts both servers and the administered practice offices back to the beginning,
// so that the rehearsal can begin again. It is a conflict while a move of the practice
// office or changes of one are at work.
func (p *Practice) Reset() error {
	_, err := with(p.api, "reset practice office", func(ctx context.Context, d *data) (struct{}, error) {
		for _, v := range d.desk.List() {
			if v.Snapshot.Live && practiceUsed(v.Mailboxes) {
				return struct{}{}, core.E(core.Conflict, "reset practice office", nil, "move", v.ID)
			}
		}
		office, err := p.start(ctx)
		if err != nil {
			return struct{}{}, err
		}
		if err := (practiceDirectory{p.api}).reset(ctx, d); err != nil {
			return struct{}{}, err
		}
		if err := office.Reset(ctx); err != nil {
			return struct{}{}, err
		}
		d.record.note(ctx, audit.Entry{Act: actPracticeReset})
		return struct{}{}, nil
	})
	return err
}
