package provider

import (
	"net/url"
	"strings"
	"unicode"

	"mailroom/backend/secret"
)

// saidRunes bounds what is kept of a vendor's words.
const saidRunes = 300

// shortSecret is the length in bytes below which a secret is not looked for in a text:
// it would be found in every second word.
const shortSecret = 4

// Said makes a vendor's words fit for an error's "vendorText": at most 300 characters
// on one line, without control characters and marks of direction, and every one of the secrets replaced, as it
// is and as it stands in an address. A server may repeat what it was sent.
func Said(text string, secrets ...secret.Value) string {
	for _, s := range secrets {
		if hidden := s.Reveal(); len(hidden) >= shortSecret {
			for _, spelled := range []string{hidden, url.QueryEscape(hidden), url.PathEscape(hidden)} {
				text = strings.ReplaceAll(text, spelled, s.String())
			}
		}
	}
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}), " ")
	if kept := []rune(text); len(kept) > saidRunes {
		text = string(kept[:saidRunes]) + "…"
	}
	return text
}
