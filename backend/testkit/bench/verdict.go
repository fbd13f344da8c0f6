package bench

import (
	"fmt"
	"strings"

	"mailroom/backend/testkit/corpus"
)

// verdict is what has become of the mail, counted.
type verdict struct {
	Arrived                                 int
	Lost, Doubled, Altered, Strange         int
	Dates, Flags, Keywords, Subscribed, Map int
}

func (v *verdict) add(arrived int, d corpus.Difference) {
	v.Arrived += arrived
	v.Lost += len(d.Lost)
	v.Doubled += len(d.Doubled)
	v.Altered += len(d.Altered)
	v.Strange += len(d.Strange)
	v.Dates += len(d.Dates)
	v.Flags += len(d.Flags)
	v.Keywords += len(d.Keywords)
	v.Subscribed += len(d.Subscriptions)
	v.Map += len(d.Folders)
}

// String is "identical", or what differs.
func (v verdict) String() string {
	var out []string
	for _, part := range []struct {
		name string
		n    int
	}{
		{"lost", v.Lost}, {"doubled", v.Doubled}, {"altered", v.Altered}, {"strange", v.Strange}, {"dates", v.Dates},
		{"flags", v.Flags}, {"keywords", v.Keywords}, {"subscriptions", v.Subscribed}, {"folders", v.Map},
	} {
		if part.n > 0 {
			out = append(out, fmt.Sprintf("%s %d", part.name, part.n))
		}
	}
	if len(out) == 0 {
		return "identical"
	}
	return strings.Join(out, ", ")
}

// whole tells whether every message arrived once, unchanged.
func (v verdict) whole() bool { return v == verdict{Arrived: v.Arrived} }
