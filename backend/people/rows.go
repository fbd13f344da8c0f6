package people

import (
	"slices"
	"strings"
)

// Row is what a table on the screen holds of one person. Passwords stay elsewhere:
// only whether there is one counts.
type Row struct {
	FromUser, ToUser         string
	FromPassword, ToPassword bool
	FromURL, ToURL           string // of a server of its own; "": the move's
}

// RowOptions say what the rows do not say themselves.
type RowOptions struct {
	Options
	NoFromUser, NoToUser bool // an archive on this computer: nobody signs in there
	Unknown              []string
}

// Weight says how much a finding matters.
type Weight string

// The weights. Stop: the move cannot be made like this. Fix: a correction is
// proposed, and the move cannot be made before. Look: it can, knowingly.
const (
	Stop Weight = "stop"
	Fix  Weight = "fix"
	Look Weight = "look"
)

// Finding is one thing to look at in a table of people.
type Finding struct {
	Code   Code
	Weight Weight
	Row    int // 1 is the first person
	Column Column
	First  int    // the row that came first, with doubles and shared mailboxes
	Fixed  string // the proposed cell, with Fix
	Domain string // with UnknownDomain
}

// maxFindings bounds an answer; the page shows how many rows it was about.
const maxFindings = 20_000

// CheckRows looks at a whole table and returns what is to be looked at, in the order
// of rows. Blank rows are passed over. Its cost grows with the number of rows only.
func CheckRows(rows []Row, o RowOptions) []Finding {
	t := tableCheck{o: o, pairs: map[string]int{}, from: map[string]int{}, to: map[string]int{}, unknown: map[string]bool{}}
	for _, d := range o.Unknown {
		t.unknown[strings.ToLower(d)] = true
	}
	for i := range rows {
		if len(t.found) >= maxFindings {
			break
		}
		t.row(i+1, &rows[i])
	}
	return t.found
}

type tableCheck struct {
	o               RowOptions
	found           []Finding
	pairs, from, to map[string]int
	unknown         map[string]bool
}

func (t *tableCheck) add(f Finding) { t.found = append(t.found, f) }

func (t *tableCheck) row(n int, r *Row) {
	if *r == (Row{}) {
		return
	}
	from := t.side(n, half{r.FromUser, r.FromPassword || t.o.NoFromPassword, r.FromURL, t.o.From}, t.o.NoFromUser, FromUser, FromPassword)
	to := t.side(n, half{r.ToUser, r.ToPassword || t.o.NoToPassword, r.ToURL, t.o.To}, t.o.NoToUser, ToUser, ToPassword)
	if from.bad || to.bad {
		return
	}
	archive := from.archive || to.archive
	if !archive && from.host != "" && from.key() == to.key() {
		t.add(Finding{Code: SameAsSource, Weight: Stop, Row: n, Column: ToUser})
		return
	}
	if first, twice := t.pairs[from.key()+"\x01"+to.key()]; twice && !archive {
		t.add(Finding{Code: DuplicatePair, Weight: Stop, Row: n, Column: FromUser, First: first})
		return
	}
	t.pairs[from.key()+"\x01"+to.key()] = n
	t.shared(n, from, t.from, DuplicateSource, FromUser)
	t.shared(n, to, t.to, DuplicateDestination, ToUser)
}

// shared tells of mailboxes in several rows: allowed, if the person knows.
func (t *tableCheck) shared(n int, p place, seen map[string]int, code Code, col Column) {
	if p.archive || p.user == "" {
		return
	}
	if first, ok := seen[p.key()]; ok {
		t.add(Finding{Code: code, Weight: Look, Row: n, Column: col, First: first})
		return
	}
	seen[p.key()] = n
}

// side checks one half of a row, which stands in these columns. The table has no column for
// a row's own address: what is wrong with it was told when the list was read.
func (t *tableCheck) side(n int, h half, noUser bool, user, password Column) place {
	p, _ := h.place()
	if p.archive || noUser {
		p.user, p.archive = "", true
		return p
	}
	fixed, code := Correct(h.user)
	domain := domainOf(h.user)
	switch {
	case strings.TrimSpace(h.user) == "":
		t.add(Finding{Code: Empty, Weight: Stop, Row: n, Column: user})
		p.bad = true
	case code != "":
		t.add(Finding{Code: code, Weight: Fix, Row: n, Column: user, Fixed: fixed})
		p.bad = true
	case !plausibleUser(h.user):
		t.add(Finding{Code: BadAddress, Weight: Stop, Row: n, Column: user})
		p.bad = true
	case t.unknown[domain] && domain != "":
		delete(t.unknown, domain) // said once: where all rows share it, it is one question
		t.add(Finding{Code: UnknownDomain, Weight: Look, Row: n, Column: user, Domain: domain})
	}
	if !h.password {
		t.add(Finding{Code: Empty, Weight: Stop, Row: n, Column: password})
	}
	return p
}

// Domains lists the different mail domains of the rows, at most limit, in the order
// in which they come.
func Domains(rows []Row, limit int) []string {
	var all []string
	seen := map[string]bool{"": true}
	for i := range rows {
		for _, user := range []string{rows[i].FromUser, rows[i].ToUser} {
			d := domainOf(user)
			if seen[d] || !plausibleDomain(d) {
				continue
			}
			seen[d] = true
			if all = append(all, d); len(all) == limit {
				return all
			}
		}
	}
	return slices.Clip(all)
}
