package api

import (
	"context"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// DomainGrade is a [provider.DomainGrade] on the wire.
type DomainGrade string

// OfficeRecord is one DNS record that the provider wants a domain to have.
type OfficeRecord struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Value string `json:"value"`
	Note  string `json:"note"` // the provider's own words; "" none
	Host  bool   `json:"host"` // of the server rather than of the domain
}

// OfficeFinding is what the provider's own check says of one part of a domain; the page
// has a name for each part under office.domainPart.
type OfficeFinding struct {
	Part   string      `json:"part"`
	Grade  DomainGrade `json:"grade"`
	Words  []string    `json:"words"`
	Advice []string    `json:"advice"`
}

var domainGrades = []enum[DomainGrade]{
	{DomainGrade(provider.DomainFine), "Fine"}, {DomainGrade(provider.DomainWatch), "Watch"}, {DomainGrade(provider.DomainWrong), "Wrong"},
}

// DomainRecords tells the DNS records that the provider wants a domain of an office to
// have. Errors: unsupported, not_found (the domain is not the office's), those of the
// provider.
func (o *Offices) DomainRecords(requestID, officeID, domain string) ([]OfficeRecord, error) {
	return with(o.api, "records of domain", func(root context.Context, d *data) ([]OfficeRecord, error) {
		ctx, end := o.api.calls.begin(root, requestID, checkLimit)
		defer end()
		live, err := d.house.Live(ctx, officeID)
		if err != nil {
			return []OfficeRecord{}, err
		}
		recorder, ok := live.Provider.(provider.DomainRecorder)
		if !ok || !live.Capabilities.Can(provider.CanTellRecords) {
			return []OfficeRecord{}, core.E(core.Unsupported, "records of domain", nil)
		}
		records, err := recorder.DomainRecords(ctx, domain)
		return mapped(records, func(r provider.DomainRecord) OfficeRecord { return OfficeRecord(r) }), err
	})
}

// CheckDomain lets the provider examine a domain of an office by itself, which may take a
// minute. Errors as those of [Offices.DomainRecords].
func (o *Offices) CheckDomain(requestID, officeID, domain string) ([]OfficeFinding, error) {
	return with(o.api, "check domain", func(root context.Context, d *data) ([]OfficeFinding, error) {
		ctx, end := o.api.calls.begin(root, requestID, checkLimit)
		defer end()
		live, err := d.house.Live(ctx, officeID)
		if err != nil {
			return []OfficeFinding{}, err
		}
		checker, ok := live.Provider.(provider.DomainChecker)
		if !ok || !live.Capabilities.Can(provider.CanCheckDomain) {
			return []OfficeFinding{}, core.E(core.Unsupported, "check domain", nil)
		}
		findings, err := checker.CheckDomain(ctx, domain)
		return mapped(findings, func(f provider.DomainFinding) OfficeFinding {
			return OfficeFinding{Part: f.Part, Grade: DomainGrade(f.Grade), Words: full(f.Words), Advice: full(f.Advice)}
		}), err
	})
}
