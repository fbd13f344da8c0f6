package oauth_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/oauth"
	"mailroom/backend/testkit/oauthtest"
)

// What the vendors say, and what it means. Microsoft's numbers:
// learn.microsoft.com/entra/identity-platform/reference-error-codes.
func TestRefusalsAreClassified(t *testing.T) {
	ms := func(n, text string) oauthtest.Fault {
		return oauthtest.Fault{Status: 400, Code: "invalid_grant", Description: "AADSTS" + n + ": " + text + "\r\nTrace ID: 1\r\nTimestamp: 2"}
	}
	for _, c := range []struct {
		vendor oauth.Vendor
		fault  oauthtest.Fault
		class  oauth.Class
		code   core.Code
	}{
		{oauth.Microsoft, ms("50173", "revoked"), oauth.SignInAgain, core.Unauthenticated},
		{oauth.Microsoft, ms("700082", "inactivity"), oauth.SignInAgain, core.Unauthenticated},
		{oauth.Microsoft, ms("50076", "multi-factor"), oauth.SignInAgain, core.Unauthenticated},
		{oauth.Microsoft, ms("65001", "has not consented"), oauth.ConsentMissing, core.Forbidden},
		{oauth.Microsoft, ms("90094", "admin consent"), oauth.AdminConsent, core.Forbidden},
		{oauth.Microsoft, ms("50020", "User account from identity provider does not exist in tenant"), oauth.WrongTenant, core.Forbidden},
		{oauth.Microsoft, ms("90002", "Tenant not found"), oauth.WrongTenant, core.Forbidden},
		{oauth.Microsoft, ms("700016", "not found in the directory"), oauth.AppUnknown, core.Unauthenticated},
		{oauth.Microsoft, ms("7000218", "must contain client_secret"), oauth.NotPublic, core.Unauthenticated},
		{oauth.Microsoft, ms("500011", "resource principal not found"), oauth.WrongCloud, core.Forbidden},
		{oauth.Microsoft, ms("53003", "Conditional Access"), oauth.Policy, core.Forbidden},
		{oauth.Google, oauthtest.Fault{Status: 400, Code: "invalid_grant", Description: "Token has been expired or revoked."}, oauth.SignInAgain, core.Unauthenticated},
		{oauth.Google, oauthtest.Fault{Status: 401, Code: "invalid_client", Description: "The OAuth client was not found."}, oauth.AppUnknown, core.Unauthenticated},
		{oauth.Google, oauthtest.Fault{Status: 401, Code: "invalid_client", Description: "Unauthorized"}, oauth.AppSecret, core.Unauthenticated},
		{oauth.Google, oauthtest.Fault{Status: 400, Code: "admin_policy_enforced"}, oauth.AdminConsent, core.Forbidden},
		{oauth.Google, oauthtest.Fault{Status: 400, Code: "org_internal"}, oauth.WrongTenant, core.Forbidden},
		{oauth.Google, oauthtest.Fault{Status: 400, Code: "something_new"}, "", core.Rejected},
		{oauth.Google, oauthtest.Fault{Status: 429, Code: "slow"}, "", core.RateLimited},
		{oauth.Google, oauthtest.Fault{Status: 503, Raw: "<html>"}, "", core.RateLimited},
		{oauth.Google, oauthtest.Fault{Status: 200, Raw: "<html>a hotel's sign-in page</html>"}, "", core.Malformed},
		{oauth.Google, oauthtest.Fault{Status: 200, Raw: `{"token_type":"Bearer"}`}, "", core.Malformed},
		{oauth.Google, oauthtest.Fault{Status: 200, Raw: `{"access_token":"a\r\nb"}`}, "", core.Malformed},
	} {
		s := oauthtest.Start(t, c.vendor)
		grant := oauth.Grant{Vendor: c.vendor, ClientID: oauthtest.ClientID, Refresh: "a-refresh-token"}
		s.Fail("refresh_token", c.fault)
		_, _, err := clientOf(s).Refresh(t.Context(), s.App(), grant)
		wantClass(t, err, c.class, c.code)
	}
}

func TestErrorsNeverRepeatASecret(t *testing.T) {
	s := oauthtest.Start(t, oauth.Google)
	s.Fail("refresh_token", oauthtest.Fault{
		Status: 400, Code: "invalid_grant", Description: "bad token a-refresh-token for secret " + oauthtest.ClientSecret,
	})
	_, _, err := clientOf(s).Refresh(t.Context(), s.App(), oauth.Grant{Vendor: oauth.Google, ClientID: oauthtest.ClientID, Refresh: "a-refresh-token"})
	if text := err.Error(); strings.Contains(text, "a-refresh-token") || strings.Contains(text, oauthtest.ClientSecret) || !strings.Contains(text, "***") {
		t.Error(text)
	}
}

func TestAServerThatIsAwayIsUnreachable(t *testing.T) {
	s := oauthtest.New(oauth.Google)
	s.Close()
	_, _, err := clientOf(s).Refresh(t.Context(), s.App(), oauth.Grant{Vendor: oauth.Google, ClientID: oauthtest.ClientID, Refresh: "r"})
	wantClass(t, err, "", core.Unreachable)
}

func TestAMovedTokenEndpointIsNotFollowed(t *testing.T) {
	s := oauthtest.Start(t, oauth.Google)
	s.Fail("refresh_token", oauthtest.Fault{Status: http.StatusTemporaryRedirect, Raw: `{}`})
	_, _, err := clientOf(s).Refresh(t.Context(), s.App(), oauth.Grant{Vendor: oauth.Google, ClientID: oauthtest.ClientID, Refresh: "r"})
	wantClass(t, err, "", core.Rejected)
}

func TestAnAppIsCheckedBeforeAnythingConnects(t *testing.T) {
	for field, app := range map[string]oauth.App{
		"vendor":    {Vendor: "yahoo", ClientID: "c"},
		"client_id": {Vendor: oauth.Google},
		"tenant":    {Vendor: oauth.Microsoft, ClientID: "c", Tenant: "../common"},
	} {
		if err := app.Check(); core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["field"] != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestServicesAreDataWithASource(t *testing.T) {
	all := oauth.Services()
	if len(all) != len(vendors) {
		t.Fatalf("%d services", len(all))
	}
	for _, s := range all {
		if s.Source == "" || s.Certainty != "C" && s.Certainty != "M" || s.Mail == "" || s.Alone == "" ||
			!strings.HasPrefix(s.Token, "https://") || !strings.HasPrefix(s.Authorize, "https://") {
			t.Errorf("%+v", s)
		}
	}
}

func TestAClockThatIsWrongByADayIsTold(t *testing.T) {
	for _, ahead := range []time.Duration{24 * time.Hour, -24 * time.Hour} {
		s := oauthtest.Start(t, oauth.Google)
		key, err := oauth.ReadKey(s.KeyFile(t))
		if err != nil {
			t.Fatal(err)
		}
		s.SetClock(ahead)
		_, err = clientOf(s).ServiceToken(t.Context(), key, liLei)
		wantClass(t, err, oauth.ClockWrong, core.Unauthenticated)
		want := map[bool]string{true: "-1440", false: "+1440"}[ahead > 0]
		if got := core.ArgsOf(err)["off"]; got != want {
			t.Errorf("off by %s, want %s", got, want)
		}
	}
}
