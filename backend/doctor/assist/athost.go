package assist

import (
	"strings"

	"mailroom/backend/preset"
)

// stringMost is the most that one string of a TXT record holds (RFC 1035 3.3).
const stringMost = 255

// AtHost writes a value as a DNS host wants it in its field: TXT values in quotes and in
// strings of at most 255 bytes where it says so. Other values, and hosts of which that is
// not known, get the value as it is.
func AtHost(h preset.DNSHost, kind, value string) string {
	if kind != "TXT" || h.Form.Quotes != preset.QuotesYes {
		return value
	}
	var parts []string
	for len(value) > stringMost {
		parts, value = append(parts, value[:stringMost]), value[stringMost:]
	}
	return `"` + strings.Join(append(parts, value), `" "`) + `"`
}
