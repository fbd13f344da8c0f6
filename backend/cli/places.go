package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"golang.org/x/term"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/archive"
	"mailroom/backend/people"
)

// errand is one mailbox to work on.
type errand struct {
	name     string // of the person; "" unknown
	row      int    // in the people file; 0 without one
	from, to place
}

// place is one side of an errand.
type place struct {
	account mailbox.Account
	shown   string // user or path, for people
	host    string // "" for an archive
	user    string
}

// The sides, as environment variables and messages name them.
const (
	sideFrom = "from"
	sideTo   = "to"
)

func (s *errand) title() string { return s.from.shown + " → " + s.to.shown }

// errands turns the command line into mailboxes. It connects to nothing.
func (r *run) errands(a *addressing) ([]*errand, []error) {
	switch {
	case r.invited != nil:
		return r.invitedErrand(a)
	case a.People == "" && (a.From == "" || a.To == ""):
		return nil, []error{core.E(core.Invalid, "arguments", nil, "problem", "no_addresses")}
	case a.Parallel < 1 || a.Parallel > 64 || a.Connections < 0 || a.Connections > 64:
		return nil, []error{core.E(core.Invalid, "arguments", nil, "problem", "number")}
	case a.Authz && a.People == "":
		return nil, []error{core.E(core.Invalid, "arguments", nil, "problem", "authz_alone")}
	case a.People != "":
		return r.fromPeople(a)
	}
	e := &errand{}
	if err := r.fill(a, e, people.Person{}); err != nil {
		return nil, []error{err}
	}
	return []*errand{e}, nil
}

func (r *run) fromPeople(a *addressing) ([]*errand, []error) {
	for _, raw := range []string{a.From, a.To} {
		if u, err := url.Parse(raw); err == nil && u.User != nil {
			if _, has := u.User.Password(); has {
				return nil, []error{core.E(core.Invalid, "account address", nil, "field", "password")}
			}
		}
	}
	list, problems, err := people.ReadFile(a.People, r.peopleOptions(a))
	if err != nil {
		return nil, []error{err}
	}
	var errs []error
	for _, p := range problems {
		errs = append(errs, core.E(core.Invalid, "people file", p.Err(), "file", a.People))
	}
	if len(errs) > 0 {
		return nil, errs
	}
	all := make([]*errand, 0, len(list.People))
	for _, p := range list.People {
		e := &errand{name: p.Name, row: p.Row}
		if err := r.fill(a, e, p); err != nil {
			errs = append(errs, core.E(core.CodeOf(err), "people file", err, "file", a.People, "row", fmt.Sprint(p.Row)))
			continue
		}
		all = append(all, e)
	}
	return all, errs
}

// peopleOptions tells the list's reader where rows go that name no server. A template
// with {user} is a different archive for each row.
func (r *run) peopleOptions(a *addressing) people.Options {
	o := people.Options{From: a.From, To: a.To, NoFromPassword: r.noPassword(a, sideFrom, a.From), NoToPassword: r.noPassword(a, sideTo, a.To)}
	for _, u := range []*string{&o.From, &o.To} {
		if strings.Contains(*u, userMark) {
			*u = ""
		}
	}
	return o
}

// noPassword says whether rows need no password of their own on that side.
func (r *run) noPassword(a *addressing, side, raw string) bool {
	return r.env.Getenv(variable(side)) != "" || a.authOf(side) != "" || a.Authz && hasUser(raw) || archive.Is(raw)
}

// variable is the environment variable with a side's password.
func variable(side string) string { return "MAILROOM_" + strings.ToUpper(side) + "_PASSWORD" }

func hasUser(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && u.User != nil && u.User.Username() != ""
}

// fill makes both accounts of an errand; p is empty without a people file.
func (r *run) fill(a *addressing, e *errand, p people.Person) (err error) {
	if e.from, err = r.place(a, sideFrom, first(p.FromURL, a.From), p.FromUser, p.FromPassword.Reveal(), a.FromAuthz); err != nil {
		return err
	}
	if e.to, err = r.place(a, sideTo, first(p.ToURL, a.To), p.ToUser, p.ToPassword.Reveal(), a.ToAuthz); err != nil {
		return err
	}
	same := e.from.account.Key() == e.to.account.Key() ||
		e.from.host != "" && strings.EqualFold(e.from.host, e.to.host) && strings.EqualFold(e.from.user, e.to.user)
	if same {
		return core.E(core.Invalid, "arguments", nil, "problem", "same_mailbox", "mailbox", e.from.shown)
	}
	return nil
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// userMark stands for the row's user in an archive's address.
const userMark = "{user}"

// place makes one account. user is the row's, where there is a people file.
func (r *run) place(a *addressing, side, raw, user, password, authz string) (place, error) {
	if raw == "" {
		return place{}, core.E(core.Invalid, "arguments", nil, "problem", "no_url", "side", side)
	}
	if archive.Is(raw) {
		raw = strings.ReplaceAll(raw, userMark, fileName(user))
		account, err := archive.Open(raw, side == sideTo)
		if err != nil {
			return place{}, tellSide(err, side)
		}
		return place{account: account, shown: raw}, nil
	}
	master := user != "" && a.Authz && hasUser(raw)
	if user != "" && !master {
		raw = withUser(raw, user)
	}
	x, err := r.server(a, side, raw)
	if err != nil {
		return place{}, tellSide(err, side)
	}
	x.authz = first(authz, x.authz)
	if master {
		x.authz, password = user, "" // the row's password is not the master's
	}
	account, err := r.account(a, side, x, password)
	if err != nil {
		return place{}, err
	}
	owner := first(x.authz, x.user)
	return place{account: named{account, x.host, x.user}, shown: owner, host: x.place(), user: owner}, nil
}

// account makes the account with a password or, where the side says so, with tokens.
func (r *run) account(a *addressing, side string, x access, password string) (mailbox.Account, error) {
	way := a.authOf(side)
	if way == "" {
		if x.password = password; password == "" {
			var err error
			if x.password, err = r.password(side, x); err != nil {
				return nil, err
			}
		}
		account, err := x.make(x, nil)
		if err != nil {
			return nil, tellSide(err, side)
		}
		return account, nil
	}
	source, err := r.source(way, side, first(x.authz, x.user))
	if err != nil {
		return nil, err
	}
	if x.authz != "" { // the token is for the mailbox itself
		x.user, x.authz = x.authz, ""
	}
	account, err := x.make(x, source.Secret)
	if err != nil {
		return nil, tellSide(err, side)
	}
	return mailbox.WithRenewal(account, source.Renew), nil
}

// named is an account whose errors of signing in always name server and user.
type named struct {
	mailbox.Account
	host, user string
}

func (n named) Open(ctx context.Context) (mailbox.Session, error) {
	s, err := n.Account.Open(ctx)
	if err == nil {
		return s, nil
	}
	facts := []string{}
	known := core.ArgsOf(err)
	for name, value := range map[string]string{"host": n.host, "user": n.user} {
		if known[name] == "" {
			facts = append(facts, name, value)
		}
	}
	return nil, core.E(core.CodeOf(err), "open "+n.host, err, facts...)
}

// tellSide adds which of the two addresses an error is about.
func tellSide(err error, side string) error {
	return core.E(core.CodeOf(err), "--"+side, err, "side", side)
}

// withUser puts a row's user into a server's address; what is no address stays as it
// is and is refused later.
func withUser(raw, user string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return raw
	}
	if u.User != nil {
		if _, has := u.User.Password(); has {
			return raw
		}
	}
	u.User = url.User(user)
	return u.String()
}

// fileName makes a user's name safe as a part of a path.
func fileName(user string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || strings.ContainsRune(`/\:*?"<>|`, c) {
			return '_'
		}
		return c
	}, strings.Trim(user, ". "))
}

// password comes from the environment or, on a terminal, from a prompt; never from an
// argument, which other users of the computer could see.
func (r *run) password(side string, x access) (string, error) {
	variable := variable(side)
	if p := r.env.Getenv(variable); p != "" {
		return p, nil
	}
	who := x.user + "@" + x.host
	if p, ok := r.asked[side+who]; ok {
		return p, nil
	}
	f, ok := r.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return "", core.E(core.Invalid, "password", nil, "problem", "no_password", "variable", variable, "user", x.user, "host", x.host)
	}
	fmt.Fprint(r.stderr, r.words.say("prompt", "user", printable(x.user), "host", x.host))
	p, err := term.ReadPassword(int(f.Fd()))
	fmt.Fprintln(r.stderr)
	if err != nil || len(p) == 0 {
		return "", core.E(core.Invalid, "password", errors.Join(err), "problem", "no_password", "variable", variable, "user", x.user, "host", x.host)
	}
	r.asked[side+who] = string(p)
	return string(p), nil
}
