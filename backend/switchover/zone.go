package switchover

import (
	"slices"
	"strings"

	"mailroom/backend/preset"
)

// MX is one MX record.
type MX struct {
	Host     string `json:"host"`
	Priority uint16 `json:"priority"`
	TTL      uint32 `json:"ttl"` // seconds
}

// View is what one resolver says about the domain's MX.
type View struct {
	Resolver string `json:"resolver"`
	MX       []MX   `json:"mx"`
	Error    string `json:"error,omitempty"` // timeout, refused …; "" none
}

// Zone is what is known of a domain's DNS at one moment.
type Zone struct {
	MX    []MX     `json:"mx"`        // as the domain's own servers say, where they can be asked
	Own   bool     `json:"own"`       // its own servers were asked
	Views []View   `json:"views"`     // at each resolver
	SPF   []string `json:"spf"`       // all of them; more than one is an error
	DKIM  string   `json:"dkim"`      // at the selector that was asked for
	DMARC string   `json:"dmarc"`     //
	Names []Name   `json:"names"`     // client names that point somewhere
	Error string   `json:"error"`     // why nothing could be read; "" none
	Asked string   `json:"askedDkim"` // the selector
}

// TTL is the MX's in seconds; 0 if there is none. A resolver tells what is left of
// it, so the longest that anybody tells is nearest to the truth.
func (z *Zone) TTL() uint32 {
	longest := uint32(0)
	for _, mx := range z.MX {
		longest = max(longest, mx.TTL)
	}
	return longest
}

// The places where mail may go.
const (
	placeNone  = ""
	placeOld   = "old"
	placeNew   = "new"
	placeMixed = "mixed"
)

func (z *Zone) place(to string) string { return placeOf(z.MX, to) }

// placeOf says where records lead to: to the new provider, elsewhere, or both.
func placeOf(records []MX, to string) string {
	there, elsewhere := false, false
	for _, mx := range records {
		if p, ok := preset.ByMX(mx.Host); ok && p.ID == to {
			there = true
		} else {
			elsewhere = true
		}
	}
	switch {
	case there && elsewhere:
		return placeMixed
	case there:
		return placeNew
	case elsewhere:
		return placeOld
	}
	return placeNone
}

// spread says whether every resolver that answers tells the new place.
func (z *Zone) spread(to string) bool {
	told := 0
	for _, v := range z.Views {
		switch {
		case v.Error != "":
		case placeOf(v.MX, to) != placeNew:
			return false
		default:
			told++
		}
	}
	return told > 0
}

// includes lists the domains that an SPF record includes or redirects to.
func includes(record string) (all []string) {
	for _, term := range strings.Fields(strings.ToLower(record)) {
		term = strings.TrimPrefix(term, "+")
		if domain, ok := strings.CutPrefix(term, "include:"); ok {
			all = append(all, strings.TrimSuffix(domain, "."))
		}
		if domain, ok := strings.CutPrefix(term, "redirect="); ok {
			all = append(all, strings.TrimSuffix(domain, "."))
		}
	}
	return all
}

// allows says whether an SPF record lets a provider send.
func allows(record, provider string) bool {
	return slices.ContainsFunc(includes(record), func(domain string) bool {
		p, ok := preset.BySPF(domain)
		return ok && p.ID == provider
	})
}

// sender is how a provider is written into an SPF record; "" if that is not known.
func sender(provider string) string {
	p, ok := preset.ByID(provider)
	if !ok {
		return ""
	}
	for _, s := range p.DNS.SPF {
		if !s.Old {
			return "include:" + s.Domain
		}
	}
	return ""
}

// merged is the record with these providers in it, and those without; whatever else
// it says stays.
func merged(record string, with, without []string) string {
	var terms []string
	all := ""
	for _, term := range strings.Fields(record) {
		low := strings.TrimPrefix(strings.ToLower(term), "+")
		switch {
		case low == "v=spf1":
			continue
		case strings.TrimLeft(low, "-~?") == "all":
			all = term
			continue
		}
		drop := slices.ContainsFunc(without, func(p string) bool { return allows(term, p) })
		if !drop {
			terms = append(terms, term)
		}
	}
	for _, p := range with {
		if s := sender(p); s != "" && !allows(strings.Join(terms, " "), p) {
			terms = append(terms, s)
		}
	}
	if all == "" && !slices.ContainsFunc(terms, func(t string) bool { return strings.HasPrefix(strings.ToLower(t), "redirect=") }) {
		all = "~all"
	}
	return strings.TrimSpace("v=spf1 " + strings.Join(append(terms, all), " "))
}
