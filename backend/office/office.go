// Package office looks after the offices that are administered at their providers: it
// keeps how each is reached, speaks to it through its adapter, shows beforehand what a
// change will do, carries changes out once and only once, and takes them back where the
// provider can.
//
// It leaves out how vendors are spoken to (backend/provider), what was last read of an
// office (backend/office/directory), and sentences for people: everything here is a
// code or a value.
package office

import (
	"maps"
	"slices"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// Office is how one office is reached. Secrets are handles of the vault, by the key of
// the adapter's field.
type Office struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"` // as the person calls it; "" its domain
	Provider provider.ID       `json:"provider"`
	Domain   string            `json:"domain"`
	Values   map[string]string `json:"values"`
	Secrets  map[string]string `json:"secrets"`
	BaseURL  string            `json:"baseUrl"`
	ReadOnly bool              `json:"readOnly"`
	Added    time.Time         `json:"added"`
}

// Title is what to call the office.
func (o Office) Title() string {
	switch {
	case o.Name != "":
		return o.Name
	case o.Domain != "":
		return o.Domain
	}
	return string(o.Provider)
}

// clone is a copy that shares nothing.
func (o Office) clone() Office {
	o.Values, o.Secrets = maps.Clone(o.Values), maps.Clone(o.Secrets)
	return o
}

// limits of what a person may enter.
const (
	maxName   = 200
	maxDomain = 253
	maxValue  = 10_000
)

// clean trims what was entered and refuses what cannot be. Errors: invalid with
// "field".
func (o Office) clean() (Office, error) {
	o = o.clone()
	o.Name, o.BaseURL = strings.TrimSpace(o.Name), strings.TrimSpace(o.BaseURL)
	o.Domain = strings.ToLower(strings.Trim(strings.TrimSpace(o.Domain), "."))
	for key, value := range o.Values {
		o.Values[key] = strings.TrimSpace(value)
		if len(value) > maxValue {
			return o, core.E(core.Invalid, "save office", nil, "field", key, "reason", "long")
		}
	}
	switch {
	case len(o.Name) > maxName:
		return o, core.E(core.Invalid, "save office", nil, "field", "name", "reason", "long")
	case len(o.Domain) > maxDomain || strings.ContainsAny(o.Domain, " @/\\"):
		return o, core.E(core.Invalid, "save office", nil, "field", "domain", "reason", "domain")
	}
	return o, nil
}

// handles are the vault's handles that the office uses.
func (o Office) handles() []string { return slices.Collect(maps.Values(o.Secrets)) }
