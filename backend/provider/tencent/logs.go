package tencent

import (
	"context"
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/logs"
)

// beijing is the zone of the vendor's days (assumption "days"). China knows no summer
// time.
var beijing = time.FixedZone("Asia/Shanghai", 8*3600)

const (
	dayForm = "2006-01-02"
	day     = 24 * time.Hour
	// quarter is how far apart begin and end may be: "about three months".
	quarter = 90 * day
	// settle: a mail that is being sent is listed before its end is known. The vendor
	// does not tell for how long.
	settle = day
)

// Reaches tells how the five logs are asked. None knows pages: the mail log, the
// largest, is asked day by day.
func (o *Office) Reaches() []logs.Reach {
	if o.apps[fieldLogs] == nil {
		return nil
	}
	reach := func(kind logs.Kind, longest time.Duration) logs.Reach {
		return logs.Reach{Kind: kind, Longest: longest, Zone: beijing, WholeDays: true, Settles: settle}
	}
	signIn := reach(logs.SignIn, quarter)
	signIn.PerPerson = true
	return []logs.Reach{
		reach(logs.Received, day), reach(logs.Sent, day), signIn, reach(logs.Admin, 31*day), reach(logs.Traffic, 31*day),
	}
}

// Fetch reads one of the logs. Docs #10027 to #10031.
func (o *Office) Fetch(ctx context.Context, ask logs.Ask) (logs.Page, error) {
	if o.apps[fieldLogs] == nil {
		return logs.Page{}, core.E(core.Unsupported, "read log", nil, "reason", "needs_key", "key", fieldLogs)
	}
	span := spanOf(ask)
	var page logs.Page
	var err error
	switch {
	case !ask.From.Before(ask.To):
		return page, core.E(core.Invalid, "read log", nil, "problem", "range")
	case ask.Kind == logs.Sent, ask.Kind == logs.Received:
		page, err = o.mailLog(ctx, ask, span)
	case ask.Kind == logs.SignIn:
		page, err = o.signInLog(ctx, ask, span)
	case ask.Kind == logs.Admin:
		page, err = o.adminLog(ctx, ask, span)
	case ask.Kind == logs.Traffic:
		page, err = o.trafficLog(ctx, ask)
	default:
		return page, core.E(core.Unsupported, "read log", nil, "kind", string(ask.Kind))
	}
	if err != nil {
		return logs.Page{}, o.outOfRange(ask, err)
	}
	kept := page.Records[:0]
	for _, r := range page.Records { // a day of the vendor's may be longer than what was asked for
		if ask.Kind == logs.Traffic || !r.At.Before(ask.From) && r.At.Before(ask.To) {
			kept = append(kept, r)
		}
	}
	page.Records = kept
	return page, nil
}

// outOfRange names the window as the problem where the vendor found it too long, and
// where it refused one that reaches into today: whether today may be asked for is not
// published (assumption "days"), and the days before must not suffer from it.
func (o *Office) outOfRange(ask logs.Ask, err error) error {
	e, ok := errors.AsType[*core.Error](err)
	if !ok || e.Args["vendorCode"] == "" {
		return err
	}
	y, m, d := o.now().In(beijing).Date()
	today := ask.To.After(time.Date(y, m, d, 0, 0, 0, 0, beijing))
	switch {
	case e.Args["reason"] == "range":
		e.Args["problem"] = "range"
	case today && (e.Code == core.Rejected || e.Code == core.Invalid) && e.Args["field"] == "":
		e.Code, e.Args["problem"], e.Args["reason"] = core.Invalid, "range", "today"
	}
	return err
}

// span is a question's first and last day, both included.
type span struct {
	Begin string `json:"begin_date"`
	End   string `json:"end_date"`
}

func spanOf(ask logs.Ask) span {
	return span{ask.From.In(beijing).Format(dayForm), ask.To.Add(-time.Nanosecond).In(beijing).Format(dayForm)}
}

// moment reads the vendor's seconds since 1970.
func moment(n number) time.Time { return time.Unix(int64(n), 0) }

// record is one with what all have in common.
func record(kind logs.Kind, at number) logs.Record {
	return logs.Record{Kind: kind, At: moment(at), Zone: beijing.String()}
}

var mailOutcomes = map[number]logs.Outcome{
	1: logs.Pending, 2: logs.Bounced, 3: logs.Delivered, 4: logs.Failed,
	11: logs.Blocked, 12: logs.Junk, 13: logs.Delivered, 14: logs.Foldered,
}

// mailLog reads what was sent or received. Doc #10028.
func (o *Office) mailLog(ctx context.Context, ask logs.Ask, days span) (logs.Page, error) {
	kinds := map[logs.Kind]number{logs.Sent: 1, logs.Received: 2}
	body := struct {
		span
		Kind number `json:"mailtype"`
		User string `json:"userid,omitempty"`
	}{days, kinds[ask.Kind], ask.Person}
	var answer struct {
		List []struct {
			Kind     number `json:"mailtype"`
			Subject  text   `json:"subject"`
			Sender   text   `json:"sender"`
			Receiver text   `json:"receiver"`
			Time     number `json:"time"`
			Status   number `json:"status"`
		} `json:"list"`
	}
	if err := o.post(ctx, fieldLogs, "read mail log", "log/mail", body, &answer); err != nil {
		return logs.Page{}, err
	}
	var page logs.Page
	for _, e := range answer.List {
		if e.Kind != kinds[ask.Kind] {
			continue
		}
		r := record(ask.Kind, e.Time)
		r.Subject, r.From, r.To = string(e.Subject), bare(string(e.Sender)), addresses(string(e.Receiver))
		r.Said, r.Outcome = written(e.Status), logs.Other
		if known, ok := mailOutcomes[e.Status]; ok {
			r.Outcome = known
		}
		switch {
		case ask.Person != "":
			r.Person = ask.Person
		case ask.Kind == logs.Sent:
			r.Person = r.From
		case len(r.To) == 1:
			r.Person = r.To[0]
		}
		page.Records = append(page.Records, r)
	}
	return page, nil
}

func written(n number) string { return strconv.FormatInt(int64(n), 10) }

// bare takes the address out of "Name <address>".
func bare(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		return s[i+1 : len(s)-1]
	}
	return s
}

func addresses(s string) []string {
	var all []string
	for _, a := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ',' }) {
		if a = bare(a); a != "" {
			all = append(all, a)
		}
	}
	return all
}

// signInMethods are the ways of log/login. 3 is the vendor's own app.
var signInMethods = map[number]logs.Method{1: logs.Web, 2: logs.Mobile, 3: logs.Mobile, 4: logs.Client, 5: logs.Another}

// signInLog reads one person's sign-ins. The vendor does not say whether one was
// refused, so no outcome is told. Doc #10029.
func (o *Office) signInLog(ctx context.Context, ask logs.Ask, days span) (logs.Page, error) {
	const op = "read sign-in log"
	if addressLike(op, ask.Person) != nil {
		return logs.Page{}, core.E(core.Invalid, op, nil, "problem", "person")
	}
	body := struct {
		span
		User string `json:"userid"`
	}{days, ask.Person}
	var answer struct {
		List []struct {
			Time number `json:"time"`
			IP   text   `json:"ip"`
			Type number `json:"type"`
		} `json:"list"`
	}
	if err := o.post(ctx, fieldLogs, op, "log/login", body, &answer); err != nil {
		return logs.Page{}, unknownPerson(err)
	}
	var page logs.Page
	for _, e := range answer.List {
		r := record(logs.SignIn, e.Time)
		r.Person, r.Said, r.Method = ask.Person, written(e.Type), logs.Another
		if m, known := signInMethods[e.Type]; known {
			r.Method = m
		}
		if e.Type == 3 {
			r.Agent = "QQ Mail"
		}
		ip, err := netip.ParseAddr(strings.TrimSpace(string(e.IP)))
		if err == nil {
			r.IP = ip
		} else if e.IP != "" {
			r.Facts = map[string]string{"ip": string(e.IP)}
		}
		page.Records = append(page.Records, r)
	}
	return page, nil
}

// trafficLog reads the office's sums, one day a page: the vendor gives one sum for the
// whole window. Doc #10027.
func (o *Office) trafficLog(ctx context.Context, ask logs.Ask) (logs.Page, error) {
	from := ask.From.In(beijing)
	if ask.Next != "" {
		var err error
		if from, err = time.ParseInLocation(dayForm, ask.Next, beijing); err != nil {
			return logs.Page{}, core.E(core.Invalid, "read traffic", nil, "problem", "page")
		}
	}
	if ask.Person != "" {
		return logs.Page{}, core.E(core.Unsupported, "read traffic", nil, "reason", "office_only")
	}
	from = time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, beijing)
	body := struct {
		span
		Domain string `json:"domain"`
	}{span{from.Format(dayForm), from.Format(dayForm)}, o.domain}
	var answer struct {
		Sent     *number `json:"sendsum"`
		Received *number `json:"recvsum"`
	}
	if err := o.post(ctx, fieldLogs, "read traffic", "log/mailstatus", body, &answer); err != nil {
		return logs.Page{}, err
	}
	r := record(logs.Traffic, number(from.Unix()))
	r.ID = "traffic " + o.domain + " " + from.Format(dayForm)
	r.Day = &logs.Day{Sent: told(answer.Sent), Received: told(answer.Received), SentBytes: -1, ReceivedBytes: -1, Used: -1, Quota: -1}
	page := logs.Page{Records: []logs.Record{r}}
	if next := from.AddDate(0, 0, 1); next.Before(ask.To) {
		page.Next = next.Format(dayForm)
	}
	return page, nil
}

func told(n *number) int64 {
	if n == nil {
		return -1
	}
	return int64(*n)
}
