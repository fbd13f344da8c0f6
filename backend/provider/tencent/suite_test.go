package tencent_test

import (
	"testing"

	"mailroom/backend/provider"
	"mailroom/backend/provider/providertest"
	"mailroom/backend/provider/tencent"
	"mailroom/backend/secret"
	"mailroom/backend/testkit/leak"
	emulated "mailroom/backend/testkit/vendors/tencent"
)

func TestMain(m *testing.M) { leak.Main(m) }

const domain = "office.example.com"

// apps pairs the form's fields with the emulated apps.
var apps = map[string]emulated.App{
	"contactSecret": emulated.Contacts, "logSecret": emulated.Logs, "optionSecret": emulated.Options,
	"noticeSecret": emulated.NewMail, "signInSecret": emulated.SignOn,
}

// company starts an emulated company and the configuration for it.
func company(t *testing.T) (*emulated.Server, provider.Config) {
	t.Helper()
	s := emulated.New(domain)
	t.Cleanup(s.Close)
	c := provider.Config{
		Domain: domain, BaseURL: s.BaseURL(), Values: map[string]string{"corpId": emulated.CorpID},
		Secret: map[string]secret.Value{}, Pace: 1e6,
	}
	for field, app := range apps {
		c.Secret[field] = secret.NewValue(s.Secret(app))
	}
	return s, c
}

func connect(t *testing.T, c provider.Config) *tencent.Office {
	t.Helper()
	o, err := tencent.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o
}

func TestSuite(t *testing.T) {
	s, c := company(t)
	s.Fill(7, 3)
	var secrets []string
	for _, app := range apps {
		secrets = append(secrets, s.Secret(app))
	}
	says := func(code string) providertest.Answer {
		return providertest.Answer{Status: 200, Body: `{"errcode":` + code + `,"errmsg":"refused, hint: [ECHO]"}`}
	}
	providertest.Run(t, providertest.Case{
		Maker: tencent.Maker(), Domain: domain, Secrets: secrets, NoPages: true,
		New: func(t *testing.T, o *providertest.Outlet) provider.Provider {
			mine := c
			mine.HTTP, mine.Wait = o.Client(), o.Wait
			office := connect(t, mine)
			if _, err := office.Domains(t.Context()); err != nil { // it knows which addresses are its own
				t.Fatal(err)
			}
			return office
		},
		Answers: map[providertest.Trouble]providertest.Answer{
			providertest.KeyRefused: says("40014"), providertest.NoRight: says("48002"), providertest.TooMany: says("45009"),
			providertest.Broken: says("-1"), providertest.Missing: says("60111"), providertest.Exists: says("60102"),
		},
	})
}
