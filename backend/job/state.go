// Package job runs long work of any kind: it keeps the state of every piece of work
// on the disk, starts, pauses, repeats and ends it, and measures speed and time left.
//
// It leaves out what the work is (it knows nothing of mail) and who looks at it.
package job

// State is the state of a job.
type State string

// The states. Paused with [Job.Interrupted] means that the program ended in between.
const (
	Queued   State = "queued"
	Running  State = "running"
	Pausing  State = "pausing" // asked to pause or to cancel, still at work
	Paused   State = "paused"
	Waiting  State = "waiting" // will go on by itself at [Job.Next]
	Done     State = "done"
	Failed   State = "failed"
	Canceled State = "canceled"
)

// States lists all states.
var States = []State{Queued, Running, Pausing, Paused, Waiting, Done, Failed, Canceled}

// transitions says which state may follow which. Nothing else may change a state.
var transitions = map[State][]State{
	Queued:   {Running, Paused, Canceled},
	Running:  {Pausing, Paused, Waiting, Done, Failed, Canceled},
	Pausing:  {Paused, Done, Failed, Canceled},
	Paused:   {Queued, Canceled},
	Waiting:  {Queued, Paused, Canceled},
	Done:     {Queued},
	Failed:   {Queued, Canceled},
	Canceled: {Queued},
}

// MayFollow says whether a job may go from one state to another.
func MayFollow(from, to State) bool {
	for _, s := range transitions[from] {
		if s == to {
			return true
		}
	}
	return false
}

// Active says whether a job in this state is at work or will go on by itself.
func (s State) Active() bool {
	return s == Queued || s == Running || s == Pausing || s == Waiting
}
