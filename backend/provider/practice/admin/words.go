package admin

import (
	"context"
	"database/sql"
	"net/mail"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailroom/backend/core"
	"mailroom/backend/logs"
	"mailroom/backend/provider"
	"mailroom/backend/store"
)

// IDs say what they are of: "u12" a person, "d3" a department, "g5" a list, "c7" a
// contact, "k2" a group of contacts.
func id(kind byte, n int64) string { return string(kind) + strconv.FormatInt(n, 10) }

// numberOf reads an ID; 0 where it is none of that kind.
func numberOf(kind byte, text string) int64 {
	if text == "" || text[0] != kind {
		return 0
	}
	n, err := strconv.ParseInt(text[1:], 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return n
}

func invalid(a provider.Attr, reason string) error {
	return core.E(core.Invalid, "", nil, "field", string(a), "reason", reason)
}

func conflict(a provider.Attr, reason string, args ...string) error {
	return core.E(core.Conflict, "", nil, append([]string{"field", string(a), "reason", reason}, args...)...)
}

func notFound(what string) error { return core.E(core.NotFound, "", nil, "what", what) }

// textLimit is the longest name, title or remark in characters.
const textLimit = 80

// text checks a value that people write.
func text(a provider.Attr, value string, needed bool) error {
	switch {
	case needed && strings.TrimSpace(value) == "":
		return invalid(a, "missing")
	case utf8.RuneCountInString(value) > textLimit:
		return invalid(a, "too_long")
	case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
		return invalid(a, "characters")
	}
	return nil
}

// phone checks a telephone number: digits with the usual signs between them.
func phone(a provider.Attr, value string) error {
	if len(value) > 24 || strings.ContainsFunc(value, func(r rune) bool { return !strings.ContainsRune("0123456789+-() #", r) }) {
		return invalid(a, "characters")
	}
	return nil
}

// address checks an address of anywhere and spells it as the office does.
func address(a provider.Attr, value string) (string, error) {
	value = strings.ToLower(value)
	parsed, err := mail.ParseAddress(value)
	if err != nil || parsed.Address != value || len(value) > 254 || strings.ContainsAny(value, "\"' ,;") {
		return "", invalid(a, "address")
	}
	return value, nil
}

// own checks an address of one of the office's domains.
func own(ctx context.Context, tx *sql.Tx, a provider.Attr, value string) (string, error) {
	value, err := address(a, value)
	if err != nil {
		return "", err
	}
	_, domain, _ := strings.Cut(value, "@")
	var n int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM domain WHERE name=?", domain).Scan(&n); err != nil {
		return "", err
	}
	if n == 0 {
		return "", invalid(a, "domain")
	}
	return value, nil
}

// take books an address for its owner; conflict where somebody has it.
func take(ctx context.Context, tx *sql.Tx, a provider.Attr, value string, use provider.Use, owner int64) error {
	if err := unused(ctx, tx, a, value); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO address VALUES (?,?,?)", value, string(use), owner)
	return err
}

// unused refuses an address that belongs to somebody: a person, an alias or a list.
func unused(ctx context.Context, tx *sql.Tx, a provider.Attr, value string) error {
	var use string
	switch err := tx.QueryRowContext(ctx, "SELECT use FROM address WHERE address=?", value).Scan(&use); err {
	case sql.ErrNoRows:
		return nil
	case nil:
		return conflict(a, "used_by_"+use, "address", value)
	default:
		return err
	}
}

// note writes down what an administrator did. No secret is in the words.
func (a *Adapter) note(ctx context.Context, tx *sql.Tx, action logs.Action, target, remark string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO act (at, action, target, remark) VALUES (?,?,?,?)", store.Millis(a.now()), string(action), target, remark)
	return err
}

// offset reads the token of a page.
func offset(page string) (int64, error) {
	if page == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(page, 10, 64)
	if err != nil || n < 0 {
		return 0, core.E(core.Invalid, "", nil, "reason", "page")
	}
	return n, nil
}

// token names the page behind the entry with that number, where there is one.
func token(full bool, last int64) string {
	if !full {
		return ""
	}
	return strconv.FormatInt(last, 10)
}
