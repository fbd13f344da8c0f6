package assist

import (
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/doctor/dmarc"
	"mailroom/backend/doctor/mtasts"
	"mailroom/backend/doctor/spf"
	"mailroom/backend/preset"
)

// State is how a row of the table stands.
type State string

// The states. Green are OK and Optional.
const (
	OK       State = "ok"       // what stands is what should stand
	Missing  State = "missing"  // nothing stands there
	Differs  State = "differs"  // something else stands there
	Extra    State = "extra"    // stands there and should go
	Console  State = "console"  // the value must be copied from the provider's console
	Optional State = "optional" // nothing stands there, and nothing must
	Unknown  State = "unknown"  // the DNS did not answer
)

// Row is one record: what stands and what should stand.
type Row struct {
	Use     string   // one of preset's uses, or "tls_reports", "mta_sts"
	Name    string   // fully qualified, without the last dot
	Type    string   // MX, TXT, CNAME
	Stands  []string // as one would paste them
	Should  []string // as one pastes them; empty with Console and Extra
	State   State
	Console string // page where the value is told; "" none
	File    *File  // what must lie on a web server too; nil nothing
}

// Green says whether nothing is to be done about the row.
func (r Row) Green() bool { return r.State == OK || r.State == Optional }

// Key names a record set: "name TYPE".
func Key(name, kind string) string { return strings.ToLower(name) + " " + kind }

// Standing is what the DNS has now by [Key]: values as one pastes them, an MX with its
// preference. A key that is absent was not answered.
type Standing map[string][]string

// Input is what a table is made from.
type Input struct {
	Domain   string
	Provider preset.Provider // filled in for the domain, see [preset.Provider.For]
	Leaving  preset.Provider // the one that is moved away from; zero none
	Standing Standing
	Policy   *mtasts.Policy // the MTA-STS policy that could be read; nil none
	Raise    bool           // raise the DMARC policy by a step
	Reports  string         // address for DMARC and TLS reports; "" postmaster at the domain
}

// Names lists the record sets that a table needs to know.
func Names(domain string, p preset.Provider) []string {
	all := []string{Key(domain, "MX"), Key(domain, "TXT"), Key("_dmarc."+domain, "TXT"), Key("_smtp._tls."+domain, "TXT"), Key("_mta-sts."+domain, "TXT"), Key("autodiscover."+domain, "CNAME")}
	for _, r := range p.DNS.Records {
		if r.Name != "" {
			all = append(all, Key(full(r.Name, domain), r.Type))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func full(name, domain string) string {
	if name == "@" {
		return domain
	}
	return strings.ToLower(name) + "." + domain
}

// Table compares what stands with what the provider wants, in the order of a checklist:
// receiving first, then SPF, DKIM, DMARC, then what programs use.
func Table(in Input) []Row {
	if in.Reports == "" {
		in.Reports = "postmaster@" + in.Domain
	}
	rows := []Row{in.mx(), in.spf()}
	rows = append(rows, in.dkim()...)
	rows = append(rows, in.dmarc())
	rows = append(rows, in.others()...)
	return append(rows, in.sts(rows[0]), in.tlsReports())
}

// row begins a row; unknown where the DNS did not answer.
func (in Input) row(use, name, kind string) (Row, bool) {
	stands, known := in.Standing[Key(name, kind)]
	r := Row{Use: use, Name: name, Type: kind, Stands: slices.Clone(stands), State: OK}
	if !known {
		r.State = Unknown
	}
	return r, known
}

func (in Input) mx() Row {
	r, known := in.row(preset.UseReceive, in.Domain, "MX")
	console := false
	for _, rec := range in.Provider.DNS.Records {
		if rec.Use != preset.UseReceive || rec.Type != "MX" {
			continue
		}
		if rec.Console || rec.Value == "" || preset.Unfilled(rec.Value) {
			console = true
			continue
		}
		r.Should = append(r.Should, strconv.Itoa(int(rec.Priority))+" "+rec.Value)
	}
	switch {
	case !known:
	case console && len(r.Should) == 0:
		r.State, r.Console = Console, in.Provider.Web.Console
		if len(r.Stands) > 0 && in.ours(r.Stands) {
			r.State, r.Should = OK, slices.Clone(r.Stands)
		}
	case len(r.Stands) == 0:
		r.State = Missing
	case !sameHosts(r.Stands, r.Should):
		r.State = Differs
	}
	return r
}

// ours says whether every exchanger belongs to the provider.
func (in Input) ours(stands []string) bool {
	for _, s := range stands {
		if p, ok := preset.ByMX(host(s)); !ok || p.ID != in.Provider.ID {
			return false
		}
	}
	return true
}

func host(mx string) string {
	_, h, ok := strings.Cut(mx, " ")
	if !ok {
		h = mx
	}
	return strings.ToLower(strings.TrimSuffix(strings.TrimSpace(h), "."))
}

// sameHosts compares exchangers by host alone: the numbers are the person's choice.
func sameHosts(a, b []string) bool {
	hosts := func(all []string) []string {
		var out []string
		for _, m := range all {
			out = append(out, host(m))
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	return slices.Equal(hosts(a), hosts(b))
}

// spf merges: the provider is let in, everything else that stood there stays, and the
// provider that was left goes only once it is named as left and no switch is open.
func (in Input) spf() Row {
	r, known := in.row(preset.UseSPF, in.Domain, "TXT")
	r.Stands = slices.DeleteFunc(r.Stands, func(t string) bool { return !spf.IsRecord(t) })
	if !known {
		return r
	}
	want := in.wantedSPF()
	switch {
	case len(r.Stands) == 0 && want == "":
		r.State, r.Console = Console, in.Provider.Web.Console
		return r
	case len(r.Stands) == 0:
		r.State, r.Should = Missing, []string{in.firstSPF(want)}
		return r
	}
	merged := r.Stands[0]
	if len(r.Stands) > 1 || (want != "" && !Includes(merged, want)) {
		merged = MergeSPF(r.Stands, one(want))
	}
	r.Should = []string{merged}
	if len(r.Stands) > 1 || merged != r.Stands[0] {
		r.State = Differs
	}
	return r
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// wantedSPF is the domain that the provider wants to be included; "" it has none.
func (in Input) wantedSPF() string {
	for _, s := range in.Provider.DNS.SPF {
		if !s.Old {
			return s.Domain
		}
	}
	return ""
}

func (in Input) firstSPF(want string) string {
	all := in.Provider.DNS.SPFAll
	if all == "" {
		all = "~all"
	}
	if leaving := in.Leaving.DNS.SPF; len(leaving) > 0 {
		return "v=spf1 include:" + want + " include:" + leaving[0].Domain + " " + all
	}
	return "v=spf1 include:" + want + " " + all
}

// Includes says whether a record lets a domain in, by its whole name.
func Includes(text, domain string) bool {
	record, _ := spf.Parse(text)
	if record == nil {
		return false
	}
	for _, t := range record.Terms {
		if t.Kind == "include" && strings.EqualFold(strings.TrimSuffix(t.Domain, "."), domain) {
			return true
		}
	}
	return record.HasRedir && strings.EqualFold(record.Redirect, domain)
}

func (in Input) dkim() []Row {
	var rows []Row
	for _, rec := range in.Provider.DNS.Records {
		if rec.Use != preset.UseDKIM || rec.Name == "" {
			continue
		}
		r, known := in.row(preset.UseDKIM, full(rec.Name, in.Domain), rec.Type)
		switch {
		case !known:
		case len(r.Stands) > 0 && (rec.Value == "" || rec.Console):
			r.Should = slices.Clone(r.Stands)
		case rec.Value == "" || rec.Console || preset.Unfilled(rec.Value):
			r.State, r.Console = Console, in.Provider.Web.Console
		default:
			r.Should = []string{rec.Value}
			r.State = compared(r)
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 && in.Provider.DNS.DKIM.Console {
		rows = append(rows, Row{Use: preset.UseDKIM, Name: "_domainkey." + in.Domain, Type: "TXT", State: Console, Console: in.Provider.Web.Console})
	}
	return rows
}

func compared(r Row) State {
	switch {
	case len(r.Stands) == 0:
		return Missing
	case len(r.Stands) == len(r.Should) && strings.EqualFold(strings.TrimSuffix(r.Stands[0], "."), r.Should[0]):
		return OK
	}
	return Differs
}

func (in Input) dmarc() Row {
	r, known := in.row(preset.UseDMARC, "_dmarc."+in.Domain, "TXT")
	if !known {
		return r
	}
	records := slices.DeleteFunc(slices.Clone(r.Stands), func(t string) bool { return !dmarc.Is(t) })
	r.Stands = slices.DeleteFunc(r.Stands, func(t string) bool { return !dmarc.Is(t) && !dmarc.Near(t) })
	switch {
	case len(r.Stands) == 0:
		r.State, r.Should = Missing, []string{"v=DMARC1; p=none; rua=mailto:" + in.Reports}
	case len(records) == 0:
		r.State, r.Should = Differs, []string{RepairDMARC(r.Stands[0], in.Domain)}
	default:
		next := records[0]
		if in.Raise {
			next = Raise(next)
		}
		if len(dmarc.Parse(next).RUA) == 0 {
			next = SetTag(next, "rua", "mailto:"+in.Reports)
		}
		r.Should = []string{next}
		if len(r.Stands) > 1 || next != records[0] {
			r.State = Differs
		}
	}
	return r
}

// others are the names that people's programs use.
func (in Input) others() []Row {
	var rows []Row
	auto := false
	for _, rec := range in.Provider.DNS.Records {
		if rec.Use != preset.UseAutodiscover && rec.Use != preset.UseClient {
			continue
		}
		if rec.Name == "" || rec.Type != "CNAME" {
			continue
		}
		auto = auto || rec.Use == preset.UseAutodiscover
		r, known := in.row(rec.Use, full(rec.Name, in.Domain), rec.Type)
		switch {
		case !known:
		case rec.Value == "" || preset.Unfilled(rec.Value):
			r.State, r.Console = Console, in.Provider.Web.Console
		default:
			r.Should = []string{rec.Value}
			r.State = compared(r)
			if r.State == Missing && rec.Optional {
				r.State = Optional
			}
		}
		rows = append(rows, r)
	}
	// An alias that another provider left behind leads Outlook astray.
	if r, known := in.row(preset.UseAutodiscover, "autodiscover."+in.Domain, "CNAME"); known && !auto && len(r.Stands) > 0 {
		r.State = Extra
		rows = append(rows, r)
	}
	return rows
}

func (in Input) tlsReports() Row {
	r, known := in.row("tls_reports", "_smtp._tls."+in.Domain, "TXT")
	switch {
	case !known:
	case len(r.Stands) == 0:
		r.State, r.Should = Optional, []string{"v=TLSRPTv1; rua=mailto:" + in.Reports}
	default:
		r.Should = r.Stands[:1]
	}
	return r
}

// Raise is the next step of a policy: none, quarantine, reject; what is at the top stays.
func Raise(text string) string {
	switch dmarc.Parse(text).Effective() {
	case dmarc.None:
		return SetPolicy(WithoutTags(text, "pct"), dmarc.Quarantine)
	case dmarc.Quarantine:
		return SetPolicy(WithoutTags(text, "pct"), dmarc.Reject)
	}
	return text
}
