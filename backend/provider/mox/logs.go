package mox

import (
	"context"
	"encoding/hex"
	"io"
	"mime"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/encoding/htmlindex"

	"mailroom/backend/core"
	"mailroom/backend/logs"
)

// attempt is one kind of sign-in (store.LoginAttempt): equal ones are merged, with the
// time of the first and the last.
type attempt struct {
	Key          []byte
	Last, First  time.Time
	Count        int64
	AccountName  string // "(admin)": the administrator; "-": no account is known
	LoginAddress string
	RemoteIP     string
	Protocol     string
	UserAgent    string
	AuthMech     string
	Result       string
}

// queued is a mail on its way out (queue.Msg) or done (queue.MsgRetired).
type queued struct {
	ID                 int64
	Queued             time.Time
	SenderAccount      string
	SenderLocalpart    string
	SenderDomainStr    string
	RecipientLocalpart string
	RecipientDomainStr string
	Results            []struct {
		Success bool
		Code    int
		Error   string
	}
	Size      int64
	MessageID string
	Subject   string
	Success   bool // of one that is done
}

const (
	attemptsKept = 30 * 24 * time.Hour
	// mostRows bounds one answer.
	mostRows = 20_000
	// settles: a mail is tried eight times, the pauses begin at 7.5 minutes and double.
	settles = 36 * time.Hour
)

// Reaches: sign-ins of 30 days; mail that waits, and mail that is done where the
// account keeps such (KeepRetiredMessagePeriod, which is off at first): what is done
// elsewhere leaves no trace. What came in is not logged.
func (o *Office) Reaches() []logs.Reach {
	return []logs.Reach{
		{Kind: logs.SignIn, Kept: attemptsKept, Settles: time.Minute},
		{Kind: logs.Sent, Settles: settles, Partial: true},
	}
}

// Fetch hands out sign-ins and outgoing mail.
func (o *Office) Fetch(ctx context.Context, ask logs.Ask) (logs.Page, error) {
	switch ask.Kind {
	case logs.SignIn:
		return o.signIns(ctx, ask)
	case logs.Sent:
		return o.sent(ctx, ask)
	}
	return logs.Page{}, core.E(core.Unsupported, "fetch records", nil, "kind", string(ask.Kind))
}

func (o *Office) signIns(ctx context.Context, ask logs.Ask) (page logs.Page, err error) {
	const op = "fetch sign-ins"
	account := ""
	if ask.Person != "" {
		if account, err = o.name(ctx, op, ask.Person); err != nil {
			return page, err
		}
	}
	// Everybody's are asked for: a wrong password is not written down under its account.
	var all []attempt
	if err := o.ask(ctx, op, "LoginAttempts", &all, "", mostRows); err != nil {
		return page, err
	}
	page.Cut = len(all) == mostRows
	for _, at := range all {
		if at.AuthMech == "websession" && at.Result == "ok" {
			continue // a session that goes on is no sign-in
		}
		if account != "" && at.AccountName != account && plainAddress(at.LoginAddress) != plainAddress(ask.Person) {
			continue
		}
		moments := []time.Time{at.Last}
		if at.Count > 1 {
			moments = append(moments, at.First)
		}
		for _, moment := range moments {
			if !moment.Before(ask.From) && moment.Before(ask.To) {
				page.Records = append(page.Records, at.record(moment))
			}
		}
	}
	return page, nil
}

// signedIn is when somebody signed in last, by account, as it was read last.
type signedIn struct {
	mu   sync.Mutex
	read time.Time
	last map[string]time.Time
}

// signInAge is how long that is believed: one reading serves a whole directory.
const signInAge = time.Minute

// lastSignIn is when somebody signed in to an account last; this program's own
// sign-ins do not count.
func (o *Office) lastSignIn(ctx context.Context, op, account string) (time.Time, error) {
	o.signedIn.mu.Lock()
	known, last := time.Since(o.signedIn.read) < signInAge, o.signedIn.last[account]
	o.signedIn.mu.Unlock()
	if known {
		return last, nil
	}
	var all []attempt
	if err := o.ask(ctx, op, "LoginAttempts", &all, "", mostRows); err != nil {
		return time.Time{}, err
	}
	byAccount := map[string]time.Time{}
	for _, at := range all {
		if when := at.Last.UTC().Truncate(time.Second); at.Result == "ok" && at.UserAgent != agent && when.After(byAccount[at.AccountName]) {
			byAccount[at.AccountName] = when
		}
	}
	o.signedIn.mu.Lock()
	defer o.signedIn.mu.Unlock()
	o.signedIn.read, o.signedIn.last = time.Now(), byAccount
	return byAccount[account], nil
}

// record is one moment of a merged attempt: of the others between the first and the
// last only the number is known.
func (at attempt) record(moment time.Time) logs.Record {
	r := logs.Record{
		Kind: logs.SignIn, At: moment.UTC(), Person: plainAddress(at.LoginAddress), Agent: at.UserAgent, Method: methods[at.Protocol],
		Outcome: outcomes[at.Result], Said: at.Result, ID: hex.EncodeToString(at.Key) + "-" + strconv.FormatInt(moment.UnixNano(), 36),
		Facts: map[string]string{"protocol": at.Protocol, "mechanism": at.AuthMech, "account": at.AccountName},
	}
	if at.Count > 1 {
		r.Facts["count"] = strconv.FormatInt(at.Count, 10)
	}
	if r.Method == "" {
		r.Method = logs.Another
	}
	if r.Outcome == "" {
		r.Outcome = logs.Other
	}
	if ip, err := netip.ParseAddr(at.RemoteIP); err == nil {
		r.IP = ip
	}
	return r
}

var methods = map[string]logs.Method{
	"imap": logs.IMAP, "submission": logs.SMTP, "webmail": logs.Web, "webaccount": logs.Web, "webadmin": logs.Web, "webapi": logs.API,
}

var outcomes = map[string]logs.Outcome{
	"ok": logs.OK, "baduser": logs.Refused, "badpassword": logs.Refused, "badcreds": logs.Refused, "badchanbind": logs.Refused,
	"badprotocol": logs.Refused, "logindisabled": logs.Locked, "error": logs.Failed, "aborted": logs.Failed,
}

// newest asks for the latest first.
type newest struct {
	Field  string
	LastID int64
	Last   any
	Asc    bool
}

// filter leaves open everything but how many.
type filter struct {
	Max     int
	Account string
}

func (o *Office) sent(ctx context.Context, ask logs.Ask) (page logs.Page, err error) {
	const op = "fetch outgoing mail"
	f := filter{Max: mostRows}
	if ask.Person != "" {
		if f.Account, err = o.name(ctx, op, ask.Person); err != nil {
			return page, err
		}
	}
	for _, list := range []string{"QueueList", "RetiredList"} {
		var all []queued
		if err := o.ask(ctx, op, list, &all, f, newest{Field: "Queued"}); err != nil {
			return logs.Page{}, err
		}
		page.Cut = page.Cut || len(all) == mostRows
		for _, m := range all {
			if !m.Queued.Before(ask.From) && m.Queued.Before(ask.To) {
				page.Records = append(page.Records, m.record(list == "RetiredList"))
			}
		}
	}
	return page, nil
}

func (m queued) record(done bool) logs.Record {
	from := plainAddress(m.SenderLocalpart + "@" + m.SenderDomainStr)
	r := logs.Record{
		Kind: logs.Sent, At: m.Queued.UTC(), Person: from, From: from, To: []string{plainAddress(m.RecipientLocalpart + "@" + m.RecipientDomainStr)},
		Subject: legible(m.Subject), Size: m.Size, MessageID: m.MessageID, ID: strconv.FormatInt(m.ID, 10), Outcome: logs.Pending,
		Facts: map[string]string{"account": m.SenderAccount},
	}
	if n := len(m.Results); n > 0 {
		last := m.Results[n-1]
		r.Said = strings.TrimSpace(strings.Join(slices.DeleteFunc([]string{code(last.Code), last.Error}, func(s string) bool { return s == "" }), " "))
		r.Facts["attempts"] = strconv.Itoa(n)
	}
	switch {
	case done && m.Success:
		r.Outcome = logs.Delivered
	case done:
		r.Outcome = logs.Bounced
	}
	return r
}

// encoded reads encoded words of every charset that a browser knows.
var encoded = mime.WordDecoder{CharsetReader: func(charset string, in io.Reader) (io.Reader, error) {
	enc, err := htmlindex.Get(charset)
	if err != nil {
		return nil, err
	}
	return enc.NewDecoder().Reader(in), nil
}}

// legible is a subject as a person wrote it: mox hands out the header as it stands in the
// mail, with encoded words (RFC 2047) for everything that is not ASCII. What cannot be
// decoded stays as it is.
func legible(subject string) string {
	if !strings.Contains(subject, "=?") {
		return subject
	}
	if text, err := encoded.DecodeHeader(subject); err == nil {
		return strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return ' '
			}
			return r
		}, text)
	}
	return subject
}

func code(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
