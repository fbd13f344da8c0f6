package practice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"mailroom/backend/provider/practice/server"
)

// errElsewhere is the answer to mail for anybody outside.
var errElsewhere = errors.New("no mail leaves the practice office")

// delivery is one mailbox that gets a mail.
type delivery struct {
	server *server.Server
	box    server.Box
}

// Send delivers a mail within the office: to people at the new server, to the lists and
// aliases of an administered office, and to the company's mailboxes at the old server.
// All recipients get it or none.
func (f *Office) Send(ctx context.Context, from server.Box, to []string, message []byte) error {
	f.mu.Lock()
	old, fresh := f.old, f.new
	f.mu.Unlock()
	var all []delivery
	for _, address := range to {
		found, err := f.route(ctx, old, fresh, from, address)
		if err != nil {
			return fmt.Errorf("%s: %w", address, err)
		}
		for _, d := range found {
			if !slices.ContainsFunc(all, func(o delivery) bool { return o.server == d.server && o.box.Key == d.box.Key }) {
				all = append(all, d)
			}
		}
	}
	for _, d := range all {
		if err := d.server.Deliver(d.box, message); err != nil {
			return err
		}
	}
	return nil
}

// route finds the mailboxes behind an address.
func (f *Office) route(ctx context.Context, old, fresh *server.Server, from server.Box, to string) (all []delivery, err error) {
	sender := ""
	if len(from.Addresses) > 0 {
		sender = from.Addresses[0]
	}
	if f.options.Directory != nil {
		boxes, known, err := f.options.Directory.Route(ctx, sender, to)
		if err != nil {
			return nil, err
		}
		for _, b := range boxes {
			all = append(all, delivery{fresh, b})
		}
		if known {
			return all, nil
		}
	}
	box := server.Box{Key: strings.ToLower(to)}
	switch {
	case fresh.Has(to):
		return []delivery{{fresh, box}}, nil
	case old.Has(to) && from.Inside:
		return nil, errors.New("the sender may write to the office only")
	case old.Has(to):
		return []delivery{{old, box}}, nil
	}
	return nil, errElsewhere
}
