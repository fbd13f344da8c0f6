// Package assist works out the DNS records that a domain should have: it compares what
// stands with what should stand, merges SPF records instead of doubling them, and
// raises the DMARC policy step by step. Its functions are pure: they ask nobody.
//
// It leaves out asking the DNS (the checks) and every sentence.
package assist

import (
	"net/netip"
	"slices"
	"strings"

	"mailroom/backend/doctor/spf"
)

// MergeSPF makes one record of several and lets further domains in. Every mechanism is
// kept once and in order, a redirect becomes an include, and the end is the mildest of
// -all and ~all that stood there, so that nobody who may send today is shut out. The
// end of a single record stays as it is.
func MergeSPF(records, include []string) string {
	var terms, modifiers []string
	seen := map[string]bool{}
	add := func(term string) {
		if key := strings.ToLower(strings.TrimPrefix(term, "+")); !seen[key] {
			seen[key] = true
			terms = append(terms, term)
		}
	}
	end := ""
	for _, text := range records {
		record, _ := spf.Parse(text)
		if record == nil {
			continue
		}
		all := ""
		for _, t := range record.Terms {
			if t.Kind == "all" {
				all = milder(all, t.Qual)
				break
			}
			add(t.Text)
		}
		if all == "" && record.HasRedir {
			add("include:" + record.Redirect)
		}
		if all != "" {
			end = milder(end, all[0])
		} else {
			end = milder(end, '~')
		}
		modifiers = append(modifiers, record.Unknown...)
	}
	for _, domain := range include {
		add("include:" + domain)
	}
	if end == "" {
		end = "~all"
	}
	if single := endOf(records); single != "" {
		end = single
	}
	return strings.Join(slices.Concat([]string{"v=spf1"}, terms, modifiers, []string{end}), " ")
}

// milder keeps -all only where nothing milder was seen; what is milder than ~all
// becomes ~all.
func milder(so string, qual byte) string {
	if qual == '-' && (so == "" || so == "-all") {
		return "-all"
	}
	return "~all"
}

// EndWith gives a record another end: the first "all" and what stands behind it go, a
// redirect stays only where there is no end.
func EndWith(text, all string) string {
	kept := []string{}
	for _, w := range strings.Fields(text) {
		if strings.EqualFold(strings.TrimLeft(w, "+-~?"), "all") {
			break
		}
		if !strings.HasPrefix(strings.ToLower(w), "redirect=") {
			kept = append(kept, w)
		}
	}
	return strings.Join(append(kept, all), " ")
}

// Without takes one term out.
func Without(text, term string) string {
	kept := slices.DeleteFunc(strings.Fields(text), func(w string) bool { return strings.EqualFold(w, term) })
	return strings.Join(kept, " ")
}

// AddNetwork lets one address send, at the front, where it costs no question.
func AddNetwork(text string, ip netip.Addr) string {
	kind := "ip4:"
	if ip.Is6() && !ip.Is4In6() {
		kind = "ip6:"
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return ""
	}
	return strings.Join(slices.Insert(words, 1, kind+ip.Unmap().String()), " ")
}

// endOf is how the one record ends, as written; "" where there are several or no end.
func endOf(records []string) string {
	if len(records) != 1 {
		return ""
	}
	record, _ := spf.Parse(records[0])
	if record == nil {
		return ""
	}
	for _, t := range record.Terms {
		if t.Kind == "all" {
			return t.Text
		}
	}
	return ""
}
