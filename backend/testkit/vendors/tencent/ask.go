package tencent

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ask is one request's parameters, from the address of a GET or the body of a POST.
// The first value of the wrong kind stays in bad.
type ask struct {
	query   url.Values // of a GET
	body    map[string]json.RawMessage
	garbled bool // texts of the body are misread
	bad     *refusal
}

// escaped finds \uXXXX, which the API does not take.
var escaped = regexp.MustCompile(`(^|[^\\])(\\\\)*\\u[0-9a-fA-F]{4}`)

// readAsk reads the parameters and refuses one that does not exist. The real service
// most likely passes over it; here it would hide a misspelt name.
func readAsk(e endpoint, query url.Values, body []byte) (*ask, *refusal) {
	query.Del("access_token")
	a := &ask{query: query}
	names := strings.Fields(e.names)
	if e.method == http.MethodGet {
		for name, values := range query {
			if !slices.Contains(names, name) || len(values) != 1 {
				return nil, refuse(40035, "invalid parameter "+name)
			}
		}
		return a, nil
	}
	switch {
	case len(query) > 0:
		return nil, refuse(40035, "invalid parameter in the query")
	case len(strings.TrimSpace(string(body))) == 0:
		return nil, refuse(44002, "empty post data")
	case !utf8.Valid(body):
		return nil, refuse(40033, "invalid charset, UTF-8 only")
	case escaped.Match(body):
		return nil, refuse(40033, `invalid request, \uxxxx is not supported`)
	}
	if err := json.Unmarshal(body, &a.body); err != nil || a.body == nil {
		return nil, refuse(40035, "invalid json")
	}
	for name := range a.body {
		if !slices.Contains(names, name) {
			return nil, refuse(40035, "invalid parameter "+name)
		}
	}
	if gender, ok := a.body["gender"]; ok && len(gender) > 0 && gender[0] != '"' {
		a.garbled = true // a number here has been seen to spoil the Chinese of all other values
	}
	return a, nil
}

func (a *ask) has(name string) bool {
	if a.body == nil {
		return a.query.Has(name)
	}
	raw, ok := a.body[name]
	return ok && string(raw) != "null"
}

// text reads a text; "" where it was left out.
func (a *ask) text(name string) string {
	if a.body == nil {
		return a.query.Get(name)
	}
	var v string
	if a.has(name) {
		a.decode(name, &v)
	}
	if a.garbled {
		v = garble(v)
	}
	return v
}

// number reads a whole number.
func (a *ask) number(name string) int64 {
	if !a.has(name) {
		return 0
	}
	if a.body == nil {
		v, err := strconv.ParseInt(a.query.Get(name), 10, 64)
		if err != nil {
			a.spoil(name)
		}
		return v
	}
	var v int64
	a.decode(name, &v)
	return v
}

// either reads a number that callers also send as a text.
func (a *ask) either(name string) int64 {
	raw := strings.Trim(string(a.body[name]), `"`)
	v, err := strconv.ParseInt(raw, 10, 64)
	if err != nil {
		a.spoil(name)
	}
	return v
}

func (a *ask) texts(name string) []string {
	v := []string{}
	if a.has(name) {
		a.decode(name, &v)
	}
	return v
}

func (a *ask) numbers(name string) []int64 {
	v := []int64{}
	if a.has(name) {
		a.decode(name, &v)
	}
	return v
}

// zone is the one in which the API's days begin and end.
var zone = time.FixedZone("CST", 8*3600)

// days reads two days and returns the first moment and the one after the last. More
// than 92 days are too many: the documentation speaks of about three months.
func (a *ask) days(s *Server) (from, to time.Time, refused *refusal) {
	begin, errBegin := time.ParseInLocation(time.DateOnly, a.text("begin_date"), zone)
	end, errEnd := time.ParseInLocation(time.DateOnly, a.text("end_date"), zone)
	switch {
	case errBegin != nil, errEnd != nil, end.Before(begin):
		return begin, end, refuse(40035, "invalid date")
	case end.Sub(begin) > 92*24*time.Hour, s.kept > 0 && begin.Before(midnight(s.now()).AddDate(0, 0, -s.kept)):
		return begin, end, refuse(601002, "time over limit")
	}
	return begin, end.AddDate(0, 0, 1), nil
}

// flag reads a number that must be 0 or 1.
func (a *ask) flag(name string) bool {
	v := a.number(name)
	if v != 0 && v != 1 {
		a.spoil(name)
	}
	return v == 1
}

func (a *ask) decode(name string, into any) {
	if err := json.Unmarshal(a.body[name], into); err != nil {
		a.spoil(name)
	}
}

func (a *ask) spoil(name string) {
	if a.bad == nil {
		a.bad = refuse(40035, "invalid parameter "+name)
	}
}

// garble reads UTF-8 as if it were Latin-1.
func garble(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteRune(rune(c))
	}
	return b.String()
}
