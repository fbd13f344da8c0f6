package netease

import (
	"context"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

type openUnit struct {
	ID     text   `json:"unitId"`
	Parent text   `json:"unitParentId"`
	Name   text   `json:"unitName"`
	Rank   number `json:"rank"`
	Remark text   `json:"unitDesc"`
}

// Departments lists all departments.
func (o *open) Departments(ctx context.Context) ([]provider.Department, error) {
	var units []openUnit
	if err := o.call(ctx, "list departments", "unit/getUnitList", reads, fields{}, &units); err != nil {
		return nil, err
	}
	all := make([]provider.Department, 0, len(units))
	for _, u := range units {
		all = append(all, provider.Department{
			ID: string(u.ID), Parent: string(u.Parent), Name: string(u.Name), Remark: string(u.Remark), Order: int(u.Rank),
		})
	}
	return tree(all), nil
}

// CreateDepartment creates a department and then gives it its place.
func (o *open) CreateDepartment(ctx context.Context, d provider.Department) (provider.Department, error) {
	const op = "create department"
	change := d.Change()
	change.Name = nil // every department has one, and keeps it: no call renames
	if err := o.caps.CanSetDepartment(change); err != nil {
		return provider.Department{}, err
	}
	if err := named(op, d.Name); err != nil {
		return provider.Department{}, err
	}
	all, err := o.Departments(ctx)
	if err != nil {
		return provider.Department{}, err
	}
	if err := newUnit(op, all, d); err != nil {
		return provider.Department{}, err
	}
	f := fields{"unitName": d.Name, "unitDesc": d.Name} // the one program that makes any sends the name twice
	if d.Parent != provider.RootDepartment {
		f["parentId"] = d.Parent
	}
	var made openUnit
	if err := o.call(ctx, op, "unit/createUnit", creates, f, &made); err != nil {
		return provider.Department{}, err
	}
	if made.ID == "" {
		return provider.Department{}, core.E(core.Malformed, op, nil, "reason", "id")
	}
	place := d.Order
	d.ID, d.Remark, d.Order = string(made.ID), d.Name, int(made.Rank)
	if place == 0 {
		return d, nil
	}
	err = o.rank(ctx, op, d.ID, place)
	if err == nil {
		d.Order = place
	}
	return d, err
}

func (o *open) rank(ctx context.Context, op, id string, place int) error {
	return o.call(ctx, op, "unit/updateUnitRank", changes, fields{"unitId": id, "rank": place}, nil)
}

// UpdateDepartment moves a department and changes its place: the two things for which
// there is a call.
func (o *open) UpdateDepartment(ctx context.Context, id string, c provider.DepartmentChange) error {
	const op = "change department"
	if err := o.caps.CanSetDepartment(c); err != nil {
		return err
	}
	all, err := o.Departments(ctx)
	if err != nil {
		return err
	}
	d, err := findUnit(op, all, id)
	if err != nil {
		return err
	}
	if c.Parent != nil && *c.Parent != d.Parent {
		d.Parent = *c.Parent
		if err := o.moveUnit(ctx, op, all, d); err != nil {
			return err
		}
	}
	if c.Order != nil {
		return o.rank(ctx, op, id, *c.Order)
	}
	return nil
}

// moveUnit puts a department below its new parent. The top is called root in a field
// of its own (C3: one program).
func (o *open) moveUnit(ctx context.Context, op string, all []provider.Department, d provider.Department) error {
	f := fields{"unitId": d.ID}
	if d.Parent == provider.RootDepartment {
		f["parentId"] = "root"
	} else {
		f["unitParentId"] = d.Parent
		for up := d.Parent; up != provider.RootDepartment; {
			above, err := findUnit(op, all, up)
			if err != nil {
				return core.E(core.NotFound, op, nil, "field", string(provider.AttrParent))
			}
			if above.ID == d.ID {
				return core.E(core.Invalid, op, nil, "field", string(provider.AttrParent), "reason", "loop")
			}
			up = above.Parent
		}
	}
	if err := alone(op, all, d); err != nil {
		return err
	}
	return o.call(ctx, op, "unit/moveUnit", changes, f, nil)
}

// DeleteDepartment deletes an empty department. It looks first: what the platform does
// with people and departments inside is not known.
func (o *open) DeleteDepartment(ctx context.Context, id string) error {
	const op = "delete department"
	all, err := o.Departments(ctx)
	if err != nil {
		return err
	}
	if err := childless(op, all, id); err != nil {
		return err
	}
	inside, err := o.accounts(ctx, op, id, 1, 1)
	switch {
	case err != nil:
		return err
	case total(inside.Count) > 0 || len(inside.List) > 0:
		return core.E(core.Conflict, op, nil, "reason", "people")
	}
	return o.call(ctx, op, "unit/deleteUnit", deletes, fields{"unitId": id}, nil)
}
