package provider

import "context"

// Role is what an administrator may do, and where.
type Role struct {
	ID     string
	Name   string
	Remark string
	Rights []string // the vendor's words
}

// Grant gives a role to a person, within a department and what is below it.
type Grant struct {
	Role       string
	Person     string
	Department string // RootDepartment: the whole office
}

// RoleReader reads roles and who has them.
type RoleReader interface {
	Roles(ctx context.Context) ([]Role, error)
	Grants(ctx context.Context) ([]Grant, error)
}

// RoleEditor gives and takes roles.
type RoleEditor interface {
	Grant(ctx context.Context, g Grant) error
	Revoke(ctx context.Context, g Grant) error
}

// Setting is one security setting of the whole office, in the vendor's own scale.
type Setting struct {
	Key    string
	Value  string
	Values []string // what it may be; empty: free
}

// SettingReader reads security settings of the office.
type SettingReader interface {
	Settings(ctx context.Context) ([]Setting, error)
}

// SettingEditor changes security settings of the office.
type SettingEditor interface {
	SetSetting(ctx context.Context, key, value string) error
}
