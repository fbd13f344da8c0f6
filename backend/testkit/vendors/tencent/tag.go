package tencent

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

func createTag(s *Server, a *ask) (map[string]any, *refusal) {
	name, id := a.text("tagname"), a.number("tagid")
	switch {
	case a.bad != nil:
		return nil, a.bad
	case name == "" || utf8.RuneCountInString(name) > 32:
		return nil, refuse(40072, "invalid tag name length")
	case s.tagNamed(name) != 0:
		return nil, refuse(40071, "tag name existed")
	case id < 0, a.has("tagid") && s.tags[id] != nil:
		return nil, refuse(40068, "invalid tagid")
	case len(s.tags) >= 3000:
		return nil, refuse(40035, "too many tags")
	}
	if !a.has("tagid") {
		s.nextTag++
		for s.tags[s.nextTag] != nil {
			s.nextTag++
		}
		id = s.nextTag
	}
	s.tags[id] = &Tag{ID: id, Name: name}
	return map[string]any{"tagid": id}, nil
}

func (s *Server) tagNamed(name string) int64 {
	for id, t := range s.tags {
		if t.Name == name {
			return id
		}
	}
	return 0
}

// tag finds the one that "tagid" names.
func (s *Server) tag(a *ask) (*Tag, *refusal) {
	if !a.has("tagid") {
		return nil, refuse(41017, "tagid missing")
	}
	t := s.tags[a.number("tagid")]
	if t == nil {
		return nil, refuse(40068, "invalid tagid")
	}
	return t, nil
}

func updateTag(s *Server, a *ask) (map[string]any, *refusal) {
	t, refused := s.tag(a)
	if refused != nil {
		return nil, refused
	}
	name := a.text("tagname")
	switch {
	case name == "" || utf8.RuneCountInString(name) > 32:
		return nil, refuse(40072, "invalid tag name length")
	case s.tagNamed(name) != 0 && s.tagNamed(name) != t.ID:
		return nil, refuse(40071, "tag name existed")
	}
	t.Name = name
	return nil, nil
}

func deleteTag(s *Server, a *ask) (map[string]any, *refusal) {
	t, refused := s.tag(a)
	if refused == nil {
		delete(s.tags, t.ID)
	}
	return nil, refused
}

func getTag(s *Server, a *ask) (map[string]any, *refusal) {
	t, refused := s.tag(a)
	if refused != nil {
		return nil, refused
	}
	users := []map[string]any{}
	for _, u := range t.Users {
		if m := s.members[u]; m != nil {
			users = append(users, map[string]any{"userid": u, "name": m.Name})
		}
	}
	return map[string]any{"tagname": t.Name, "userlist": users, "partylist": orEmpty(t.Parties)}, nil
}

func listTags(s *Server, _ *ask) (map[string]any, *refusal) {
	told := []map[string]any{}
	for _, t := range slices.SortedFunc(maps.Values(s.tags), func(a, b *Tag) int { return cmp.Compare(a.ID, b.ID) }) {
		told = append(told, map[string]any{"tagid": t.ID, "tagname": t.Name})
	}
	return map[string]any{"taglist": told}, nil
}

func addTagUsers(s *Server, a *ask) (map[string]any, *refusal) {
	return s.tagUsers(a, 40070, func(t *Tag, users []string, parties []int64) {
		t.Users, t.Parties = union(t.Users, users), union(t.Parties, parties)
	})
}

func delTagUsers(s *Server, a *ask) (map[string]any, *refusal) {
	return s.tagUsers(a, 40031, func(t *Tag, users []string, parties []int64) {
		t.Users = slices.DeleteFunc(t.Users, func(u string) bool { return slices.Contains(users, u) })
		t.Parties = slices.DeleteFunc(t.Parties, func(p int64) bool { return slices.Contains(parties, p) })
	})
}

func union[T comparable](list, more []T) []T {
	for _, v := range more {
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// tagUsers sorts out who is unknown; where all are, the answer is allBad.
func (s *Server) tagUsers(a *ask, allBad int, change func(*Tag, []string, []int64)) (map[string]any, *refusal) {
	t, refused := s.tag(a)
	if refused != nil {
		return nil, refused
	}
	users, parties := a.texts("userlist"), a.numbers("partylist")
	switch {
	case a.bad != nil:
		return nil, a.bad
	case len(users)+len(parties) == 0:
		return nil, refuse(40063, "userlist and partylist are both empty")
	case len(users) > 1000, len(parties) > 100:
		return nil, refuse(40032, "invalid userlist length")
	}
	badUsers, badParties := []string{}, []int64{}
	users = slices.DeleteFunc(users, func(u string) bool {
		if s.members[u] == nil {
			badUsers = append(badUsers, u)
		}
		return s.members[u] == nil
	})
	parties = slices.DeleteFunc(parties, func(p int64) bool {
		if s.departments[p] == nil {
			badParties = append(badParties, p)
		}
		return s.departments[p] == nil
	})
	if len(users)+len(parties) == 0 {
		return nil, refuse(allBad, "all list invalid")
	}
	change(t, users, parties)
	if len(badUsers)+len(badParties) == 0 {
		return nil, nil
	}
	return map[string]any{"errmsg": "invalid userlist and partylist", "invalidlist": strings.Join(badUsers, "|"), "invalidparty": badParties}, nil
}
