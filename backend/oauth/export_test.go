package oauth

import (
	"context"
	"time"
)

// SetWait replaces the pause between two questions for a device code.
func (c *Client) SetWait(wait func(context.Context, time.Duration) error) { c.wait = wait }

// SetPatience bounds the wait for a person at the sign-in page.
func (c *Client) SetPatience(d time.Duration) { c.patience = d }

// RefusalOf classifies a vendor's error as the client does.
func RefusalOf(code, text string) (short string, class Class) {
	r := newRefusal(code, text, []string{"hidden-secret"})
	return r.Error(), r.class
}

// AccountIn reads the address in an ID token.
func AccountIn(token string) string { return accountIn(token) }

// Seconds reads a number as JSON has it.
func Seconds(raw string) (int64, error) {
	var n number
	err := n.UnmarshalJSON([]byte(raw))
	return int64(n), err
}
