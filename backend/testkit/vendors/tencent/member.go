package tencent

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const memberNames = "userid name department position mobile tel extid gender slaves password cpwd_login"

var phoneNumber = regexp.MustCompile(`^\+?[0-9 -]{5,20}$`)

func createMember(s *Server, a *ask) (map[string]any, *refusal) {
	id := a.text("userid")
	switch {
	case id == "":
		return nil, refuse(41009, "userid missing")
	case !s.proper(id):
		return nil, refuse(40003, "invalid userid")
	case s.use(id) == 1:
		return nil, refuse(60102, "userid existed")
	case s.use(id) > 1:
		return nil, refuse(60106, "email existed")
	case !a.has("department"):
		return nil, refuse(60127, "department missing")
	case a.text("name") == "":
		return nil, refuse(60112, "invalid name")
	case a.text("password") == "": // the code is a choice; the sister API knows no passwords
		return nil, refuse(40063, "empty parameter password")
	case s.seats > 0 && len(s.members) >= s.seats:
		return nil, refuse(45024, "account number exceeds limit")
	}
	m := Member{UserID: id}
	if refused := s.fillMember(a, &m); refused != nil {
		return nil, refused
	}
	s.addMember(m)
	return nil, nil
}

func updateMember(s *Server, a *ask) (map[string]any, *refusal) {
	m, refused := s.member(a)
	if refused != nil {
		return nil, refused
	}
	changed := *m
	if refused := s.fillMember(a, &changed); refused != nil {
		return nil, refused
	}
	if a.has("enable") {
		changed.Off = !a.flag("enable")
	}
	if a.bad != nil {
		return nil, a.bad
	}
	for _, old := range m.Slaves {
		delete(s.aliases, old)
	}
	for _, fresh := range changed.Slaves {
		s.aliases[fresh] = m.UserID
	}
	*m = changed
	return nil, nil
}

// member finds the one whom "userid" names.
func (s *Server) member(a *ask) (*Member, *refusal) {
	id := a.text("userid")
	m := s.members[id]
	switch {
	case id == "":
		return nil, refuse(41009, "userid missing")
	case m == nil:
		return nil, refuse(60111, "userid not found")
	case !s.reaches(m):
		return nil, refuse(50002, "userid not in app's scope")
	}
	return m, nil
}

// fillMember takes over what was given and checks it.
func (s *Server) fillMember(a *ask, m *Member) *refusal {
	for name, into := range map[string]*string{
		"name": &m.Name, "position": &m.Position, "mobile": &m.Mobile, "tel": &m.Tel, "extid": &m.ExtID, "password": &m.Password,
	} {
		if a.has(name) {
			*into = a.text(name)
		}
	}
	if a.has("gender") && !a.garbled {
		m.Gender = a.text("gender")
	}
	if a.has("cpwd_login") {
		m.MustChange = a.flag("cpwd_login")
	}
	if a.has("slaves") {
		m.Slaves = a.texts("slaves")
	}
	if a.has("department") {
		m.Departments = a.numbers("department")
		if refused := s.checkDepartments(m.Departments); refused != nil && a.bad == nil {
			return refused
		}
	}
	switch {
	case a.bad != nil:
		return a.bad
	case len(m.Name) > 64:
		return refuse(60112, "invalid name")
	case len(m.Position) > 64:
		return refuse(40058, "invalid position")
	case m.Mobile != "" && !phoneNumber.MatchString(m.Mobile):
		return refuse(60103, "invalid mobile")
	case !slices.Contains([]string{"", "0", "1", "2"}, m.Gender):
		return refuse(40058, "invalid gender")
	case a.has("password") && !mixed(m.Password):
		return refuse(40058, "invalid password")
	}
	return s.checkSlaves(m)
}

func (s *Server) checkDepartments(ids []int64) *refusal {
	switch {
	case len(ids) == 0:
		return refuse(60127, "department missing")
	case len(ids) > 20:
		return refuse(60110, "department number exceeds limit")
	}
	for _, id := range ids {
		if s.departments[id] == nil {
			return refuse(60003, "department not found")
		}
		if !s.within(id) {
			return noRight
		}
	}
	return nil
}

func (s *Server) checkSlaves(m *Member) *refusal {
	if len(m.Slaves) > 5 {
		return refuse(40058, "too many slaves")
	}
	for i, alias := range m.Slaves {
		switch {
		case !s.proper(alias):
			return refuse(60105, "invalid email")
		case slices.Contains(m.Slaves[:i], alias), s.use(alias) == 1, s.use(alias) == 3, s.use(alias) == 2 && s.aliases[alias] != m.UserID:
			return refuse(60106, "email existed")
		}
	}
	return nil
}

// mixed says whether a password holds letters and digits.
func mixed(p string) bool {
	return strings.ContainsFunc(p, unicode.IsLetter) && strings.ContainsFunc(p, unicode.IsDigit)
}

func deleteMember(s *Server, a *ask) (map[string]any, *refusal) {
	m, refused := s.member(a)
	if refused != nil {
		return nil, refused
	}
	if m.Creator {
		return nil, refuse(301005, "can not delete the creator")
	}
	delete(s.members, m.UserID)
	for _, alias := range m.Slaves {
		delete(s.aliases, alias)
	}
	gone := func(u string) bool { return u == m.UserID }
	for _, g := range s.groups {
		g.Users = slices.DeleteFunc(slices.Clone(g.Users), gone)
		g.AllowUsers = slices.DeleteFunc(slices.Clone(g.AllowUsers), gone)
	}
	for _, t := range s.tags {
		t.Users = slices.DeleteFunc(slices.Clone(t.Users), gone)
	}
	return nil, nil
}

func getMember(s *Server, a *ask) (map[string]any, *refusal) {
	m, refused := s.member(a)
	if refused != nil {
		return nil, refused
	}
	told := tellMember(m)
	told["enable"] = btoi(!m.Off) // a number here, a text in user/list
	return told, nil
}

func tellMember(m *Member) map[string]any {
	enable := "1"
	if m.Off {
		enable = "0"
	}
	return map[string]any{
		"userid": m.UserID, "name": m.Name, "department": m.Departments, "position": m.Position, "mobile": m.Mobile, "tel": m.Tel,
		"extid": m.ExtID, "gender": m.Gender, "enable": enable, "slaves": append([]string{}, m.Slaves...), "cpwd_login": btoi(m.MustChange),
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// simpleList tells id, name and departments of a department's members.
func simpleList(s *Server, a *ask) (map[string]any, *refusal) {
	return listMembers(s, a, func(m *Member) map[string]any {
		return map[string]any{"userid": m.UserID, "name": m.Name, "department": m.Departments}
	})
}

func fullList(s *Server, a *ask) (map[string]any, *refusal) { return listMembers(s, a, tellMember) }

// listMembers knows no pages: however many they are, all come at once.
func listMembers(s *Server, a *ask, tell func(*Member) map[string]any) (map[string]any, *refusal) {
	id, deep := a.number("department_id"), a.flag("fetch_child")
	switch {
	case !a.has("department_id"):
		return nil, refuse(60123, "invalid department id")
	case a.bad != nil:
		return nil, a.bad
	case s.departments[id] == nil:
		return nil, refuse(60003, "department not found")
	case !s.within(id) && !(deep && len(s.scope) > 0):
		return nil, noRight
	}
	in := map[int64]bool{id: true}
	if deep {
		in = s.below(id)
	}
	told := []map[string]any{}
	for _, m := range s.byAddress() {
		if s.reaches(m) && slices.ContainsFunc(m.Departments, func(d int64) bool { return in[d] }) {
			told = append(told, tell(m))
		}
	}
	return map[string]any{"userlist": told}, nil
}

func (c *company) byAddress() []*Member {
	return slices.SortedFunc(maps.Values(c.members), func(a, b *Member) int { return cmp.Compare(a.UserID, b.UserID) })
}

func batchCheck(s *Server, a *ask) (map[string]any, *refusal) {
	list := a.texts("userlist")
	switch {
	case a.bad != nil:
		return nil, a.bad
	case len(list) == 0:
		return nil, refuse(40063, "empty parameter userlist")
	case len(list) > 20:
		return nil, refuse(40032, "invalid userlist length")
	}
	told := []map[string]any{}
	for _, u := range list {
		told = append(told, map[string]any{"user": u, "type": s.use(u)})
	}
	return map[string]any{"list": told}, nil
}

// searchMembers gives no more than address and name: what else comes is not told.
func searchMembers(s *Server, a *ask) (map[string]any, *refusal) {
	told := []map[string]any{}
	for _, m := range s.byAddress() {
		if strings.Contains(m.UserID, a.text("userid")) && s.reaches(m) {
			told = append(told, map[string]any{"userid": m.UserID, "name": m.Name})
		}
	}
	return map[string]any{"users": told}, nil
}
