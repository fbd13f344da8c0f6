package corpus

import (
	"context"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/servers"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestTheSameSeedMakesTheSameMailbox(t *testing.T) {
	a, b := Expected(Small(800, 1)), Expected(Small(800, 1))
	if d := Compare(a, b, Rules{}); !d.Empty() {
		t.Errorf("the same seed gives another mailbox:\n%s", d)
	}
	if d := Compare(a, Expected(Small(800, 2)), Rules{}); len(d.Lost)+len(d.Altered) < 790 {
		t.Errorf("another seed gives much of the same mailbox:\n%s", d)
	}
}

func TestSmallIsAnOrdinaryMailbox(t *testing.T) {
	const n = 4000
	sums, labels := map[string]int{}, map[string]int{}
	var bytes int64
	keyworded, withoutID, twins := 0, 0, 0
	for _, c := range Expected(Small(n, 1)) {
		for _, e := range c.Messages {
			sums[e.Sum]++
			labels[e.Label]++
			bytes += e.Size
			if len(e.Keywords) > 0 {
				keyworded++
			}
			if !strings.HasPrefix(e.Label, "<") {
				withoutID++
			}
		}
	}
	for _, times := range labels {
		if times > 1 {
			twins += times - 1
		}
	}
	within := func(what string, got, low, high int) {
		if got < low || got > high {
			t.Errorf("%s: %d, want %d to %d", what, got, low, high)
		}
	}
	within("exact copies", n-len(sums), 8, 40)
	within("messages with a label that another one has", twins-(n-len(sums)), 4, 60)
	within("messages without Message-ID", withoutID, 15, 80)
	within("messages with keywords", keyworded, n*19/100, n*25/100)
	within("average size", int(bytes/n), 5000, 9000)
}

func TestAwkwardNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	c := Awkward(false)
	for m := range c.Messages {
		if seen[m.Name] {
			t.Errorf("two shapes are called %s", m.Name)
		}
		seen[m.Name] = true
	}
	if len(seen) != c.Count || len(seen) < 90 {
		t.Errorf("%d shapes, Count says %d", len(seen), c.Count)
	}
	if got := Shape("60-mb").Size; got < 60<<20 {
		t.Errorf("60-mb has %d bytes", got)
	}
}

func TestDovecotServesWhatWasFilled(t *testing.T) {
	s := servers.Dovecot(t)
	c := Small(1500, 3)
	if _, err := Fill(t.Context(), s, s.Users[0], c); err != nil {
		t.Fatal(err)
	}
	got, err := ReadServer(t.Context(), s, s.Users[0])
	if err != nil {
		t.Fatal(err)
	}
	if d := Compare(Expected(c), got, Rules{}); !d.Empty() {
		t.Errorf("the account differs from its corpus:\n%s", d)
	}
}

func TestDovecotServesAwkwardMailAsItWas(t *testing.T) {
	for name, tc := range map[string]struct {
		corpus  Corpus
		fill    func(context.Context, *servers.Server, Corpus) (Filled, error)
		changes []string
	}{
		"from the disk": {Awkward(false), func(ctx context.Context, s *servers.Server, c Corpus) (Filled, error) {
			return Fill(ctx, s, s.Users[0], c)
		},
			[]string{"nul-in-body", "nul-in-header"}},
		"appended": {Awkward(true), func(ctx context.Context, s *servers.Server, c Corpus) (Filled, error) {
			return FillIMAP(ctx, LoginOf(s, s.Users[0]), c)
		},
			ChangedBy("dovecot")},
	} {
		t.Run(name, func(t *testing.T) {
			s := servers.Dovecot(t)
			filled, err := tc.fill(t.Context(), s, tc.corpus)
			if err != nil || len(filled.Refused) > 0 || filled.Messages != tc.corpus.Count {
				t.Fatal(filled, err)
			}
			got, err := ReadServer(t.Context(), s, s.Users[0])
			if err != nil {
				t.Fatal(err)
			}
			d := Compare(Expected(tc.corpus), got, Rules{})
			for _, change := range tc.changes {
				if !strings.Contains(strings.Join(d.Altered, "\n"), "<"+change+"@") {
					t.Errorf("%s arrived unchanged: ChangedBy is out of date", change)
				}
				d.Altered = slices.DeleteFunc(d.Altered, func(line string) bool { return strings.Contains(line, "<"+change+"@") })
			}
			if !d.Empty() {
				t.Errorf("the account differs from its corpus:\n%s", d)
			}
		})
	}
}

func TestIMAPFillsAsTheDiskDoes(t *testing.T) {
	c := Small(600, 4)
	for name, o := range map[string]servers.Options{
		"in a window": {}, "asked for each": {Without: []string{"LITERAL+"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := servers.Dovecot(t, o)
			filled, err := FillIMAP(t.Context(), LoginOf(s, s.Users[0]), c)
			if err != nil || len(filled.Refused) > 0 {
				t.Fatal(err, filled.Refused)
			}
			got, err := ReadServer(t.Context(), s, s.Users[0])
			if err != nil {
				t.Fatal(err)
			}
			if d := Compare(Expected(c), got, Rules{}); !d.Empty() {
				t.Errorf("the account differs from its corpus:\n%s", d)
			}
		})
	}
}

func TestCompareTellsEveryKindOfDamage(t *testing.T) {
	base := func() Manifest { return Expected(Small(400, 9)) }
	for name, tc := range map[string]struct {
		damage func(c *Contents)
		found  func(d Difference) int
	}{
		"lost":         {func(c *Contents) { c.Messages = c.Messages[1:] }, func(d Difference) int { return len(d.Lost) }},
		"doubled":      {func(c *Contents) { c.Messages = append(c.Messages, c.Messages[0]) }, func(d Difference) int { return len(d.Doubled) }},
		"altered":      {func(c *Contents) { c.Messages[0].Sum = "0" }, func(d Difference) int { return len(d.Altered) }},
		"date":         {func(c *Contents) { c.Messages[0].Date = c.Messages[0].Date.Add(1e9) }, func(d Difference) int { return len(d.Dates) }},
		"flag":         {func(c *Contents) { c.Messages[0].Flags = []string{`\x`} }, func(d Difference) int { return len(d.Flags) }},
		"keyword":      {func(c *Contents) { c.Messages[0].Keywords = []string{"x"} }, func(d Difference) int { return len(d.Keywords) }},
		"subscription": {func(c *Contents) { c.Subscribed = !c.Subscribed }, func(d Difference) int { return len(d.Subscriptions) }},
		"kind":         {func(c *Contents) { c.NoSelect = true }, func(d Difference) int { return len(d.Folders) }},
		"strange": {func(c *Contents) { c.Messages = append(c.Messages, Entry{Sum: "1", Label: "nobody's"}) },
			func(d Difference) int { return len(d.Strange) }},
	} {
		m := base()
		tc.damage(m["R&D"])
		d := Compare(base(), m, Rules{})
		if tc.found(d) != 1 {
			t.Errorf("%s: found\n%s", name, d)
		}
	}
	m := base()
	delete(m, "R&D")
	if d := Compare(base(), m, Rules{}); len(d.Folders) != 1 || len(d.Lost) == 0 {
		t.Errorf("a missing folder: %s", d)
	}
}

func TestBigIsStreamed(t *testing.T) {
	for m := range Big(3, 1).Messages {
		w := newEntry()
		buf := make([]byte, 1000)
		r := m.Open()
		for {
			n, err := r.Read(buf)
			_, _ = w.Write(buf[:n])
			if err != nil {
				break
			}
		}
		if e := w.entry(); e.Size != m.Size || m.Size < 1_000_000 {
			t.Errorf("message %s: %d bytes, Size says %d", m.Name, e.Size, m.Size)
		}
	}
}
