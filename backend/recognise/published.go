package recognise

import (
	"context"
	"sync"

	"mailroom/backend/preset"
)

// byPublished asks what the domain tells mail programs, by all three ways at once.
// The most explicit comes first: SRV, then Thunderbird's format, then Microsoft's.
func (r *Recogniser) byPublished(ctx context.Context, res *Result) {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Patience)
	defer cancel()
	asks := []func(context.Context, string, string) (Candidate, bool){r.bySRV, r.byAutoconfig, r.byAutodiscover}
	found := make([]*Candidate, len(asks))
	var wait sync.WaitGroup
	for i, ask := range asks {
		wait.Go(func() {
			if c, ok := ask(ctx, res.Domain, res.Address); ok {
				found[i] = &c
			}
		})
	}
	wait.Wait()
	for _, c := range found {
		if c != nil {
			res.add(named(*c, res.Domain))
		}
	}
}

// named gives a candidate the provider that its servers belong to.
func named(c Candidate, domain string) Candidate {
	if c.Provider != "" || len(c.IMAP) == 0 {
		return c
	}
	if p, ok := ownerOf(c.IMAP[0].Host); ok && !(p.Kind == preset.Personal && p.Domains[0] != domain) {
		c.Provider = p.ID
	}
	return c
}

// bySRV reads RFC 6186 (and RFC 8314 section 5.1: _submissions). It counts only with
// a server for IMAP.
func (r *Recogniser) bySRV(ctx context.Context, domain, _ string) (Candidate, bool) {
	services := []struct {
		label, security string
		into            func(*Candidate) *[]Server
	}{
		{"_imaps._tcp", "tls", func(c *Candidate) *[]Server { return &c.IMAP }},
		{"_imap._tcp", "starttls", func(c *Candidate) *[]Server { return &c.IMAP }},
		{"_pop3s._tcp", "tls", func(c *Candidate) *[]Server { return &c.POP3 }},
		{"_submissions._tcp", "tls", func(c *Candidate) *[]Server { return &c.SMTP }},
		{"_submission._tcp", "starttls", func(c *Candidate) *[]Server { return &c.SMTP }},
	}
	records := make([][]SRV, len(services))
	var wait sync.WaitGroup
	for i, s := range services {
		wait.Go(func() { records[i], _ = r.cfg.Resolver.SRV(ctx, s.label+"."+domain) })
	}
	wait.Wait()
	c := Candidate{How: BySRV, Certainty: Likely}
	for i, s := range services {
		list := s.into(&c)
		for _, rec := range records[i] {
			if !hostname(rec.Target) || rec.Port <= 0 {
				continue // "." says that the service is not offered
			}
			if len(*list) < 4 {
				*list = append(*list, Server{rec.Target, rec.Port, s.security})
			}
			if c.Evidence == "" {
				c.Evidence = s.label + "." + domain
			}
		}
	}
	return c, len(c.IMAP) > 0
}
