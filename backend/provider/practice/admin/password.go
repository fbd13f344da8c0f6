package admin

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"strings"
	"unicode/utf8"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// rule is what this office demands of a password.
var rule = provider.PasswordRule{Min: 8, Max: 64, Letters: true, Digits: true, Kinds: 3, NoAddress: true, NoRuns: 4}

// PasswordRule is a strict one, so that broken rules can be tried.
func (a *Adapter) PasswordRule() provider.PasswordRule { return rule }

// SetPassword sets the password, which may have to be changed at the next sign-in.
func (a *Adapter) SetPassword(ctx context.Context, key string, password secret.Value, mustChange bool) error {
	return a.change(ctx, "set password", key, logs.ActPassword, func(tx *sql.Tx, r *record) (string, error) {
		if err := passes(password.Reveal(), r.p.Address); err != nil {
			return "", err
		}
		hash, salt := hashed(password.Reveal())
		if _, err := tx.ExecContext(ctx, "UPDATE person SET salt=?, hash=? WHERE id=?", salt, hash, r.n); err != nil {
			return "", err
		}
		r.p.MustChange = flag(mustChange)
		return "", nil
	})
}

// SignIn tries an account's password as a mailbox would: unauthenticated where it is
// wrong, forbidden where the account is switched off.
func (a *Adapter) SignIn(ctx context.Context, address, password string) error {
	return a.read(ctx, "sign in", func(tx *sql.Tx) error {
		r, err := living(ctx, tx, address)
		if err != nil {
			return core.E(core.Unauthenticated, "", nil)
		}
		var salt, hash []byte
		if err := tx.QueryRowContext(ctx, "SELECT salt, hash FROM person WHERE id=?", r.n).Scan(&salt, &hash); err != nil {
			return err
		}
		switch {
		case len(hash) == 0 || subtle.ConstantTimeCompare(derive(password, salt), hash) != 1:
			return core.E(core.Unauthenticated, "", nil)
		case r.p.Status != provider.Active:
			return core.E(core.Forbidden, "", nil)
		}
		return nil
	})
}

// rounds are few: these passwords open nothing but invented mail.
const rounds = 1000

func hashed(password string) (hash, salt []byte) {
	salt = make([]byte, 16)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	return derive(password, salt), salt
}

func derive(password string, salt []byte) []byte {
	key, err := pbkdf2.Key(sha256.New, password, salt, rounds, sha256.Size)
	if err != nil {
		return nil // matches nothing
	}
	return key
}

// passes holds a password against the rule; invalid with the demand in "reason".
func passes(password, address string) error {
	reason := broken(password, address)
	if reason == "" {
		return nil
	}
	return invalid(provider.AttrPassword, reason)
}

func broken(password, address string) string {
	kinds, letters, digits := 0, false, false
	for _, k := range []string{"abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"} {
		if strings.ContainsAny(password, k) {
			kinds++
			letters, digits = letters || k[0] != '0', digits || k[0] == '0'
		}
	}
	if strings.ContainsFunc(password, func(r rune) bool { return r > ' ' && r < 0x7f && !isAlnum(r) }) {
		kinds++
	}
	local, _, _ := strings.Cut(address, "@")
	switch n := utf8.RuneCountInString(password); {
	case n < rule.Min:
		return "too_short"
	case n > rule.Max:
		return "too_long"
	case strings.ContainsFunc(password, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return "odd_letter"
	case !letters:
		return "no_letter"
	case !digits:
		return "no_digit"
	case kinds < rule.Kinds:
		return "few_kinds"
	case local != "" && strings.Contains(strings.ToLower(password), local):
		return "has_address"
	case run(password) >= rule.NoRuns:
		return "has_run"
	}
	return ""
}

func isAlnum(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// run is the longest run of equal or rising characters.
func run(password string) int {
	longest, equal, rising := 0, 1, 1
	for i := range len(password) {
		if i > 0 {
			equal, rising = equal+1, rising+1
			if password[i] != password[i-1] {
				equal = 1
			}
			if password[i] != password[i-1]+1 {
				rising = 1
			}
		}
		longest = max(longest, equal, rising)
	}
	return longest
}
