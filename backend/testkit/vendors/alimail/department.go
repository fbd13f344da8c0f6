package alimail

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// show is a department as an answer has it.
func (s *Server) show(d *Department) Department {
	t := *d
	t.ID, t.CanManage, t.HasSub = s.shown(d.ID), true, len(s.children(d.ID)) > 0
	if d.ID != rootID {
		t.Parent = s.shown(d.Parent)
	}
	for _, u := range s.users {
		t.HasUsers = t.HasUsers || slices.Contains(u.Departments, d.ID)
	}
	t.Managers = append([]string{}, d.Managers...)
	t.ExcludeUsers, t.ExcludeDepartments = append([]string{}, d.ExcludeUsers...), append([]string{}, d.ExcludeDepartments...)
	return t
}

func getDepartment(s *Server, a *ask) (any, *refusal) {
	d := s.departments[own(a.PathValue("id"))]
	if d == nil {
		return nil, missing("department")
	}
	return s.show(d), nil
}

func listDepartments(s *Server, a *ask) (any, *refusal) {
	ids, refused := a.ids()
	list := []Department{}
	for _, id := range ids {
		if d := s.departments[own(id)]; d != nil {
			list = append(list, s.show(d))
		}
	}
	return map[string]any{"departments": list}, refused
}

// fillDepartment takes over what was given and checks it.
func (s *Server) fillDepartment(a *ask, d *Department) *refusal {
	a.into("name", &d.Name)
	a.into("isHidden", &d.Hidden)
	a.into("email", &d.Email)
	a.into("managers", &d.Managers)
	a.into("hiddenExcludeUsers", &d.ExcludeUsers)
	a.into("hiddenExcludeDepartments", &d.ExcludeDepartments)
	if a.has("parentId") {
		d.Parent = own(a.text("parentId"))
	}
	switch {
	case a.bad != nil:
		return a.bad
	case strings.TrimSpace(d.Name) == "":
		return wrong("name")
	case d.ID != rootID && s.departments[d.Parent] == nil:
		return missing("parent department")
	}
	for up := s.departments[d.Parent]; up != nil && d.ID != ""; up = s.departments[up.Parent] {
		if up.ID == d.ID {
			return wrong("a department cannot be beneath itself")
		}
	}
	for _, other := range s.children(d.Parent) {
		if other.Name == d.Name && other.ID != d.ID {
			return taken("department exists")
		}
	}
	return nil
}

func createDepartment(s *Server, a *ask) (any, *refusal) {
	d := Department{Parent: rootID}
	if refused := s.fillDepartment(a, &d); refused != nil {
		return nil, refused
	}
	d.ID, d.Created = s.id("dep"), stamp(s.now())
	s.departments[d.ID] = &d
	return s.show(&d), nil
}

func patchDepartment(s *Server, a *ask) (any, *refusal) {
	d := s.departments[own(a.PathValue("id"))]
	if d == nil {
		return nil, missing("department")
	}
	changed := *d
	if refused := s.fillDepartment(a, &changed); refused != nil {
		return nil, refused
	}
	*d = changed
	return nil, nil
}

func deleteDepartment(s *Server, a *ask) (any, *refusal) {
	d := s.departments[own(a.PathValue("id"))]
	switch {
	case d == nil:
		return nil, missing("department")
	case d.ID == rootID:
		return nil, refuse(http.StatusForbidden, "NoPermission", "the root cannot be deleted")
	case s.show(d).HasUsers, s.show(d).HasSub:
		return nil, refuse(http.StatusConflict, "DepartmentNotEmpty", "the department is not empty")
	}
	delete(s.departments, d.ID)
	return nil, nil
}

// page cuts a list by offset and limit, which is 100 at most.
func page[T any](a *ask, names []string, list []T) ([]T, *refusal) {
	q := a.URL.Query()
	for name := range q {
		if !slices.Contains(names, name) {
			return nil, wrong("unknown parameter " + name)
		}
	}
	offset, limit := 0, 100
	for name, into := range map[string]*int{"offset": &offset, "limit": &limit} {
		if text := q.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 {
				return nil, wrong(name)
			}
			*into = n
		}
	}
	if limit < 1 || limit > 100 {
		return nil, wrong("limit: 1 to 100")
	}
	from := min(offset, len(list))
	return list[from:min(from+limit, len(list))], nil
}

func departmentUsers(s *Server, a *ask) (any, *refusal) {
	d := s.departments[own(a.PathValue("id"))]
	if d == nil {
		return nil, missing("department")
	}
	in := map[string]bool{d.ID: true}
	if s.below {
		for todo := []string{d.ID}; len(todo) > 0; todo = todo[1:] {
			in[todo[0]] = true
			for _, kid := range s.children(todo[0]) {
				todo = append(todo, kid.ID)
			}
		}
	}
	all := slices.DeleteFunc(s.byAddress(), func(u *User) bool {
		return !slices.ContainsFunc(u.Departments, func(id string) bool { return in[id] })
	})
	some, refused := page(a, []string{"offset", "limit"}, all)
	list := []User{}
	for _, u := range some {
		list = append(list, s.tell(u))
	}
	return map[string]any{"users": list, "total": len(all)}, refused
}

func subDepartments(s *Server, a *ask) (any, *refusal) {
	d := s.departments[own(a.PathValue("id"))]
	if d == nil {
		return nil, missing("department")
	}
	all := s.children(d.ID)
	some, refused := page(a, []string{"offset", "limit", "managed"}, all)
	list := []Department{}
	for _, kid := range some {
		list = append(list, s.show(kid))
	}
	return map[string]any{"departments": list, "total": len(all)}, refused
}

func getOrganisation(s *Server, _ *ask) (any, *refusal) { return s.organisation, nil }

func patchOrganisation(s *Server, a *ask) (any, *refusal) {
	for name, into := range map[string]*string{
		"name": &s.organisation.Name, "introduction": &s.organisation.Intro, "telephone": &s.organisation.Telephone,
		"address": &s.organisation.Address, "preferredLanguage": &s.organisation.Language,
	} {
		a.into(name, into)
	}
	return nil, nil
}

func listDomains(s *Server, _ *ask) (any, *refusal) { return map[string]any{"domains": s.domains}, nil }

func (s *Server) domain(a *ask) *Domain {
	key := a.PathValue("domain")
	for _, d := range s.domains {
		if d.ID == key || d.Domain == key {
			return d
		}
	}
	return nil
}

func getDomain(s *Server, a *ask) (any, *refusal) {
	if d := s.domain(a); d != nil {
		return d, nil
	}
	return nil, missing("domain")
}

func addDomain(s *Server, a *ask) (any, *refusal) {
	name := strings.ToLower(a.text("domain"))
	switch {
	case !strings.Contains(name, "."):
		return nil, wrong("domain")
	case slices.ContainsFunc(s.domains, func(d *Domain) bool { return d.Domain == name }):
		return nil, taken("domain exists")
	}
	d := &Domain{ID: s.id("dom"), Domain: name, Master: s.domains[0].Domain, MasterID: s.domains[0].ID, Created: stamp(s.now())}
	s.domains = append(s.domains, d)
	return d, nil
}

func deleteDomain(s *Server, a *ask) (any, *refusal) {
	d := s.domain(a)
	switch {
	case d == nil:
		return nil, missing("domain")
	case d.IsMaster:
		return nil, refuse(http.StatusForbidden, "NoPermission", "the main domain cannot be deleted")
	}
	s.domains = slices.DeleteFunc(s.domains, func(x *Domain) bool { return x == d })
	return nil, nil
}

func verifyDomain(s *Server, a *ask) (any, *refusal) {
	d := s.domain(a)
	if d == nil {
		return nil, missing("domain")
	}
	return map[string]any{"isOwner": d.Verified}, nil
}

func addDomainAlias(s *Server, a *ask) (any, *refusal) {
	d, alias := s.domain(a), strings.ToLower(a.text("alias"))
	switch {
	case d == nil:
		return nil, missing("domain")
	case !strings.Contains(alias, "."):
		return nil, wrong("alias")
	case slices.Contains(d.Aliases, alias):
		return nil, taken("alias exists")
	}
	d.Aliases, d.AliasInfos = append(d.Aliases, alias), append(d.AliasInfos, AliasInfo{alias, false})
	return nil, nil
}

func deleteDomainAlias(s *Server, a *ask) (any, *refusal) {
	d, alias := s.domain(a), a.PathValue("a")
	if d == nil || !slices.Contains(d.Aliases, alias) {
		return nil, missing("alias")
	}
	d.Aliases = slices.DeleteFunc(d.Aliases, func(x string) bool { return x == alias })
	d.AliasInfos = slices.DeleteFunc(d.AliasInfos, func(x AliasInfo) bool { return x.Alias == alias })
	return nil, nil
}
