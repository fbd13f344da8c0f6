package preset

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/oauth"
)

var update = flag.Bool("update", false, "write docs/providers.md anew")

const providersPage = "../../docs/providers.md"

// officesPart is where the part of docs/providers.md begins that the program's own test
// makes from its adapters.
const officesPart = "\n## Administering offices\n"

// TestTheProvidersPageSaysWhatTheDataSay keeps docs/providers.md true: up to the part on
// administering it is made from the data and nothing else. Run with -update to write it.
func TestTheProvidersPageSaysWhatTheDataSay(t *testing.T) {
	want := providersMarkdown()
	got, err := os.ReadFile(providersPage)
	if err != nil {
		t.Fatal(err)
	}
	ours, offices, _ := strings.Cut(string(got), officesPart)
	if *update {
		if err := os.WriteFile(providersPage, []byte(want+officesPart+offices), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if ours != want {
		t.Error("docs/providers.md differs from the data; run: go test ./backend/preset -run ProvidersPage -update")
	}
}

func providersMarkdown() string {
	var b strings.Builder
	b.WriteString(`# Providers

This page is made from the data in ` + "`backend/preset/data`" + ` by a test that fails when the two differ.
Certainty: **C** confirmed in the source named, **M** from memory, **I** inferred. What is M or I is an assumption:
it is listed below, and the first real account of that provider proves or corrects it.

What Mailroom does with every provider below, as a place to move from and to: sign in over IMAP, all folders, flags, dates,
exactly once, proof, undo. What can be administered through a provider's own API stands at the end.

## Choosing a provider

| provider | kind | IMAP server | submission | signs in with | family | certainty of the servers |
|---|---|---|---|---|---|---|
`)
	for _, p := range Providers() {
		fmt.Fprintf(&b, "| %s | %s | `%s:%d` | `%s:%d` | %s | %s | %s |\n", both(p.Name), p.Kind, p.IMAP[0].Host, p.IMAP[0].Port,
			p.SMTP[0].Host, p.SMTP[0].Port, joined(p.SignIn.Ways), cmp.Or(p.Family, "unknown"), p.IMAP[0].Certainty)
	}
	b.WriteString(`
## Telling them apart

By the domain's MX first, then by its SPF record. A ` + "`*`" + ` stands for part of a label.

| provider | MX | SPF | DKIM |
|---|---|---|---|
`)
	for _, p := range Providers() {
		if len(p.DNS.MX)+len(p.DNS.SPF) == 0 {
			continue
		}
		var hosts, spf []string
		for _, m := range p.DNS.MX {
			hosts = append(hosts, "`"+m.Pattern+"` "+string(m.Certainty))
		}
		for _, s := range p.DNS.SPF {
			spf = append(spf, "`"+s.Domain+"` "+string(s.Certainty))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s %s |\n", p.Name.En, strings.Join(hosts, ", "), strings.Join(spf, ", "), strings.Join(p.DNS.DKIM.Selectors, ", "), p.DNS.DKIM.Certainty)
	}
	b.WriteString(`
## Pace

How hard each family's servers are worked unless the person says otherwise. Own servers are not held back.

| family | side | connections | bytes/s | messages/s | bytes a day | largest message |
|---|---|---|---|---|---|---|
`)
	for _, r := range engineRows() {
		d := r.defaults(r.Families[0])
		rate := number(d.BytesPerSecond)
		if d.SlowAfterBytes > 0 {
			rate += " after " + number(d.SlowAfterBytes) + " of the day"
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %s | %s | %s | %s |\n", strings.Join(r.Families, ", "), cmp.Or(r.Side, "both"), d.Connections, rate,
			number(int64(d.MessagesPerSecond)), number(d.DailyBytes), number(d.MaxMessage))
	}
	b.WriteString("\n## Assumptions\n\nEach stays an assumption until a real account has shown it. What would prove it: a move from and to one mailbox there, with `--log`;\nfor what the doctor asks, an examination from a network that reaches it.\n\n")
	for _, line := range assumptions() {
		b.WriteString("- " + line + "\n")
	}
	return b.String()
}

// assumptions lists every fact that is not confirmed.
func assumptions() []string {
	var all []string
	add := func(what string, facts ...Fact) {
		for _, f := range facts {
			if f.Certainty != Confirmed {
				all = append(all, fmt.Sprintf("%s: %s (%s)", what, f.Source, f.Certainty))
			}
		}
	}
	for _, p := range Providers() {
		for _, s := range p.IMAP {
			add("server of "+p.Name.En, s.Fact)
		}
		for _, s := range slices.Concat(p.POP3, p.SMTP) {
			add("POP3 or submission of "+p.Name.En, s.Fact)
		}
		add("sign-in at "+p.Name.En, p.SignIn.Fact, p.SwitchOn.Fact)
		add("DKIM at "+p.Name.En, p.DNS.DKIM.Fact)
		for _, m := range p.DNS.MX {
			add("MX of "+p.Name.En, m.Fact)
		}
		for _, s := range p.DNS.SPF {
			add("SPF of "+p.Name.En, s.Fact)
		}
		for _, r := range p.DNS.Records {
			add("record "+r.Use+" of "+p.Name.En, r.Fact)
		}
	}
	for _, s := range oauth.Services() {
		add("sign-in and scopes of "+string(s.Vendor), Fact{Source: s.Source, Certainty: Certainty(s.Certainty)})
	}
	for _, g := range Gateways() {
		add("MX of the filter "+g.Name.En, g.Fact)
	}
	for _, s := range Senders() {
		add("SPF of the sender "+s.Name.En, s.Fact)
	}
	for _, r := range engineRows() {
		add("pace of "+strings.Join(r.Families, ", "), r.Facts...)
	}
	for _, f := range families() {
		add("family "+f.ID, Fact{Source: f.Source, Certainty: f.Certainty})
	}
	for _, r := range nameRules() {
		add("names at "+strings.Join(r.Families, ", "), r.Facts...)
	}
	for _, e := range Entries() {
		add("refusal "+e.ID, Fact{Source: e.Source, Certainty: e.Certainty})
	}
	for _, s := range Services() {
		add("the doctor's "+s.Use+" at "+s.At, s.Fact)
	}
	for _, h := range DNSHosts() {
		add("name servers of "+h.Name.En, h.Servers.Fact)
		add("where to click at "+h.Name.En, h.Steps.Fact)
		add("how "+h.Name.En+" writes records", h.Form.Fact)
	}
	for _, i := range Interceptors() {
		add("what opens encryption: issuer “"+i.Word+"”", i.Fact)
	}
	for _, a := range Authorities() {
		add("CAA name "+a.CAA+" of "+a.Issuer, a.Fact)
	}
	for _, k := range RefusedKinds() {
		add("refused kinds of attachments", k.Fact)
	}
	for _, l := range slices.Concat(AddressLists(), DomainLists()) {
		add("block list "+l.Zone, l.Fact)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// number writes 0 as a dash and bytes with a unit.
func number(n int64) string {
	switch {
	case n == 0:
		return "–"
	case n >= 1_000_000:
		return fmt.Sprintf("%.4g MB", float64(n)/1e6)
	case n >= 10_000:
		return fmt.Sprintf("%.4g kB", float64(n)/1e3)
	}
	return fmt.Sprint(n)
}

func joined(ways []Way) string {
	names := make([]string, len(ways))
	for i, w := range ways {
		names[i] = string(w)
	}
	return strings.Join(names, ", ")
}

func both(w Words) string {
	if w.Zh == w.En {
		return w.En
	}
	return w.Zh + " " + w.En
}
