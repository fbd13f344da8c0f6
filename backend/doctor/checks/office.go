package checks

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"sync"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/doctor/probe"
	"mailroom/backend/preset"
)

// exchanger is one host that receives mail for the domain.
type exchanger struct {
	host   string
	pref   uint16
	v4, v6 lookup.Answer
}

func (e exchanger) ips() []netip.Addr { return append(e.v4.IPs(), e.v6.IPs()...) }

type exchangers struct {
	answer lookup.Answer
	null   bool // "." is among them
	all    []exchanger
}

// maxExchangers bounds how many hosts are looked at.
const maxExchangers = 10

func exchangersOf(ctx context.Context, x *doctor.Exam) (exchangers, bool) {
	return doctor.Once(ctx, x, "exchangers", func(ctx context.Context) exchangers {
		e := exchangers{answer: x.DNS.Ask(ctx, x.Domain, dns.TypeMX)}
		records := e.answer.MX()
		slices.SortStableFunc(records, func(a, b lookup.MX) int { return int(a.Pref) - int(b.Pref) })
		for _, m := range records {
			if m.Host == "" {
				e.null = true
				continue
			}
			if len(e.all) < maxExchangers {
				e.all = append(e.all, exchanger{host: m.Host, pref: m.Pref})
			}
		}
		var wait sync.WaitGroup
		for i := range e.all {
			wait.Go(func() { e.all[i].v4, e.all[i].v6 = x.DNS.Addresses(ctx, e.all[i].host) })
		}
		wait.Wait()
		return e
	})
}

// office is whose servers the domain uses.
type office struct {
	provider preset.Provider
	known    bool
	chosen   bool     // the person named it
	gateway  bool     // a filter stands before the mailboxes
	hosts    []string // the MX hosts
	mixed    []string // hosts of another provider
}

func officeOf(ctx context.Context, x *doctor.Exam) (office, bool) {
	e, ok := exchangersOf(ctx, x)
	if !ok {
		return office{}, false
	}
	var o office
	first := ""
	for _, m := range e.all {
		o.hosts = append(o.hosts, m.host)
		if _, is := preset.GatewayByMX(m.host); is {
			o.gateway = true
			continue
		}
		p, is := preset.ByMX(m.host)
		if is && !o.known {
			o.provider, o.known, first = p, true, m.host
		}
	}
	if p, is := preset.ByID(x.Options.Provider); is {
		o.provider, o.known, o.chosen = p, true, true
	}
	if o.known {
		for _, h := range o.hosts {
			p, is := preset.ByMX(h)
			_, filter := preset.GatewayByMX(h)
			if !filter && (!is || p.ID != o.provider.ID) {
				o.mixed = append(o.mixed, h)
			}
		}
		o.provider = o.provider.For(x.Domain, first)
	}
	return o, true
}

// records are the provider's records for a use that can be pasted as they stand.
func (o office) records(use string) []preset.Record {
	var all []preset.Record
	for _, r := range o.provider.DNS.Records {
		if r.Use == use && r.Value != "" && !r.Console && !preset.Unfilled(r.Value) {
			all = append(all, r)
		}
	}
	return all
}

// mend adds the provider's records for a use to a finding; where the console tells
// them, it says so.
func (o office) mend(f doctor.Finding, domain, use string) doctor.Finding {
	all := o.records(use)
	for _, r := range all {
		name := domain
		if r.Name != "@" && r.Name != "" {
			name = r.Name + "." + domain
		}
		value := r.Value
		if r.Type == "MX" {
			value = strconv.Itoa(int(r.Priority)) + " " + value
		}
		f = f.Mend(name, r.Type, value)
	}
	if len(all) == 0 {
		f = f.Act(o.provider.ID, o.provider.Web.Console)
	}
	return f
}

// relays are what the receiving servers say on port 25, in the order of the MX.
func relaysOf(ctx context.Context, x *doctor.Exam) ([]probe.Result, bool) {
	return doctor.Once(ctx, x, "relays", func(ctx context.Context) []probe.Result {
		e, ok := exchangersOf(ctx, x)
		if !ok {
			return nil
		}
		all := e.all[:min(len(e.all), 4)]
		results := make([]probe.Result, len(all))
		var wait sync.WaitGroup
		for i, m := range all {
			wait.Go(func() { results[i] = probe.Ask(ctx, target(x, m.host, probe.Relay)) })
		}
		wait.Wait()
		return results
	})
}

// target is a port of a host, reached through the examination.
func target(x *doctor.Exam, host string, port probe.Port) probe.Target {
	return probe.Target{Host: host, Port: port, Connect: connector(x, host, port.Number), TalkFor: 3 * x.Slow()}
}

// blocked25 says whether port 25 is closed on the local line: the large receivers that
// are always there cannot be reached either. known is false without such hosts.
func blocked25(ctx context.Context, x *doctor.Exam) (blocked, known bool) {
	type outcome struct{ blocked, known bool }
	o, ok := doctor.Once(ctx, x, "port 25", func(ctx context.Context) outcome {
		if len(x.Endpoint.Control) == 0 {
			return outcome{}
		}
		open := make(chan bool, len(x.Endpoint.Control))
		for _, at := range x.Endpoint.Control {
			go func() { open <- reachable(ctx, x, at) }()
		}
		for range x.Endpoint.Control {
			if <-open {
				return outcome{false, true}
			}
		}
		return outcome{true, true}
	})
	return o.blocked, o.known && ok
}
