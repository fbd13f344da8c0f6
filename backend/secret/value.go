package secret

import (
	"fmt"
	"log/slog"
)

// masked is what a [Value] shows to everything that prints.
const masked = "[secret]"

// Value is a password, key or token on its way. It never prints: fmt, slog and
// encoders show "[secret]". [Value.Reveal] is the one way to the text, which makes
// every use findable.
type Value struct {
	// A pointer, so that fmt shows an address even where a Value sits in an
	// unexported field and its Format method cannot be called.
	text *string
}

// NewValue wraps a secret text.
func NewValue(text string) Value { return Value{text: &text} }

// Reveal returns the secret text; "" for the zero Value.
func (v Value) Reveal() string {
	if v.text == nil {
		return ""
	}
	return *v.text
}

// IsZero says whether nothing is held, or an empty text.
func (v Value) IsZero() bool { return v.text == nil || *v.text == "" }

// String returns "[secret]".
func (v Value) String() string { return masked }

// GoString returns "[secret]".
func (v Value) GoString() string { return masked }

// Format writes "[secret]" for every verb.
func (v Value) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(masked)) }

// LogValue returns "[secret]".
func (v Value) LogValue() slog.Value { return slog.StringValue(masked) }

// MarshalText returns "[secret]"; encoding/json uses it as well.
func (v Value) MarshalText() ([]byte, error) { return []byte(masked), nil }
