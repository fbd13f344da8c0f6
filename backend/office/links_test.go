package office_test

import (
	"context"
	"testing"

	"mailroom/backend/office"
	"mailroom/backend/provider"
)

// ownServer is an office on a server of its own, whose console only it knows.
type ownServer struct{ provider.Provider }

func (ownServer) Capabilities(context.Context) (provider.Capabilities, error) {
	return provider.Capabilities{Support: map[provider.Capability]provider.Support{
		provider.CanReadRoles: {Why: provider.NotInAPI, Console: "https://mail.own.example:8443/admin/"},
	}}, nil
}

func TestOnlyPagesThatAreNamedMayBeOpened(t *testing.T) {
	b := newBureau(t)
	maker := provider.Maker{
		ID: "own", Console: "https://vendor.example/", Fields: []provider.Field{{Key: "key", Help: "https://vendor.example/help#key"}},
		New: func(provider.Config) (provider.Provider, error) { return ownServer{}, nil },
	}
	house := office.NewHouse(b.house.Book(), provider.NewRegistry(maker), b, t.TempDir(), nil)
	defer house.Close()
	o, err := house.Book().Save(t.Context(), office.Office{Provider: "own", Domain: "own.example"})
	if err != nil {
		t.Fatal(err)
	}
	if house.Names("https://mail.own.example:8443/admin/") {
		t.Error("a page of an office that is not connected")
	}
	if _, err := house.Live(t.Context(), o.ID); err != nil {
		t.Fatal(err)
	}
	for page, named := range map[string]bool{
		"https://mail.own.example:8443/admin/": true, "https://vendor.example/": true, "https://vendor.example/help#key": true,
		"https://mail.own.example:8443/": false, "https://vendor.example/other": false, "": false,
	} {
		if house.Names(page) != named {
			t.Errorf("%q: %v", page, !named)
		}
	}
}
