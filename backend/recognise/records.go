package recognise

import (
	"context"
	"slices"
	"strings"
	"sync"

	"mailroom/backend/core"
	"mailroom/backend/preset"
)

// clientNames are names in the office's zone that providers have aliased to their own
// hosts; autodiscover names the servers of Microsoft.
var clientNames = []string{"imap", "mail", "pop", "pop3", "smtp", "autodiscover"}

// answers are the records of a domain.
type answers struct {
	mx      []string
	spf     []string // domains after include: and redirect=
	aliases map[string]string
	failed  int // queries without an answer
	asked   int
}

// ask looks up all records at once.
func (r *Recogniser) ask(ctx context.Context, domain string) answers {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Patience)
	defer cancel()
	a := answers{aliases: map[string]string{}}
	var mu sync.Mutex
	var wait sync.WaitGroup
	run := func(f func() (func(), error)) {
		a.asked++
		wait.Go(func() {
			keep, err := f()
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				a.failed++
			}
			keep()
		})
	}
	run(func() (func(), error) {
		mx, err := r.cfg.Resolver.MX(ctx, domain)
		if err != nil && r.cfg.Fallback != nil {
			mx, err = r.cfg.Fallback.MX(ctx, domain)
		}
		return func() { a.mx = mx }, err
	})
	run(func() (func(), error) {
		txt, err := r.cfg.Resolver.TXT(ctx, domain)
		return func() { a.spf = includes(txt) }, err
	})
	for _, label := range clientNames {
		run(func() (func(), error) {
			name := label + "." + domain
			target, err := r.cfg.Resolver.Alias(ctx, name)
			return func() {
				if target != "" && target != name {
					a.aliases[label] = target
				}
			}, err
		})
	}
	wait.Wait()
	return a
}

// byRecords asks what the data know by MX, alias and SPF.
func (r *Recogniser) byRecords(ctx context.Context, res *Result) error {
	a := r.ask(ctx, res.Domain)
	if err := ctx.Err(); err != nil {
		return core.E(core.CodeOf(err), "recognise provider", err, "domain", res.Domain)
	}
	res.Offline = a.failed == a.asked
	if s, ok := sendingOnly(a); ok {
		res.Sender = s.ID
		return nil
	}
	for _, host := range a.mx {
		if g, ok := preset.GatewayByMX(host); ok && res.Gateway == "" {
			res.Gateway = g.ID
		}
		if p, ok := preset.ByMX(host); ok {
			res.add(known(p, res.Domain, host, ByMX, host, Sure))
		}
	}
	for _, label := range clientNames {
		target, ok := a.aliases[label]
		if !ok {
			continue
		}
		if p, ok := ownerOf(target); ok {
			certainty := Sure
			if len(res.Candidates) > 0 && res.Candidates[0].Provider != p.ID {
				certainty = Likely // in the middle of a change: the MX tells where mail goes now
			}
			res.add(known(p, res.Domain, "", ByAlias, label+"."+res.Domain+" → "+target, certainty))
		}
	}
	for _, include := range a.spf {
		if p, ok := preset.BySPF(include); ok {
			res.add(known(p, res.Domain, "", BySPF, include, Likely))
		}
	}
	return nil
}

// ownerOf finds the provider that a client host belongs to: exactly, or because it
// lies beside one of its hosts (mail.qiye.163.com beside imap.qiye.163.com).
func ownerOf(host string) (preset.Provider, bool) {
	if p, ok := preset.ByServer(host); ok {
		return p, true
	}
	best, longest := preset.Provider{}, 0
	for _, p := range preset.Providers() {
		for _, s := range p.IMAP {
			_, zone, _ := strings.Cut(s.Host, ".")
			if preset.Unfilled(s.Host) || strings.Count(zone, ".") < 1 || len(zone) <= longest {
				continue
			}
			if host == zone || strings.HasSuffix(host, "."+zone) {
				best, longest = p, len(zone)
			}
		}
	}
	if longest == 0 && (host == "autodiscover.outlook.com" || strings.HasSuffix(host, ".autodiscover.outlook.com")) {
		return preset.ByID("m365")
	}
	return best, longest > 0
}

// sendingOnly: the MX is shared with a sending service, whose SPF stands there and
// that of the mailboxes' owner does not.
func sendingOnly(a answers) (preset.Sender, bool) {
	for _, s := range preset.Senders() {
		shared := slices.ContainsFunc(a.mx, func(host string) bool { return slices.Contains(s.MX, host) })
		named := slices.ContainsFunc(a.spf, func(inc string) bool {
			found, ok := preset.SenderBySPF(inc)
			return ok && found.ID == s.ID
		})
		if !shared || !named {
			continue
		}
		for _, include := range a.spf {
			if _, ok := preset.BySPF(include); ok {
				return preset.Sender{}, false
			}
		}
		return s, true
	}
	return preset.Sender{}, false
}

// includes reads the domains of include: and redirect= from SPF records (RFC 7208).
func includes(txt []string) []string {
	var out []string
	for _, record := range txt {
		fields := strings.Fields(strings.ToLower(record))
		if len(fields) == 0 || fields[0] != "v=spf1" {
			continue
		}
		for _, f := range fields[1:] {
			f = strings.TrimLeft(f, "+-~?")
			domain, ok := strings.CutPrefix(f, "include:")
			if !ok {
				domain, ok = strings.CutPrefix(f, "redirect=")
			}
			if ok && len(out) < 50 {
				out = append(out, plain(domain))
			}
		}
	}
	return out
}
