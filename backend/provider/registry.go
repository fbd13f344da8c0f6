package provider

import (
	"context"
	"net/http"
	"slices"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/secret"
)

// FieldKind is how a configuration field is entered.
type FieldKind string

// The kinds of fields.
const (
	FieldText   FieldKind = "text"
	FieldSecret FieldKind = "secret" // goes to the vault
	FieldKey    FieldKind = "key"    // a private key of several lines; goes to the vault
	FieldChoice FieldKind = "choice"
)

// Field is one value that connecting an office needs. Its name, its help and where to
// find it stand in the page's language files under office.<adapter>.<key>.
type Field struct {
	Key      string
	Kind     FieldKind
	Required bool
	Choices  []string // for FieldChoice; the first is offered
	Example  string   // shown in the empty field; never a real key
	Help     string   // https address of the provider's page on it; "" where none is known
}

// Config connects one office.
type Config struct {
	Domain string
	Values map[string]string       // of text and choice fields
	Secret map[string]secret.Value // of secret and key fields
	// BaseURL points the adapter at another address than the vendor's; http is
	// allowed for loopback only.
	BaseURL string
	// HTTP makes the connections; nil: a client with usual time limits.
	HTTP *http.Client
	// Pace overrules how many calls a second are made; 0: the adapter's own pace.
	Pace float64
	// Wait pauses between tries; nil: real time. Tests replace it.
	Wait func(context.Context, time.Duration) error
	// Dir is a folder of the adapter's own for this office; only an adapter that
	// keeps an office itself uses it.
	Dir string
}

// Maker makes one vendor's adapters.
type Maker struct {
	ID ID
	// Name is the vendor's own name, English and Chinese.
	Name, ChineseName string
	Fields            []Field
	// Presets are the IDs of backend/preset's providers that this adapter
	// administers: an office is recognised by its domain's provider.
	Presets []string
	// Console is the provider's administration page.
	Console string
	// Zone is that of the vendor's days and times where all its offices share one: an
	// IANA name; "" they do not, or it is not known.
	Zone string
	// Best is what the adapter can do with every key and plan; docs are made of it.
	Best Capabilities
	// Assumptions are what the adapter takes for true without proof; docs/providers.md
	// lists them.
	Assumptions []Assumption
	// Unused are calls that public texts describe and the adapter does not make;
	// docs/providers.md lists them.
	Unused []UnusedCall
	// New makes the adapter. It sends nothing. Errors: invalid with "field" (the key
	// of a field of the form).
	New func(Config) (Provider, error)
}

// Assumption is one thing that an adapter relies on although no public text of that API
// says it.
type Assumption struct {
	Name string // short, as the adapter's comments call it: "days"
	// Certainty is C3 (seen in other people's programs), C (the sources differ), I
	// (inferred) or M (from memory).
	Certainty string
	Says      string // what is taken for true
	Proof     string // what would prove or correct it
}

// UnusedCall is one call, or several of one kind, that an adapter could make and does not.
type UnusedCall struct {
	Call string // as the vendor names it, several with commas between
	Why  string
}

// Registry is the set of makers that a program is built with.
type Registry struct{ makers []Maker }

// NewRegistry keeps the makers in their order.
func NewRegistry(makers ...Maker) *Registry { return &Registry{makers: makers} }

// Makers lists them.
func (r *Registry) Makers() []Maker { return slices.Clone(r.makers) }

// Maker finds one; not_found where there is none.
func (r *Registry) Maker(id ID) (Maker, error) {
	for _, m := range r.makers {
		if m.ID == id {
			return m, nil
		}
	}
	return Maker{}, core.E(core.NotFound, "find adapter", nil, "provider", string(id))
}

// ForPreset finds the maker that administers a recognised provider.
func (r *Registry) ForPreset(preset string) (Maker, bool) {
	for _, m := range r.makers {
		if slices.Contains(m.Presets, preset) {
			return m, true
		}
	}
	return Maker{}, false
}

// Validate checks a configuration against a maker's fields: a required value that is
// missing or a choice that does not exist is invalid, with the field's key in
// "field".
func (m Maker) Validate(c Config) error {
	for _, f := range m.Fields {
		value, hidden := c.Values[f.Key], c.Secret[f.Key]
		empty := value == ""
		if f.Kind == FieldSecret || f.Kind == FieldKey {
			empty = hidden.IsZero()
		}
		if f.Required && empty {
			return core.E(core.Invalid, "configure office", nil, "field", f.Key, "reason", "missing")
		}
		if f.Kind == FieldChoice && value != "" && !slices.Contains(f.Choices, value) {
			return core.E(core.Invalid, "configure office", nil, "field", f.Key, "reason", "choice")
		}
	}
	return nil
}
