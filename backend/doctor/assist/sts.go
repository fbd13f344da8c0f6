package assist

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"mailroom/backend/doctor/mtasts"
)

// File is what must lie on a web server beside a record.
type File struct {
	At   string // https address
	Text string
}

// stsAge is for how long senders keep a policy, in seconds: a week (RFC 8461 3.2 wants
// weeks; a policy that is being tried out must be easy to take back).
const stsAge = "604800"

// STSPolicy is the text of an MTA-STS policy (RFC 8461 3.2) for the exchangers. Senders
// take lines that end in LF.
func STSPolicy(mode string, hosts []string) string {
	var b strings.Builder
	b.WriteString("version: STSv1\nmode: " + mode + "\n")
	for _, h := range hosts {
		b.WriteString("mx: " + h + "\n")
	}
	b.WriteString("max_age: " + stsAge + "\n")
	return b.String()
}

// STSRecord is the record for a policy. Its id is made from the text, so that another
// policy always has another id: that is how senders learn of it (RFC 8461 3.1).
func STSRecord(policy string) string {
	sum := sha256.Sum256([]byte(policy))
	return "v=STSv1; id=" + hex.EncodeToString(sum[:10])
}

// sts is the row of MTA-STS: wanted by nobody, but where it stands it must let in every
// exchanger, those of before and of after a switch, or mail stays outside.
func (in Input) sts(mx Row) Row {
	r, known := in.row("mta_sts", "_mta-sts."+in.Domain, "TXT")
	r.Stands = slices.DeleteFunc(r.Stands, func(t string) bool { return !mtasts.Is(t) })
	hosts := exchangers(mx)
	if !known || len(hosts) == 0 {
		if known && len(r.Stands) == 0 {
			r.State = Optional // without an exchanger there is nothing to protect
		}
		return r
	}
	mode := mtasts.Testing
	if in.Policy != nil && in.Policy.Mode == mtasts.Enforce {
		mode = mtasts.Enforce
	}
	text := STSPolicy(mode, hosts)
	file := &File{At: "https://mta-sts." + in.Domain + "/.well-known/mta-sts.txt", Text: text}
	switch {
	case len(r.Stands) == 0:
		r.State, r.Should, r.File = Optional, []string{STSRecord(text)}, file
	case len(r.Stands) == 1 && valid(r.Stands[0]) && (in.Policy == nil || lets(in.Policy, hosts)):
		r.Should = slices.Clone(r.Stands)
		if in.Policy == nil {
			r.File = file // none could be read
		}
	default:
		r.State, r.Should, r.File = Differs, []string{STSRecord(text)}, file
	}
	return r
}

func valid(record string) bool {
	_, err := mtasts.ParseRecord(record)
	return err == nil
}

func lets(p *mtasts.Policy, hosts []string) bool {
	return p.Mode == mtasts.None || !slices.ContainsFunc(hosts, func(h string) bool { return !p.Covers(h) })
}

// exchangers are those that should stand and, until they are gone everywhere, those
// that stand.
func exchangers(mx Row) []string {
	var all []string
	for _, m := range slices.Concat(mx.Should, mx.Stands) {
		if h := host(m); h != "" && !slices.Contains(all, h) { // "0 ." takes no mail
			all = append(all, h)
		}
	}
	return all
}
