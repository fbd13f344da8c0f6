package rawcopy

import (
	"testing"

	"mailroom/backend/testkit/corpus"
	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/servers"
)

func TestMain(m *testing.M) { leak.Main(m) }

func end(s *servers.Server) End {
	return End{Addr: s.Addr(), User: s.Users[0].Name, Password: s.Users[0].Password}
}

// The limit is worth something only if what it copies is all there.
func TestEverythingIsCopied(t *testing.T) {
	source := servers.Dovecot(t)
	c := corpus.Small(700, 1)
	if _, err := corpus.Fill(t.Context(), source, source.Users[0], c); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		batch int
		opts  servers.Options
	}{
		"multiappend": {100, servers.Options{}}, "append": {1, servers.Options{}},
		"asked": {100, servers.Options{Without: []string{"MULTIAPPEND", "LITERAL+"}}},
	} {
		t.Run(name, func(t *testing.T) {
			target := servers.Dovecot(t, tc.opts)
			got, err := Copy(t.Context(), end(source), end(target), tc.batch)
			if err != nil || got.Messages != 700 {
				t.Fatalf("%+v %v", got, err)
			}
			m, err := corpus.ReadServer(t.Context(), target, target.Users[0])
			if err != nil {
				t.Fatal(err)
			}
			if d := corpus.Compare(corpus.Expected(c), m, corpus.Rules{AnySubscribed: true}); !d.Empty() {
				t.Errorf("the copy differs:\n%s", d)
			}
		})
	}
}

func TestARefusalEndsIt(t *testing.T) {
	source := servers.Dovecot(t)
	if _, err := corpus.Fill(t.Context(), source, source.Users[0], corpus.Small(200, 1)); err != nil {
		t.Fatal(err)
	}
	for _, batch := range []int{1, 100} {
		if _, err := Copy(t.Context(), end(source), end(servers.Dovecot(t, servers.Options{QuotaMessages: 50})), batch); err == nil {
			t.Error("more than the quota was copied")
		}
	}
}
