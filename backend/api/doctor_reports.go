package api

import (
	"strconv"

	"mailroom/backend/core"
	"mailroom/backend/doctor/dmarcreport"
)

// RaiseAdvice says whether a DMARC policy can be raised, see [dmarcreport.Advice].
type RaiseAdvice string

// DMARCReports is what aggregate reports say together about one domain.
type DMARCReports struct {
	Domain        string        `json:"domain"`
	From          int64         `json:"from"`
	To            int64         `json:"to"`
	Reports       int           `json:"reports"` // each counted once
	Count         int64         `json:"count"`   // mails
	Passed        int64         `json:"passed"`
	Forwarded     int64         `json:"forwarded"` // failed because somebody passed them on
	Policy        string        `json:"policy"`    // as the latest report saw it
	Sources       []DMARCSource `json:"sources"`   // most mail first
	Advice        RaiseAdvice   `json:"advice"`
	PassedPer1000 int64         `json:"passedPer1000"` // of the own mail, how many in a thousand pass
}

// DMARCSource is one address that sends in the domain's name.
type DMARCSource struct {
	IP        string   `json:"ip"`
	Count     int64    `json:"count"`
	Passed    int64    `json:"passed"`
	SPF       int64    `json:"spf"`
	DKIM      int64    `json:"dkim"`
	Forwarded int64    `json:"forwarded"`
	Stopped   int64    `json:"stopped"` // went to junk or was refused
	Receivers []string `json:"receivers"`
	Signed    []string `json:"signed"`
	Failing   bool     `json:"failing"` // own mail that does not pass: mend it before the policy is raised
}

// reportFiles is what aggregate reports come as.
var reportFiles = FileFilter{Name: "XML, GZ, ZIP, EML", Patterns: "*.xml;*.gz;*.zip;*.eml"}

// maxReportFiles is how many files are read at a time.
const maxReportFiles = 500

// PickReports shows the computer's dialog for reports; none if the person changed their
// mind.
func (d *Doctor) PickReports() ([]string, error) {
	return guard("pick reports", func() ([]string, error) {
		paths, err := d.api.cfg.Desktop.PickFiles(reportFiles)
		return some(paths), err
	})
}

// ReadReports reads aggregate reports and sums them up by domain, the one with the most
// mail first. Errors: invalid where there is nothing, malformed and too_big with the
// number of the file that cannot be read (file, from 1).
func (d *Doctor) ReadReports(files []MailInput) ([]DMARCReports, error) {
	return guard("read DMARC reports", func() ([]DMARCReports, error) {
		if len(files) == 0 || len(files) > maxReportFiles {
			return []DMARCReports{}, core.E(core.Invalid, "read DMARC reports", nil, "field", "files")
		}
		var all []dmarcreport.Report
		for i, f := range files {
			raw, err := f.bytes()
			if err == nil {
				var some []dmarcreport.Report
				some, err = dmarcreport.Read(raw)
				all = append(all, some...)
			}
			if err != nil {
				name := f.Path
				if name == "" {
					name = "#" + strconv.Itoa(i+1)
				}
				return []DMARCReports{}, core.E(core.CodeOf(err), "read DMARC reports", err, "file", name)
			}
		}
		return summed(all), nil
	})
}

func summed(all []dmarcreport.Report) []DMARCReports {
	domains := []string{}
	policy := map[string]string{}
	for _, r := range all {
		if _, known := policy[r.Domain]; !known {
			domains = append(domains, r.Domain)
		}
		policy[r.Domain] = r.Policy
	}
	return mapped(domains, func(domain string) DMARCReports {
		s := dmarcreport.Sum(domain, all)
		advice, share, failing := dmarcreport.Advise(s, policy[domain], nil)
		bad := map[string]bool{}
		for _, f := range failing {
			bad[f.IP.String()] = true
		}
		return DMARCReports{Domain: domain, From: ms(s.From), To: ms(s.To), Reports: s.Reports, Count: s.Count, Passed: s.Passed, Forwarded: s.Forwarded, Policy: policy[domain],
			Advice: RaiseAdvice(advice), PassedPer1000: int64(share*1000 + 0.5), Sources: mapped(s.Sources, func(src dmarcreport.Source) DMARCSource {
				return DMARCSource{IP: src.IP.String(), Count: src.Count, Passed: src.Passed, SPF: src.SPF, DKIM: src.DKIM, Forwarded: src.Forwarded, Stopped: src.Stopped,
					Receivers: some(src.Receivers), Signed: some(src.Signed), Failing: bad[src.IP.String()]}
			})}
	})
}

var raiseAdvices = []enum[RaiseAdvice]{
	{RaiseAdvice(dmarcreport.Wait), "Wait"}, {RaiseAdvice(dmarcreport.Mend), "Mend"}, {RaiseAdvice(dmarcreport.Raise), "Raise"}, {RaiseAdvice(dmarcreport.Reached), "Reached"},
}
