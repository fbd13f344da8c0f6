package checks

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/assist"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/doctor/mtasts"
	"mailroom/backend/preset"
)

// Assisted is the table of records for a provider and when it makes sense to look again.
type Assisted struct {
	Provider preset.Provider // filled in for the domain; zero unknown
	Host     preset.DNSHost  // who keeps the records; zero unknown
	Rows     []assist.Row
	Green    bool
	Again    time.Duration // by when what is cached now has expired
}

// Assist asks what stands and compares it with what the provider wants; without a named
// provider the one that the MX point to. Error: only where ctx ends.
func Assist(ctx context.Context, x *doctor.Exam, raise bool) (Assisted, error) {
	o, ok := officeOf(ctx, x)
	if !ok {
		return Assisted{}, ctx.Err()
	}
	out := Assisted{Again: time.Minute}
	if o.known {
		out.Provider = o.provider
	}
	standing := assist.Standing{}
	n, _ := networkOf(ctx, x)
	var mu sync.Mutex
	var wait sync.WaitGroup
	for _, key := range assist.Names(x.Domain, out.Provider) {
		wait.Go(func() {
			name, kind, _ := strings.Cut(key, " ")
			a := x.DNS.Ask(ctx, name, dns.StringToType[kind])
			mu.Lock()
			defer mu.Unlock()
			if a.Known() && n.state != netBlind { // a server that knows nothing says nothing
				standing[key] = pasted(a)
			}
			if a.TTL > out.Again {
				out.Again = a.TTL
			}
		})
	}
	var policy *mtasts.Policy
	wait.Go(func() {
		brief, cancel := context.WithTimeout(ctx, 6*time.Second) // a silent web server must not keep the table
		defer cancel()
		if s, ok := stsPolicyOf(brief, x); ok && s.err == nil && s.fetched && s.page.Status == 200 && s.fault == nil {
			policy = &s.policy
		}
	})
	wait.Wait()
	if d, ok := delegationOf(ctx, x); ok && n.state != netBlind {
		out.Host, _ = preset.DNSHostOf(d.ns.Targets())
	}
	leaving, _ := preset.ByID(x.Options.Leaving)
	out.Rows = assist.Table(assist.Input{Domain: x.Domain, Provider: out.Provider, Leaving: leaving.For(x.Domain, ""), Standing: standing, Policy: policy, Raise: raise})
	out.Green = true
	for _, r := range out.Rows {
		out.Green = out.Green && r.Green()
	}
	out.Again = min(out.Again, 10*time.Minute)
	return out, ctx.Err()
}

// pasted are the records as one would paste them.
func pasted(a lookup.Answer) []string {
	all := append([]string{}, a.Texts()...)
	for _, m := range a.MX() {
		all = append(all, fmt.Sprintf("%d %s", m.Pref, m.Host))
	}
	return append(all, a.Targets()...)
}
