package mox

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/idna"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// dynamic is the part of the server's configuration that its administrator changes
// (config.Dynamic); one answer holds the whole directory.
type dynamic struct {
	Domains  map[string]domain
	Accounts map[string]account
}

type domain struct {
	Disabled    bool
	Description string
	Aliases     map[string]alias // lists, by local part
	DMARC       *report
	TLSRPT      *report
	Domain      struct{ ASCII string }
}

// report is where reports about a domain are delivered.
type report struct{ Account string }

// alias is a list (config.Alias).
type alias struct {
	Addresses    []string
	PostPublic   bool // everybody may write, otherwise the members only
	ListMembers  bool // members see who the members are
	AllowMsgFrom bool // members may write in the list's name
}

type account struct {
	LoginDisabled                string // not empty: nobody can sign in
	Domain                       string
	Description                  string
	FullName                     string
	Destinations                 map[string]destination // addresses; "@domain" is a catch-all
	QuotaMessageSize             int64                  // bytes; 0: the server's default, negative: no limit
	MaxOutgoingMessagesPerDay    int
	MaxFirstTimeRecipientsPerDay int
	NoFirstTimeSenderDelay       bool
	NoCustomPassword             bool
}

// destination is one address of an account.
type destination struct{ FullName string }

// names is what is remembered of the last reading, to spare readings.
type names struct {
	mu       sync.Mutex
	accounts map[string]string // by main address
	domains  []string
	whole    dynamic
	read     time.Time // of whole; zero: something was changed since
	changes  int       // counts what was changed
}

// recent is the last reading, if it is not older and nothing was changed since but
// accounts that were created or deleted.
func (n *names) recent(age time.Duration) (dynamic, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.whole, time.Since(n.read) < age
}

// stale says that the last reading no longer holds.
func (n *names) stale() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.read = time.Time{}
	n.changes++
}

func (n *names) count() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.changes
}

// learn keeps a reading that was begun after so many changes.
func (n *names) learn(d dynamic, changes int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.accounts, n.domains, n.whole, n.read = make(map[string]string, len(d.Accounts)), nil, d, time.Time{}
	if changes == n.changes {
		n.read = time.Now()
	}
	for name, a := range d.Accounts {
		n.accounts[a.main(name)] = name
	}
	for name, dom := range d.Domains {
		n.domains = append(n.domains, dom.ascii(name))
	}
}

func (n *names) account(address string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.accounts[address]
}

func (n *names) add(address, account string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.accounts != nil {
		n.accounts[address] = account
	}
}

// read reads the configuration.
func (o *Office) read(ctx context.Context, op string) (dynamic, error) {
	var d dynamic
	changes := o.known.count()
	if err := o.ask(ctx, op, "Config", &d); err != nil {
		return d, err
	}
	o.known.learn(d, changes)
	return d, nil
}

// ascii is a domain's name as it stands in the DNS.
func (d domain) ascii(name string) string {
	if d.Domain.ASCII != "" {
		return strings.ToLower(d.Domain.ASCII)
	}
	return spelled(name)
}

// spelled writes a domain as the DNS has it, in lower case; one that cannot be written
// so stays.
func spelled(domain string) string {
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		return strings.ToLower(ascii)
	}
	return strings.ToLower(domain)
}

// plainAddress spells an address as this program does. mox keeps domains in their own
// script.
func plainAddress(address string) string {
	local, domain, found := strings.Cut(strings.ToLower(address), "@")
	if !found {
		return local
	}
	return local + "@" + spelled(domain)
}

// addresses of an account as they are kept, by their usual spelling. Old configurations
// hold local parts only.
func (a account) addresses() map[string]string {
	all := make(map[string]string, len(a.Destinations))
	for kept := range a.Destinations {
		switch {
		case strings.HasPrefix(kept, "@"): // takes what nobody else gets; nobody's address
		case strings.Contains(kept, "@"):
			all[plainAddress(kept)] = kept
		default:
			all[plainAddress(kept+"@"+a.Domain)] = kept
		}
	}
	return all
}

// main is an account's main address. mox knows no such thing: it is the account's name
// if that is an address, or else the name at the account's own domain, or else the
// first by the alphabet, those at the own domain before others.
func (a account) main(name string) string {
	all := a.addresses()
	for _, likely := range []string{plainAddress(name), plainAddress(name + "@" + a.Domain)} {
		if _, ok := all[likely]; ok {
			return likely
		}
	}
	sorted := make([]string, 0, len(all))
	for address := range all {
		sorted = append(sorted, address)
	}
	slices.Sort(sorted)
	for _, address := range sorted {
		if strings.HasSuffix(address, "@"+spelled(a.Domain)) {
			return address
		}
	}
	if len(sorted) > 0 {
		return sorted[0]
	}
	return plainAddress(name + "@" + a.Domain) // an account without any address
}

// Domains lists the server's domains; the office's own is the first.
func (o *Office) Domains(ctx context.Context) ([]provider.Domain, error) {
	d, err := o.read(ctx, "list domains")
	if err != nil {
		return nil, err
	}
	all := make([]provider.Domain, 0, len(d.Domains))
	for name, dom := range d.Domains {
		all = append(all, provider.Domain{Name: dom.ascii(name), Off: dom.Disabled, Remark: dom.Description})
	}
	slices.SortFunc(all, func(a, b provider.Domain) int {
		if first := a.Name == o.domain; first != (b.Name == o.domain) {
			if first {
				return -1
			}
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all, nil
}

// isOwn tells whether an address is of a domain of the server, as far as it is known.
func (o *Office) isOwn(ctx context.Context, address string) (bool, error) {
	_, domain, _ := strings.Cut(address, "@")
	o.known.mu.Lock()
	known := o.known.domains
	o.known.mu.Unlock()
	if slices.Contains(known, domain) {
		return true, nil
	}
	d, err := o.read(ctx, "list domains")
	if err != nil {
		return false, err
	}
	for name, dom := range d.Domains {
		if dom.ascii(name) == domain {
			return true, nil
		}
	}
	return false, nil
}

// name resolves an ID or a main address to an account's name; not_found where there is
// none. What is no address is taken as it is: the server says whether it exists.
func (o *Office) name(ctx context.Context, op, key string) (string, error) {
	if !strings.Contains(key, "@") {
		return key, nil
	}
	if name := o.known.account(plainAddress(key)); name != "" {
		return name, nil
	}
	d, err := o.read(ctx, op)
	if err != nil {
		return "", err
	}
	name, ok := d.find(key)
	if !ok {
		return "", core.E(core.NotFound, op, nil, "what", "person")
	}
	return name, nil
}

// find returns the name of the account with that ID or main address.
func (d dynamic) find(key string) (string, bool) {
	if _, ok := d.Accounts[key]; ok {
		return key, true
	}
	address := plainAddress(key)
	for name, a := range d.Accounts {
		if a.main(name) == address {
			return name, true
		}
	}
	return "", false
}

// listsWith names the lists (by address) that one of these addresses is a member of.
func (d dynamic) listsWith(addresses map[string]string) map[string]alias {
	with := map[string]alias{}
	for name, dom := range d.Domains {
		for local, l := range dom.Aliases {
			for _, member := range l.Addresses {
				if _, ok := addresses[plainAddress(member)]; ok {
					with[plainAddress(local+"@"+dom.ascii(name))] = l
				}
			}
		}
	}
	return with
}
