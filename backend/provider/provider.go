// Package provider is the contract of an office that is administered at its mail
// provider: a small part that every adapter has, optional interfaces for what only
// some providers can do, and a capability for each of these, so that whoever asks
// asks for the capability and never for the vendor's name.
//
// It leaves out how a vendor is spoken to (one folder per vendor), the cache of what
// was read, the preview, record and undoing of changes (backend/office), and sentences
// for people.
package provider

import "context"

// ID names an adapter: "practice", "mox", "tencent".
type ID string

// Provider is one connected office. It is safe for concurrent use; every call ends
// soon after its context does. Calls that an office cannot do end in
// [core.Unsupported] and send nothing.
//
// Errors of every call are core.Error: unauthenticated (the key is refused),
// forbidden (signed in, without the right), rate_limited, not_found, conflict (it is
// there already, or something else hangs on it), invalid (a value the vendor refuses),
// unsupported, unreachable, timeout, canceled, malformed (an answer that makes no
// sense), rejected (the vendor refuses for a reason we do not know). Args: "vendorCode"
// and "vendorText" (what the vendor said, made harmless by [Said]), "field" (the name
// of the value that is wrong, one of [Attr]), "retryAfter" (whole seconds, where the
// vendor told to slow down for so long).
//
// An adapter that keeps files or connections open implements io.Closer as well; whoever
// made it closes it.
type Provider interface {
	// Check asks the provider something small and proves that the keys work.
	Check(ctx context.Context) error
	// Capabilities tells what this office can do with these keys. Every
	// [Capability] has an entry.
	Capabilities(ctx context.Context) (Capabilities, error)
	// Domains lists the office's mail domains; the first is the main one.
	Domains(ctx context.Context) ([]Domain, error)
	// People returns one page of the directory, and the token of the next one or
	// "" after the last. The first page's token is "". A page may be incomplete in
	// fields: then Partial is set on its people and [Provider.Person] knows more.
	People(ctx context.Context, page string) (people []Person, next string, err error)
	// Person returns one person by ID or by main address.
	Person(ctx context.Context, id string) (Person, error)
}

// Domain is one mail domain of an office.
type Domain struct {
	Name   string // ASCII, lower case: "example.com"
	Alias  bool   // only another name of the main domain
	Off    bool   // switched off at the provider
	Remark string
}
