package server

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"strings"
	"time"

	"mailroom/backend/provider"
)

// Directory says who has a mailbox besides those that a server began with, who may open
// it, and whose mail goes where. Of an address that it does not know, known is false.
type Directory interface {
	// Open tells which mailbox an address and a password open in one way of signing in; an
	// error refuses.
	Open(ctx context.Context, address, password string, way provider.Way) (box Box, known bool, err error)
	// Route tells which mailboxes get a mail from one address to another; an error is the
	// reason why none does.
	Route(ctx context.Context, from, to string) (boxes []Box, known bool, err error)
}

// Box is a mailbox of the directory.
type Box struct {
	Key       string   // stays the same for the life of the account
	Addresses []string // that its owner may write as, the main one first
	Inside    bool     // its owner may write to the office only
	// Adopted are mailboxes of people who were deleted, whose mail goes into this one.
	Adopted []Adopted
}

// Adopted is a mailbox whose mail another one gets, in a folder of that name.
type Adopted struct{ Key, Name string }

var errRefused = errors.New("refused")

// patience bounds what the directory is asked.
const patience = time.Minute

// account is a mailbox by address or key; nil where there is none.
func (s *Server) account(key string) *account {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.accounts[strings.ToLower(key)]
}

// admit opens a mailbox for a password.
func (s *Server) admit(address, password string, way provider.Way) (*account, Box, error) {
	if s.faults().RefuseSignIn {
		return nil, Box{}, errRefused
	}
	address = strings.ToLower(address)
	began := s.account(address)
	if began != nil && began.password != "" && s.key != "" && subtle.ConstantTimeCompare([]byte(password), []byte(s.key)) == 1 {
		return began, Box{Key: address, Addresses: []string{address}}, nil
	}
	if s.directory != nil {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		box, known, err := s.directory.Open(ctx, address, password, way)
		if err != nil {
			return nil, Box{}, err
		}
		if known {
			return s.box(box), box, nil
		}
	}
	if began == nil || began.password == "" || subtle.ConstantTimeCompare([]byte(password), []byte(began.password)) != 1 {
		return nil, Box{}, errRefused
	}
	return began, Box{Key: address, Addresses: []string{address}}, nil
}

// Has says whether the server began with a mailbox for the address.
func (s *Server) Has(address string) bool {
	a := s.account(address)
	return a != nil && a.password != ""
}

// box is a mailbox of the directory, made when it is first needed; mail that it adopts is
// put into it.
func (s *Server) box(b Box) *account {
	s.mu.Lock()
	key := strings.ToLower(b.Key)
	a := s.accounts[key]
	if a == nil {
		validity := uint32(time.Now().Unix()) // no earlier mailbox of that key had it (RFC 9051 section 2.3.1.1)
		a = load(Mailbox{Address: key, Validity: validity, Folders: s.fresh})
		s.accounts[key] = a
		s.journal.write(entry{Op: opOpen, Who: key, Validity: validity})
	}
	var adopted []*account
	var names []string
	for _, from := range b.Adopted {
		other := s.accounts[strings.ToLower(from.Key)]
		if other == nil || other == a {
			continue
		}
		delete(s.accounts, strings.ToLower(from.Key))
		adopted, names = append(adopted, other), append(names, from.Name)
	}
	s.mu.Unlock()
	for i, other := range adopted {
		s.adopt(a, other, names[i])
	}
	return a
}

// adopt puts all mail of one mailbox into a folder of another.
func (s *Server) adopt(a, other *account, name string) {
	name = strings.ReplaceAll(name, string(s.separator), " ")
	s.makeFolder(a, name, "")
	into := a.folder(name)
	for _, f := range other.sorted() {
		f.mu.Lock()
		all := append([]*message(nil), f.messages...)
		f.mu.Unlock()
		for _, m := range all {
			s.add(a, into, m.body, m.sum, m.date, m.flags)
		}
	}
	s.journal.write(entry{Op: opClose, Who: other.address})
}

// Deliver puts a message into the inbox of a mailbox.
func (s *Server) Deliver(b Box, message []byte) error {
	a := s.account(b.Key)
	if a == nil || len(b.Adopted) > 0 {
		a = s.box(b)
	}
	body, sum, err := s.keep(bytes.NewReader(message))
	if err != nil {
		return err
	}
	s.add(a, a.folder("INBOX"), body, sum, time.Now(), nil)
	return nil
}
