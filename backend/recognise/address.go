package recognise

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"mailroom/backend/core"
)

// longestInput bounds what is looked at: 64 for the part before the @, 255 for the
// domain (RFC 5321 section 4.5.3.1), and some blanks.
const longestInput = 400

// Parse corrects and splits an address or a bare domain: full-width characters and
// the ideographic full stop become plain ones, blanks around it go, the domain
// becomes lower case and ASCII (RFC 5891). The error is invalid with field user.
func Parse(input string) (address, domain string, err error) {
	bad := core.E(core.Invalid, "read address", nil, "field", "user", "reason", "malformed")
	if len(input) > longestInput {
		return "", "", bad
	}
	text := strings.TrimSpace(norm.NFKC.String(strings.NewReplacer("。", ".", "．", ".", "＠", "@").Replace(input)))
	local, host, isAddress := "", text, false
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		local, host, isAddress = text[:at], text[at+1:], true
	}
	domain, e := idna.Lookup.ToASCII(strings.ToLower(strings.TrimSuffix(host, ".")))
	if e != nil || !hostname(domain) || !strings.Contains(domain, ".") || (isAddress && local == "") || strings.ContainsAny(local, " \t\r\n\x00") {
		return "", "", bad
	}
	if isAddress {
		address = local + "@" + domain
	}
	return address, domain, nil
}

// hostname reports whether a name from outside may be asked and dialled: letters,
// digits, dashes and dots (RFC 1123 section 2.1), underscores refused.
func hostname(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for _, label := range strings.Split(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range label {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
				return false
			}
		}
	}
	return true
}
