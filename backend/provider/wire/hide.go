package wire

import (
	"net/url"
	"strings"
)

// hideAll masks secrets as they are and as they stand in an address.
func hideAll(text string, secrets []string) string {
	for _, s := range secrets {
		if s == "" {
			continue
		}
		for _, form := range []string{s, url.QueryEscape(s), url.PathEscape(s)} {
			text = strings.ReplaceAll(text, form, mask)
		}
	}
	return text
}
