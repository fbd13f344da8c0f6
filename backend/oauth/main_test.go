package oauth_test

import (
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/oauth"
	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/oauthtest"
)

func TestMain(m *testing.M) { leak.Main(m) }

const liLei = "li.lei@old.example"

func clientOf(s *oauthtest.Server) *oauth.Client { return &oauth.Client{Services: s.Services()} }

// vendors that people sign in to.
var vendors = []oauth.Vendor{oauth.Google, oauth.Microsoft, oauth.MicrosoftChina}

func wantClass(t *testing.T, err error, class oauth.Class, code core.Code) {
	t.Helper()
	if oauth.ClassOf(err) != class || core.CodeOf(err) != code {
		t.Errorf("%v is %s, %s; want %s, %s", err, core.CodeOf(err), oauth.ClassOf(err), code, class)
	}
}

// somebody signs in as the account as soon as the page is shown.
func somebody(t *testing.T, as string) oauth.Asking {
	t.Helper()
	done := make(chan struct{})
	t.Cleanup(func() { <-done })
	return oauth.Asking{
		Show: func(page string) {
			go func() {
				defer close(done)
				res, err := oauthtest.Person(page, as)
				if err != nil {
					t.Error(err)
					return
				}
				_ = res.Body.Close()
			}()
		},
	}
}

func signIn(t *testing.T, s *oauthtest.Server) oauth.Signed {
	t.Helper()
	signed, err := clientOf(s).SignIn(t.Context(), s.App(), somebody(t, liLei))
	if err != nil {
		t.Fatal(err)
	}
	return signed
}
