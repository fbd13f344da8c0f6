package lookup

import (
	"regexp"
	"strconv"
	"strings"

	"mailroom/backend/logs"
	"mailroom/backend/records"
	"mailroom/backend/records/query"
)

const sizeIn = `\s*([0-9]{1,9}(?:\.[0-9]{1,3})?)\s*(?:(k|m|g)(?:i?b)?\b|(兆|字节|bytes?\b))`

// How large a mail is asked for, with the number and its unit. More of them counts as
// larger, at most so much as smaller.
var (
	larger = regexps(
		`(?i)(?:大于|超过|大过|多于|高于|不小于|(?:\b(?:bigger|larger|greater|more|heavier|longer)\s+than\b|\b(?:over|above|exceed(?:s|ing)?|at least)\b|>=?))`+sizeIn+`(?:的)?`,
		`(?i)`+sizeIn+`\s*(?:以上|or (?:more|bigger|larger)\b|and (?:more|up|over)\b|\+)(?:的)?`,
	)
	smaller = regexps(
		`(?i)(?:小于|不到|少于|低于|不超过|不大于|(?:\b(?:smaller|less|lighter)\s+than\b|\b(?:under|below|at most)\b|<=?))`+sizeIn+`(?:的)?`,
		`(?i)`+sizeIn+`\s*(?:以下|以内|or (?:less|smaller)\b)(?:的)?`,
	)
)

var units = map[string]float64{"k": 1 << 10, "m": 1 << 20, "兆": 1 << 20, "g": 1 << 30}

// sizes takes how large the mail is that is asked for: "bigger than 5 MB", 大于5M.
// Not more than comes first: it holds the words for more.
func (q *Question) sizes(rest string) string {
	rest = bounded(rest, smaller, &q.Smaller)
	return bounded(rest, larger, &q.Larger)
}

func bounded(rest string, patterns []*regexp.Regexp, into *int64) string {
	for _, re := range patterns {
		m := re.FindStringSubmatch(rest)
		if m == nil {
			continue
		}
		n, err := strconv.ParseFloat(m[1], 64)
		unit := max(1, units[strings.ToLower(m[2]+m[3])])
		if bytes := n * unit; err == nil && bytes > 0 && bytes < 1<<40 {
			*into = int64(bytes)
			return strings.Replace(rest, m[0], " ", 1)
		}
	}
	return rest
}

// sized is whether a size is asked for.
func (q Question) sized() bool { return q.Larger > 0 || q.Smaller > 0 }

// bySize are the parts of the query that sizes make. What no source told the size of is
// not small.
func (q Question) bySize() (all []query.Node) {
	if q.Larger > 0 {
		all = append(all, query.Node{Op: query.Is, Field: query.Larger, Value: strconv.FormatInt(q.Larger, 10), Bytes: q.Larger})
	}
	if q.Smaller > 0 {
		all = append(all, query.Node{Op: query.Is, Field: query.Smaller, Value: strconv.FormatInt(q.Smaller, 10), Bytes: q.Smaller}, anySize())
	}
	return all
}

func anySize() query.Node { return query.Node{Op: query.Is, Field: query.Larger, Value: "0"} }

// untoldSizes says whether a size is asked for that no record of such mail tells.
func (a *asking) untoldSizes(q Question) (bool, error) {
	if !q.sized() || q.About != AboutMail {
		return false, nil
	}
	told := false
	_, err := a.book.Search(a.ctx, query.Query{Root: query.Node{Op: query.And, Kids: []query.Node{
		either(query.Kind, orKinds(q.kinds, logs.Received, logs.Sent)), anySize(),
	}}}, 0, func(records.Hit) bool {
		told = true
		return false
	})
	return !told, err
}
