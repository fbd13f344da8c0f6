package netease

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
)

const (
	// longestAsk is the longest window that is asked for; the vendor's samples ask for a
	// month.
	longestAsk = 30 * 24 * time.Hour
	// remembered is how long the console shows its logs.
	remembered = 180 * 24 * time.Hour
	// logPage is the rows of a page, as in the vendor's samples.
	logPage = 50
)

// Reaches tells what the classic interface hands out: mail that came, and sign-ins of
// mail programs, for one person at a time.
func (o *classic) Reaches() []logs.Reach {
	return []logs.Reach{
		{Kind: logs.Received, Longest: longestAsk, Kept: remembered, Zone: beijing, PerPerson: true},
		{Kind: logs.SignIn, Longest: longestAsk, Kept: remembered, Zone: beijing, PerPerson: true, WholeDays: true},
	}
}

// Fetch hands out one page.
func (o *classic) Fetch(ctx context.Context, ask logs.Ask) (logs.Page, error) {
	const op = "read log"
	if ask.Kind != logs.Received && ask.Kind != logs.SignIn {
		return logs.Page{}, core.E(core.Unsupported, op, nil, "kind", string(ask.Kind))
	}
	name, err := o.account(op, ask.Person)
	if err != nil {
		return logs.Page{}, err
	}
	if ask.Kind == logs.Received {
		return o.receivedMail(ctx, op, name, ask)
	}
	return o.clientSignIns(ctx, op, name, ask)
}

// receivedMail knows no pages; "total" tells where more came than are handed out.
func (o *classic) receivedMail(ctx context.Context, op, name string, ask logs.Ask) (logs.Page, error) {
	var con json.RawMessage
	err := o.call(ctx, op, "mail/getReceivedMailLogs", reads, params{
		"accounts": name, "start": ask.From.In(beijing).Format(dayTime), "end": ask.To.In(beijing).Format(dayTime),
	}, &con)
	if err != nil {
		return logs.Page{}, err
	}
	list, total, err := rows(con)
	if err != nil {
		return logs.Page{}, core.E(core.Malformed, op, nil, "reason", "rows")
	}
	var all []logs.Record
	for _, r := range list {
		all = append(all, r.received(o.address(name)))
	}
	kept, err := keep(op, all, ask)
	return logs.Page{Records: kept, Cut: total > int64(len(list))}, err
}

// clientSignIns asks for days. Whether the last one counts is not told: one more is
// asked for, and what is of it left out.
func (o *classic) clientSignIns(ctx context.Context, op, name string, ask logs.Ask) (logs.Page, error) {
	at, err := readLogPlace(op, ask.Next)
	if err != nil {
		return logs.Page{}, err
	}
	var con json.RawMessage
	err = o.call(ctx, op, "login/getClientLoginLogs", reads, params{
		"accounts": name, "start": day(ask.From), "end": day(ask.To), "page_num": strconv.Itoa(at.page), "page_size": strconv.Itoa(logPage),
	}, &con)
	if err != nil {
		return logs.Page{}, err
	}
	return signIns(op, o.domain, con, o.address(name), logs.Client, at, ask)
}

// signIns reads a page of sign-ins.
func signIns(op string, d domain, raw json.RawMessage, person string, way logs.Method, at logPlace, ask logs.Ask) (logs.Page, error) {
	list, total, err := rows(raw)
	if err != nil {
		return logs.Page{}, core.E(core.Malformed, op, nil, "reason", "rows")
	}
	var all []logs.Record
	for _, r := range list {
		all = append(all, r.signIn(d, person, way))
	}
	kept, err := keep(op, all, ask)
	return logs.Page{Records: kept, Next: at.after(len(list), total)}, err
}

// logPlace is where the reading of a log stands: the page, and the rows before it.
type logPlace struct{ page, seen int }

// after is the token behind a page with so many rows; total is -1 where it is not
// told, and then a page that is not full is the last.
func (p logPlace) after(listed int, total int64) string {
	seen := p.seen + listed
	more := listed >= logPage
	if total >= 0 {
		more = listed > 0 && int64(seen) < total
	}
	if !more {
		return ""
	}
	return strconv.Itoa(p.page+1) + "/" + strconv.Itoa(seen)
}

func readLogPlace(op, token string) (logPlace, error) {
	if token == "" {
		return logPlace{page: 1}, nil
	}
	page, seen, _ := strings.Cut(token, "/")
	n, errPage := strconv.Atoi(page)
	k, errSeen := strconv.Atoi(seen)
	if errPage != nil || errSeen != nil || n < 1 || k < 0 {
		return logPlace{}, core.E(core.Invalid, op, nil, "reason", "page")
	}
	return logPlace{n, k}, nil
}
