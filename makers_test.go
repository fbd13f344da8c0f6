package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/preset"
	"mailroom/backend/provider"
)

var update = flag.Bool("update", false, "write the part of docs/providers.md that tells of offices anew")

const (
	providersPage = "docs/providers.md"
	officesPart   = "\n## Administering offices\n"
)

// TestTheProvidersPageSaysWhatTheAdaptersDo keeps the end of docs/providers.md true: it
// is made from the adapters. Run with -update to write it.
func TestTheProvidersPageSaysWhatTheAdaptersDo(t *testing.T) {
	page, err := os.ReadFile(providersPage)
	if err != nil {
		t.Fatal(err)
	}
	before, got, _ := strings.Cut(string(page), officesPart)
	want := officesMarkdown(makers())
	if *update {
		if err := os.WriteFile(providersPage, []byte(before+officesPart+want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Error("docs/providers.md differs from the adapters; run: go test . -run ProvidersPage -update")
	}
}

// signs are what a cell of the table says.
var signs = map[provider.Reason]string{
	provider.NotInAPI: "no call", provider.NotProven: "not described", provider.NeedsKey: "needs a key", provider.NeedsPlan: "needs a plan",
}

func officesMarkdown(all []provider.Maker) string {
	var b strings.Builder
	b.WriteString("\nWhat each adapter can do with every key and plan. **yes**; **no call**: the provider has no public one; **not described**: there may be\n" +
		"one, but nothing public says how it works, so it is not offered. The window greys out what an office cannot do, says why, and opens\n" +
		"the provider's console instead. Adapters were proven against emulators written from public texts by somebody else, or against the\n" +
		"real server where one can be run; against the vendors' clouds not yet. Where neither contacts.read nor contacts.edit is a yes, the book of\n" +
		"shared contacts is kept on this computer, with the same import, export, preview and undo, and the window says so.\n\n")
	row := func(first string, cell func(provider.Maker) string) {
		b.WriteString("| " + first + " |")
		for _, m := range all {
			b.WriteString(" " + cell(m) + " |")
		}
		b.WriteByte('\n')
	}
	row("", func(m provider.Maker) string { return fmt.Sprintf("%s %s `%s`", m.Name, m.ChineseName, m.ID) })
	row("---", func(provider.Maker) string { return "---" })
	for _, c := range provider.All() {
		row("`"+string(c)+"`", func(m provider.Maker) string {
			if m.Best.Can(c) {
				return "yes"
			}
			return signs[m.Best.Support[c].Why]
		})
	}
	row("set at creation", func(m provider.Maker) string { return attrs(m.Best.Create) })
	row("changed later", func(m provider.Maker) string { return attrs(m.Best.Change) })
	row("of a department", func(m provider.Maker) string { return attrs(m.Best.Department) })
	row("several departments", func(m provider.Maker) string {
		if m.Best.ManyDepartments {
			return "yes"
		}
		return "one"
	})
	b.WriteString("\n### Fields of an office's file\n\nFor `--office FILE` ([verbs.md](verbs.md)), beside provider, domain, name, baseUrl and readOnly. What is secret goes to the vault.\n" +
		"Where each stands at the provider is told beside the field in the window, and in `frontend/src/i18n/locales/en/office.json`.\n\n" +
		"| adapter | field | |\n|---|---|---|\n")
	for _, m := range all {
		for _, f := range m.Fields {
			fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", m.ID, f.Key, fieldNote(f))
		}
	}
	b.WriteString("\n### What the adapters assume\n\n" +
		"Certainty: **C** the sources differ, **C3** seen in other people's programs, **I** inferred, **M** from memory. Each stays an assumption\n" +
		"until what is named has shown it.\n\n| adapter | assumption | says | certainty | would be proven by |\n|---|---|---|---|---|\n")
	for _, m := range all {
		for _, a := range m.Assumptions {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", m.ID, a.Name, cell(a.Says), a.Certainty, cell(a.Proof))
		}
	}
	b.WriteString("\n### Calls that are described and not made\n\n| adapter | call | why not |\n|---|---|---|\n")
	for _, m := range all {
		for _, u := range m.Unused {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", m.ID, cell(u.Call), cell(u.Why))
		}
	}
	return b.String()
}

// fieldNote says what a field of an office's file must be.
func fieldNote(f provider.Field) string {
	var notes []string
	if f.Required {
		notes = append(notes, "needed")
	}
	switch f.Kind {
	case provider.FieldSecret, provider.FieldKey:
		notes = append(notes, "secret")
	case provider.FieldChoice:
		notes = append(notes, strings.Join(f.Choices, " or "))
	}
	return strings.Join(notes, ", ")
}

// cell makes a sentence fit for a table.
func cell(s string) string { return strings.ReplaceAll(strings.TrimSuffix(s, "."), "|", "\\|") }

func attrs(list []provider.Attr) string {
	var names []string
	for _, a := range list {
		if a != provider.AttrAddress && a != provider.AttrPassword { // part of every creation
			names = append(names, string(a))
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func TestEveryAdapterBelongsToAProvider(t *testing.T) {
	seen := map[provider.ID]bool{}
	for _, m := range makers() {
		if m.ID == "" || seen[m.ID] || m.Name == "" || m.ChineseName == "" || m.New == nil {
			t.Errorf("%q is twice there or not whole", m.ID)
		}
		seen[m.ID] = true
		for _, id := range m.Presets {
			if !slices.ContainsFunc(preset.Providers(), func(p preset.Provider) bool { return p.ID == id }) {
				t.Errorf("%s administers %q, which nobody recognises", m.ID, id)
			}
		}
		for _, a := range m.Assumptions {
			if a.Name == "" || a.Says == "" || a.Proof == "" || !slices.Contains([]string{"C", "C3", "I", "M"}, a.Certainty) {
				t.Errorf("%s assumes %+v", m.ID, a)
			}
		}
		for _, u := range m.Unused {
			if u.Call == "" || u.Why == "" {
				t.Errorf("%s does not make %+v", m.ID, u)
			}
		}
	}
	if m, ok := provider.NewRegistry(makers()...).ForPreset("netease-qiye"); !ok || m.ID != "netease" {
		t.Errorf("an office at NetEase is offered %q", m.ID)
	}
}
