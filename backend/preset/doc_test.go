package preset

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/providers.md anew")

const providersPage = "../../docs/providers.md"

// TestTheProvidersPageSaysWhatTheDataSay keeps docs/providers.md true: it is made from
// the data and nothing else. Run with -update to write it.
func TestTheProvidersPageSaysWhatTheDataSay(t *testing.T) {
	want := providersMarkdown()
	if *update {
		if err := os.WriteFile(providersPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(providersPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/providers.md differs from the data; run: go test ./backend/preset -run ProvidersPage -update")
	}
}

func providersMarkdown() string {
	var b strings.Builder
	b.WriteString(`# Providers

This page is made from the data in ` + "`backend/preset/data`" + ` by a test that fails when the two differ.
Certainty: **C** confirmed in the source named, **M** from memory, **I** inferred. What is M or I is an assumption:
it is listed at the end, and the first real account of that provider proves or corrects it.

What Mailroom does with every provider below, as a place to move from and to: sign in over IMAP, all folders, flags, dates,
exactly once, proof, undo. Administering a provider through its own API is not built yet.

## Choosing a provider

| provider | IMAP server | family | certainty |
|---|---|---|---|
`)
	for _, p := range Providers() {
		fmt.Fprintf(&b, "| %s %s | `%s:%d` | %s | %s |\n", p.NameZh, p.NameEn, p.IMAP, p.Port, cmp.Or(p.Family, "unknown"), p.Certainty)
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
	b.WriteString("\n## Assumptions\n\nEach stays an assumption until a real account has shown it. What would prove it: a move from and to one mailbox there, with `--log`.\n\n")
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
		add("server of "+p.NameEn, p.Fact)
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
