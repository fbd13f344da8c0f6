package intake

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"mailroom/backend/office/passrule"
	"mailroom/backend/provider"
)

func itoa(n int) string { return strconv.Itoa(n) }

// maxText bounds plain values, in characters.
const maxText = 200

// many takes a cell with several values apart.
func many(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(";；,，、\n|", r) }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// has says whether a column holds something in this row that the office can take. What
// it cannot is told once for the whole column.
func (c *check) has(col Column) bool {
	if c.text(col) == "" {
		return false
	}
	if col.fits(c.d.Capabilities) {
		return true
	}
	if !c.dropped[col] {
		c.dropped[col] = true
		c.add(Problem{Code: NotSupported, Weight: Look, Column: col})
	}
	return false
}

// values reads the plain cells.
func (c *check) values(r *Row) {
	p := &r.Person
	for col, into := range map[Column]*string{Title: &p.Title, StaffNo: &p.StaffNo, Remark: &p.Remark} {
		if c.has(col) {
			if *into = c.text(col); len([]rune(*into)) > maxText || c.long(col, *into) {
				c.about(TooLong, Stop, col, nil)
			}
		}
	}
	for col, into := range map[Column]*string{Mobile: &p.Mobile, Phone: &p.Phone} {
		if c.has(col) {
			var ok bool
			if *into, ok = phone(c.text(col)); !ok {
				c.about(BadValue, Stop, col, nil)
			}
		}
	}
	c.word(Gender, []string{"male", "female"}, func(v string) { p.Gender = v })
	c.word(MailRights, []string{"everywhere", "send_inside", "receive_inside", "inside_only"}, func(v string) { p.MailRights = provider.MailRights(v) })
	c.word(Hidden, []string{"yes", "no"}, func(v string) { p.Hidden = provider.Flag(v) })
	c.word(MustChange, []string{"yes", "no"}, func(v string) { r.MustChange = v == "yes" })
	if c.has(Quota) {
		size, ok := bytesOf(c.text(Quota))
		if p.Quota = size; !ok {
			c.about(BadValue, Stop, Quota, nil)
		}
	}
	if c.has(Forward) {
		c.forward(p)
	}
}

// long says whether a text has more bytes than the provider takes.
func (c *check) long(col Column, text string) bool {
	most := c.d.Capabilities.Longest[provider.Attr(col)]
	return most > 0 && len(text) > most
}

// word reads a cell of a few known values.
func (c *check) word(col Column, allowed []string, set func(string)) {
	if !c.has(col) {
		return
	}
	v := words()[fold(c.text(col))]
	if !slices.Contains(allowed, v) {
		c.about(BadValue, Stop, col, nil)
		return
	}
	set(v)
}

func (c *check) forward(p *provider.Person) {
	f := provider.Forward{Keep: true}
	for _, to := range many(c.text(Forward)) {
		local, domain, ok := strings.Cut(strings.ToLower(norm.NFKC.String(to)), "@")
		if !ok || !plausibleLocal(local) || !strings.Contains(domain, ".") || strings.ContainsAny(domain, " @<>\"") {
			c.about(BadAddress, Stop, Forward, func(p *Problem) { p.Value = bounded(to) })
			return
		}
		f.To = append(f.To, local+"@"+domain)
	}
	p.Forward = &f
}

// phone keeps digits, a leading plus and an extension.
func phone(text string) (string, bool) {
	text = norm.NFKC.String(text)
	text = strings.TrimSuffix(text, ".0") // a spreadsheet's number
	n := 0
	for i, r := range text {
		switch {
		case r >= '0' && r <= '9':
			n++
		case r == '+' && i == 0, strings.ContainsRune(" -()./x#转", r):
		default:
			return "", false
		}
	}
	return strings.Join(strings.Fields(text), " "), n >= 2 && n <= 24
}

// bytesOf reads "5", "5 GB", "500M"; a bare number is GB. 0 is no limit.
func bytesOf(text string) (int64, bool) {
	text = fold(text)
	if words()[text] == "unlimited" {
		return 0, true
	}
	text = strings.TrimSuffix(text, "b")
	unit := float64(1 << 30)
	for suffix, size := range map[string]float64{"t": 1 << 40, "g": 1 << 30, "m": 1 << 20} {
		if rest, ok := strings.CutSuffix(text, suffix); ok {
			text, unit = rest, size
			break
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || n < 0 || n*unit > 1<<50 {
		return -1, false
	}
	return int64(n * unit), true
}

// password reads or makes the initial password.
func (c *check) password(r *Row) {
	if !Password.fits(c.d.Capabilities) {
		c.has(Password) // says that the column is left out
		r.MustChange = false
		return
	}
	if c.text(Password) == "" {
		if !c.o.MakePasswords {
			c.about(Empty, Stop, Password, nil)
			return
		}
		made, err := passrule.Make(c.d.Rule, r.Person.Address)
		if err != nil {
			c.about(Empty, Stop, Password, nil)
			return
		}
		r.Password, r.Made = made, true
		return
	}
	raw := c.row.Cells[c.at[Password]]
	if broken := passrule.Check(c.d.Rule, raw, r.Person.Address); len(broken) > 0 {
		c.about(BadPassword, Stop, Password, func(p *Problem) {
			for _, b := range broken {
				p.Facts = append(p.Facts, string(b))
			}
		})
		return
	}
	r.Password = secretOf(raw)
}

// memberships finds the lists that the person is to be put on.
func (c *check) memberships(r *Row) {
	if !c.has(Lists) {
		return
	}
	for _, name := range many(c.text(Lists)) {
		id, ok := c.lists[same(name)]
		if !ok {
			c.about(UnknownList, Stop, Lists, func(p *Problem) { p.Value = bounded(name) })
			continue
		}
		if !slices.Contains(r.Lists, id) {
			r.Lists = append(r.Lists, id)
		}
	}
}
