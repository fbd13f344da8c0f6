package netease

import (
	"testing"
	"time"

	"mailroom/backend/provider"
	"mailroom/backend/provider/providertest"
	"mailroom/backend/secret"
	emulated "mailroom/backend/testkit/vendors/netease"
)

const suiteDomain = "office.example.com"

// ends is the day on which the suite lets accounts end: the interface knows days of
// Beijing.
var ends = time.Date(2031, 5, 28, 0, 0, 0, 0, beijing).UTC()

func TestTheClassicInterfacePassesTheSuite(t *testing.T) {
	s := emulated.NewClassic(suiteDomain)
	t.Cleanup(s.Close)
	s.Fill(5, 3)
	no := `{"suc":false,"con":null,"error_code":`
	providertest.Run(t, providertest.Case{
		Maker: Classic(), Domain: suiteDomain, Secrets: []string{s.PrivateKeyPEM(), s.PrivateKeyHex()},
		New: func(t *testing.T, o *providertest.Outlet) provider.Provider {
			s.LimitRows(o.Page)
			return made(t, Classic(), provider.Config{
				Domain: suiteDomain, BaseURL: s.BaseURL(), HTTP: o.Client(), Wait: o.Wait, Pace: 1e6,
				Values: map[string]string{"region": "north", "product": s.Product}, Secret: map[string]secret.Value{"key": secret.NewValue(s.PrivateKeyPEM())},
			})
		},
		Values: map[provider.Attr]any{provider.AttrExpires: ends},
		Answers: map[providertest.Trouble]providertest.Answer{
			providertest.Missing: {Status: 200, Body: no + `"ACCOUNT.NOTEXIST","ver":0}`},
			providertest.Exists:  {Status: 200, Body: no + `"MAILACCOUNT.NAMEEXIST","ver":0}`},
		},
	})
}

func TestTheOpenPlatformPassesTheSuite(t *testing.T) {
	s := emulated.NewOpen(suiteDomain)
	t.Cleanup(s.Close)
	s.Fill(5, 3)
	words := func(code string) providertest.Answer {
		return providertest.Answer{Status: 200, Body: `{"code":` + code + `,"success":false,"message":"ECHO","data":null}`}
	}
	providertest.Run(t, providertest.Case{
		Maker: Open(), Domain: suiteDomain, Secrets: []string{s.AuthCode()},
		New: func(t *testing.T, o *providertest.Outlet) provider.Provider {
			s.LimitRows(o.Page)
			return made(t, Open(), provider.Config{
				Domain: suiteDomain, BaseURL: s.BaseURL(), HTTP: o.Client(), Wait: o.Wait, Pace: 1e6,
				Values: map[string]string{"appId": s.AppID, "orgOpenId": s.OrgOpenID}, Secret: map[string]secret.Value{"authCode": secret.NewValue(s.AuthCode())},
			})
		},
		Untold: []provider.Attr{provider.AttrSignIn, provider.AttrMailRights},
		Answers: map[providertest.Trouble]providertest.Answer{
			providertest.KeyRefused: words("-100"), providertest.NoRight: words("-202"), providertest.Missing: words("-4"),
			providertest.TooMany: words("-422"), providertest.Broken: words("-1"),
		},
	})
}

func made(t *testing.T, m provider.Maker, c provider.Config) provider.Provider {
	t.Helper()
	p, err := m.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
