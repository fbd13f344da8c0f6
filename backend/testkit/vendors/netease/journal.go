package netease

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Mail is one row of the log of received mail.
type Mail struct {
	From, To string // full addresses
	Subject  string
	At       time.Time
	Size     int
	IP       string
	OK       bool
}

// Login is one row of a log of sign-ins. Method is "web", or a client's protocol.
type Login struct {
	Name   string // local part
	At     time.Time
	IP     string
	Method string
	OK     bool
}

type journal struct {
	mails  []Mail
	logins []Login
}

// AddMail seeds the log of received mail.
func (c *company) AddMail(rows ...Mail) { c.set(func() { c.mails = append(c.mails, rows...) }) }

// AddLogins seeds the logs of sign-ins.
func (c *company) AddLogins(rows ...Login) { c.set(func() { c.logins = append(c.logins, rows...) }) }

// FillLogs invents what happened on the days before a moment: so many mails a day that
// came in, and as many sign-ins, every tenth of them refused.
func (c *company) FillLogs(until time.Time, days, perDay int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	people := slices.Sorted(maps.Keys(c.accounts))
	if len(people) == 0 {
		return
	}
	subjects := []string{"报价单", "会议纪要", "Re: 合同修改稿", "周报", "发票已开", "样品寄送通知", "Meeting on Tuesday", "账单提醒"}
	for n := range days * perDay {
		at := until.AddDate(0, 0, -n/perDay).Add(-time.Duration(n%perDay) * 3 * time.Minute)
		one, ip := people[n%len(people)], fmt.Sprintf("203.0.113.%d", n%250+1)
		c.mails = append(c.mails, Mail{
			From: fmt.Sprintf("partner%d@partner.example", n%7), To: one + "@" + c.domain, Subject: fmt.Sprintf("%s %d", subjects[n%len(subjects)], n),
			At: at, Size: 2000 + n, IP: ip, OK: n%9 != 0,
		})
		way := "web"
		if n%3 == 0 {
			way = "imap"
		}
		c.logins = append(c.logins, Login{Name: one, At: at.Add(-time.Minute), IP: ip, Method: way, OK: n%10 != 0})
	}
}

const (
	dayForm    = "2006-01-02"
	momentForm = "2006-01-02 15:04:05"
)

// moment reads a time of a request; a day alone is its first second, or its last where
// it is an end.
func moment(s string, end bool) (time.Time, bool) {
	if t, err := time.ParseInLocation(momentForm, s, beijing); err == nil {
		return t, true
	}
	t, err := time.ParseInLocation(dayForm, s, beijing)
	if end {
		t = t.AddDate(0, 0, 1).Add(-time.Second)
	}
	return t, err == nil
}

// within reads the two ends of a window; an end before its beginning is none.
func within(from, to string) (a, b time.Time, ok bool) {
	a, okA := moment(from, false)
	b, okB := moment(to, true)
	return a, b, okA && okB && !b.Before(a)
}

// received lists mail for accounts (local parts or full addresses; none: all).
func (c *company) received(accounts []string, from, to time.Time) []Mail {
	var rows []Mail
	for _, m := range c.mails {
		local, _, _ := strings.Cut(m.To, "@")
		if (len(accounts) == 0 || slices.Contains(accounts, local) || slices.Contains(accounts, m.To)) && !m.At.Before(from) && !m.At.After(to) {
			rows = append(rows, m)
		}
	}
	slices.SortStableFunc(rows, func(a, b Mail) int { return b.At.Compare(a.At) })
	return rows
}

// signIns lists sign-ins of accounts, over the web or by clients.
func (c *company) signIns(web bool, accounts []string, from, to time.Time) []Login {
	var rows []Login
	for _, l := range c.logins {
		if (l.Method == "web") == web && (len(accounts) == 0 || slices.Contains(accounts, l.Name)) && !l.At.Before(from) && !l.At.After(to) {
			rows = append(rows, l)
		}
	}
	slices.SortStableFunc(rows, func(a, b Login) int { return b.At.Compare(a.At) })
	return rows
}

// names splits a comma list; an empty one names everybody.
func names(s string) []string {
	var all []string
	for _, n := range strings.Split(s, ",") {
		if n = strings.TrimSpace(n); n != "" {
			all = append(all, n)
		}
	}
	return all
}

// page cuts a part out of rows; pages are counted from 1.
func page[T any](rows []T, number, size int) []T {
	from := min(max(number-1, 0)*size, len(rows))
	return rows[from:min(from+size, len(rows))]
}

func outcome(ok bool) int {
	if ok {
		return 1
	}
	return 0
}
