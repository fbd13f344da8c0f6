package imaptest

import (
	"maps"
	"slices"
	"strings"
)

// Account is the folders of one person, or of everybody.
type Account struct {
	User string

	srv   *Server
	boxes []*Mailbox
	conns int
	up    int64 // bytes appended, for a daily budget
}

// newAccount makes INBOX and the server's usual folders. The caller holds no lock.
func (s *Server) newAccount(user string) *Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &Account{User: user, srv: s}
	a.mailbox("INBOX", true)
	for _, name := range slices.Sorted(maps.Keys(s.opts.Folders)) {
		a.mailbox(name, true).Attributes = s.opts.Folders[name]
	}
	return a
}

// Account returns the folders of one of the people in Options.People, made when they
// are first asked for.
func (s *Server) Account(user string) *Account {
	s.mu.Lock()
	a := s.accounts[user]
	s.mu.Unlock()
	if a != nil {
		return a
	}
	made := s.newAccount(user)
	s.mu.Lock()
	defer s.mu.Unlock()
	if a = s.accounts[user]; a == nil {
		s.accounts[user], a = made, made
	}
	return a
}

// Mailbox returns the folder of that raw name, made if it is missing, where all
// users share one account.
func (s *Server) Mailbox(name string) *Mailbox { return s.shared.Mailbox(name) }

// Mailbox returns the person's folder of that raw name, made if it is missing.
func (a *Account) Mailbox(name string) *Mailbox {
	a.srv.mu.Lock()
	defer a.srv.mu.Unlock()
	return a.mailbox(name, true)
}

// Mailboxes lists the person's folders in the order of their making.
func (a *Account) Mailboxes() []*Mailbox {
	a.srv.mu.Lock()
	defer a.srv.mu.Unlock()
	return slices.Clone(a.boxes)
}

func (a *Account) mailbox(name string, create bool) *Mailbox {
	s := a.srv
	for _, b := range a.boxes {
		if b.Name == name || strings.EqualFold(name, "INBOX") && strings.EqualFold(b.Name, name) ||
			s.opts.Quirks.CaseFold && strings.EqualFold(b.Name, name) {
			return b
		}
	}
	if !create {
		return nil
	}
	s.uidValid++
	b := &Mailbox{Name: name, Attributes: `\HasNoChildren`, UIDValidity: s.uidValid, srv: s, acct: a, next: max(1, s.opts.Quirks.FirstUID)}
	if v := s.opts.Quirks.Validity; v != 0 {
		b.UIDValidity = v
	}
	a.boxes = append(a.boxes, b)
	return b
}

// enter takes one of the account's connections; too many are refused.
func (c *Conn) enter(cmd *Command, user string) bool {
	a := c.Server.Account(user)
	q := c.Server.opts.Quirks
	c.Server.mu.Lock()
	full := q.MaxConns > 0 && a.conns >= q.MaxConns
	if !full {
		a.conns++
		c.account, c.counted = a, true
	}
	c.Server.mu.Unlock()
	if full {
		c.NO(cmd, q.ConnsText)
	}
	return !full
}

func (c *Conn) leave() {
	if !c.counted {
		return
	}
	c.Server.mu.Lock()
	defer c.Server.mu.Unlock()
	c.account.conns--
}

// shown is what a folder admits to hold: some servers show the newest only.
func (b *Mailbox) shown() []Message {
	if most := b.srv.opts.Quirks.ShowAtMost; most > 0 && len(b.msgs) > most {
		return b.msgs[len(b.msgs)-most:]
	}
	return b.msgs
}

// intoAllMail stores an appended message in the folder that holds everything, once
// for all its labels.
func (b *Mailbox) intoAllMail(m Message) {
	q := b.srv.opts.Quirks
	if q.AllMail == "" || b.Name == q.AllMail || strings.HasSuffix(b.Name, "/Trash") || strings.HasSuffix(b.Name, "/Spam") {
		return
	}
	all := b.acct.mailbox(q.AllMail, true)
	label := Quote(b.Name)
	if b.Name == "INBOX" {
		label = `"\\Inbox"`
	}
	id := uint64(0)
	for i := range all.msgs {
		if all.msgs[i].Body == m.Body {
			all.msgs[i].Labels = append(all.msgs[i].Labels, label)
			id = all.msgs[i].GmailID
		}
	}
	if id == 0 {
		id = 1_700_000_000_000_000_000 + uint64(all.next)
		m.UID, m.GmailID, m.Labels = 0, id, []string{label}
		all.add(m)
	}
	last := &b.msgs[len(b.msgs)-1]
	last.GmailID, last.Labels = id, []string{label}
}
