package alimail

import (
	"context"
	"net/http"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/wire"
)

// domain is one mail domain as the vendor tells it; a verdict is nil where it is not
// told.
type domain struct {
	Name     string   `json:"domain"`
	Aliases  []string `json:"aliases"`
	Master   bool     `json:"isMaster"`
	MX       *bool    `json:"isMxVerified"`
	Verified *bool    `json:"isVerified"`
	Infos    []struct {
		Alias    string `json:"alias"`
		Verified *bool  `json:"isVerified"`
	} `json:"aliasInfos"`
}

func (o *Office) domains(ctx context.Context, op string) ([]domain, error) {
	var answer struct {
		Domains []domain `json:"domains"`
	}
	err := o.do(ctx, wire.Call{Op: op, Method: http.MethodGet, Path: "/v2/domains", Into: &answer})
	return answer.Domains, err
}

// Domains lists the company's domains, the main one first, and their other names.
func (o *Office) Domains(ctx context.Context) ([]provider.Domain, error) {
	const op = "list domains"
	told, err := o.domains(ctx, op)
	if err != nil {
		return nil, err
	}
	var first, others, names []provider.Domain
	for _, d := range told {
		one := provider.Domain{Name: strings.ToLower(d.Name)}
		if d.Master {
			first = append(first, one)
		} else {
			others = append(others, one)
		}
		for _, a := range d.Aliases {
			names = append(names, provider.Domain{Name: strings.ToLower(a), Alias: true})
		}
	}
	all := append(append(first, others...), names...)
	if len(all) == 0 {
		return nil, core.E(core.Malformed, op, nil, "reason", "incomplete")
	}
	return all, nil
}

// CheckDomain tells what the vendor found of a domain: whether it is the company's, and
// whether its MX leads here (assumption "domain-verdicts"). Of another name of a domain
// it knows the first alone. The call that looks anew, verify, is not made: it may change
// what the vendor takes the domain for.
func (o *Office) CheckDomain(ctx context.Context, name string) ([]provider.DomainFinding, error) {
	const op = "check domain"
	told, err := o.domains(ctx, op)
	if err != nil {
		return nil, err
	}
	findings, known := verdicts(told, strings.ToLower(strings.TrimSpace(name)))
	switch {
	case !known:
		return nil, core.E(core.NotFound, op, nil)
	case len(findings) == 0:
		return nil, core.E(core.Malformed, op, nil, "reason", "incomplete")
	}
	return findings, nil
}

// verdicts are the findings on a domain or another name of one.
func verdicts(told []domain, name string) (findings []provider.DomainFinding, known bool) {
	note := func(part string, verdict *bool) {
		switch {
		case verdict == nil:
		case *verdict:
			findings = append(findings, provider.DomainFinding{Part: part, Grade: provider.DomainFine})
		default:
			findings = append(findings, provider.DomainFinding{Part: part, Grade: provider.DomainWrong})
		}
	}
	for _, d := range told {
		if strings.EqualFold(d.Name, name) {
			note("owner", d.Verified)
			note("mx", d.MX)
			return findings, true
		}
		for _, a := range d.Aliases {
			known = known || strings.EqualFold(a, name)
		}
		for _, a := range d.Infos {
			if strings.EqualFold(a.Alias, name) {
				note("owner", a.Verified)
				return findings, true
			}
		}
	}
	return nil, known
}
