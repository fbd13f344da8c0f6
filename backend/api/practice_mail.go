package api

import (
	"context"
	"log/slog"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/server"
)

// practiceDirectory leads the practice servers to the administered offices whose people have
// their mailboxes there.
type practiceDirectory struct{ api *API }

// resettable is an office that can begin anew.
type resettable interface {
	Reset(ctx context.Context) error
}

// offices are the stored ones whose mail lies on the practice servers.
func (m practiceDirectory) offices(ctx context.Context, d *data) ([]*office.Live, error) {
	stored, err := d.house.Book().Offices(ctx)
	if err != nil {
		return nil, err
	}
	var all []*office.Live
	for _, o := range stored {
		if o.Provider != practiceMaker {
			continue
		}
		live, err := d.house.Live(ctx, o.ID)
		if err != nil {
			slog.Warn("a practice office has no mail", "office", o.ID, "err", err)
			continue
		}
		if _, ok := live.Provider.(server.Directory); ok {
			all = append(all, live)
		}
	}
	return all, nil
}

// each asks the offices until one knows the address.
func (m practiceDirectory) each(ctx context.Context, ask func(server.Directory) (bool, error)) (bool, error) {
	d, err := m.api.ready(ctx)
	if err != nil {
		return false, err
	}
	all, err := m.offices(ctx, d)
	if err != nil {
		return false, err
	}
	for _, live := range all {
		known, err := ask(live.Provider.(server.Directory))
		if known || err != nil {
			return known, err
		}
	}
	return false, nil
}

// Open tells which mailbox an address and a password open.
func (m practiceDirectory) Open(ctx context.Context, address, password string, way provider.Way) (box server.Box, known bool, err error) {
	known, err = m.each(ctx, func(o server.Directory) (known bool, err error) {
		box, known, err = o.Open(ctx, address, password, way)
		return known, err
	})
	return box, known, err
}

// Route tells which mailboxes get a mail.
func (m practiceDirectory) Route(ctx context.Context, from, to string) (boxes []server.Box, known bool, err error) {
	known, err = m.each(ctx, func(o server.Directory) (known bool, err error) {
		boxes, known, err = o.Route(ctx, from, to)
		return known, err
	})
	return boxes, known, err
}

// reset puts the administered practice offices back to their beginning too.
func (m practiceDirectory) reset(ctx context.Context, d *data) error {
	all, err := m.offices(ctx, d)
	if err != nil {
		return err
	}
	for _, live := range all {
		if d.changes.Working(live.ID) {
			return core.E(core.Conflict, "reset practice office", nil, "office", live.ID)
		}
	}
	for _, live := range all {
		r, ok := live.Provider.(resettable)
		if !ok {
			continue
		}
		if err := r.Reset(ctx); err != nil {
			return err
		}
		if err := d.directory.Forget(ctx, live.ID); err != nil {
			return err
		}
		if err := m.api.directory.refresh(ctx, d, live.ID); err != nil {
			return err
		}
	}
	return nil
}

// mailServers are what people of an administered practice office enter into their mail
// programs. The certificate is the office's own.
func (p *Practice) mailServers(ctx context.Context) ([]provider.MailServer, error) {
	office, err := p.start(ctx)
	if err != nil {
		return nil, err
	}
	at := office.New()
	return []provider.MailServer{
		{Protocol: "imap", Host: at.Host, Port: at.Port, Security: string(SecurityTLS)},
		{Protocol: "smtp", Host: at.Host, Port: at.SMTP, Security: string(SecurityTLS)},
	}, nil
}
