package provider

import "context"

// RootDepartment is the ID of the top of the tree, whatever the vendor calls it; it
// is the office itself, not listed, and the parent of the first row of departments.
const RootDepartment = ""

// Department is one node of the office's tree.
type Department struct {
	ID     string
	Parent string // RootDepartment at the top
	Name   string
	Remark string // its description, where the provider has one
	Order  int    // small first; 0 where the provider does not tell
}

// The names of a department's values.
const (
	AttrParent Attr = "parent"
	AttrOrder  Attr = "order"
)

// DepartmentReader lists departments, all of them, parents before children.
type DepartmentReader interface {
	Departments(ctx context.Context) ([]Department, error)
}

// DepartmentEditor changes the tree.
type DepartmentEditor interface {
	// CreateDepartment returns the department with its ID.
	CreateDepartment(ctx context.Context, d Department) (Department, error)
	// UpdateDepartment changes what the change names.
	UpdateDepartment(ctx context.Context, id string, c DepartmentChange) error
	// DeleteDepartment deletes an empty department; conflict while people or
	// departments are in it.
	DeleteDepartment(ctx context.Context, id string) error
}

// DepartmentChange holds what is to be different; nil leaves a value as it is.
type DepartmentChange struct {
	Name   *string
	Parent *string
	Remark *string
	Order  *int
}
