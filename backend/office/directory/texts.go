package directory

import (
	"slices"
	"strings"
	"sync"

	"mailroom/backend/office/naming"
	"mailroom/backend/provider"
)

// texts remembers what people are searched in, from one view to the next: finding out
// how a name is spoken takes longer than anything else.
type texts struct {
	mu sync.Mutex
	of map[string]string // by what a text is made of
}

// fill writes the text of each person to their place.
func (t *texts) fill(to []string, people []provider.Person) {
	if t == nil {
		t = &texts{}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil || len(t.of) > 2*len(people)+1_000 {
		t.of = make(map[string]string, len(people))
	}
	for i, p := range people {
		key := strings.Join(slices.Concat([]string{p.Name, p.Address, p.Mobile, p.Phone, p.StaffNo}, p.Aliases), "\x00")
		text, ok := t.of[key]
		if !ok {
			text = naming.Text(p.Name, slices.Concat([]string{p.Address, p.Mobile, p.Phone, p.StaffNo}, p.Aliases)...)
			t.of[key] = text
		}
		to[i] = text
	}
}
