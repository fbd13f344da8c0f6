package tencent

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
)

// department is one entry of department/list.
type department struct {
	ID     number `json:"id"`
	Name   text   `json:"name"`
	Parent number `json:"parentid"`
	Order  number `json:"order"`
}

const (
	mostName  = 64 // bytes
	mostOrder = 1 << 30
	// The vendor keeps orders 1 to 10000 for itself and sets them to 0 without a word
	// (doc #10008): ours are told above them, so that 1 is the first that can be given.
	reservedOrders = 10_000
)

// order is ours of the vendor's.
func order(vendors number) int { return int(max(vendors-reservedOrders, 0)) }

// departments is everything that the contacts app may see, as the vendor gives it.
// Doc #10011.
func (o *Office) departments(ctx context.Context) ([]department, error) {
	var answer struct {
		Department []department `json:"department"`
	}
	err := o.get(ctx, fieldContacts, "list departments", "department/list", nil, &answer)
	return answer.Department, err
}

// Departments lists the tree, parents before children, siblings by their order. An app
// that may see a part only is told that part; its topmost departments hang on the root.
func (o *Office) Departments(ctx context.Context) ([]provider.Department, error) {
	all, err := o.departments(ctx)
	if err != nil {
		return nil, err
	}
	known := map[number]bool{}
	for _, d := range all {
		known[d.ID] = true
	}
	children := map[number][]department{}
	for _, d := range all {
		if d.ID == rootID || d.ID <= 0 {
			continue
		}
		if !known[d.Parent] || d.Parent == d.ID {
			d.Parent = rootID
		}
		children[d.Parent] = append(children[d.Parent], d)
	}
	var tree []provider.Department
	seen := map[number]bool{}
	for row := []number{rootID}; len(row) > 0; {
		var next []number
		for _, parent := range row {
			below := children[parent]
			slices.SortStableFunc(below, func(a, b department) int { return cmp.Compare(a.Order, b.Order) })
			for _, d := range below {
				if seen[d.ID] {
					continue
				}
				seen[d.ID] = true
				next = append(next, d.ID)
				tree = append(tree, provider.Department{
					ID: departmentName(d.ID), Parent: departmentName(d.Parent), Name: string(d.Name), Order: order(d.Order),
				})
			}
		}
		row = next
	}
	return tree, nil
}

// departmentBody is what department/create and department/update take.
type departmentBody struct {
	ID     int64   `json:"id,omitempty"`
	Name   *string `json:"name,omitempty"`
	Parent int64   `json:"parentid,omitempty"`
	Order  *int    `json:"order,omitempty"`
}

// body checks a change and words it for the vendor.
func (o *Office) departmentBody(op string, c provider.DepartmentChange) (departmentBody, error) {
	var b departmentBody
	if err := o.caps.CanSetDepartment(c); err != nil {
		return b, err
	}
	if c.Name != nil {
		if err := departmentNameFits(op, *c.Name); err != nil {
			return b, err
		}
		b.Name = c.Name
	}
	if c.Order != nil {
		if *c.Order < 0 || *c.Order > mostOrder {
			return b, core.E(core.Invalid, op, nil, "field", string(provider.AttrOrder))
		}
		place := *c.Order
		if place > 0 {
			place += reservedOrders
		}
		b.Order = &place
	}
	if c.Parent != nil {
		id, ok := departmentID(*c.Parent)
		if !ok {
			return b, core.E(core.Invalid, op, nil, "field", string(provider.AttrParent), "reason", "unknown")
		}
		b.Parent = id
	}
	return b, nil
}

// departmentNameFits checks what doc #10008 says: 1 to 64 bytes without \ : * ? " < > and
// the full-width bar.
func departmentNameFits(op, name string) error {
	field := string(provider.AttrName)
	switch {
	case strings.TrimSpace(name) == "":
		return core.E(core.Invalid, op, nil, "field", field, "reason", "missing")
	case strings.ContainsAny(name, "\\:*?\"<>｜"):
		return core.E(core.Invalid, op, nil, "field", field, "reason", "characters", "characters", "\\ : * ? \" < > ｜")
	}
	return sayable(op, provider.AttrName, name, mostName)
}

// CreateDepartment creates one. Doc #10008.
func (o *Office) CreateDepartment(ctx context.Context, d provider.Department) (provider.Department, error) {
	const op = "create department"
	body, err := o.departmentBody(op, d.Change())
	if err != nil {
		return provider.Department{}, err
	}
	var answer struct {
		ID number `json:"id"`
	}
	err = o.do(ctx, fieldContacts, wire.Call{Op: op, Method: http.MethodPost, Path: "/department/create", Body: body, Into: &answer, Once: true})
	if err != nil {
		return provider.Department{}, parentUnknown(err)
	}
	if answer.ID <= rootID {
		return provider.Department{}, core.E(core.Malformed, op, nil)
	}
	d.ID = departmentName(answer.ID)
	return d, nil
}

// parentUnknown: where a department is created or moved, "no such department" means
// its parent.
func parentUnknown(err error) error {
	for _, number := range []string{"60003", "60123"} {
		err = reread(err, number, meaning{code: core.Invalid, field: provider.AttrParent, reason: "unknown"})
	}
	return err
}

// UpdateDepartment renames, moves or sorts one. Doc #10009.
func (o *Office) UpdateDepartment(ctx context.Context, id string, c provider.DepartmentChange) error {
	const op = "update department"
	body, err := o.departmentBody(op, c)
	if err != nil {
		return err
	}
	if body.ID, err = ownDepartment(op, id); err != nil {
		return err
	}
	return o.post(ctx, fieldContacts, op, "department/update", body, nil)
}

// ownDepartment is the vendor's ID of a department that can be changed: not the root.
func ownDepartment(op, id string) (int64, error) {
	n, ok := departmentID(id)
	if !ok || n == rootID {
		return 0, core.E(core.NotFound, op, nil)
	}
	return n, nil
}

// DeleteDepartment deletes one that holds nothing. Doc #10010.
func (o *Office) DeleteDepartment(ctx context.Context, id string) error {
	const op = "delete department"
	n, err := ownDepartment(op, id)
	if err != nil {
		return err
	}
	return o.do(ctx, fieldContacts, wire.Call{
		Op: op, Method: http.MethodGet, Path: "/department/delete", Query: url.Values{"id": {strconv.FormatInt(n, 10)}}, Deletes: true,
	})
}
