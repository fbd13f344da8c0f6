package provider

import "context"

// Whole is an office whose directory is one answer: everybody costs no more than one
// person. Then nobody is asked about one by one before a change, which an office that
// allows so many calls a minute would pay for with most of them.
type Whole interface {
	// Everybody returns all people with every value that can be changed. Partial may
	// be set where [Provider.Person] knows more, which then is none of these: room
	// used, the last sign-in.
	Everybody(ctx context.Context) ([]Person, error)
}
