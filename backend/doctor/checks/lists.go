package checks

import (
	"context"
	"net/netip"
	"strconv"
	"strings"
	"sync"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
)

func itoa(n int) string { return strconv.Itoa(n) }

func listChecks() []doctor.Check {
	return []doctor.Check{
		define("reputation.lists_health", "RFC 5782 5; docs.spamhaus.com public resolvers", checkListHealth, "ok:p", "refused:i"),
		define("reputation.ip_lists", "RFC 5782 2; RFC 6471", checkIPLists, "ok:p", "shared:i", "minor:w", "dial_up:w", "listed:f"),
		define("reputation.domain_lists", "RFC 5782 2.2", checkDomainLists, "ok:p", "listed:f"),
	}
}

// healthOf says which lists can be trusted now: the test entry is listed, what must not
// be is not, and the list does not refuse our resolver (127.255.255.x).
func healthOf(ctx context.Context, x *doctor.Exam) (healthy map[string]bool, refused []string) {
	type health struct {
		healthy map[string]bool
		refused []string
	}
	h, _ := doctor.Once(ctx, x, "lists", func(ctx context.Context) health {
		h := health{healthy: map[string]bool{}}
		var mu sync.Mutex
		var wait sync.WaitGroup
		try := func(l doctor.BlockList, listed, clean string) {
			wait.Go(func() {
				a, b := x.DNS.Ask(ctx, listed+"."+l.Zone, dns.TypeA), x.DNS.Ask(ctx, clean+"."+l.Zone, dns.TypeA)
				mu.Lock()
				defer mu.Unlock()
				if entry(a) && b.None() {
					h.healthy[l.Zone] = true
				} else {
					h.refused = append(h.refused, l.Zone)
				}
			})
		}
		for _, l := range x.Endpoint.IPLists {
			try(l, "2.0.0.127", "1.0.0.127")
		}
		for _, l := range x.Endpoint.DomLists {
			try(l, l.Test, "invalid")
		}
		wait.Wait()
		return h
	})
	return h.healthy, h.refused
}

// entry says whether an answer is one of a list: 127.0.0.0/8, but not the range in
// which lists tell that they refuse the resolver.
func entry(a lookup.Answer) bool {
	for _, ip := range a.IPs() {
		b := ip.As4()
		if b[0] == 127 && b[1] != 255 {
			return true
		}
	}
	return false
}

func checkListHealth(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if len(x.Endpoint.IPLists)+len(x.Endpoint.DomLists) == 0 {
		return doctor.One(x.Domain, "not_asked")
	}
	_, refused := healthOf(ctx, x)
	if len(refused) > 0 {
		return doctor.One(x.Domain, "refused", "lists", listed(refused))
	}
	return doctor.One(x.Domain, "ok")
}

func reversed(ip netip.Addr) string {
	name, err := dns.ReverseAddr(ip.String())
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.TrimSuffix(name, ".in-addr.arpa."), ".ip6.arpa.")
}

// hit is one entry of a list.
type hit struct {
	list   doctor.BlockList
	answer lookup.Answer
	words  string // the list's own
}

// search asks the healthy ones of the lists for a key.
func search(ctx context.Context, x *doctor.Exam, lists []doctor.BlockList, key string) (hits []hit, asked int) {
	healthy, _ := healthOf(ctx, x)
	var mu sync.Mutex
	var wait sync.WaitGroup
	for _, l := range lists {
		if !healthy[l.Zone] {
			continue
		}
		asked++
		wait.Go(func() {
			a := x.DNS.Ask(ctx, key+"."+l.Zone, dns.TypeA)
			if !entry(a) {
				return
			}
			words := strings.Join(x.DNS.TXT(ctx, key+"."+l.Zone).Texts(), " ")
			mu.Lock()
			defer mu.Unlock()
			hits = append(hits, hit{l, a, words})
		})
	}
	wait.Wait()
	return hits, asked
}

func checkIPLists(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if len(x.Endpoint.IPLists) == 0 {
		return doctor.One(x.Domain, "not_asked")
	}
	ips := sendersOf(ctx, x)
	if len(ips) == 0 {
		return doctor.One(x.Domain, "shared")
	}
	var all []doctor.Finding
	for _, ip := range ips {
		hits, asked := search(ctx, x, x.Endpoint.IPLists, reversed(ip))
		if asked == 0 {
			return doctor.One(x.Domain, "unanswered", "host", x.Endpoint.IPLists[0].Zone)
		}
		f := doctor.F(ip.String(), "ok", "ip", ip.String(), "n", itoa(asked))
		worst := -1
		for _, h := range hits {
			f = show(f, h.answer)
			if h.words != "" {
				f = f.Show(doctor.EvidenceRecord, h.list.Zone, h.words)
			}
			rank := h.list.Weight
			reason := map[bool]string{true: "listed", false: "minor"}[rank >= 2]
			if dialUpCode(h) {
				rank, reason = 1, "dial_up"
			}
			if rank > worst {
				worst = rank
				f = because(f, reason).With("list", h.list.Zone)
				f.Fix = nil
				f = f.Act("", h.list.Page)
			}
		}
		all = append(all, f)
	}
	return all
}

// dialUpCode: Spamhaus' PBL (127.0.0.10 and .11) lists lines that should not send mail
// directly; it says nothing about spam.
func dialUpCode(h hit) bool {
	for _, ip := range h.answer.IPs() {
		if b := ip.As4(); b[3] != 10 && b[3] != 11 {
			return false
		}
	}
	return strings.Contains(h.list.Zone, "spamhaus")
}

func checkDomainLists(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if len(x.Endpoint.DomLists) == 0 {
		return doctor.One(x.Domain, "not_asked")
	}
	hits, asked := search(ctx, x, x.Endpoint.DomLists, x.Domain)
	if asked == 0 {
		return doctor.One(x.Domain, "unanswered", "host", x.Endpoint.DomLists[0].Zone)
	}
	f := doctor.F(x.Domain, "ok", "n", itoa(asked))
	for _, h := range hits {
		f = show(because(f, "listed").With("list", h.list.Zone), h.answer).Act("", h.list.Page)
	}
	return one(f)
}
