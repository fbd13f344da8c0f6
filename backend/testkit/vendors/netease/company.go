// Package netease emulates the two public APIs of NetEase Enterprise Mail at the wire:
// the classic one, whose requests are signed, and the open platform, which hands out
// tokens. Both are strict in method, path, parameters, signature, token life and page
// sizes, and administer a company in memory.
//
// Where public texts are silent it makes a choice; none of them is a fact about the
// vendor. The words UNIT.NOTEXIST, UNIT.NOTEMPTY, PARAM.INVALID, SIGN.INVALID,
// TIME.INVALID and DOMAIN.NOTEXIST are such choices, formed like the two that are known;
// so are the fields of getMailAccount, of the logs of sign-ins and of mail on the open
// platform, the shape of lists of aliases, and that a department with people or
// departments in it is not deleted.
//
// It leaves out what no public text shows, and the mail servers.
package netease

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"mailroom/backend/testkit/vendors/staff"
)

// OrgID is the emulated company's number, which stands in the ID of its default unit.
const OrgID = "2952527"

// The statuses of an account.
const (
	Normal     = 0
	Suspended  = 1
	Deleted    = 2
	Left       = 4
	Handover   = 5
	HandedOver = 6
)

// defaultUnit holds who is in no department.
const defaultUnit = OrgID + "_default"

// keptFor is how long a deleted account can be brought back.
const keptFor = 7 * 24 * time.Hour

// beijing is the zone of the vendor's times.
var beijing = time.FixedZone("Asia/Shanghai", 8*3600)

// Unit is a department.
type Unit struct {
	ID, Parent string // Parent "" is the top
	Name, Desc string
	Rank       int
}

// Account is one mailbox.
type Account struct {
	Name       string // the local part
	Nickname   string
	Password   string // as it was sent
	PassType   string // "0" plain, "1" MD5
	PassChange int    // 0 no, 1 at the next web sign-in, 2 and no clients before
	Unit       string
	Mobile     string // bound
	JobNo      string
	Job        string
	Gender     string
	Remark     string
	Expires    string // yyyy-MM-dd
	Quota      int    // MB
	AddrRight  int
	Hidden     bool // not shown in the address book
	Fwd        string
	FwdAuth    int
	Resets     map[string]int // resetpass_general, resetpass_mobile
	Status     int
	Aliases    []string       // local parts
	Logins     map[string]int // web, flashmail, yixin, imap, pop, smtp
	RsLimit    int            // -1 none, 17, 18, 19
	Unread     int
	Archived   bool
	Created    time.Time
	deleted    time.Time
}

// OpenID is the account's key across the vendor's services.
func (a *Account) OpenID() string { return "acc" + fmt.Sprintf("%x", a.Name) }

// Maillist is a mailing list of the open platform.
type Maillist struct {
	Name     string // the local part
	Title    string
	Visible  int
	UserType int // 0 everybody, 2 members and named, 3 named, 4 the domain
	Senders  []string
	Units    []string
	Members  []string
}

// company is what both APIs administer.
type company struct {
	mu       sync.Mutex
	ahead    time.Duration
	domain   string
	serial   int
	units    []*Unit
	accounts map[string]*Account
	lists    map[string]*Maillist
	journal
	defaultListed bool // getUnitList tells the default unit as well
	noRevival     bool // recoverAccount does not bring deleted accounts back
	boundApart    bool // deleteMobile leaves the number that the account tells
	rows          int  // of a page of people; 0: as many as asked for
}

func newCompany(domain string) *company {
	return &company{domain: domain, serial: 5_000_000, accounts: map[string]*Account{}, lists: map[string]*Maillist{}}
}

func (c *company) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

func (c *company) now() time.Time { return time.Now().Add(c.ahead) }

// LimitRows makes pages of people end after so many rows, whatever was asked for; 0
// takes that back.
func (c *company) LimitRows(n int) { c.set(func() { c.rows = n }) }

// fit is the rows of a page of people where so many are usual or asked for.
func (c *company) fit(size int) int {
	if c.rows > 0 {
		return min(size, c.rows)
	}
	return size
}

// Advance puts the server's clock forward.
func (c *company) Advance(d time.Duration) { c.set(func() { c.ahead += d }) }

// ListDefaultUnit makes the listing of departments tell the default unit as well. No
// public text says which it does.
func (c *company) ListDefaultUnit(on bool) { c.set(func() { c.defaultListed = on }) }

// NeverRevive makes recoverAccount refuse deleted accounts. No public text says which
// it does.
func (c *company) NeverRevive(on bool) { c.set(func() { c.noRevival = on }) }

// BindApart makes mobile/deleteMobile leave the number that an account tells. No public
// text says whether it does.
func (c *company) BindApart(on bool) { c.set(func() { c.boundApart = on }) }

// AddUnit adds a department and returns its ID; parent "" is the top.
func (c *company) AddUnit(parent, name string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.addUnit(parent, name, "").ID
}

func (c *company) addUnit(parent, name, desc string) *Unit {
	c.serial++
	u := &Unit{ID: fmt.Sprint(c.serial), Parent: parent, Name: name, Desc: desc, Rank: len(c.units) + 1}
	c.units = append(c.units, u)
	return u
}

// AddAccount seeds an account; what it does not say gets the vendor's usual values.
func (c *company) AddAccount(a Account) {
	c.set(func() { c.addAccount(a) })
}

func (c *company) addAccount(a Account) *Account {
	a.Unit = cmp.Or(a.Unit, defaultUnit)
	a.Quota, a.RsLimit = cmp.Or(a.Quota, 512_000), cmp.Or(a.RsLimit, -1)
	a.AddrRight = 1
	if a.Created.IsZero() {
		a.Created = c.now()
	}
	a.Logins = map[string]int{"web": 1, "flashmail": 1, "yixin": 1, "imap": 1, "pop": 1, "smtp": 1}
	c.accounts[a.Name] = &a
	return &a
}

// AddMaillist seeds a mailing list.
func (c *company) AddMaillist(l Maillist) { c.set(func() { c.lists[l.Name] = &l }) }

// Account returns an account as it is now.
func (c *company) Account(name string) (Account, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.accounts[name]
	if !ok {
		return Account{}, false
	}
	return *a, true
}

// Maillist returns a mailing list as it is now.
func (c *company) Maillist(name string) (Maillist, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok := c.lists[name]
	if !ok {
		return Maillist{}, false
	}
	return *l, true
}

// SetUnread says how many unread mails a mailbox holds.
func (c *company) SetUnread(name string, n int) {
	c.set(func() {
		if a := c.accounts[name]; a != nil {
			a.Unread = n
		}
	})
}

// Fill invents people in departments.
func (c *company) Fill(people, departments int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var ids []string
	for _, d := range staff.Departments(departments) {
		parent := ""
		if d.Parent >= 0 {
			parent = ids[d.Parent]
		}
		ids = append(ids, c.addUnit(parent, d.Name, "").ID)
	}
	for _, p := range staff.People(people, departments) {
		a := Account{Name: p.Local, Nickname: p.Name, Job: p.Title, Mobile: p.Mobile, JobNo: p.StaffNo}
		if p.Department >= 0 {
			a.Unit = ids[p.Department]
		}
		c.addAccount(a)
	}
}

// refusal is why a call was refused, in the classic API's kind of words.
type refusal string

const (
	noAccount  refusal = "ACCOUNT.NOTEXIST"
	nameTaken  refusal = "MAILACCOUNT.NAMEEXIST"
	noUnit     refusal = "UNIT.NOTEXIST"
	unitTaken  refusal = "UNIT.NAMEEXIST"
	notEmpty   refusal = "UNIT.NOTEMPTY"
	badParam   refusal = "PARAM.INVALID"
	badSign    refusal = "SIGN.INVALID"
	badTime    refusal = "TIME.INVALID"
	noDomain   refusal = "DOMAIN.NOTEXIST"
	noMaillist refusal = "MAILLIST.NOTEXIST"
)

func wrong(param string) refusal { return badParam + refusal(":"+param) }

func (c *company) unit(id string) *Unit {
	if id == "default" || id == defaultUnit {
		return &Unit{ID: defaultUnit, Name: "默认部门"}
	}
	for _, u := range c.units {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// live finds an account that is not deleted.
func (c *company) live(name string) *Account {
	if a := c.accounts[name]; a != nil && a.Status != Deleted {
		return a
	}
	return nil
}

// owner finds the account that has an alias.
func (c *company) owner(alias string) *Account {
	for _, a := range c.accounts {
		if slices.Contains(a.Aliases, alias) {
			return a
		}
	}
	return nil
}

// taken says whether a local part is in use: accounts, deleted ones too as long as they
// are kept, their further addresses, and mailing lists share their names.
func (c *company) taken(name string) bool {
	if a := c.accounts[name]; a != nil && (a.Status != Deleted || c.now().Sub(a.deleted) < keptFor) || c.lists[name] != nil {
		return true
	}
	return c.owner(name) != nil
}

// below lists a unit and everything beneath it.
func (c *company) below(id string) []string {
	ids := []string{id}
	for i := 0; i < len(ids); i++ {
		for _, u := range c.units {
			if u.Parent == ids[i] {
				ids = append(ids, u.ID)
			}
		}
	}
	return ids
}

// in lists the accounts of units by name; nil: of all. Deleted ones are not told.
func (c *company) in(units []string) []*Account {
	var all []*Account
	for _, name := range slices.Sorted(maps.Keys(c.accounts)) {
		if a := c.accounts[name]; a.Status != Deleted && (units == nil || slices.Contains(units, a.Unit)) {
			all = append(all, a)
		}
	}
	return all
}

func (c *company) createUnit(parent, name, desc string) (*Unit, refusal) {
	if parent == "root" {
		parent = ""
	}
	switch {
	case strings.TrimSpace(name) == "":
		return nil, wrong("unit_name")
	case parent != "" && c.unit(parent) == nil:
		return nil, noUnit
	case c.sibling(parent, name, ""):
		return nil, unitTaken
	}
	return c.addUnit(parent, name, desc), ""
}

func (c *company) sibling(parent, name, but string) bool {
	return slices.ContainsFunc(c.units, func(u *Unit) bool { return u.Parent == parent && u.Name == name && u.ID != but })
}

func (c *company) deleteUnit(id string) refusal {
	at := slices.IndexFunc(c.units, func(u *Unit) bool { return u.ID == id })
	switch {
	case at < 0:
		return noUnit
	case len(c.below(id)) > 1 || len(c.in([]string{id})) > 0:
		return notEmpty
	}
	c.units = slices.Delete(c.units, at, at+1)
	return ""
}

func (c *company) moveUnit(id, parent string) refusal {
	if parent == "root" {
		parent = ""
	}
	u := c.unit(id)
	switch {
	case u == nil || u.ID == defaultUnit || parent != "" && c.unit(parent) == nil:
		return noUnit
	case slices.Contains(c.below(id), parent):
		return wrong("unitParentId")
	case c.sibling(parent, u.Name, id):
		return unitTaken
	}
	u.Parent = parent
	return ""
}

// suspend, recover and remove change an account's status.
func (c *company) suspend(name string) refusal {
	a := c.live(name)
	if a == nil {
		return noAccount
	}
	a.Status = Suspended
	return ""
}

func (c *company) recover(name string) refusal {
	a := c.accounts[name]
	if a == nil || a.Status == Deleted && (c.noRevival || c.now().Sub(a.deleted) >= keptFor) {
		return noAccount
	}
	a.Status = Normal
	return ""
}

func (c *company) remove(name string, forGood bool) refusal {
	a := c.live(name)
	if forGood && c.accounts[name] != nil {
		a = c.accounts[name]
	}
	if a == nil {
		return noAccount
	}
	a.Status, a.deleted = Deleted, c.now()
	if forGood {
		delete(c.accounts, name)
	}
	return ""
}
