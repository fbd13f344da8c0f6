package alimail

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
)

// root is the vendor's name of the tree's top; the department has an ID of its own as
// well.
const root = "$root"

// mostDepartments bounds a walk: nobody has more.
const mostDepartments = 20_000

type department struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Parent   string `json:"parentId"`
	HasUsers *bool  `json:"hasUsers"`
	HasSub   *bool  `json:"hasSubDepartments"`
}

func (o *Office) department(ctx context.Context, op, id string) (department, error) {
	var d department
	err := o.do(ctx, wire.Call{Op: op, Method: http.MethodGet, Path: "/v2/departments/" + url.PathEscape(id), Into: &d})
	return d, orUnknown(err)
}

// orUnknown: reading one thing by an ID that makes no sense to the vendor finds nothing.
func orUnknown(err error) error {
	if e, ok := errors.AsType[*core.Error](err); ok && e.Code == core.Invalid && e.Args["status"] != "" {
		e.Code = core.NotFound
	}
	return err
}

// walk is the tree in the order in which it was found, parents first.
type walk struct {
	rootID string // the root's own ID, where it has one
	all    []department
	place  map[string]int // by ID; the root is 0, what is below it counts from 1
}

// ours is our ID of one of the vendor's.
func (w *walk) ours(id string) string {
	if id == root || id == w.rootID {
		return provider.RootDepartment
	}
	return id
}

// placeOf tells where a department comes in the walk.
func (w *walk) placeOf(id string) (int, bool) {
	if w.ours(id) == provider.RootDepartment {
		return 0, true
	}
	n, known := w.place[id]
	return n, known
}

// walk reads the tree from the root down.
func (o *Office) walk(ctx context.Context) (*walk, error) {
	const op = "list departments"
	top, err := o.department(ctx, op, root)
	if err != nil {
		return nil, err
	}
	w := &walk{rootID: top.ID, place: map[string]int{}}
	if w.rootID == "" {
		w.rootID = root
	}
	for row := []department{{ID: root, HasSub: top.HasSub}}; len(row) > 0; {
		var next []department
		for _, parent := range row {
			if parent.HasSub != nil && !*parent.HasSub {
				continue
			}
			children, err := o.children(ctx, op, parent.ID)
			if err != nil {
				return nil, err
			}
			for _, d := range children {
				if _, seen := w.placeOf(d.ID); seen || d.ID == "" {
					continue
				}
				d.Parent = parent.ID
				w.all = append(w.all, d)
				w.place[d.ID] = len(w.all)
				next = append(next, d)
			}
		}
		if len(w.all) > mostDepartments {
			return nil, core.E(core.Malformed, op, nil, "reason", "answer_too_long")
		}
		row = next
	}
	return w, nil
}

// children lists what is directly below a department, page by page.
func (o *Office) children(ctx context.Context, op, id string) ([]department, error) {
	var all []department
	for {
		var answer struct {
			Departments []department `json:"departments"`
			Total       int          `json:"total"`
		}
		err := o.do(ctx, wire.Call{
			Op: op, Method: http.MethodGet, Path: "/v2/departments/" + url.PathEscape(id) + "/departments", Query: o.window(len(all)), Into: &answer,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, answer.Departments...)
		if len(answer.Departments) == 0 || len(all) >= answer.Total || len(all) > mostDepartments {
			return all, nil
		}
	}
}

func (o *Office) window(offset int) url.Values {
	return url.Values{"offset": {strconv.Itoa(offset)}, "limit": {strconv.Itoa(o.rows)}}
}

// Departments lists the tree.
func (o *Office) Departments(ctx context.Context) ([]provider.Department, error) {
	w, err := o.walk(ctx)
	if err != nil {
		return nil, err
	}
	tree := make([]provider.Department, 0, len(w.all))
	for _, d := range w.all {
		tree = append(tree, provider.Department{ID: d.ID, Parent: w.ours(d.Parent), Name: d.Name})
	}
	return tree, nil
}

// departmentBody is what creating and changing take; what is nil stays as it is.
type departmentBody struct {
	Name   *string `json:"name,omitempty"`
	Parent *string `json:"parentId,omitempty"`
}

func (o *Office) departmentBody(op string, c provider.DepartmentChange) (departmentBody, error) {
	if err := o.caps.CanSetDepartment(c); err != nil {
		return departmentBody{}, err
	}
	if c.Name != nil && strings.TrimSpace(*c.Name) == "" {
		return departmentBody{}, core.E(core.Invalid, op, nil, "field", string(provider.AttrName), "reason", "missing")
	}
	b := departmentBody{Name: c.Name}
	if c.Parent != nil {
		id := vendors(*c.Parent)
		b.Parent = &id
	}
	return b, nil
}

// vendors is the vendor's ID of one of ours.
func vendors(id string) string {
	if id == provider.RootDepartment {
		return root
	}
	return id
}

// CreateDepartment creates one.
func (o *Office) CreateDepartment(ctx context.Context, d provider.Department) (provider.Department, error) {
	const op = "create department"
	body, err := o.departmentBody(op, d.Change())
	if err != nil {
		return provider.Department{}, err
	}
	var made department
	err = o.do(ctx, wire.Call{Op: op, Method: http.MethodPost, Path: "/v2/departments", Body: body, Into: &made, Once: true})
	if err != nil {
		return provider.Department{}, about(err, core.NotFound, provider.AttrParent)
	}
	if made.ID == "" {
		return provider.Department{}, core.E(core.Malformed, op, nil, "reason", "incomplete")
	}
	d.ID = made.ID
	return d, nil
}

// about turns a code into "a value is wrong", where a call's own object cannot be
// what was not found.
func about(err error, code core.Code, field provider.Attr) error {
	if e, ok := errors.AsType[*core.Error](err); ok && e.Code == code && e.Args["status"] != "" {
		e.Code, e.Args["field"], e.Args["reason"] = core.Invalid, string(field), "unknown"
	}
	return err
}

// own refuses the root, which cannot be changed or deleted.
func own(op, id string) error {
	if id == root {
		return core.E(core.NotFound, op, nil)
	}
	return named(op, id) // the root's ID of ours is ""
}

// UpdateDepartment renames or moves one.
func (o *Office) UpdateDepartment(ctx context.Context, id string, c provider.DepartmentChange) error {
	const op = "update department"
	body, err := o.departmentBody(op, c)
	if err != nil {
		return err
	}
	if err := own(op, id); err != nil {
		return err
	}
	return o.do(ctx, wire.Call{Op: op, Method: http.MethodPatch, Path: "/v2/departments/" + url.PathEscape(id), Body: body})
}

// DeleteDepartment deletes one that holds nothing. What the vendor does with one that
// holds people is not known, so that is looked at first.
func (o *Office) DeleteDepartment(ctx context.Context, id string) error {
	const op = "delete department"
	if err := own(op, id); err != nil {
		return err
	}
	if _, err := o.department(ctx, op, id); err != nil {
		return err
	}
	children, err := o.children(ctx, op, id)
	if err != nil {
		return err
	}
	people, _, err := o.usersOf(ctx, op, id, 0)
	if err != nil {
		return err
	}
	switch {
	case len(children) > 0:
		return core.E(core.Conflict, op, nil, "reason", "departments")
	case slices.ContainsFunc(people, func(u user) bool { return len(u.Departments) == 0 || slices.Contains(u.Departments, id) }):
		return core.E(core.Conflict, op, nil, "reason", "people")
	}
	return o.do(ctx, wire.Call{Op: op, Method: http.MethodDelete, Path: "/v2/departments/" + url.PathEscape(id), Deletes: true})
}
