package oauth

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/core"
)

// Class is why no token was given. The page has sentences for each.
type Class string

// The classes.
const (
	SignInAgain     Class = "oauth-sign-in-again"   // the grant has ended: password changed, access revoked, unused for long
	Denied          Class = "oauth-denied"          // the person said no at the sign-in page
	ConsentMissing  Class = "oauth-consent-missing" // signed in, but access to mail was not granted
	AdminConsent    Class = "oauth-admin-consent"   // only an administrator may grant it
	WrongTenant     Class = "oauth-wrong-tenant"    // the account belongs to another organisation than the app
	WrongCloud      Class = "oauth-wrong-cloud"     // global and 21Vianet were confused, or there is no Exchange there
	AppUnknown      Class = "oauth-app-unknown"     // no such client id
	AppSecret       Class = "oauth-app-secret"      // the client secret is wrong
	SecretExpired   Class = "oauth-secret-expired"  // the client secret was right once
	RedirectUnknown Class = "oauth-redirect"        // the redirect address is not registered
	NotPublic       Class = "oauth-not-public"      // the app does not allow sign-ins of desktop programs
	Delegation      Class = "oauth-delegation"      // the service account may not act for people in this domain
	KeyRefused      Class = "oauth-key"             // the service account's key is not known any more
	UserUnknown     Class = "oauth-user-unknown"    // no such person
	Policy          Class = "oauth-policy"          // the organisation's rules forbid it
	CodeExpired     Class = "oauth-code-expired"    // nobody signed in, or entered the code, in time
	ClockWrong      Class = "clock-wrong"           // this computer's clock is off, so what it signs is not believed
)

// Refusal is a vendor's own error (RFC 6749 section 5.2). It holds no secret.
type Refusal struct {
	Code  string // error: invalid_grant, unauthorized_client …
	Text  string // error_description, its first line
	STS   int    // Microsoft's AADSTS number; 0 none
	class Class
}

func (r *Refusal) Error() string {
	if r.Text == "" {
		return r.Code
	}
	return r.Code + ": " + r.Text
}

// sts classifies Microsoft's numbers:
// learn.microsoft.com/entra/identity-platform/reference-error-codes.
var sts = map[int]Class{
	50011: RedirectUnknown, 50020: WrongTenant, 50034: UserUnknown, 50053: Policy, 50055: SignInAgain, 50057: UserUnknown,
	50074: SignInAgain, 50076: SignInAgain, 50078: SignInAgain, 50079: SignInAgain, 50089: SignInAgain, 50105: Policy,
	50126: SignInAgain, 50128: WrongTenant, 50133: SignInAgain, 50173: SignInAgain, 50194: WrongTenant,
	53000: Policy, 53001: Policy, 53002: Policy, 53003: Policy, 53004: Policy,
	65001: ConsentMissing, 65004: Denied, 70000: SignInAgain, 70008: SignInAgain, 70020: CodeExpired, 70043: SignInAgain,
	70011: WrongCloud, 90002: WrongTenant, 90072: WrongTenant, 90093: AdminConsent, 90094: AdminConsent, 90095: AdminConsent,
	135010: UserUnknown, 500011: WrongCloud, 500113: RedirectUnknown, 650052: WrongCloud, 650057: ConsentMissing,
	700003: Policy, 700016: AppUnknown, 700024: ClockWrong, 700025: NotPublic, 700038: AppUnknown, 700082: SignInAgain, 700084: SignInAgain,
	900144: AppUnknown, 900382: WrongCloud, 900432: WrongCloud, 900439: WrongCloud,
	7000112: AppUnknown, 7000215: AppSecret, 7000216: AppSecret, 7000218: NotPublic, 7000222: SecretExpired,
}

// known classifies what the others say by code and a part of the text, in this order.
// Google's texts: developers.google.com/identity/protocols/oauth2/service-account#error-codes.
var known = []struct {
	code, text string
	class      Class
}{
	{"invalid_grant", "short-lived token", ClockWrong},
	{"invalid_grant", "iat and exp", ClockWrong},
	{"invalid_grant", "jwt signature", KeyRefused},
	{"invalid_grant", "invalid email or user", UserUnknown},
	{"invalid_grant", "account not found", KeyRefused},
	{"invalid_grant", "invalid grant: account not found", KeyRefused},
	{"invalid_grant", "", SignInAgain},
	{"interaction_required", "", SignInAgain},
	{"login_required", "", SignInAgain},
	{"consent_required", "", ConsentMissing},
	{"access_denied", "", Denied},
	{"authorization_declined", "", Denied},
	{"expired_token", "", CodeExpired},
	{"code_expired", "", CodeExpired},
	{"unauthorized_client", "", Delegation},
	{"org_internal", "", WrongTenant},
	{"admin_policy_enforced", "", AdminConsent},
	{"disabled_client", "", AppUnknown},
	{"deleted_client", "", AppUnknown},
	{"invalid_client", "not found", AppUnknown},
	{"invalid_client", "", AppSecret},
	{"redirect_uri_mismatch", "", RedirectUnknown},
	{"invalid_scope", "", Delegation},
}

// codes are the [core.Code] of each class; unauthenticated where none is named.
var codes = map[Class]core.Code{
	ConsentMissing: core.Forbidden, AdminConsent: core.Forbidden, WrongTenant: core.Forbidden, WrongCloud: core.Forbidden,
	Delegation: core.Forbidden, Policy: core.Forbidden, UserUnknown: core.NotFound, Denied: core.Forbidden,
}

var stsNumber = regexp.MustCompile(`AADSTS(\d{4,8})`)

// newRefusal classifies a vendor's error. hide are the secrets that were sent.
func newRefusal(code, text string, hide []string) *Refusal {
	text, _, _ = strings.Cut(strings.ReplaceAll(text, "\r", "\n"), "\n")
	for _, s := range hide {
		if len(s) > 3 {
			text = strings.ReplaceAll(text, s, "***")
		}
	}
	r := &Refusal{Code: short(code, 60), Text: short(text, 300)}
	if m := stsNumber.FindStringSubmatch(text); m != nil {
		r.STS, _ = strconv.Atoi(m[1])
	}
	if class, ok := sts[r.STS]; ok {
		r.class = class
		return r
	}
	low := strings.ToLower(text)
	i := slices.IndexFunc(known, func(k struct {
		code, text string
		class      Class
	}) bool {
		return k.code == code && strings.Contains(low, k.text)
	})
	if i >= 0 {
		r.class = known[i].class
	}
	return r
}

// short keeps the first n characters and drops what does not print.
func short(s string, n int) string {
	var b strings.Builder
	for _, r := range s {
		if n--; n < 0 {
			break
		}
		if r >= ' ' && r != 0x7f {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// classed makes the error of a class. Args: class, vendor and more.
func classed(op string, class Class, cause error, args ...string) error {
	code, ok := codes[class]
	if !ok {
		code = core.Unauthenticated
	}
	return core.E(code, op, cause, append([]string{"class", string(class)}, args...)...)
}

// ClassOf is the class in an error's facts; "" none.
func ClassOf(err error) Class { return Class(core.ArgsOf(err)["class"]) }
