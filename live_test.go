package main

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"
	"time"

	"mailroom/backend/provider"
	"mailroom/backend/provider/providertest"
	"mailroom/backend/secret"
)

// TestLiveOffice runs the adapters' suite against a real office, or an emulated one that
// runs elsewhere: MAILROOM_LIVE_OFFICE names an office file. The suite makes people,
// departments and lists of its own there and deletes them again.
func TestLiveOffice(t *testing.T) {
	file := os.Getenv("MAILROOM_LIVE_OFFICE")
	if file == "" {
		t.Skip("MAILROOM_LIVE_OFFICE names no office file: no real office is touched")
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	office := map[string]string{}
	if err := json.Unmarshal(raw, &office); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	m, err := provider.NewRegistry(makers()...).Maker(provider.ID(office["provider"]))
	if err != nil {
		t.Fatal(err)
	}
	c := provider.Config{Domain: office["domain"], BaseURL: office["baseUrl"], Values: map[string]string{}, Secret: map[string]secret.Value{}}
	var hidden []string
	for _, f := range m.Fields {
		switch value := office[f.Key]; f.Kind {
		case provider.FieldSecret, provider.FieldKey:
			c.Secret[f.Key], hidden = secret.NewValue(value), append(hidden, value)
		default:
			c.Values[f.Key] = value
		}
	}
	day := time.Now().AddDate(1, 0, 0)
	ends := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.FixedZone("", 8*3600)).UTC()
	providertest.Run(t, providertest.Case{
		Maker: m, Domain: office["domain"], Secrets: hidden, NoPages: true, FlatLists: true, Via: http.DefaultTransport,
		New: func(t *testing.T, o *providertest.Outlet) provider.Provider {
			live := c
			live.HTTP = o.Client() // and the adapter's own pace and pauses: it is a real service
			p, err := m.New(live)
			if err != nil {
				t.Fatal(err)
			}
			return p
		},
		NoTroubles: "a real service is not made to fail",
		Untold:     []provider.Attr{provider.AttrSignIn, provider.AttrMailRights},
		Values:     map[provider.Attr]any{provider.AttrExpires: ends}, // some know days of Beijing only
	})
}
