package cli

import (
	"context"
	"fmt"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// officeDomainVerb tells what the provider wants of a domain and what it finds there.
type officeDomainVerb struct {
	officeFlags `embed:""`
	Check       bool   `help:"help_office_domain_check"`
	Domain      string `arg:"" optional:"" placeholder:"DOMAIN" help:"help_office_domain_which"`
}

// dnsRecordLine is one DNS record on the wire.
type dnsRecordLine struct {
	Event string `json:"event"` // record
	Name  string `json:"name"`
	Type  string `json:"type"`
	Value string `json:"value"`
	Note  string `json:"note,omitempty"`
	Host  bool   `json:"host,omitempty"` // of the server rather than of the domain
}

// domainFindingLine is what the provider says of one part of the domain.
type domainFindingLine struct {
	Event  string   `json:"event"` // finding
	Part   string   `json:"part"`
	Grade  string   `json:"grade"` // fine, watch, wrong
	Words  []string `json:"words"`
	Advice []string `json:"advice"`
}

func (v *officeDomainVerb) run(ctx context.Context, r *run) int {
	return v.inOffice(ctx, r, func(b *bureau) (int, error) {
		live, err := b.house.Live(ctx, b.office.ID)
		if err != nil {
			return 0, err
		}
		domain := v.Domain
		if domain == "" {
			domain = b.office.Domain
		}
		if v.Check {
			return v.check(ctx, b, live.Provider, live.Capabilities.Can(provider.CanCheckDomain), domain)
		}
		recorder, ok := live.Provider.(provider.DomainRecorder)
		if !ok || !live.Capabilities.Can(provider.CanTellRecords) {
			return 0, core.E(core.Unsupported, "records of domain", nil)
		}
		records, err := recorder.DomainRecords(ctx, domain)
		if err != nil {
			return 0, err
		}
		for _, one := range records {
			if r.json != nil {
				r.json.send(dnsRecordLine{"record", one.Name, one.Type, one.Value, one.Note, one.Host})
				continue
			}
			fmt.Fprintf(r.stdout, "%s\t%s\t%s\n", printable(one.Name), printable(one.Type), printable(one.Value))
		}
		b.count(len(records), "office.records")
		return exitOK, nil
	})
}

// check prints the provider's own findings; exit 2 where something is wrong.
func (v *officeDomainVerb) check(ctx context.Context, b *bureau, p provider.Provider, can bool, domain string) (int, error) {
	checker, ok := p.(provider.DomainChecker)
	if !ok || !can {
		return 0, core.E(core.Unsupported, "check domain", nil)
	}
	findings, err := checker.CheckDomain(ctx, domain)
	if err != nil {
		return 0, err
	}
	exit, wrong := exitOK, 0
	for _, f := range findings {
		if f.Grade == provider.DomainWrong {
			exit, wrong = exitLeft, wrong+1
		}
		if b.r.json != nil {
			b.r.json.send(domainFindingLine{"finding", f.Part, string(f.Grade), some(f.Words), some(f.Advice)})
			continue
		}
		fmt.Fprintf(b.r.stdout, "%s\t%s\n", f.Part, b.r.words.say("grade."+string(f.Grade)))
		for _, said := range append(some(f.Words), f.Advice...) {
			fmt.Fprintln(b.r.stdout, "  "+printable(said))
		}
	}
	b.count(wrong, "office.wrong")
	return exit, nil
}
