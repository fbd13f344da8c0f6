package tencent

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailroom/backend/core"
	"mailroom/backend/provider"
)

// number is a whole number that some answers send as a text: enable is 1 in one call
// and "1" in another.
type number int64

// UnmarshalJSON reads 1, "1", "", null and false.
func (n *number) UnmarshalJSON(b []byte) error {
	switch s := strings.Trim(string(b), `"`); s {
	case "", "null", "false":
		*n = 0
	case "true":
		*n = 1
	default:
		v, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
		if err != nil {
			return errors.New("no number")
		}
		*n = number(v)
	}
	return nil
}

// text is a string that some answers send as a number: gender.
type text string

// UnmarshalJSON reads "1", 1 and null.
func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*t = text(s)
		return nil
	}
	switch s := string(b); s {
	case "null":
		*t = ""
	default:
		if _, err := strconv.ParseFloat(s, 64); err != nil {
			return errors.New("no text")
		}
		*t = text(s)
	}
	return nil
}

// rootID is the vendor's own name of the tree's top.
const rootID = 1

// departmentID reads one of our IDs. What is no number names no department.
func departmentID(id string) (int64, bool) {
	if id == provider.RootDepartment {
		return rootID, true
	}
	n, err := strconv.ParseInt(id, 10, 64)
	return n, err == nil && n > 0 && n != rootID
}

// departmentName is our ID of one of the vendor's.
func departmentName(id number) string {
	if id == rootID || id == 0 {
		return provider.RootDepartment
	}
	return strconv.FormatInt(int64(id), 10)
}

// sayable refuses a text that cannot be sent: the vendor refuses JSON's \u form (40033),
// which control characters, line separators and broken bytes would get. most is in
// bytes; 0: no limit is known.
func sayable(op string, field provider.Attr, s string, most int) error {
	wrong := func(reason string) error {
		return core.E(core.Invalid, op, nil, "field", string(field), "reason", reason)
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
		return wrong("characters")
	}
	if most > 0 && len(s) > most {
		return wrong("length")
	}
	return nil
}
