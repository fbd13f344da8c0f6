package tencent

import (
	"cmp"
	"slices"
	"strings"

	"mailroom/backend/testkit/vendors/staff"
)

// root is the department of the whole company.
const root = 1

// Department as the company keeps it.
type Department struct {
	ID, Parent int64
	Name       string
	Order      int64
}

// Member as the company keeps it.
type Member struct {
	UserID      string
	Name        string
	Departments []int64
	Position    string
	Mobile      string
	Tel         string
	ExtID       string
	Gender      string // "0", "1" male, "2" female
	Slaves      []string
	Password    string
	MustChange  bool
	Off         bool
	Unread      int
	Options     map[int64]bool // 1 secure login forced, 2 IMAP, 3 POP, 4 secure login by the member
	Creator     bool           // cannot be deleted
}

// Group is a mail group.
type Group struct {
	GroupID     string
	Name        string
	Users       []string
	Groups      []string
	Departments []int64
	Tags        []int64
	Allow       int64 // 0 company, 1 anyone, 2 members, 3 named
	AllowUsers  []string
}

// Tag is a tag of the directory.
type Tag struct {
	ID      int64
	Name    string
	Users   []string
	Parties []int64
}

// company is what the API administers.
type company struct {
	domains     []string
	name        string
	departments map[int64]*Department
	members     map[string]*Member
	aliases     map[string]string // to the member
	groups      map[string]*Group
	tags        map[int64]*Tag
	nextID      int64
	nextTag     int64
	seats       int // 0: any number
	scope       []int64
	journal
}

func newCompany(domain string) *company {
	c := &company{
		domains: []string{domain}, name: "样例公司",
		departments: map[int64]*Department{}, members: map[string]*Member{}, aliases: map[string]string{},
		groups: map[string]*Group{}, tags: map[int64]*Tag{}, nextID: 6700000000000000,
	}
	c.departments[root] = &Department{ID: root, Name: c.name}
	return c
}

// AddDomain gives the company another mail domain.
func (s *Server) AddDomain(domain string) { s.set(func() { s.domains = append(s.domains, domain) }) }

// SetSeats limits how many members the company may have; 0: any number.
func (s *Server) SetSeats(n int) { s.set(func() { s.seats = n }) }

// SetScope limits the apps to some departments and what is below them; none: the whole
// company.
func (s *Server) SetScope(departments ...int64) { s.set(func() { s.scope = departments }) }

// AddDepartment seeds a department and returns its id.
func (s *Server) AddDepartment(parent int64, name string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addDepartment(parent, name, 0)
}

func (c *company) addDepartment(parent int64, name string, order int64) int64 {
	c.nextID++
	c.departments[c.nextID] = &Department{ID: c.nextID, Parent: parent, Name: name, Order: order}
	return c.nextID
}

// AddMember seeds a member; no department is the root.
func (s *Server) AddMember(m Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addMember(m)
}

func (c *company) addMember(m Member) {
	if len(m.Departments) == 0 {
		m.Departments = []int64{root}
	}
	if m.Gender == "" {
		m.Gender = "0"
	}
	if m.Options == nil {
		m.Options = map[int64]bool{2: true, 3: true}
	}
	c.members[m.UserID] = &m
	for _, a := range m.Slaves {
		c.aliases[a] = m.UserID
	}
}

// AddGroup seeds a mail group.
func (s *Server) AddGroup(g Group) { s.set(func() { s.groups[g.GroupID] = &g }) }

// Member returns what the company keeps of somebody.
func (s *Server) Member(userID string) (Member, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.members[userID]; m != nil {
		return *m, true
	}
	return Member{}, false
}

// Group returns what the company keeps of a mail group.
func (s *Server) Group(id string) (Group, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.groups[id]; g != nil {
		return *g, true
	}
	return Group{}, false
}

// Sizes tells how many members, departments (the root not counted) and groups there are.
func (s *Server) Sizes() (members, departments, groups int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.members), len(s.departments) - 1, len(s.groups)
}

// Fill invents a company of so many people and departments, with three mail groups.
func (s *Server) Fill(people, departments int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := []int64{}
	for i, d := range staff.Departments(departments) {
		parent := int64(root)
		if d.Parent >= 0 {
			parent = ids[d.Parent]
		}
		ids = append(ids, s.addDepartment(parent, d.Name, int64(20000-i)))
	}
	all := []string{}
	for i, p := range staff.People(people, departments) {
		m := Member{
			UserID: p.Local + "@" + s.domains[0], Name: p.Name, Position: p.Title, Mobile: p.Mobile, Tel: p.Phone, ExtID: p.StaffNo,
			Gender: "1", Unread: i % 30, Off: i%50 == 49, Creator: i == 0,
		}
		if p.Female {
			m.Gender = "2"
		}
		if p.Department >= 0 {
			m.Departments = []int64{ids[p.Department]}
		}
		if i%10 == 3 {
			m.Slaves = []string{"a" + p.StaffNo[1:] + "@" + s.domains[0]}
		}
		s.addMember(m)
		all = append(all, m.UserID)
	}
	if len(all) < 3 || len(ids) < 2 {
		return
	}
	at := "@" + s.domains[0]
	s.groups["all"+at] = &Group{GroupID: "all" + at, Name: "全体同事", Departments: []int64{root}, Allow: 3, AllowUsers: all[:1]}
	s.groups["sales"+at] = &Group{GroupID: "sales" + at, Name: "销售", Departments: ids[:1], Users: all[1:3], Allow: 0}
	s.groups["info"+at] = &Group{GroupID: "info" + at, Name: "对外联系", Users: all[:3], Groups: []string{"sales" + at}, Allow: 1}
}

// children lists the departments right below one, in their order.
func (c *company) children(id int64) []*Department {
	list := []*Department{}
	for _, d := range c.departments {
		if d.Parent == id && d.ID != root {
			list = append(list, d)
		}
	}
	return sorted(list)
}

func sorted(list []*Department) []*Department {
	slices.SortFunc(list, func(a, b *Department) int { return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.ID, b.ID)) })
	return list
}

// below lists a department and everything beneath it.
func (c *company) below(id int64) map[int64]bool {
	kids := map[int64][]int64{}
	for _, d := range c.departments {
		if d.ID != root {
			kids[d.Parent] = append(kids[d.Parent], d.ID)
		}
	}
	in := map[int64]bool{}
	for todo := []int64{id}; len(todo) > 0; todo = todo[1:] {
		if !in[todo[0]] {
			in[todo[0]] = true
			todo = append(todo, kids[todo[0]]...)
		}
	}
	return in
}

// within says whether the app may see and manage a department.
func (c *company) within(id int64) bool {
	if len(c.scope) == 0 {
		return true
	}
	for d := c.departments[id]; d != nil; d = c.departments[d.Parent] {
		if slices.Contains(c.scope, d.ID) {
			return true
		}
	}
	return false
}

// reaches says whether the app may see and manage a member.
func (c *company) reaches(m *Member) bool {
	return len(c.scope) == 0 || slices.ContainsFunc(m.Departments, c.within)
}

// use tells what an address is: -1 invalid, 0 free, 1 member, 2 alias, 3 mail group.
func (c *company) use(address string) int {
	switch {
	case !c.proper(address):
		return -1
	case c.members[address] != nil:
		return 1
	case c.aliases[address] != "":
		return 2
	case c.groups[address] != nil:
		return 3
	}
	return 0
}

// proper says whether an address has the form of one in the company's domains.
func (c *company) proper(address string) bool {
	local, domain, ok := strings.Cut(address, "@")
	return ok && local != "" && len(local) <= 64 && !strings.ContainsAny(local, " @<>()[],;:\\\"/") && slices.Contains(c.domains, domain)
}

var noRight = refuse(60011, "no privilege to access/modify contact/party/agent")

// Someone returns the member at a place of the list by address.
func (s *Server) Someone(i int) Member {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *s.byAddress()[i]
}
