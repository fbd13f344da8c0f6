package people

import (
	"fmt"
	"log/slog"
)

// Secret is a password. Whatever prints it, prints dots: fmt, JSON, text, slog.
type Secret struct{ value string }

const masked = "••••"

// NewSecret wraps a password.
func NewSecret(s string) Secret { return Secret{s} }

// Reveal returns the password, for signing in and nothing else.
func (s Secret) Reveal() string { return s.value }

// IsZero reports whether there is no password.
func (s Secret) IsZero() bool { return s.value == "" }

func (s Secret) String() string {
	if s.value == "" {
		return ""
	}
	return masked
}

// Format covers every verb of fmt, %#v and %x included.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalText covers JSON, XML and map keys.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue covers slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
