package office

import (
	"slices"

	"mailroom/backend/provider"
)

// Names tells whether an address is a page that an adapter names, its console and its
// fields' help, or a connected office's own console. Only these may be opened in the
// browser beside the hosts that are always known.
func (h *House) Names(page string) bool {
	if page == "" {
		return false
	}
	if slices.ContainsFunc(h.registry.Makers(), func(m provider.Maker) bool {
		return m.Console == page || leads(m.Best, page) || slices.ContainsFunc(m.Fields, func(f provider.Field) bool { return f.Help == page })
	}) {
		return true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, live := range h.live {
		if leads(live.Capabilities, page) {
			return true
		}
	}
	return false
}

// leads tells whether a capability's console is this page.
func leads(c provider.Capabilities, page string) bool {
	for _, s := range c.Support {
		if s.Console == page {
			return true
		}
	}
	return false
}
