package api

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"

	"mailroom/backend/audit"
	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/provider"
)

// administered holds the services for offices and the people in them.
type administered struct {
	offices   *Offices
	directory *Directory
	changes   *Changes
	intake    *Intake
	staff     *Staff
	lists     *Lists
	contacts  *Contacts
	joiner    *Joiner
}

func newAdministered(a *API) administered {
	return administered{offices: &Offices{api: a}, directory: newDirectory(a), changes: &Changes{api: a}, intake: &Intake{api: a}, staff: &Staff{api: a}, lists: &Lists{api: a}, contacts: &Contacts{api: a}, joiner: &Joiner{api: a}}
}

func (s administered) services() []any {
	return []any{s.offices, s.directory, s.changes, s.intake, s.staff, s.lists, s.contacts, s.joiner}
}

// officeDir is where adapters keep offices that live on this computer.
func (a *API) officeDir() string { return filepath.Join(a.cfg.DataDir, "offices") }

// closeOffices stops what is at work there and closes the files.
func (d *data) closeOffices(ctx context.Context) error {
	var errs []error
	if d.fresh != nil {
		<-d.fresh // its context has ended
	}
	if d.changes != nil {
		errs = append(errs, d.changes.Close(ctx))
	}
	if d.directory != nil {
		errs = append(errs, d.directory.Close())
	}
	if d.house != nil {
		errs = append(errs, d.house.Close())
	}
	if d.contacts != nil {
		errs = append(errs, d.contacts.Close())
	}
	return errors.Join(errs...)
}

// browsable refuses what must not be handed to the person's browser.
func browsable(link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) {
		return core.E(core.Malformed, "open mailbox", nil, "reason", "link")
	}
	return nil
}

func loopback(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }

// mailboxOpened records that the administrator opened somebody's mailbox.
func mailboxOpened(o office.Office, p provider.Person) audit.Entry {
	return audit.Entry{Act: actMailboxOpened, Subject: p.Address, ID: p.ID, Facts: map[string]string{"office": o.Title()}}
}
