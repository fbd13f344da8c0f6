package alimail_test

import (
	"testing"

	"mailroom/backend/provider"
	"mailroom/backend/provider/alimail"
	"mailroom/backend/provider/providertest"
	"mailroom/backend/secret"
	"mailroom/backend/testkit/leak"
	emulated "mailroom/backend/testkit/vendors/alimail"
)

func TestMain(m *testing.M) { leak.Main(m) }

const domain = "office.example.com"

// company starts an emulated company and the configuration for it.
func company(t *testing.T) (*emulated.Server, provider.Config) {
	t.Helper()
	s := emulated.New(domain)
	t.Cleanup(s.Close)
	return s, provider.Config{
		Domain: domain, BaseURL: s.BaseURL(), Values: map[string]string{"clientId": emulated.ClientID},
		Secret: map[string]secret.Value{"clientSecret": secret.NewValue(s.Secret())}, Pace: 1e6,
	}
}

func connect(t *testing.T, c provider.Config) *alimail.Office {
	t.Helper()
	o, err := alimail.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o
}

func TestSuite(t *testing.T) {
	for name, prepare := range map[string]func(*emulated.Server){
		"departments list their own people": func(*emulated.Server) {},
		"departments list whom they hold below, too": func(s *emulated.Server) {
			s.UsersBelow(true)
			s.RootAsAlias(true)
			s.FoldersAsValue(true)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, c := company(t)
			prepare(s)
			s.Fill(9, 4)
			says := func(status int) providertest.Answer {
				return providertest.Answer{Status: status, Body: `{"detailErrorCode":"Some.Code","message":"no: ECHO","developerMessage":""}`}
			}
			providertest.Run(t, providertest.Case{
				Maker: alimail.Maker(), Domain: domain, Secrets: []string{s.Secret()},
				New: func(t *testing.T, o *providertest.Outlet) provider.Provider {
					mine := c
					mine.HTTP, mine.Wait = o.Client(), o.Wait
					office := connect(t, mine)
					office.SetRows(o.Page)
					return office
				},
				Answers: map[providertest.Trouble]providertest.Answer{
					providertest.NoRight: says(403), providertest.TooMany: says(429), providertest.Missing: says(404), providertest.Broken: says(500),
				},
			})
		})
	}
}
