package assist

import (
	"slices"
	"strings"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/dmarc"
)

// tags reads a DMARC record: pieces without "=" and second occurrences are dropped.
func tags(text string) []doctor.Tag {
	var all []doctor.Tag
	seen := map[string]bool{}
	for _, t := range doctor.Tags(text) {
		name := strings.ToLower(t.Name)
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		all = append(all, doctor.Tag{Name: name, Value: t.Value})
	}
	return all
}

// write puts v first and p second, as every reader old and new understands it.
func write(all []doctor.Tag) string {
	order := map[string]int{"v": 0, "p": 1, "sp": 2, "np": 3}
	rank := func(t doctor.Tag) int {
		if n, ok := order[t.Name]; ok {
			return n
		}
		return len(order)
	}
	slices.SortStableFunc(all, func(a, b doctor.Tag) int { return rank(a) - rank(b) })
	parts := make([]string, len(all))
	for i, t := range all {
		parts[i] = t.Name + "=" + t.Value
	}
	return strings.Join(parts, "; ")
}

// TidyDMARC writes a record in order, each tag once.
func TidyDMARC(text string) string { return write(tags(text)) }

// SetTag gives a record a tag, or the tag another value.
func SetTag(text, name, value string) string {
	all := tags(text)
	for i := range all {
		if all[i].Name == name {
			all[i].Value = value
			return write(all)
		}
	}
	return write(append(all, doctor.Tag{Name: name, Value: value}))
}

// WithoutTags takes tags out.
func WithoutTags(text string, names ...string) string {
	return write(slices.DeleteFunc(tags(text), func(t doctor.Tag) bool { return slices.Contains(names, t.Name) }))
}

// SetPolicy sets p.
func SetPolicy(text string, p dmarc.Policy) string { return SetTag(text, "p", string(p)) }

// RepairDMARC makes a record of a text that was meant to be one: version first and in
// the right case, a policy, and where reports go if it says nothing.
func RepairDMARC(near, domain string) string {
	var all []doctor.Tag
	for _, t := range tags(near) {
		if t.Name != "v" {
			all = append(all, t)
		}
	}
	text := write(append([]doctor.Tag{{Name: "v", Value: "DMARC1"}}, all...))
	r := dmarc.Parse(text)
	if r.P == dmarc.Absent || r.P == dmarc.Wrong {
		text = SetPolicy(text, dmarc.None)
	}
	if len(r.RUA) == 0 {
		text = SetTag(text, "rua", "mailto:postmaster@"+domain)
	}
	return text
}
