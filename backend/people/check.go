package people

import (
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checker turns rows into people and problems.
type checker struct {
	list     *List
	problems []Problem
	options  Options
	layout   layout
	ready    bool // the header was read
	rows     int
	from, to map[string]int // mailboxes seen, and in which row

	table *Table // set: every row is kept, see [ReadTable]
	grid  *Grid  // set: cells are kept as they are, see [ReadGrid]; table is set too
	known func(cell string) bool
	cell  int // bytes that a cell of the grid may have
	// formulated says that the workbook calculates.
	formulated bool
	sheet      string
	hidden     bool
}

// read takes a whole file, whatever its format. The error is for trouble in reading
// from r alone.
func (c *checker) read(r io.Reader) error {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return readError(err)
	}
	c.list.Format = CSV
	switch {
	case len(raw) > MaxBytes:
		c.problem(TooLarge, 0, "")
	case isWorkbook(raw):
		c.list.Format = XLSX
		c.workbook(raw)
	case isOldWorkbook(raw):
		c.problem(OldWorkbook, 0, "")
	default:
		c.csv(raw)
	}
	return nil
}

func (c *checker) problem(code Code, row int, col Column) {
	c.add(Problem{Code: code, Row: row, Column: col})
}

func (c *checker) add(p Problem) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, p)
	}
}

// row takes the next row of the file; false ends the reading.
func (c *checker) row(cells []string, row int) bool {
	if !slices.ContainsFunc(cells, func(s string) bool { return strings.TrimSpace(s) != "" }) {
		return true
	}
	if c.rows++; c.rows > MaxRows {
		c.problem(TooLarge, row, "")
		return false
	}
	switch {
	case c.grid != nil:
		return c.keep(cells, row)
	case c.table != nil:
		return c.loose(cells, row)
	}
	if !c.ready {
		c.ready = true
		return c.header(cells, row)
	}
	before := len(c.problems)
	p := c.person(cells, row)
	if len(c.problems) == before && before < maxProblems {
		c.list.People = append(c.list.People, p)
	}
	return true
}

func (c *checker) person(cells []string, row int) Person {
	for i, cell := range cells {
		if i >= c.layout.width && strings.TrimSpace(cell) != "" {
			c.problem(ExtraCell, row, "")
			break
		}
	}
	word := func(col Column) string { return strings.TrimFunc(c.layout.cell(cells, col), unicode.IsSpace) }
	p := Person{
		Row: row, Name: word(Name), FromUser: word(FromUser), ToUser: word(ToUser), FromURL: word(FromURL), ToURL: word(ToURL),
		FromPassword: Secret{c.layout.cell(cells, FromPassword)}, ToPassword: Secret{c.layout.cell(cells, ToPassword)},
	}
	for _, col := range Columns() {
		if cell := c.layout.cell(cells, col); len(cell) > MaxCell {
			c.problem(TooLarge, row, col)
		} else if strings.ContainsRune(cell, utf8.RuneError) || !utf8.ValidString(cell) {
			c.problem(BadEncoding, row, col)
		}
	}
	o := &c.options
	from := c.side(row, half{p.FromUser, !p.FromPassword.IsZero() || o.NoFromPassword, p.FromURL, o.From}, FromUser, FromPassword, FromURL)
	to := c.side(row, half{p.ToUser, !p.ToPassword.IsZero() || o.NoToPassword, p.ToURL, o.To}, ToUser, ToPassword, ToURL)
	c.compare(p, from, to)
	return p
}

// place is where a mailbox is; the zero value is unknown.
type place struct {
	user, host string
	archive    bool
	bad        bool
}

func (p place) key() string { return p.host + "\x00" + p.user }

// half is one mailbox of a row, as it was written.
type half struct {
	user     string
	password bool   // one is given, or none is wanted
	url      string // the row's own server or archive
	allRows  string // the one of rows that name none
}

// place is where the mailbox is; code says what is wrong with the row's own address.
func (h half) place() (p place, code Code) {
	p.user = strings.ToLower(h.user)
	if h.url != "" {
		code = p.readURL(h.url)
		return p, code
	}
	if h.allRows != "" {
		p.readURL(h.allRows) // its own mistakes are told where it was typed
	}
	return p, ""
}

// side checks one half of a row, which stands in these columns.
func (c *checker) side(row int, h half, user, password, url Column) place {
	p, code := h.place()
	if code != "" {
		p.bad = true
		c.problem(code, row, url)
	}
	if p.archive && !p.bad {
		p.user = "" // a folder on this computer has none
		return p
	}
	switch {
	case h.user == "":
		c.problem(Empty, row, user)
		p.bad = true
	case !plausibleUser(h.user):
		c.problem(BadAddress, row, user)
		p.bad = true
	}
	if !h.password {
		c.problem(Empty, row, password)
	}
	return p
}

// compare looks for mailboxes named twice.
func (c *checker) compare(p Person, from, to place) {
	if !from.bad && !to.bad && from.host != "" && from.key() == to.key() {
		c.problem(SameAsSource, p.Row, ToUser)
	}
	for _, s := range []struct {
		place
		seen map[string]int
		code Code
		col  Column
	}{{from, c.from, DuplicateSource, FromUser}, {to, c.to, DuplicateDestination, ToUser}} {
		if s.bad {
			continue
		}
		if first, ok := s.seen[s.key()]; ok {
			c.add(Problem{Code: s.code, Row: p.Row, Column: s.col, First: first})
			continue
		}
		s.seen[s.key()] = p.Row
	}
}

// plausibleUser accepts mail addresses and the sign-in names of servers (lilei,
// OFFICE\lilei, user*master, admin@a\shared@b), and refuses what cannot be either.
func plausibleUser(s string) bool {
	if len(s) > 320 || strings.ContainsAny(s, `,;<>"`) || strings.ContainsAny(s, "＠，；。") {
		return false
	}
	if strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError }) >= 0 {
		return false
	}
	for _, part := range strings.Split(s, `\`) {
		local, domain, ok := strings.Cut(part, "@")
		if part == "" || ok && (local == "" || !plausibleDomain(domain)) {
			return false
		}
	}
	return true
}

func plausibleDomain(s string) bool {
	if s == "" || len(s) > 253 || strings.Contains(s, "@") {
		return false
	}
	domain, _, _ := strings.Cut(s, "*") // user@domain*master
	return !slices.Contains(strings.Split(domain, "."), "")
}

// readURL finds out where a URL points; "" means that it is good.
func (p *place) readURL(raw string) Code {
	scheme, rest, ok := strings.Cut(raw, ":")
	if !ok || rest == "" {
		return BadURL
	}
	scheme = strings.ToLower(scheme)
	port := ""
	switch scheme {
	case "maildir", "mbox", "eml":
		p.archive, p.host = true, scheme+":"+rest
		return ""
	case "imaps":
		port = "993"
	case "imap", "imap+starttls":
		port = "143"
	case "pop3s":
		port = "995"
	case "pop3", "pop3+starttls":
		port = "110"
	default:
		return BadURL
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" {
		return BadURL
	}
	if _, has := u.User.Password(); has {
		return PasswordInURL
	}
	if u.Port() != "" {
		port = u.Port()
	}
	p.host = strings.ToLower(u.Hostname())
	if !slices.Contains([]string{"143", "993", "110", "995"}, port) {
		p.host += ":" + port // the usual ports lead to the same mailboxes
	}
	return ""
}
