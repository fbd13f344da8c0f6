package tencent

import (
	"strings"
)

// deepest is how many layers of departments there may be.
const deepest = 15

func createDepartment(s *Server, a *ask) (map[string]any, *refusal) {
	name, parent, order := a.text("name"), a.number("parentid"), a.number("order")
	if a.bad != nil {
		return nil, a.bad
	}
	if !a.has("parentid") {
		return nil, refuse(60124, "invalid parent id")
	}
	if refused := s.placeDepartment(0, name, parent); refused != nil {
		return nil, refused
	}
	return map[string]any{"id": s.addDepartment(parent, name, reserved(order))}, nil
}

// reserved gives the sort value that is kept: 1 to 10000 are the service's own.
func reserved(order int64) int64 {
	if order >= 1 && order <= 10000 {
		return 0
	}
	return order
}

// placeDepartment checks a name at a place; id 0 for a new department.
func (s *Server) placeDepartment(id int64, name string, parent int64) *refusal {
	switch {
	case name == "" || len(name) > 64:
		return refuse(60001, "invalid department name length")
	case strings.ContainsAny(name, `\:*?"<>｜`):
		return refuse(60009, "illegal character in department name")
	case s.departments[parent] == nil:
		return refuse(60004, "parent department not found")
	case !s.within(parent):
		return noRight
	case id != 0 && s.below(id)[parent]:
		return refuse(60010, "department loop")
	}
	layers := 0
	for d := s.departments[parent]; d != nil; d = s.departments[d.Parent] {
		layers++
	}
	if layers >= deepest {
		return refuse(81002, "department layers exceed limit")
	}
	for _, d := range s.children(parent) {
		if d.Name == name && d.ID != id {
			return refuse(60008, "department existed")
		}
	}
	return nil
}

func updateDepartment(s *Server, a *ask) (map[string]any, *refusal) {
	id := a.number("id")
	d := s.departments[id]
	switch {
	case !a.has("id"):
		return nil, refuse(60123, "invalid department id")
	case d == nil:
		return nil, refuse(60003, "department not found")
	case !s.within(id):
		return nil, noRight
	}
	changed := *d
	if a.has("name") {
		changed.Name = a.text("name")
	}
	if a.has("parentid") {
		changed.Parent = a.number("parentid")
	}
	if a.has("order") {
		changed.Order = reserved(a.number("order"))
	}
	if a.bad != nil {
		return nil, a.bad
	}
	if id == root { // what an update of the whole company does is not told
		return nil, noRight
	}
	if refused := s.placeDepartment(id, changed.Name, changed.Parent); refused != nil {
		return nil, refused
	}
	*d = changed
	return nil, nil
}

func deleteDepartment(s *Server, a *ask) (map[string]any, *refusal) {
	id := a.number("id")
	switch {
	case !a.has("id"):
		return nil, refuse(60123, "invalid department id")
	case id == root:
		return nil, refuse(60007, "root department can not be deleted")
	case s.departments[id] == nil:
		return nil, refuse(60003, "department not found")
	case !s.within(id):
		return nil, noRight
	case len(s.children(id)) > 0:
		return nil, refuse(60006, "department has sub-departments")
	}
	for _, m := range s.members {
		for _, d := range m.Departments {
			if d == id {
				return nil, refuse(60005, "department contains user")
			}
		}
	}
	delete(s.departments, id)
	return nil, nil
}

// listDepartments: without an id, or with 0, all that the app may see, the root included.
func listDepartments(s *Server, a *ask) (map[string]any, *refusal) {
	id := a.number("id")
	if id == 0 {
		id = root
	}
	if s.departments[id] == nil {
		return nil, refuse(60003, "department not found")
	}
	list := []*Department{}
	for d := range s.below(id) {
		if s.within(d) {
			list = append(list, s.departments[d])
		}
	}
	told := []map[string]any{}
	for _, d := range sorted(list) {
		told = append(told, map[string]any{"id": d.ID, "name": d.Name, "parentid": d.Parent, "order": d.Order})
	}
	return map[string]any{"department": told}, nil
}

func searchDepartments(s *Server, a *ask) (map[string]any, *refusal) {
	name, fuzzy := a.text("name"), a.flag("fuzzy")
	list := []*Department{}
	for _, d := range s.departments {
		match := d.Name == name || name == "" || (fuzzy && strings.Contains(d.Name, name))
		if match && s.within(d.ID) {
			list = append(list, d)
		}
	}
	told := []map[string]any{}
	for _, d := range sorted(list) {
		told = append(told, map[string]any{"id": d.ID, "name": d.Name, "parentid": d.Parent, "order": d.Order, "path": s.path(d)})
	}
	return map[string]any{"department": told}, nil
}

// path joins the names from the company down.
func (s *Server) path(d *Department) string {
	names := d.Name
	for d = s.departments[d.Parent]; d != nil; d = s.departments[d.Parent] {
		names = d.Name + "/" + names
	}
	return names
}
