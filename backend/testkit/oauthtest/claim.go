package oauthtest

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// claim takes a service account's signed claim (RFC 7523 section 3), as Google
// describes it in identity/protocols/oauth2/service-account.
func (s *Server) claim(w http.ResponseWriter, f url.Values) {
	bad := func(code, text string) { s.refuse(w, http.StatusBadRequest, code, 0, text) }
	parts := strings.Split(f.Get("assertion"), ".")
	if len(parts) != 3 {
		bad("invalid_grant", "Bad JWT")
		return
	}
	var head struct{ Alg, Typ, Kid string }
	var claims struct {
		Iss, Sub, Scope, Aud string
		Iat, Exp             int64
	}
	if !decode(parts[0], &head) || !decode(parts[1], &claims) {
		bad("invalid_grant", "Bad JWT")
		return
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	now := s.now().Unix()
	const slack = 300 // seconds that clocks may differ
	switch {
	case claims.Iss != serviceEmail || s.key == nil:
		bad("invalid_grant", "Invalid grant: account not found")
	case head.Alg != "RS256", head.Typ != "JWT", head.Kid != serviceKeyID, err != nil,
		rsa.VerifyPKCS1v15(&s.key.PublicKey, crypto.SHA256, sum[:], signature) != nil:
		bad("invalid_grant", "Invalid JWT Signature.")
	case claims.Aud != s.Service.Token:
		bad("invalid_grant", "Invalid JWT: Failed audience check. The right audience is "+s.Service.Token)
	case claims.Iat > now+slack, claims.Exp < now-slack, claims.Exp-claims.Iat > 3600+slack, claims.Exp <= claims.Iat:
		bad("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.")
	case claims.Scope == "", claims.Scope != s.allowed:
		s.refuse(w, http.StatusUnauthorized, "unauthorized_client", 0, "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.")
	case !s.users[claims.Sub]:
		bad("invalid_grant", "Invalid email or User ID")
	default:
		s.give(w, claims.Sub, "", "")
	}
}

func decode(part string, v any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(raw, v) == nil
}
