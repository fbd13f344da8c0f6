package oauth_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/oauth"
	"mailroom/backend/testkit/oauthtest"
)

func TestAServiceAccountOpensEveryPersonsMailbox(t *testing.T) {
	s := oauthtest.Start(t, oauth.Google)
	key, err := oauth.ReadKey(s.KeyFile(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{liLei, oauthtest.OtherUser} {
		token, err := clientOf(s).ServiceToken(t.Context(), key, user)
		if err != nil || !s.Worth(string(token.Access), user) {
			t.Errorf("%s: %v", user, err)
		}
	}
	_, err = clientOf(s).ServiceToken(t.Context(), key, "nobody@old.example")
	wantClass(t, err, oauth.UserUnknown, core.NotFound)
	s.Allow("https://www.googleapis.com/auth/drive")
	_, err = clientOf(s).ServiceToken(t.Context(), key, liLei)
	wantClass(t, err, oauth.Delegation, core.Forbidden)
	if args := core.ArgsOf(err); args["client"] != key.ClientID || args["scope"] == "" {
		t.Errorf("the administrator is not told what to allow: %v", args)
	}
}

func TestAnotherKeyIsRefused(t *testing.T) {
	s, other := oauthtest.Start(t, oauth.Google), oauthtest.Start(t, oauth.Google)
	s.KeyFile(t)
	key, err := oauth.ReadKey(other.KeyFile(t))
	if err != nil {
		t.Fatal(err)
	}
	_, err = clientOf(s).ServiceToken(t.Context(), key, liLei)
	wantClass(t, err, oauth.KeyRefused, core.Unauthenticated)
}

func TestAKeyFileIsReadStrictly(t *testing.T) {
	good := oauthtest.Start(t, oauth.Google).KeyFile(t)
	change := func(field, value string) []byte {
		m := map[string]string{}
		if err := json.Unmarshal(good, &m); err != nil {
			t.Fatal(err)
		}
		m[field] = value
		raw, _ := json.Marshal(m)
		return raw
	}
	for name, c := range map[string]struct {
		raw    []byte
		reason string
	}{
		"nothing":            {nil, "malformed"},
		"no JSON":            {[]byte("{"), "malformed"},
		"too long":           {[]byte(strings.Repeat(" ", 70<<10)), "malformed"},
		"a desktop client":   {[]byte(`{"installed":{"client_id":"x"}}`), "not_a_service_account"},
		"a person's":         {change("type", "authorized_user"), "not_a_service_account"},
		"no key":             {change("private_key", ""), "not_a_service_account"},
		"a broken key":       {change("private_key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), "malformed"},
		"text for a key":     {change("private_key", "geheim"), "malformed"},
		"no address of ours": {change("client_email", "x"), "not_a_service_account"},
	} {
		_, err := oauth.ReadKey(c.raw)
		if core.CodeOf(err) != core.Invalid || core.ArgsOf(err)["reason"] != c.reason || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v %v", name, err, core.ArgsOf(err))
		}
	}
}

func TestAnApplicationOpensEveryMailbox(t *testing.T) {
	for _, vendor := range []oauth.Vendor{oauth.Microsoft, oauth.MicrosoftChina} {
		s := oauthtest.Start(t, vendor)
		token, err := clientOf(s).ApplicationToken(t.Context(), s.App())
		if err != nil || !s.Worth(string(token.Access), liLei) || !s.Worth(string(token.Access), oauthtest.OtherUser) {
			t.Errorf("%v", err)
		}
		for _, c := range []struct {
			change func(*oauth.App)
			class  oauth.Class
			code   core.Code
		}{
			{func(a *oauth.App) { a.ClientSecret = "wrong-secret" }, oauth.AppSecret, core.Unauthenticated},
			{func(a *oauth.App) { a.Tenant = "elsewhere.example" }, oauth.WrongTenant, core.Forbidden},
			{func(a *oauth.App) { a.ClientID = "another" }, oauth.AppUnknown, core.Unauthenticated},
			{func(a *oauth.App) { a.Tenant = "" }, "", core.Invalid},
			{func(a *oauth.App) { a.ClientSecret = "" }, "", core.Invalid},
		} {
			app := s.App()
			c.change(&app)
			_, err := clientOf(s).ApplicationToken(t.Context(), app)
			wantClass(t, err, c.class, c.code)
		}
	}
}

func TestATokenIsFetchedOnceForAllWhoWait(t *testing.T) {
	var k oauth.Keeper
	var fetched, fresh atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			token, mine, err := k.Token(t.Context(), "li", func(context.Context) (oauth.Token, error) {
				fetched.Add(1)
				return oauth.Token{Access: "a", Expires: time.Now().Add(time.Hour)}, nil
			})
			if err != nil || token.Access != "a" {
				t.Error(err)
			}
			if mine {
				fresh.Add(1)
			}
		})
	}
	all.Wait()
	if fetched.Load() != 1 || fresh.Load() != 1 {
		t.Errorf("fetched %d times, fresh for %d", fetched.Load(), fresh.Load())
	}
}

func TestATokenIsRenewedBeforeItEnds(t *testing.T) {
	now := time.Now()
	k := oauth.Keeper{Clock: func() time.Time { return now }}
	n := 0
	get := func() (oauth.Token, bool) {
		token, fresh, err := k.Token(t.Context(), "li", func(context.Context) (oauth.Token, error) {
			n++
			return oauth.Token{Access: oauth.Secret(rune('a' + n)), Expires: now.Add(time.Hour)}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return token, fresh
	}
	first, _ := get()
	now = now.Add(time.Hour - oauth.Margin - time.Second)
	if again, fresh := get(); again != first || fresh {
		t.Error("renewed too early")
	}
	now = now.Add(2 * time.Second)
	second, fresh := get()
	if second.Access == first.Access || !fresh {
		t.Error("not renewed although it ends soon")
	}
	k.Drop(t.Context(), "li", first) // an old token's refusal does not cost the new one
	if again, _ := get(); again.Access != second.Access {
		t.Error("the newer token was dropped")
	}
	k.Drop(t.Context(), "li", second)
	if again, fresh := get(); again.Access == second.Access || !fresh {
		t.Error("a refused token was used again")
	}
}

func TestAFailedFetchIsTriedByTheNext(t *testing.T) {
	var k oauth.Keeper
	broken := errors.New("away")
	if _, _, err := k.Token(t.Context(), "li", func(context.Context) (oauth.Token, error) { return oauth.Token{}, broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	token, _, err := k.Token(t.Context(), "li", func(context.Context) (oauth.Token, error) {
		return oauth.Token{Access: "a", Expires: time.Now().Add(time.Hour)}, nil
	})
	if err != nil || token.Access != "a" {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, _, err = k.Token(t.Context(), "han", func(context.Context) (oauth.Token, error) {
		cancel()
		_, _, err := k.Token(ctx, "han", nil) // somebody else waits and gives up
		return oauth.Token{}, err
	})
	if core.CodeOf(err) != core.Canceled {
		t.Error(err)
	}
}
