package oauth_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/oauth"
	"mailroom/backend/testkit/oauthtest"
)

func TestAPersonSignsInWithTheBrowser(t *testing.T) {
	for _, vendor := range vendors {
		t.Run(string(vendor), func(t *testing.T) {
			s := oauthtest.Start(t, vendor)
			signed := signIn(t, s)
			if signed.Grant.User != liLei {
				t.Errorf("signed in as %q", signed.Grant.User)
			}
			if !s.Worth(string(signed.Token.Access), liLei) || s.Worth(string(signed.Token.Access), oauthtest.OtherUser) {
				t.Error("the token opens the wrong mailboxes")
			}
		})
	}
}

func TestTheBrowserIsToldTheOutcome(t *testing.T) {
	s := oauthtest.Start(t, oauth.Google)
	for as, want := range map[string]string{liLei: "[]", "deny": "[oauth-denied]"} {
		body := make(chan string, 1)
		ask := oauth.Asking{
			Hint: liLei,
			Page: func(class oauth.Class) []byte { return []byte("[" + class + "]") },
			Show: func(page string) {
				if u, _ := url.Parse(page); u.Query().Get("login_hint") != liLei {
					t.Errorf("no hint in %s", page)
				}
				go func() {
					res, err := oauthtest.Person(page, as)
					if err != nil {
						body <- err.Error()
						return
					}
					defer res.Body.Close()
					raw, _ := io.ReadAll(res.Body)
					if res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Content-Security-Policy") == "" {
						t.Error("the closing page may be kept or may load something")
					}
					body <- string(raw)
				}()
			},
		}
		_, err := clientOf(s).SignIn(t.Context(), s.App(), ask)
		if got := <-body; got != want {
			t.Errorf("as %s the browser shows %q, %v", as, got, err)
		}
	}
}

func TestAStrangersRedirectIsNotBelieved(t *testing.T) {
	s := oauthtest.Start(t, oauth.Google)
	statuses := make(chan int, 4)
	ask := oauth.Asking{Show: func(page string) {
		u, _ := url.Parse(page)
		back := u.Query().Get("redirect_uri")
		go func() {
			for _, q := range []string{"/?code=stolen&state=guess", "/?code=stolen", "/favicon.ico"} {
				res, err := http.Get(back + q)
				if err != nil {
					t.Error(err)
					continue
				}
				_ = res.Body.Close()
				statuses <- res.StatusCode
			}
			res, err := oauthtest.Person(page, liLei)
			if err != nil {
				t.Error(err)
				statuses <- 0
				return
			}
			_ = res.Body.Close()
			statuses <- res.StatusCode
		}()
	}}
	signed, err := clientOf(s).SignIn(t.Context(), s.App(), ask)
	if err != nil || signed.Grant.User != liLei {
		t.Fatalf("%+v, %v", signed, err)
	}
	for _, want := range []int{400, 400, 404, 200} {
		if got := <-statuses; got != want {
			t.Errorf("status %d, want %d", got, want)
		}
	}
}

func TestManyStrangersEndTheWaiting(t *testing.T) {
	s := oauthtest.Start(t, oauth.Google)
	done := make(chan struct{})
	_, err := clientOf(s).SignIn(t.Context(), s.App(), oauth.Asking{Show: func(page string) {
		u, _ := url.Parse(page)
		go func() {
			defer close(done)
			for range 30 {
				if res, err := http.Get(u.Query().Get("redirect_uri") + "/?state=x&code=y"); err == nil {
					_ = res.Body.Close()
				}
			}
		}()
	}})
	<-done
	if core.CodeOf(err) != core.Malformed || core.ArgsOf(err)["why"] != "wrong_state" {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestWaitingForThePersonCanBeCanceled(t *testing.T) {
	s := oauthtest.Start(t, oauth.Microsoft)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := clientOf(s).SignIn(ctx, s.App(), oauth.Asking{Show: func(string) { cancel() }})
	if core.CodeOf(err) != core.Canceled {
		t.Error(err)
	}
}

func TestEachAuthorizationIsNewAndUsesPKCE(t *testing.T) {
	s := oauthtest.Start(t, oauth.Google)
	seen := map[string]bool{}
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		_, _ = clientOf(s).SignIn(ctx, s.App(), oauth.Asking{Show: func(page string) {
			u, _ := url.Parse(page)
			for _, name := range []string{"state", "code_challenge"} {
				value := u.Query().Get(name)
				if len(value) < 26 || seen[value] {
					t.Errorf("%s %q", name, value)
				}
				seen[value] = true
			}
			cancel()
		}})
	}
}

func TestATokenIsRenewedAndTheGrantFollows(t *testing.T) {
	for _, vendor := range vendors {
		t.Run(string(vendor), func(t *testing.T) {
			s := oauthtest.Start(t, vendor)
			grant := signIn(t, s).Grant
			for range 3 { // Microsoft's old refresh token ends each time
				token, next, err := clientOf(s).Refresh(t.Context(), s.App(), grant)
				if err != nil {
					t.Fatal(err)
				}
				if !s.Worth(string(token.Access), liLei) {
					t.Error("the new token opens nothing")
				}
				grant = next
			}
			s.Revoke()
			_, _, err := clientOf(s).Refresh(t.Context(), s.App(), grant)
			wantClass(t, err, oauth.SignInAgain, core.Unauthenticated)
			if core.ArgsOf(err)["account"] != liLei {
				t.Errorf("who is to sign in again? %v", core.ArgsOf(err))
			}
		})
	}
}

func TestAGrantIsForItsOwnAppOnly(t *testing.T) {
	s := oauthtest.Start(t, oauth.Microsoft)
	grant := signIn(t, s).Grant
	before := len(s.Requests())
	app := s.App()
	app.ClientID = "another"
	_, _, err := clientOf(s).Refresh(t.Context(), app, grant)
	wantClass(t, err, oauth.SignInAgain, core.Unauthenticated)
	if len(s.Requests()) != before {
		t.Error("the refresh token was sent in another app's name")
	}
}

func TestAccessToMailThatWasNotGrantedIsTold(t *testing.T) {
	for _, vendor := range vendors {
		s := oauthtest.Start(t, vendor)
		s.Withhold(s.Service.Mail)
		_, err := clientOf(s).SignIn(t.Context(), s.App(), somebody(t, liLei))
		wantClass(t, err, oauth.ConsentMissing, core.Forbidden)
	}
}

func TestAGrantSurvivesTheVault(t *testing.T) {
	g := oauth.Grant{Vendor: oauth.Google, ClientID: "c", User: liLei, Refresh: "r-1"}
	raw, err := json.Marshal(g)
	var back oauth.Grant
	if err != nil || json.Unmarshal(raw, &back) != nil || back != g {
		t.Errorf("%s, %v", raw, err)
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	app := oauth.App{Vendor: oauth.Google, ClientID: "c", ClientSecret: "geheim"}
	grant := oauth.Grant{Refresh: "geheim"}
	token := oauth.Token{Access: "geheim"}
	if text := fmt.Sprintf("%v %+v %#v %s %v", app, grant, token, app.ClientSecret, &app); strings.Contains(text, "geheim") {
		t.Error(text)
	}
}

func TestWaitingForThePersonEnds(t *testing.T) {
	s := oauthtest.Start(t, oauth.Google)
	c := clientOf(s)
	c.SetPatience(50 * time.Millisecond)
	shown := ""
	_, err := c.SignIn(t.Context(), s.App(), oauth.Asking{Show: func(page string) { shown = page }})
	wantClass(t, err, oauth.CodeExpired, core.Unauthenticated)
	u, _ := url.Parse(shown)
	if _, err := http.Get(u.Query().Get("redirect_uri") + "/?state=" + u.Query().Get("state") + "&code=late"); err == nil {
		t.Error("the listener is still there")
	}
}
