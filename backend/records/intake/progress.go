package intake

import (
	"cmp"
	"slices"
	"time"

	"mailroom/backend/logs"
	"mailroom/backend/records"
)

// Progress is where a round is.
type Progress struct {
	Kind   logs.Kind
	Window records.Span // that is being asked for; what is later than its end was asked for already
	Person string       // who is asked about; "" everybody
	// Done of All are questions: windows, times the people where each is asked for
	// alone. All grows where a window must be halved.
	Done, All int
	Rows      int // that the source has told
	Tally     records.Tally
	// Left is how long the rest will take, by what the round took so far and by the
	// source's pace; -1 is not known.
	Left time.Duration
	Pace float64 // questions a second that the source is asked at most; 0: not known
}

// round is one run over all kinds of a source.
type round struct {
	*Job
	kinds []*kind
	began time.Time

	done, all int // questions of whole steps
	asked     int // questions of the present step
	rows      int
}

// step is a window of a kind.
type step struct {
	kind   *kind
	window records.Span
}

// steps puts the windows of all kinds in order, the newest first.
func (r *round) steps() []step {
	var all []step
	for _, k := range r.kinds {
		for _, w := range k.planned {
			all = append(all, step{k, w})
			r.all += k.weight()
		}
	}
	slices.SortStableFunc(all, func(a, b step) int {
		return cmp.Or(b.window.To.Compare(a.window.To), b.window.From.Compare(a.window.From))
	})
	return all
}

// stepped counts a step as done, however it ended.
func (r *round) stepped(s step) {
	r.done += s.kind.weight()
	r.asked = 0
	r.tell(s.kind, s.window, "")
}

func (r *round) tell(k *kind, w records.Span, person string) {
	if r.Tell == nil {
		return
	}
	p := Progress{Kind: k.reach.Kind, Window: w, Person: person, Done: r.done + min(r.asked, k.weight()), All: r.all, Rows: r.rows, Left: -1}
	for _, each := range r.kinds {
		p.Tally.Add(each.tally)
	}
	if paced, ok := r.Source.(logs.Paced); ok {
		p.Pace = paced.Pace()
	}
	p.Left = left(p, r.now().Sub(r.began))
	r.Tell(p)
}

// left is how long the rest will take. The first questions after a rest are answered at
// once: the source's pace counts where it is slower than what was seen.
func left(p Progress, took time.Duration) time.Duration {
	rest := float64(p.All - p.Done)
	each := time.Duration(-1)
	if p.Done > 0 {
		each = took / time.Duration(p.Done)
	}
	if p.Pace > 0 {
		each = max(each, time.Duration(float64(time.Second)/p.Pace))
	}
	if each < 0 {
		return -1
	}
	return time.Duration(rest * float64(each))
}

func (r *round) results() []Result {
	var all []Result
	for _, k := range r.kinds {
		all = append(all, Result{Kind: k.reach.Kind, Tally: k.tally, Err: cmp.Or(k.err, k.outside)})
	}
	return all
}
