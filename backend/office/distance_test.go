package office_test

import (
	"fmt"
	"time"
)

// far is through for what several people may go through at once, over the distance.
func (v *vendor) far(call, target string, do func() error) error {
	v.enter(call, target)
	defer v.leave(target)
	time.Sleep(v.away) // the distance
	return v.through(call, target, do)
}

// enter notes a change that is under way, and what must not be under way beside it.
func (v *vendor) enter(call, target string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for other, what := range v.underWay {
		if other == target || what != call {
			v.flaws = append(v.flaws, fmt.Sprintf("%s %s beside %s %s", call, target, what, other))
		}
	}
	if v.underWay == nil {
		v.underWay = map[string]string{}
	}
	v.underWay[target] = call
}

func (v *vendor) leave(target string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.underWay, target)
}

// under counts the changes of people that are under way.
func (v *vendor) under() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.underWay)
}
