package alimail

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"mailroom/backend/testkit/vendors/staff"
)

// rootID is the root department's own id; $root names it, too.
const rootID = "dep-root-01"

// User as the company keeps it.
type User struct {
	ID             string   `json:"id"`
	Email          string   `json:"email"`
	Aliases        []string `json:"emailAliases"`
	Name           string   `json:"name"`
	Nickname       string   `json:"nickname"`
	EmployeeNo     string   `json:"employeeNo"`
	JobTitle       string   `json:"jobTitle"`
	WorkLocation   string   `json:"workLocation"`
	OfficeLocation string   `json:"officeLocation"`
	HomeLocation   string   `json:"homeLocation"`
	Phone          string   `json:"phone"`
	WorkPhone      string   `json:"workPhone"`
	CustomName     string   `json:"customName"`
	Info           string   `json:"info"`
	Departments    []string `json:"departmentIds"`
	Status         string   `json:"status"`
	Manager        string   `json:"managerEmail"`
	Hidden         bool     `json:"isHidden"`
	MustChange     bool     `json:"forceChangePasswordNextSignIn"`
	Kind           string   `json:"employeeType"`
	Created        string   `json:"createdTime"`
	Frozen         string   `json:"freezedTime,omitempty"`
	LastLogin      string   `json:"lastLoginTime,omitempty"`
	LastLoginIP    string   `json:"lastLoginIp,omitempty"`
	ClientPassword bool     `json:"enableClientPassword"`
	Initial        bool     `json:"isInitialPassword"`

	Password string `json:"-"`
	Unread   int    `json:"-"`
}

// Department as the company keeps it.
type Department struct {
	ID                 string   `json:"id"`
	Name               string   `json:"name"`
	Parent             string   `json:"parentId"`
	Created            string   `json:"createdTime"`
	HasUsers           bool     `json:"hasUsers"`
	HasSub             bool     `json:"hasSubDepartments"`
	CanManage          bool     `json:"canManage"`
	ExcludeUsers       []string `json:"hiddenExcludeUsers"`
	ExcludeDepartments []string `json:"hiddenExcludeDepartments"`
	Hidden             bool     `json:"isHidden"`
	Managers           []string `json:"managers"`
	Email              string   `json:"email"`
}

// Domain as the company keeps it.
type Domain struct {
	ID         string      `json:"id"`
	Domain     string      `json:"domain"`
	Aliases    []string    `json:"aliases"`
	Master     string      `json:"masterDomain"`
	MasterID   string      `json:"masterDomainId"`
	IsMaster   bool        `json:"isMaster"`
	MXVerified bool        `json:"isMxVerified"`
	Verified   bool        `json:"isVerified"`
	Created    string      `json:"createdTime"`
	AliasInfos []AliasInfo `json:"aliasInfos"`
}

// AliasInfo tells of another name of a domain.
type AliasInfo struct {
	Alias    string `json:"alias"`
	Verified bool   `json:"isVerified"`
}

// Organisation is the company itself.
type Organisation struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Intro     string `json:"introduction"`
	Telephone string `json:"telephone"`
	Address   string `json:"address"`
	Language  string `json:"preferredLanguage"`
	Domain    string `json:"domain"`
	Created   string `json:"createdTime"`
}

type company struct {
	organisation Organisation
	domains      []*Domain
	departments  map[string]*Department
	users        map[string]*User // by id
	serial       int
}

const born = "2020-01-02T03:04:05Z"

func newCompany(domain string) *company {
	c := &company{
		organisation: Organisation{ID: "org-1", Name: "样例公司", Domain: domain, Language: "zh_CN", Created: born},
		departments:  map[string]*Department{}, users: map[string]*User{},
	}
	c.domains = []*Domain{{ID: "dom-1", Domain: domain, Master: domain, MasterID: "dom-1", IsMaster: true, MXVerified: true, Verified: true, Created: born}}
	c.departments[rootID] = &Department{ID: rootID, Name: c.organisation.Name, Created: born}
	return c
}

func (c *company) id(kind string) string {
	c.serial++
	return fmt.Sprintf("%s-%08x", kind, c.serial*2654435761%(1<<32))
}

// SetDomain changes what is told of a domain; it is added where it is none of the
// company's yet.
func (s *Server) SetDomain(d Domain) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.IndexFunc(s.domains, func(x *Domain) bool { return x.Domain == d.Domain })
	if at < 0 {
		at, s.domains = len(s.domains), append(s.domains, nil)
	}
	s.domains[at] = &d
}

// AddDepartment seeds a department; parent "" or "$root" is the root. It returns the id.
func (s *Server) AddDepartment(parent, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addDepartment(parent, name)
}

func (c *company) addDepartment(parent, name string) string {
	d := &Department{ID: c.id("dep"), Parent: own(parent), Name: name, Created: born}
	c.departments[d.ID] = d
	return d.ID
}

// own is the id that a name of a department stands for.
func own(id string) string {
	if id == "" || id == "$root" {
		return rootID
	}
	return id
}

// AddUser seeds a user and returns its id.
func (s *Server) AddUser(u User) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addUser(u)
}

func (c *company) addUser(u User) string {
	u.ID, u.Created = c.id("usr"), cmp.Or(u.Created, born)
	u.Status, u.Kind = cmp.Or(u.Status, "NORMAL"), cmp.Or(u.Kind, "EMPLOYEE")
	if len(u.Departments) == 0 {
		u.Departments = []string{rootID}
	}
	c.users[u.ID] = &u
	return u.ID
}

// User finds a user by id or address.
func (s *Server) User(key string) (User, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.find(key); u != nil {
		return *u, true
	}
	return User{}, false
}

// find looks a user up by id or main address.
func (c *company) find(key string) *User {
	if u := c.users[key]; u != nil {
		return u
	}
	for _, u := range c.users {
		if strings.EqualFold(u.Email, key) {
			return u
		}
	}
	return nil
}

// taken says whether an address belongs to anything.
func (c *company) taken(address string) bool {
	for _, u := range c.users {
		if strings.EqualFold(u.Email, address) || slices.Contains(u.Aliases, address) {
			return true
		}
	}
	for _, d := range c.departments {
		if d.Email == address {
			return true
		}
	}
	return false
}

// proper says whether an address has the form of one in the company's domains.
func (c *company) proper(address string) bool {
	local, domain, ok := strings.Cut(address, "@")
	return ok && local != "" && !strings.ContainsAny(local, " @<>()[],;:\\\"/") && slices.ContainsFunc(c.domains, func(d *Domain) bool {
		return d.Domain == domain || slices.Contains(d.Aliases, domain)
	})
}

// Fill invents a company of so many people and departments.
func (s *Server) Fill(people, departments int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := []string{}
	for _, d := range staff.Departments(departments) {
		parent := "$root"
		if d.Parent >= 0 {
			parent = ids[d.Parent]
		}
		ids = append(ids, s.addDepartment(parent, d.Name))
	}
	at := "@" + s.organisation.Domain
	for i, p := range staff.People(people, departments) {
		u := User{
			Email: p.Local + at, Name: p.Name, JobTitle: p.Title, Phone: p.Mobile, WorkPhone: p.Phone, EmployeeNo: p.StaffNo,
			Unread: i % 30, LastLogin: "2026-03-10T01:02:03Z", LastLoginIP: fmt.Sprintf("203.0.113.%d", i%250+1),
		}
		if p.Department >= 0 {
			u.Departments = []string{ids[p.Department]}
		}
		if i%10 == 3 {
			u.Aliases = []string{"a" + p.StaffNo[1:] + at}
		}
		if i%50 == 49 {
			u.Status, u.Frozen = "FREEZE", born
		}
		s.addUser(u)
	}
}

func (c *company) byAddress() []*User {
	return slices.SortedFunc(maps.Values(c.users), func(a, b *User) int { return cmp.Compare(a.Email, b.Email) })
}

func (c *company) children(id string) []*Department {
	list := []*Department{}
	for _, d := range c.departments {
		if d.Parent == id && d.ID != rootID {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b *Department) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
