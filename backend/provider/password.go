package provider

import "golang.org/x/text/secure/precis"

// OpaquePassword spells a password as the profile OpaqueString of PRECIS does (RFC 8265,
// 4.2): every blank is a space, and accents are joined to their letters. Servers that
// follow it count and keep that. ok is false where the profile forbids a character, a
// line break say, or where there is nothing.
func OpaquePassword(password string) (spelled string, ok bool) {
	spelled, err := precis.OpaqueString.String(password)
	return spelled, err == nil
}
