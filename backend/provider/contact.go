package provider

import "context"

// Contact is a person outside the office in its shared address book.
type Contact struct {
	ID        string
	Name      string
	Addresses []string // the first is the main one
	Mobile    string
	Phone     string
	Company   string
	Title     string
	Remark    string
	Groups    []string // IDs
	Order     int      // place within its group, small first
}

// ContactGroup is a group of shared contacts.
type ContactGroup struct {
	ID    string
	Name  string
	Order int
}

// ContactReader reads the shared book, all of it.
type ContactReader interface {
	Contacts(ctx context.Context) ([]Contact, []ContactGroup, error)
}

// ContactEditor changes the shared book. Save creates where ID is empty.
type ContactEditor interface {
	SaveContact(ctx context.Context, c Contact) (Contact, error)
	DeleteContact(ctx context.Context, id string) error
	SaveContactGroup(ctx context.Context, g ContactGroup) (ContactGroup, error)
	DeleteContactGroup(ctx context.Context, id string) error
}
