package provider

import "context"

// Tag is a group of people and departments that administrators keep for themselves: it
// has no address. Some providers let mailing lists name tags as members.
type Tag struct {
	ID          string
	Name        string
	People      []string // main addresses, lower case
	Departments []string // IDs whose people have the tag too
	Partial     bool     // a listing's entry; Tag knows more
}

// TagReader reads tags.
type TagReader interface {
	// Tags lists all of them; who has them may be left open.
	Tags(ctx context.Context) ([]Tag, error)
	Tag(ctx context.Context, id string) (Tag, error)
}

// TagEditor changes tags.
type TagEditor interface {
	// CreateTag makes a tag with a name that no other has, and gives it to people and
	// departments. Where that fails the tag is there without them, and the error tells.
	CreateTag(ctx context.Context, t Tag) (Tag, error)
	UpdateTag(ctx context.Context, id string, c TagChange) error
	// DeleteTag takes a tag away; nobody and nothing else goes with it.
	DeleteTag(ctx context.Context, id string) error
}

// TagChange holds what is to be different. Those who have the tag already or have it not
// are no error.
type TagChange struct {
	Name              *string
	AddPeople         []string // main addresses
	RemovePeople      []string
	AddDepartments    []string // IDs
	RemoveDepartments []string
}

// Difference is the change that makes one tag of another.
func (t Tag) Difference(to Tag) (c TagChange) {
	if t.Name != to.Name {
		c.Name = &to.Name
	}
	c.AddPeople, c.RemovePeople = without(to.People, t.People), without(t.People, to.People)
	c.AddDepartments, c.RemoveDepartments = without(to.Departments, t.Departments), without(t.Departments, to.Departments)
	return c
}

// without are the values of one list that are not in another.
func without(all, gone []string) (left []string) {
	drop := make(map[string]bool, len(gone))
	for _, one := range gone {
		drop[one] = true
	}
	for _, one := range all {
		if !drop[one] {
			left = append(left, one)
		}
	}
	return left
}
