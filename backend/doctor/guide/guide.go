// Package guide holds the guides that lead from a complaint to an act, as data: what
// the program finds out by itself (probes), what only a person knows (questions), and
// what to do at the end. It leaves out carrying out probes and acts, and every text:
// those stand in the page's language files under guides.tree.GUIDE.node.NODE.
package guide

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

//go:embed data/*.json probes.json advice.json
var files embed.FS

// Guide is one tree from a complaint to acts.
type Guide struct {
	ID    string `json:"id"`
	Start string `json:"start"`
	Nodes []Node `json:"nodes"`
}

// Node is one step. Exactly one of Probe, Ask and Acts is set.
type Node struct {
	ID    string            `json:"id"`
	Probe string            `json:"probe,omitempty"` // what the program finds out; one of [Probes]
	Ask   []string          `json:"ask,omitempty"`   // answers to a question, in their order
	Acts  []string          `json:"acts,omitempty"`  // what can be done here: a leaf
	Next  map[string]string `json:"next,omitempty"`  // the node for each outcome or answer
}

// Acts is the closed set of acts. "guide:ID" leads on to another guide.
var Acts = []string{
	"retry", "open-help", "open-console", "open-webmail", "check-domain", "read-bounce", "read-header", "test-letter",
	"support-sheet", "copy-ports", "copy-settings", "open-move", "open-records", "open-lists",
}

// Advice is what stands beside the guides: questions with answers, and what to do so
// that nothing breaks. Both are ids with texts under guides.question and guides.prevent.
type Advice struct {
	Questions []Question   `json:"questions"`
	Prevent   []Prevention `json:"prevent"`
}

// Question is one with its answer; Guide leads on, "" nowhere.
type Question struct {
	ID    string   `json:"id"`
	Words []string `json:"words"` // what else people type to find it
	Guide string   `json:"guide"`
	Act   string   `json:"act"` // one of [Acts], "" none
}

// Prevention is one habit; Every says how often: week, month, quarter, year, once.
type Prevention struct {
	ID    string `json:"id"`
	Every string `json:"every"`
	Act   string `json:"act"`
}

var (
	guides = loadGuides()
	probes = loadProbes()
	advice = loadAdvice()
)

// order is how the guides are shown: the most frequent complaint first.
var order = []string{"sign-in", "sending", "receiving", "junk", "attachments", "full-mailbox", "client", "second-factor", "encryption"}

// All lists the guides.
func All() []Guide { return slices.Clone(guides) }

// Find returns a guide by its id.
func Find(id string) (Guide, bool) {
	i := slices.IndexFunc(guides, func(g Guide) bool { return g.ID == id })
	if i < 0 {
		return Guide{}, false
	}
	return guides[i], true
}

// Probes are what the program can find out, with every outcome of each.
func Probes() map[string][]string { return probes }

// Given returns questions, answers and prevention.
func Given() Advice { return advice }

// Node finds a node.
func (g Guide) Node(id string) (Node, bool) {
	i := slices.IndexFunc(g.Nodes, func(n Node) bool { return n.ID == id })
	if i < 0 {
		return Node{}, false
	}
	return g.Nodes[i], true
}

func read(name string, into any) {
	raw, err := files.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil { // embedded and tested: only a broken build comes here
		panic(fmt.Sprintf("guide: %s: %v", name, err))
	}
}

func loadGuides() []Guide {
	all := make([]Guide, len(order))
	for i, id := range order {
		read("data/"+id+".json", &all[i])
	}
	return all
}

func loadProbes() map[string][]string {
	var p struct{ Probes map[string][]string }
	read("probes.json", &p)
	return p.Probes
}

func loadAdvice() Advice {
	var a Advice
	read("advice.json", &a)
	return a
}

// Check tells what is wrong with a guide, "" nothing: every node is reached, leads on
// or is an act, covers every outcome, and nothing leads in a circle.
func Check(g Guide) string {
	if _, ok := g.Node(g.Start); !ok {
		return "the start " + g.Start + " is missing"
	}
	seen := map[string]bool{}
	for _, n := range g.Nodes {
		if seen[n.ID] {
			return n.ID + " stands twice"
		}
		seen[n.ID] = true
		if wrong := checkNode(g, n); wrong != "" {
			return wrong
		}
	}
	reached := map[string]bool{}
	if wrong := walk(g, g.Start, nil, reached); wrong != "" {
		return wrong
	}
	for id := range seen {
		if !reached[id] {
			return id + " is never reached"
		}
	}
	return ""
}

func checkNode(g Guide, n Node) string {
	kinds := 0
	for _, is := range []bool{n.Probe != "", len(n.Ask) > 0, len(n.Acts) > 0} {
		if is {
			kinds++
		}
	}
	if kinds != 1 {
		return n.ID + " must be exactly one of a probe, a question or acts"
	}
	ways := n.Ask
	if n.Probe != "" {
		if ways = probes[n.Probe]; ways == nil {
			return n.ID + ": there is no probe " + n.Probe
		}
	}
	if len(n.Acts) > 0 {
		for _, act := range n.Acts {
			other, leads := strings.CutPrefix(act, "guide:")
			if leads && (!slices.Contains(order, other) || other == g.ID) || !leads && !slices.Contains(Acts, act) {
				return n.ID + ": there is no act " + act
			}
		}
		if len(n.Next) > 0 {
			return n.ID + " is an act and leads on"
		}
		return ""
	}
	if len(ways) != len(n.Next) {
		return fmt.Sprintf("%s: %d ways, %d of them lead on", n.ID, len(ways), len(n.Next))
	}
	for _, way := range ways {
		if _, ok := g.Node(n.Next[way]); !ok {
			return n.ID + ": " + way + " leads nowhere"
		}
	}
	return ""
}

func walk(g Guide, id string, path []string, reached map[string]bool) string {
	if slices.Contains(path, id) {
		return "a circle: " + strings.Join(append(path, id), " → ")
	}
	reached[id] = true
	n, _ := g.Node(id)
	for _, to := range n.Next {
		if wrong := walk(g, to, append(path[:len(path):len(path)], id), reached); wrong != "" {
			return wrong
		}
	}
	return ""
}
