package guide

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"mailroom/frontend/src/i18n/locales"
)

func TestEveryGuideLeadsToAnAct(t *testing.T) {
	entries, err := files.ReadDir("data")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(order) || len(order) < 9 {
		t.Errorf("%d files, %d guides", len(entries), len(order))
	}
	probed := map[string]bool{}
	for _, g := range All() {
		if wrong := Check(g); wrong != "" {
			t.Errorf("%s: %s", g.ID, wrong)
		}
		questions, machine := 0, 0
		for _, n := range g.Nodes {
			if len(n.Ask) > 0 {
				questions++
			}
			if n.Probe != "" {
				machine++
				probed[n.Probe] = true
			}
		}
		if machine == 0 {
			t.Errorf("%s asks a person everything", g.ID)
		}
		t.Logf("%s: %d nodes, %d probes, %d questions", g.ID, len(g.Nodes), machine, questions)
	}
	for name := range Probes() {
		if !probed[name] {
			t.Errorf("no guide uses the probe %s", name)
		}
	}
}

// The rules are tried: a check that allows everything is none.
func TestBrokenGuidesAreFound(t *testing.T) {
	act := Node{ID: "do", Acts: []string{"retry"}}
	for name, g := range map[string]Guide{
		"no start":        {ID: "x", Start: "gone", Nodes: []Node{act}},
		"twice":           {ID: "x", Start: "do", Nodes: []Node{act, act}},
		"unreached":       {ID: "x", Start: "do", Nodes: []Node{act, {ID: "b", Acts: []string{"retry"}}}},
		"dead end":        {ID: "x", Start: "a", Nodes: []Node{{ID: "a", Ask: []string{"yes", "no"}, Next: map[string]string{"yes": "do"}}, act}},
		"nowhere":         {ID: "x", Start: "a", Nodes: []Node{{ID: "a", Ask: []string{"yes"}, Next: map[string]string{"yes": "b"}}, act}},
		"nothing":         {ID: "x", Start: "a", Nodes: []Node{{ID: "a"}}},
		"circle":          {ID: "x", Start: "a", Nodes: []Node{{ID: "a", Ask: []string{"yes", "no"}, Next: map[string]string{"yes": "b", "no": "do"}}, {ID: "b", Ask: []string{"yes"}, Next: map[string]string{"yes": "a"}}, act}},
		"unknown probe":   {ID: "x", Start: "a", Nodes: []Node{{ID: "a", Probe: "magic", Next: map[string]string{"ok": "do"}}, act}},
		"outcome missing": {ID: "x", Start: "a", Nodes: []Node{{ID: "a", Probe: "clock", Next: map[string]string{"ok": "do"}}, act}},
		"unknown act":     {ID: "x", Start: "do", Nodes: []Node{{ID: "do", Acts: []string{"pray"}}}},
		"guide to itself": {ID: "junk", Start: "do", Nodes: []Node{{ID: "do", Acts: []string{"guide:junk"}}}},
	} {
		if Check(g) == "" {
			t.Errorf("%s: nothing is wrong", name)
		}
	}
}

func texts(t *testing.T, language string) map[string]any {
	t.Helper()
	raw, err := locales.FS.ReadFile(language + "/guides.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func at(tree map[string]any, path string) (string, bool) {
	var here any = tree
	for key := range strings.SplitSeq(path, ".") {
		m, ok := here.(map[string]any)
		if !ok {
			return "", false
		}
		here = m[key]
	}
	s, ok := here.(string)
	return s, ok && s != ""
}

// Every node, answer, outcome and piece of advice has its text in both languages, and
// no text is left over.
func TestEveryStepHasItsWords(t *testing.T) {
	for _, language := range []string{"en", "zh-CN"} {
		tree := texts(t, language)
		need := func(path string) {
			if _, ok := at(tree, path); !ok {
				t.Errorf("%s: no text %s", language, path)
			}
		}
		for _, g := range All() {
			need("guides.tree." + g.ID + ".title")
			for _, n := range g.Nodes {
				base := "guides.tree." + g.ID + ".node." + n.ID
				switch {
				case len(n.Ask) > 0:
					need(base + ".text")
					for _, a := range n.Ask {
						if _, own := at(tree, base+".choice."+a); !own {
							need("guides.choice." + a)
						}
					}
				case len(n.Acts) > 0:
					need(base + ".title")
					need(base + ".text")
				}
			}
			nodes := tree["guides"].(map[string]any)["tree"].(map[string]any)[g.ID].(map[string]any)["node"].(map[string]any)
			for id := range nodes {
				if _, ok := g.Node(id); !ok {
					t.Errorf("%s: the text of %s.%s has no node", language, g.ID, id)
				}
			}
		}
		for probe, outcomes := range Probes() {
			need("guides.probe." + probe + ".title")
			for _, o := range outcomes {
				need("guides.probe." + probe + "." + o)
			}
		}
		for _, act := range Acts {
			need("guides.act." + act)
		}
		for _, q := range Given().Questions {
			need("guides.question." + q.ID + ".q")
			need("guides.question." + q.ID + ".a")
		}
		for _, p := range Given().Prevent {
			need("guides.prevent." + p.ID)
			need("guides.every." + p.Every)
		}
	}
}

func TestAdviceLeadsSomewhere(t *testing.T) {
	a := Given()
	if len(a.Questions) < 20 || len(a.Prevent) < 12 {
		t.Errorf("%d questions, %d habits", len(a.Questions), len(a.Prevent))
	}
	for _, q := range a.Questions {
		if q.Guide != "" {
			if _, ok := Find(q.Guide); !ok {
				t.Errorf("%s: no guide %s", q.ID, q.Guide)
			}
		}
		if q.Act != "" && !slices.Contains(Acts, q.Act) {
			t.Errorf("%s: no act %s", q.ID, q.Act)
		}
	}
	for _, p := range a.Prevent {
		if p.Act != "" && !slices.Contains(Acts, p.Act) {
			t.Errorf("%s: no act %s", p.ID, p.Act)
		}
	}
}
