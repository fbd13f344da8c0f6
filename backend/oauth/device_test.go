package oauth_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/oauth"
	"mailroom/backend/testkit/oauthtest"
)

// paced is a client whose waiting is only written down; step acts at each.
func paced(s *oauthtest.Server, step func(n int)) (*oauth.Client, *[]time.Duration) {
	var waits []time.Duration
	c := clientOf(s)
	c.SetWait(func(ctx context.Context, d time.Duration) error {
		waits = append(waits, d)
		step(len(waits))
		return ctx.Err()
	})
	return c, &waits
}

func TestAPersonSignsInWithACode(t *testing.T) {
	s := oauthtest.Start(t, oauth.Microsoft)
	s.Fail("device_code",
		oauthtest.Fault{Status: 400, Code: "authorization_pending", Description: "AADSTS70016: pending"},
		oauthtest.Fault{Status: 400, Code: "slow_down"},
		oauthtest.Fault{Status: 400, Code: "authorization_pending"},
		oauthtest.Fault{Status: 503})
	var typed oauth.DeviceCode
	c, waits := paced(s, func(n int) {
		if n == 5 {
			if err := s.TypeCode(typed.Code, "li.lei@old.example"); err != nil {
				t.Error(err)
			}
		}
	})
	signed, err := c.SignInByCode(t.Context(), s.App(), func(d oauth.DeviceCode) { typed = d })
	if err != nil || signed.Grant.User != "li.lei@old.example" || !s.Worth(string(signed.Token.Access), "li.lei@old.example") {
		t.Fatalf("%+v, %v", signed, err)
	}
	second := time.Second
	if want := []time.Duration{second, second, 6 * second, 6 * second, 12 * second}; !slices.Equal(*waits, want) {
		t.Errorf("waited %v, want %v", *waits, want)
	}
}

func TestACodeThatIsRefusedOrForgottenEnds(t *testing.T) {
	s := oauthtest.Start(t, oauth.Microsoft)
	var typed oauth.DeviceCode
	c, _ := paced(s, func(int) { _ = s.TypeCode(typed.Code, "deny") })
	_, err := c.SignInByCode(t.Context(), s.App(), func(d oauth.DeviceCode) { typed = d })
	if oauth.ClassOf(err) != oauth.Denied {
		t.Error(err)
	}
	c, _ = paced(s, func(n int) {
		if n == 3 {
			s.ExpireCodes()
		}
	})
	_, err = c.SignInByCode(t.Context(), s.App(), func(oauth.DeviceCode) {})
	if oauth.ClassOf(err) != oauth.CodeExpired {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c, _ = paced(s, func(int) { cancel() })
	_, err = c.SignInByCode(ctx, s.App(), func(oauth.DeviceCode) {})
	if core.CodeOf(err) != core.Canceled {
		t.Error(err)
	}
}

func TestGoogleGivesNoCodesForMail(t *testing.T) {
	s := oauthtest.Start(t, oauth.Google)
	c := clientOf(s)
	if c.OffersCodes(s.App()) {
		t.Error("a code is offered")
	}
	_, err := c.SignInByCode(t.Context(), s.App(), func(oauth.DeviceCode) { t.Error("a code is shown") })
	if core.CodeOf(err) != core.Unsupported || core.ArgsOf(err)["why"] != "no_device_code" || len(s.Requests()) != 0 {
		t.Errorf("%v after %v", err, s.Requests())
	}
}

func FuzzWhatAVendorSays(f *testing.F) {
	f.Add("invalid_grant", "AADSTS50173: x\r\nTrace", "eyJhbGciOiJub25lIn0.eyJlbWFpbCI6ImFAYi5leGFtcGxlIn0.x")
	f.Add("", "AADSTS99999999999", "..")
	f.Fuzz(func(t *testing.T, code, text, token string) {
		if said, _ := oauth.RefusalOf(code, text); len([]rune(said)) > 362 {
			t.Errorf("%q", said)
		}
		if user := oauth.AccountIn(token); len([]rune(user)) > 320 {
			t.Errorf("%q", user)
		}
		if n, err := oauth.Seconds(text); err == nil && n < 0 {
			t.Errorf("%q is %d", text, n)
		}
	})
}
