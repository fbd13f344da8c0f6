package admin_test

import (
	"context"
	"testing"

	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/admin"
	"mailroom/backend/provider/practice/content"
	"mailroom/backend/provider/providertest"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

func TestSuite(t *testing.T) {
	dir := t.TempDir()
	maker := admin.Maker(nil)
	var last *admin.Adapter
	providertest.Run(t, providertest.Case{
		Maker: maker, Domain: content.NewDomain, NoTroubles: "the practice office is in this process: there is no way that could fail",
		Secrets: []string{content.Staff(1)[0].Password},
		New: func(t *testing.T, o *providertest.Outlet) provider.Provider {
			p, err := maker.New(provider.Config{Dir: dir, HTTP: o.Client(), Wait: o.Wait, Values: map[string]string{"page": "2"}})
			if err != nil {
				t.Fatal(err)
			}
			last = p.(*admin.Adapter)
			return p
		},
		SignIn: func(ctx context.Context, address, password string) error { return last.SignIn(ctx, address, password) },
	})
}
