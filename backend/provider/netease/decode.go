package netease

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
)

// text takes strings, numbers and null: ids come as either.
type text string

// UnmarshalJSON reads any plain value.
func (t *text) UnmarshalJSON(raw []byte) error {
	var s string
	switch {
	case string(raw) == "null":
		return nil
	case len(raw) > 0 && raw[0] == '"':
		if err := json.Unmarshal(raw, &s); err != nil {
			return err
		}
	case len(raw) > 0 && (raw[0] == '{' || raw[0] == '['):
		return errors.New("not a plain value")
	default:
		s = string(raw)
	}
	*t = text(strings.TrimSpace(s))
	return nil
}

// number takes numbers, numbers in quotes, truth values and null.
type number int64

// UnmarshalJSON reads a whole number; "" is 0.
func (n *number) UnmarshalJSON(raw []byte) error {
	s := strings.TrimSpace(strings.Trim(string(raw), `"`))
	switch s {
	case "null", "", "false":
		*n = 0
		return nil
	case "true":
		*n = 1
		return nil
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(s, 64)
		if ferr != nil || f > 1<<62 || f < -(1<<62) || f != f {
			return errors.New("not a number")
		}
		v = int64(f)
	}
	*n = number(v)
	return nil
}

// beijing is the zone in which the API tells times; it names none (assumption "zone").
var beijing = time.FixedZone("+08:00", 8*3600)

const dayTime = "2006-01-02 15:04:05"

// moment reads a time: milliseconds or seconds since 1970, or a day with or without the
// time in Beijing. What is none is the zero time.
func moment(s text) time.Time {
	if n, err := strconv.ParseInt(string(s), 10, 64); err == nil {
		switch {
		case n > 1e11 && n < 1e14:
			return time.UnixMilli(n)
		case n > 1e8 && n <= 1e11:
			return time.Unix(n, 0)
		}
		return time.Time{}
	}
	for _, form := range []string{dayTime, "2006-01-02 15:04:05.000", "2006-01-02 15:04", time.DateOnly, "2006-01-02T15:04:05"} {
		if at, err := time.ParseInLocation(form, string(s), beijing); err == nil {
			return at
		}
	}
	if at, err := time.Parse(time.RFC3339, string(s)); err == nil {
		return at
	}
	return time.Time{}
}

// names reads a list of names in any of the forms that were seen: plain, as objects,
// or under "alias".
func names(raw json.RawMessage) ([]string, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if raw[0] == '{' {
		var in struct {
			Alias json.RawMessage `json:"alias"`
			List  json.RawMessage `json:"list"`
		}
		if err := json.Unmarshal(raw, &in); err != nil {
			return nil, err
		}
		if in.Alias == nil {
			in.Alias = in.List
		}
		if len(in.Alias) > 0 && in.Alias[0] == '{' {
			return nil, errors.New("not a list")
		}
		return names(in.Alias)
	}
	var plain []text
	if err := json.Unmarshal(raw, &plain); err == nil {
		return texts(plain), nil
	}
	var objects []struct {
		Alias   text `json:"alias_name"`
		Name    text `json:"aliasName"`
		Account text `json:"account_name"`
	}
	if err := json.Unmarshal(raw, &objects); err != nil {
		return nil, err
	}
	for _, o := range objects {
		for _, name := range []text{o.Alias, o.Name, o.Account} {
			if name != "" {
				plain = append(plain, name)
				break
			}
		}
	}
	return texts(plain), nil
}

func texts(list []text) []string {
	var all []string
	for _, t := range list {
		if t != "" {
			all = append(all, string(t))
		}
	}
	return all
}
