package admin

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/server"
)

var _ server.Directory = (*Adapter)(nil)

// beginFirst is the setting that remembers the ID of the first person whom the office
// began with; the others of them follow.
const beginFirst = "office.first"

// box is a person's mailbox at the practice server. The company's people keep those that
// the server began with, which a rehearsed move fills.
func (a *Adapter) box(ctx context.Context, tx *sql.Tx, r record) (server.Box, error) {
	b := server.Box{
		Key: filepath.Base(a.cfg.Dir) + "/" + r.p.ID, Addresses: append([]string{r.p.Address}, r.p.Aliases...),
		Inside: r.p.MailRights == provider.SendInside || r.p.MailRights == provider.InsideOnly, Adopted: r.keep.Adopted,
	}
	settings := map[string]int64{}
	for _, key := range []string{beginFirst, beginSize} {
		var text string
		err := tx.QueryRowContext(ctx, "SELECT value FROM setting WHERE key=?", key).Scan(&text)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return b, err
		}
		settings[key], _ = strconv.ParseInt(text, 10, 64)
	}
	first := max(settings[beginFirst], 1)
	if r.n >= first && r.n < first+settings[beginSize] {
		b.Key = r.p.Address
	}
	if r.keep.Box != "" {
		b.Key = r.keep.Box
	}
	return b, nil
}

// Open tells which mailbox an address and a password open. Errors: unauthenticated,
// forbidden (switched off, ended, or this way of signing in is not allowed).
func (a *Adapter) Open(ctx context.Context, address, password string, way provider.Way) (box server.Box, known bool, err error) {
	const op = "open mailbox"
	err = a.peek(ctx, op, func(tx *sql.Tx) error {
		r, err := a.owner(ctx, tx, address)
		if core.CodeOf(err) == core.NotFound {
			known, err = a.ownDomain(ctx, tx, address)
			if known {
				err = core.E(core.Unauthenticated, op, nil)
			}
			return err
		}
		if err != nil {
			return err
		}
		known = true
		var salt, hash []byte
		if err := tx.QueryRowContext(ctx, "SELECT salt, hash FROM person WHERE id=?", r.n).Scan(&salt, &hash); err != nil {
			return err
		}
		switch {
		case len(hash) == 0 || subtle.ConstantTimeCompare(derive(password, salt), hash) != 1:
			return core.E(core.Unauthenticated, op, nil)
		case r.p.Status != provider.Active, r.p.SignIn[way] == provider.No, !r.p.Expires.IsZero() && a.now().After(r.p.Expires):
			return core.E(core.Forbidden, op, nil)
		}
		box, err = a.box(ctx, tx, r)
		return err
	})
	return box, known, err
}

// owner is the person whose address or alias it is.
func (a *Adapter) owner(ctx context.Context, tx *sql.Tx, address string) (record, error) {
	var n int64
	err := tx.QueryRowContext(ctx, "SELECT owner FROM address WHERE address=? AND use IN ('person','alias')", strings.ToLower(address)).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return record{}, notFound("person")
	}
	if err != nil {
		return record{}, err
	}
	return living(ctx, tx, id('u', n))
}

// ownDomain says whether an address is of a domain of the office: who is not known there
// has no mailbox, even if the server once began with one.
func (a *Adapter) ownDomain(ctx context.Context, tx *sql.Tx, address string) (bool, error) {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	n, err := count(ctx, tx, "SELECT count(*) FROM domain WHERE name=?", domain)
	return n > 0, err
}

// peek reads without a place in the office's pace: mail is no call of an administrator.
func (a *Adapter) peek(ctx context.Context, op string, f func(*sql.Tx) error) error {
	db, err := a.db(ctx)
	if err != nil {
		return err
	}
	tx, err := db.R.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return core.E(core.CodeOf(err), op, err)
	}
	return errors.Join(f(tx), tx.Rollback())
}

// mostHops bounds how far mail goes on through lists and forwarding.
const mostHops = 20

// routing finds out where one mail goes.
type routing struct {
	a     *Adapter
	tx    *sql.Tx
	from  string
	seen  map[string]bool
	boxes []server.Box
}

// Route tells which mailboxes get a mail: a person's, those of the members of a list whose
// policy lets the sender write, and those that mail is passed on to within the office.
// Errors: not_found (the address is nobody's), forbidden.
func (a *Adapter) Route(ctx context.Context, from, to string) (boxes []server.Box, known bool, err error) {
	const op = "deliver mail"
	err = a.peek(ctx, op, func(tx *sql.Tx) error {
		if known, err = a.ownDomain(ctx, tx, to); err != nil || !known {
			return err
		}
		r := &routing{a: a, tx: tx, from: strings.ToLower(from), seen: map[string]bool{}}
		if err := r.to(ctx, strings.ToLower(to), 0); err != nil {
			return err
		}
		boxes = r.boxes
		return nil
	})
	return boxes, known, err
}

func (r *routing) to(ctx context.Context, address string, hops int) error {
	if r.seen[address] || hops > mostHops {
		return nil
	}
	r.seen[address] = true
	l, err := findList(ctx, r.tx, address)
	if err == nil {
		return r.list(ctx, l, hops)
	}
	if core.CodeOf(err) != core.NotFound {
		return err
	}
	p, err := r.a.owner(ctx, r.tx, address)
	if err != nil {
		return err
	}
	return r.person(ctx, p, hops)
}

// person delivers to one; forwarding leads to addresses of the office only, no mail
// leaves it.
func (r *routing) person(ctx context.Context, p record, hops int) error {
	inside, err := r.a.ownDomain(ctx, r.tx, r.from)
	if err != nil {
		return err
	}
	if !inside && (p.p.MailRights == provider.ReceiveInside || p.p.MailRights == provider.InsideOnly) {
		return core.E(core.Forbidden, "deliver mail", errors.New("gets mail from the office only"))
	}
	if f := p.p.Forward; f != nil {
		for _, to := range f.To {
			if err := r.to(ctx, strings.ToLower(to), hops+1); err != nil && core.CodeOf(err) != core.NotFound {
				return err
			}
		}
		if !f.Keep {
			return nil
		}
	}
	box, err := r.a.box(ctx, r.tx, p)
	if err == nil {
		r.boxes = append(r.boxes, box)
	}
	return err
}

// list delivers to the members, the lists inside and the people of departments; members
// outside are left out.
func (r *routing) list(ctx context.Context, l provider.List, hops int) error {
	inside, err := r.a.ownDomain(ctx, r.tx, r.from)
	if err != nil {
		return err
	}
	member, named := slices.Contains(l.Members, r.from), slices.Contains(l.Senders, r.from)
	allowed := map[provider.Policy]bool{
		provider.PolicyAnyone: true, provider.PolicyInside: inside, provider.PolicyMembers: member,
		provider.PolicyMembersNamed: member || named, provider.PolicyNamed: named,
	}
	if l.Off == provider.Yes || hops == 0 && !allowed[l.Policy] {
		return core.E(core.Forbidden, "deliver mail", errors.New("the list does not let this sender write"))
	}
	var people []string
	for _, d := range l.Departments {
		rows, err := r.tx.QueryContext(ctx, "SELECT p.address FROM place JOIN person p ON p.id=place.person WHERE place.department=? AND p.gone=0", numberOf('d', d))
		if err != nil {
			return err
		}
		if people, err = texts(rows, people); err != nil {
			return err
		}
	}
	for _, to := range slices.Concat(l.Members, l.Lists, people) {
		if err := r.to(ctx, to, hops+1); err != nil && core.CodeOf(err) != core.NotFound && core.CodeOf(err) != core.Forbidden {
			return err
		}
	}
	return nil
}

// texts adds the one column of rows.
func texts(rows *sql.Rows, all []string) (_ []string, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return all, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// Reset puts the office back to its beginning: everybody who was made is gone, everybody
// who was changed is as at first. IDs are new ones, so that nothing takes one office for
// the other.
func (a *Adapter) Reset(ctx context.Context) error {
	if err := a.turn(ctx, "reset practice office"); err != nil {
		return err
	}
	if _, err := a.db(ctx); err != nil {
		return err
	}
	a.mu.Lock()
	f := a.file
	a.past = nil
	a.mu.Unlock()
	if f == nil {
		return core.E(core.Internal, "reset practice office", errors.New("closed"))
	}
	return f.reset(ctx, number(a.cfg.Values[keySize], 12), a.cfg.Domain)
}
