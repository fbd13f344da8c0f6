package corpus

import (
	"slices"
	"strings"
	"testing"

	"mailroom/backend/testkit/servers"
)

// The others than Dovecot, filled by IMAP: Cyrus makes parents real.
func TestCyrusAndCourierServeWhatWasFilled(t *testing.T) {
	c := Small(300, 5)
	for name, start := range map[string]func(testing.TB, ...servers.Options) *servers.Server{
		"cyrus": servers.Cyrus, "courier": servers.Courier,
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			filled, err := Fill(t.Context(), s, s.Users[0], c)
			if err != nil || len(filled.Refused) > 0 {
				t.Fatalf("%v %v", filled, err)
			}
			got, err := ReadServer(t.Context(), s, s.Users[0])
			if err != nil {
				t.Fatal(err)
			}
			if d := Compare(Expected(c), got, Rules{ParentsAreReal: true}); !d.Empty() {
				t.Errorf("the account differs from its corpus:\n%s", d)
			}
		})
	}
}

func TestAwkwardMailIsKeptChangedOrRefusedAsTold(t *testing.T) {
	c := Awkward(false)
	names := map[string]string{} // by sum
	for m := range c.Messages {
		w := newEntry()
		_, _ = w.Write(m.Bytes())
		names[w.entry().Sum] = m.Name
	}
	for kind, start := range map[string]func(testing.TB, ...servers.Options) *servers.Server{
		"cyrus": servers.Cyrus, "courier": servers.Courier,
	} {
		t.Run(kind, func(t *testing.T) {
			s := start(t)
			filled, err := Fill(t.Context(), s, s.Users[0], c)
			if err != nil {
				t.Fatal(err)
			}
			for shape, words := range filled.Refused {
				t.Logf("refused: %s: %s", shape, words)
			}
			got, err := ReadServer(t.Context(), s, s.Users[0])
			if err != nil {
				t.Fatal(err)
			}
			kept := map[string]bool{}
			for _, contents := range got {
				for _, e := range contents.Messages {
					kept[names[e.Sum]] = true
				}
			}
			for m := range c.Messages {
				refused, changed := filled.Refused[m.Name] != "", slices.Contains(ChangedBy(kind), m.Name)
				// Bare line feeds cannot be told from line ends once they are stored.
				if !kept[m.Name] && !refused && !changed && !strings.HasPrefix(m.Name, "exact-copy") {
					t.Errorf("%s is neither kept nor told to be changed", m.Name)
				}
				if kept[m.Name] && changed {
					t.Errorf("%s is kept: ChangedBy is out of date", m.Name)
				}
			}
			if got.Count() != filled.Messages {
				t.Errorf("%d messages of %d that were accepted", got.Count(), filled.Messages)
			}
		})
	}
}
