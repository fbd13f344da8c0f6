package preset

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Reply is a server's NO, BAD or BYE.
type Reply struct {
	Status  string // NO, BAD, BYE
	Code    string // response code without brackets and argument
	CodeArg string // what followed the code
	Text    string // the human text
	Command string // LOGIN, SELECT, UID FETCH …; the verb only
	Family  string // server family or alias; "" unknown
	Attempt int    // how often this very act was tried again already; 0 at the first refusal
}

// Verdict says what a refusal means and what to do.
type Verdict struct {
	Class  Class
	Action Action
	Scope  Scope
	// Wait is the pause before the action. With [Park] it is the earliest moment at
	// which another try makes sense; 0 then means: not before a person acted.
	Wait time.Duration
	// ConnLimit is the greatest number of connections to use from now on; with class
	// [ConnLimit] 0 means: one fewer than now.
	ConnLimit int
	Also      []Class // other causes to look at, in this order
	Entry     string  // id of the dictionary's row, see [LookupEntry]
}

// Bounds on what a server may make us do.
const (
	// LongestBackoff caps a pause that the server itself names, so that a hostile or
	// broken number cannot hold a move for ever; a busy server simply says it again.
	LongestBackoff = 5 * time.Minute
	longestText    = 4096
)

var (
	backoffTime = regexp.MustCompile(`backoff(?: time)?:?\s*(\d{1,12})`)
	inMillis    = regexp.MustCompile(`(\d{1,12})\s*(?:milliseconds|ms)\b`)
	userIPConns = regexp.MustCompile(`mail_max_userip_connections\s*=\s*(\d{1,6})`)
)

// Classify finds the row of the error dictionary that fits best and returns its
// verdict. Standard response codes (RFC 5530 and kin) come before texts, except where
// a row names both; vague codes (UNAVAILABLE, SERVERBUG, LIMIT …) come after texts. A
// reply that no row knows gets the default of its command. Case does not matter.
func Classify(r Reply) Verdict {
	q := newQuery(r)
	best, rank := -1, rank{}
	for i := range dictionary() {
		got, ok := q.match(&dictionary()[i])
		if ok && (best < 0 || got.beats(rank)) {
			best, rank = i, got
		}
	}
	e := &dictionary()[best] // the catch-all row matches every reply
	v := Verdict{Class: e.Class, Action: e.Action, Scope: e.Scope, Also: slices.Clone(e.Also), Entry: e.ID}
	v.Wait = e.pause(r.Attempt)
	if e.Tries > 0 && r.Attempt >= e.Tries {
		v.Action, v.Wait = e.Then, 0
	}
	if v.Class == Throttle {
		v.Wait = max(v.Wait, namedBackoff(q.whole))
	}
	if m := userIPConns.FindStringSubmatch(q.whole); m != nil && v.Class == ConnLimit {
		n, _ := strconv.Atoi(m[1])
		v.ConnLimit = max(n-1, 1)
	}
	return v
}

// namedBackoff reads "Suggested Backoff Time: N milliseconds".
func namedBackoff(text string) time.Duration {
	m := backoffTime.FindStringSubmatch(text)
	if m == nil {
		m = inMillis.FindStringSubmatch(text)
	}
	if m == nil {
		return 0
	}
	ms, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil || ms > LongestBackoff.Milliseconds() {
		return LongestBackoff
	}
	return time.Duration(ms) * time.Millisecond
}

// query is a reply made ready for comparing.
type query struct {
	status, code, command, family string
	whole                         string // "[code arg] text", lower case, single spaces
}

func newQuery(r Reply) query {
	whole := r.Text
	if r.Code != "" {
		whole = "[" + r.Code + " " + r.CodeArg + "] " + r.Text
	}
	if len(whole) > longestText {
		whole = whole[:longestText]
	}
	return query{
		status:  strings.ToUpper(r.Status),
		code:    strings.ToUpper(r.Code),
		command: strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(r.Command)), "UID "),
		family:  Family(r.Family),
		whole:   strings.Join(strings.Fields(strings.ToLower(whole)), " "),
	}
}

// The tiers of a match, best first.
const (
	tierCodeAndText = iota
	tierCode
	tierText
	tierVagueCode
	tierDefault
)

// rank orders the rows that match a reply.
type rank struct {
	tier     int
	length   int // of the fragment found
	specific int // how many of status, command, family the row names
}

func (a rank) beats(b rank) bool {
	if a.tier != b.tier {
		return a.tier < b.tier
	}
	if a.length != b.length {
		return a.length > b.length
	}
	return a.specific > b.specific
}

func (q *query) match(e *Entry) (rank, bool) {
	var r rank
	for _, c := range []struct {
		want []string
		have string
	}{{e.Statuses, q.status}, {e.Commands, q.command}, {e.Families, q.family}} {
		if len(c.want) == 0 {
			continue
		}
		if !slices.Contains(c.want, c.have) {
			return r, false
		}
		r.specific++
	}
	hasCode := q.code != "" && slices.Contains(e.Codes, q.code)
	for _, t := range e.Texts {
		if strings.Contains(q.whole, t) {
			r.length = max(r.length, len(t))
		}
	}
	hasText := r.length > 0
	switch {
	case len(e.Codes) == 0 && len(e.Texts) == 0:
		r.tier = tierDefault
	case hasCode && hasText:
		r.tier = tierCodeAndText
	case hasText && (len(e.Codes) == 0 || e.TextAlone):
		r.tier = tierText
	case hasCode && len(e.Texts) == 0 && e.Vague:
		r.tier = tierVagueCode
	case hasCode && len(e.Texts) == 0:
		r.tier = tierCode
	default:
		return r, false
	}
	return r, true
}
