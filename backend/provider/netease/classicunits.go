package netease

import (
	"context"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

type classicUnit struct {
	ID     text `json:"unit_id"`
	Name   text `json:"unit_name"`
	Parent text `json:"parent_id"`
	Remark text `json:"unit_desc"`
}

// Departments lists all departments.
func (o *classic) Departments(ctx context.Context) ([]provider.Department, error) {
	var units []classicUnit
	if err := o.call(ctx, "list departments", "unit/getUnitList", reads, params{}, &units); err != nil {
		return nil, err
	}
	all := make([]provider.Department, 0, len(units))
	for _, u := range units {
		all = append(all, provider.Department{ID: string(u.ID), Parent: string(u.Parent), Name: string(u.Name), Remark: string(u.Remark)})
	}
	return tree(all), nil
}

// CreateDepartment creates a department.
func (o *classic) CreateDepartment(ctx context.Context, d provider.Department) (provider.Department, error) {
	const op = "create department"
	change := d.Change()
	change.Parent = nil // a parent can be chosen now, and never again
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
	var made classicUnit
	err = o.call(ctx, op, "unit/createUnit", creates, params{"unit_name": d.Name, "unit_desc": d.Remark, "parent_id": d.Parent}, &made)
	if err == nil && made.ID == "" {
		err = core.E(core.Malformed, op, nil, "reason", "id")
	}
	d.ID = string(made.ID)
	return d, err
}

// UpdateDepartment changes name and description; both are always sent.
func (o *classic) UpdateDepartment(ctx context.Context, id string, c provider.DepartmentChange) error {
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
	if c.Name != nil {
		d.Name = *c.Name
	}
	if c.Remark != nil {
		d.Remark = *c.Remark
	}
	if err := named(op, d.Name); err != nil {
		return err
	}
	if err := alone(op, all, d); err != nil {
		return err
	}
	form := params{"unit_id": id, "unit_name": d.Name, "unit_desc": d.Remark}
	if c.Remark != nil {
		form["unit_desc"] = orCleared(d.Remark)
	}
	return o.call(ctx, op, "unit/updateUnit", changes, form, nil)
}

// DeleteDepartment deletes an empty department. It looks first: what the interface
// does with people and departments inside is not known.
func (o *classic) DeleteDepartment(ctx context.Context, id string) error {
	const op = "delete department"
	all, err := o.Departments(ctx)
	if err != nil {
		return err
	}
	if err := childless(op, all, id); err != nil {
		return err
	}
	inside, err := o.accounts(ctx, op, id, 1)
	switch {
	case err != nil:
		return err
	case total(inside.Count) > 0 || len(inside.List) > 0:
		return core.E(core.Conflict, op, nil, "reason", "people")
	}
	return o.call(ctx, op, "unit/deleteUnit", deletes, params{"unit_id": id}, nil)
}
