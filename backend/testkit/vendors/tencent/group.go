package tencent

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

const groupNames = "groupid groupname userlist grouplist department taglist allow_type allow_userlist"

func createGroup(s *Server, a *ask) (map[string]any, *refusal) {
	g := Group{GroupID: a.text("groupid")}
	switch {
	case g.GroupID == "":
		return nil, refuse(40063, "empty parameter groupid")
	case !s.proper(g.GroupID):
		return nil, refuse(60105, "invalid email")
	case s.use(g.GroupID) != 0:
		return nil, refuse(60106, "email existed")
	case a.text("groupname") == "":
		return nil, refuse(40063, "empty parameter groupname")
	case !a.has("allow_type"):
		return nil, refuse(40063, "empty parameter allow_type")
	}
	if refused := s.fillGroup(a, &g); refused != nil {
		return nil, refused
	}
	if len(g.Users)+len(g.Groups)+len(g.Departments) == 0 {
		return nil, refuse(40063, "empty group")
	}
	s.groups[g.GroupID] = &g
	return nil, nil
}

func updateGroup(s *Server, a *ask) (map[string]any, *refusal) {
	g, refused := s.group(a)
	if refused != nil {
		return nil, refused
	}
	changed := *g
	if refused := s.fillGroup(a, &changed); refused != nil {
		return nil, refused
	}
	*g = changed
	return nil, nil
}

// group finds the one that "groupid" names. The code for an unknown group is not
// told; this is the one for an unknown member.
func (s *Server) group(a *ask) (*Group, *refusal) {
	id := a.text("groupid")
	switch {
	case id == "":
		return nil, refuse(40063, "empty parameter groupid")
	case s.groups[id] == nil:
		return nil, refuse(60111, "groupid not found")
	}
	return s.groups[id], nil
}

// fillGroup takes over what was given and checks it.
func (s *Server) fillGroup(a *ask, g *Group) *refusal {
	if a.has("groupname") {
		g.Name = a.text("groupname")
	}
	if a.has("allow_type") {
		g.Allow = a.number("allow_type")
	}
	for name, into := range map[string]*[]string{"userlist": &g.Users, "grouplist": &g.Groups, "allow_userlist": &g.AllowUsers} {
		if list := a.texts(name); a.has(name) && (len(list) > 0 || s.tidyLists) {
			*into = list
		}
	}
	for name, into := range map[string]*[]int64{"department": &g.Departments, "taglist": &g.Tags} {
		if list := a.numbers(name); a.has(name) && (len(list) > 0 || s.tidyLists) {
			*into = list
		}
	}
	switch {
	case a.bad != nil:
		return a.bad
	case g.Allow < 0 || g.Allow > 3: // a sample of the documentation shows 4, its table does not
		return refuse(40035, "invalid parameter allow_type")
	case g.Allow != 3:
		g.AllowUsers = nil
	}
	for _, u := range slices.Concat(g.Users, g.AllowUsers) {
		if use := s.use(u); use != 1 && use != 2 {
			return refuse(40031, "invalid userlist: "+u)
		}
	}
	for _, id := range g.Groups {
		if s.groups[id] == nil || id == g.GroupID {
			return refuse(40031, "invalid grouplist: "+id)
		}
	}
	for _, d := range g.Departments {
		if s.departments[d] == nil {
			return refuse(60003, "department not found")
		}
	}
	for _, t := range g.Tags {
		if s.tags[t] == nil {
			return refuse(40068, "invalid tagid")
		}
	}
	return nil
}

func deleteGroup(s *Server, a *ask) (map[string]any, *refusal) {
	g, refused := s.group(a)
	if refused != nil {
		return nil, refused
	}
	delete(s.groups, g.GroupID)
	for _, other := range s.groups {
		other.Groups = slices.DeleteFunc(slices.Clone(other.Groups), func(id string) bool { return id == g.GroupID })
	}
	return nil, nil
}

func getGroup(s *Server, a *ask) (map[string]any, *refusal) {
	g, refused := s.group(a)
	if refused != nil {
		return nil, refused
	}
	told := map[string]any{
		"groupid": g.GroupID, "groupname": g.Name, "userlist": orEmpty(g.Users), "grouplist": orEmpty(g.Groups),
		"department": orEmpty(g.Departments), "allow_type": g.Allow, "allow_userlist": orEmpty(g.AllowUsers),
	}
	if len(g.Tags) > 0 {
		told["taglist"] = g.Tags
	}
	return told, nil
}

func orEmpty[T any](list []T) []T { return append([]T{}, list...) }

// searchGroups without a word lists all groups.
func searchGroups(s *Server, a *ask) (map[string]any, *refusal) {
	word, fuzzy := a.text("groupid"), a.flag("fuzzy")
	told := []map[string]any{}
	for _, g := range slices.SortedFunc(maps.Values(s.groups), func(a, b *Group) int { return cmp.Compare(a.GroupID, b.GroupID) }) {
		if word == "" || g.GroupID == word || (fuzzy && strings.Contains(g.GroupID, word)) {
			told = append(told, map[string]any{"groupid": g.GroupID, "groupname": g.Name})
		}
	}
	return map[string]any{"count": len(told), "groups": told}, nil
}
