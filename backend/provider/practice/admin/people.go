package admin

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/server"
	"mailroom/backend/store"
)

// record is a person as the file holds it.
type record struct {
	n    int64
	p    provider.Person // Address, Departments and Aliases come from their tables
	gone time.Time
	keep keep
}

// keep is what of a person nobody is told but that must come back with it.
type keep struct {
	Lists   []int64  `json:"lists,omitempty"`   // a deleted person was a member of, before On was there
	On      []seat   `json:"on,omitempty"`      // the lists that a deleted person was a member of
	Aliases []string `json:"aliases,omitempty"` // a deleted person had
	Hidden  []string `json:",omitempty"`        // of the addresses of a deleted person
	Was     provider.Status
	Box     string `json:",omitempty"` // key of the mailbox, once the main address is another than at first
	// Adopted are the mailboxes of people who were deleted and whose mail this one got.
	Adopted []server.Adopted `json:"adopted,omitempty"`
}

// seat is a place on a list: a list that is made anew has another ID, but its address.
type seat struct {
	List string `json:"list"`
	As   string `json:"as"` // the address that was on it
}

// trashTime is how long a deleted person can be brought back.
const trashTime = 30 * 24 * time.Hour

const personColumns = `SELECT p.id, p.address, p.gone, p.doc,
 (SELECT coalesce(group_concat(department), '') FROM (SELECT department FROM place WHERE person=p.id ORDER BY rank)),
 (SELECT coalesce(group_concat(address, ' '), '') FROM (SELECT address FROM address WHERE use='alias' AND owner=p.id ORDER BY address))
 FROM person p `

type scanner interface{ Scan(...any) error }

func scanPerson(row scanner) (r record, err error) {
	var address, doc, departments, aliases string
	var gone int64
	if err := row.Scan(&r.n, &address, &gone, &doc, &departments, &aliases); err != nil {
		return r, err
	}
	stored := struct {
		Person *provider.Person
		Keep   *keep
	}{&r.p, &r.keep}
	if err := json.Unmarshal([]byte(doc), &stored); err != nil {
		return r, core.E(core.Malformed, "read person", err)
	}
	r.p.ID, r.p.Address, r.gone = id('u', r.n), address, store.Time(gone)
	r.p.Departments, r.p.Aliases = nil, nil
	for n := range strings.SplitSeq(departments, ",") {
		if n != "" {
			r.p.Departments = append(r.p.Departments, "d"+n)
		}
	}
	if aliases != "" {
		r.p.Aliases = strings.Fields(aliases)
	}
	return r, nil
}

// save writes a person's document.
func (r record) save(ctx context.Context, tx *sql.Tx) error {
	p := r.p
	p.ID, p.Address, p.Departments, p.Aliases = "", "", nil, nil
	doc, err := json.Marshal(struct {
		Person provider.Person
		Keep   keep
	}{p, r.keep})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE person SET address=?, gone=?, doc=? WHERE id=?", r.p.Address, store.Millis(r.gone), string(doc), r.n)
	return err
}

// find returns a person by ID or main address; of the deleted ones by ID alone.
func find(ctx context.Context, tx *sql.Tx, key string) (record, error) {
	row := tx.QueryRowContext(ctx, personColumns+"WHERE p.address=? AND p.gone=0", strings.ToLower(key))
	if n := numberOf('u', key); n > 0 {
		row = tx.QueryRowContext(ctx, personColumns+"WHERE p.id=?", n)
	}
	r, err := scanPerson(row)
	if errors.Is(err, sql.ErrNoRows) {
		return r, notFound("person")
	}
	return r, err
}

// living is a person who is not deleted.
func living(ctx context.Context, tx *sql.Tx, key string) (record, error) {
	r, err := find(ctx, tx, key)
	if err == nil && !r.gone.IsZero() {
		err = notFound("person")
	}
	return r, err
}

// People lists the directory in the order of creation, the deleted ones too.
func (a *Adapter) People(ctx context.Context, page string) (people []provider.Person, next string, err error) {
	err = a.read(ctx, "list people", func(tx *sql.Tx) error {
		after, err := offset(page)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, personColumns+"WHERE p.id>? ORDER BY p.id LIMIT ?", after, a.page+1)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if len(people) == a.page {
				next = token(true, after)
				break
			}
			r, err := scanPerson(rows)
			if err != nil {
				return err
			}
			after = r.n
			people = append(people, r.p)
		}
		return rows.Err()
	})
	return people, next, err
}

// Person returns one person.
func (a *Adapter) Person(ctx context.Context, key string) (p provider.Person, err error) {
	err = a.read(ctx, "read person", func(tx *sql.Tx) error {
		r, err := find(ctx, tx, key)
		p = r.p
		return err
	})
	return p, err
}

// CreatePerson creates an account.
func (a *Adapter) CreatePerson(ctx context.Context, p provider.NewPerson) (made provider.Person, err error) {
	const op = "create person"
	if err := capabilities().CanCreate(p); err != nil {
		return made, err
	}
	err = a.write(ctx, op, func(tx *sql.Tx) error {
		r, err := begin(ctx, tx, p, a.now())
		if err != nil {
			return err
		}
		if err := a.note(ctx, tx, logs.ActPersonAdd, r.p.Address, r.p.Name); err != nil {
			return err
		}
		r, err = find(ctx, tx, id('u', r.n))
		made = r.p
		return err
	})
	return made, err
}

// begin lays a new person down.
func begin(ctx context.Context, tx *sql.Tx, p provider.NewPerson, now time.Time) (record, error) {
	main, err := own(ctx, tx, provider.AttrAddress, p.Address)
	if err == nil {
		err = checkPerson(p.Person)
	}
	if err == nil {
		err = passes(p.Password.Reveal(), main)
	}
	if err != nil {
		return record{}, err
	}
	hash, salt := hashed(p.Password.Reveal())
	result, err := tx.ExecContext(ctx, "INSERT INTO person (address, doc, salt, hash) VALUES (?,'{}',?,?)", main, salt, hash)
	if err != nil {
		return record{}, err
	}
	r := record{p: p.Person}
	if r.n, err = result.LastInsertId(); err != nil {
		return r, err
	}
	r.p.Address, r.p.Status, r.p.Used, r.p.Created = main, provider.Active, 0, now.UTC().Truncate(time.Second)
	complete(&r.p)
	if err := take(ctx, tx, provider.AttrAddress, main, provider.UsePerson, r.n); err != nil {
		return r, err
	}
	r.p.Aliases = nil
	for _, alias := range p.Aliases {
		if err := addAlias(ctx, tx, &r, alias); err != nil {
			return r, err
		}
		r.p.Aliases = append(r.p.Aliases, strings.ToLower(alias))
	}
	if err := leftOut(&r); err != nil {
		return r, err
	}
	if err := settle(ctx, tx, r.n, p.Departments); err != nil {
		return r, err
	}
	return r, r.save(ctx, tx)
}

// complete gives what was left open its usual value: this office tells everything.
func complete(p *provider.Person) {
	if p.Quota < 0 {
		p.Quota = usualQuota
	}
	if p.Hidden == provider.Unknown {
		p.Hidden = provider.No
	}
	if p.MustChange == provider.Unknown {
		p.MustChange = provider.No
	}
	if p.MailRights == "" {
		p.MailRights = provider.Everywhere
	}
	ways := map[provider.Way]provider.Flag{}
	for _, way := range signInWays {
		if ways[way] = p.SignIn[way]; ways[way] == provider.Unknown {
			ways[way] = provider.Yes
		}
	}
	if p.SignIn[provider.Secured] == provider.Unknown {
		ways[provider.Secured] = provider.No
	}
	p.SignIn, p.Partial = ways, false
}

// usualQuota is the room of a new mailbox in bytes.
const usualQuota = 10 << 30

var signInWays = []provider.Way{provider.Web, provider.IMAP, provider.POP, provider.SMTP, provider.Exchange, provider.Client, provider.Secured}
