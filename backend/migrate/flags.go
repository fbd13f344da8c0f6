package migrate

import (
	"slices"
	"strings"

	"mailroom/backend/mailbox"
)

const deleted = `\Deleted`

// packFlags makes the ledger's form: sorted, without \Recent and repetitions.
func packFlags(flags []string) string {
	kept := make([]string, 0, len(flags))
	for _, f := range flags {
		if f != "" && !strings.EqualFold(f, `\Recent`) && !strings.ContainsAny(f, " \r\n\x00") {
			kept = append(kept, f)
		}
	}
	slices.Sort(kept)
	return strings.Join(slices.Compact(kept), " ")
}

func unpackFlags(packed string) []string { return strings.Fields(packed) }

func hasFlag(packed, flag string) bool {
	return slices.ContainsFunc(unpackFlags(packed), func(f string) bool { return strings.EqualFold(f, flag) })
}

// A flagFilter knows which flags a destination folder can hold.
type flagFilter struct {
	all       bool
	anyWord   bool
	permanent map[string]bool // lower case
}

func newFlagFilter(st mailbox.Status) flagFilter {
	f := flagFilter{all: st.PermanentFlags == nil, permanent: map[string]bool{}}
	for _, p := range st.PermanentFlags {
		if p == `\*` {
			f.anyWord = true
		}
		f.permanent[strings.ToLower(p)] = true
	}
	return f
}

// pick splits flags into those the folder keeps and those it cannot hold.
func (f flagFilter) pick(flags []string) (kept, dropped []string) {
	for _, flag := range flags {
		system := strings.HasPrefix(flag, `\`)
		switch {
		case f.all && (!system || systemFlag(flag)), f.permanent[strings.ToLower(flag)], !system && f.anyWord:
			kept = append(kept, flag)
		default:
			dropped = append(dropped, flag)
		}
	}
	return kept, dropped
}

// systemFlag tells the flags of RFC 9051 section 2.3.2 that may be stored. Other
// names with a backslash are a server's own and are refused elsewhere.
func systemFlag(flag string) bool {
	switch strings.ToLower(flag) {
	case `\answered`, `\flagged`, `\deleted`, `\seen`, `\draft`:
		return true
	}
	return false
}

func systemOnly(flags []string) []string {
	return slices.DeleteFunc(slices.Clone(flags), func(f string) bool { return !systemFlag(f) })
}

// flagChange is what happened to a message's flags at the source.
type flagChange struct{ add, remove string }

// changed compares two packed sets.
func changed(before, after string) flagChange {
	was, is := unpackFlags(before), unpackFlags(after)
	minus := func(a, b []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(a), func(f string) bool { return slices.Contains(b, f) }), " ")
	}
	return flagChange{add: minus(is, was), remove: minus(was, is)}
}
