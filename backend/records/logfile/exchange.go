package logfile

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/logs"
)

// exchange reads message tracking logs of Exchange Server 2010 and later: comma
// separated, with the names of the fields in a comment, times in UTC. Format:
// learn.microsoft.com, "Message tracking" (fields and events).
type exchange struct {
	fields   map[string]int
	deferred map[string]*mail // mail and recipient → when it was first put off
	order    []string
	cells    []string // of the last row
}

func newExchange() *exchange { return &exchange{deferred: map[string]*mail{}} }

func (e *exchange) rest() []logs.Record { return nil }

func (e *exchange) waiting() []mail {
	all := []mail{}
	for _, key := range e.order {
		if m := e.deferred[key]; m != nil {
			all = append(all, *m)
		}
	}
	return all
}

func (e *exchange) take(mails []mail) {
	for i := range mails {
		e.wait(&mails[i])
	}
}

// wait remembers a mail that was put off, the newest of them only.
func (e *exchange) wait(m *mail) {
	if e.deferred[m.Key] == nil {
		e.order = append(e.order, m.Key)
	}
	e.deferred[m.Key] = m
	if len(e.order) > 2*mostQueued {
		kept := e.order[:0:0]
		for _, key := range e.order {
			if e.deferred[key] != nil {
				kept = append(kept, key)
			}
		}
		for len(kept) > mostQueued {
			delete(e.deferred, kept[0])
			kept = kept[1:]
		}
		e.order = kept
	}
}

func (e *exchange) line(line string) (found []logs.Record, bad bool) {
	line = strings.TrimPrefix(line, "\ufeff")
	if names, ok := strings.CutPrefix(line, "#Fields: "); ok {
		e.fields = map[string]int{}
		for i, name := range strings.Split(names, ",") {
			e.fields[strings.ToLower(strings.Trim(name, " \""))] = i
		}
		return nil, false
	}
	if line == "" || line[0] == '#' {
		return nil, false
	}
	if e.fields == nil {
		return nil, true
	}
	row := cells(line, e.cells[:0])
	if e.cells = row; len(row) < len(e.fields) {
		return nil, true
	}
	return e.row(func(name string) string {
		if i, ok := e.fields[name]; ok && i < len(row) {
			return row[i]
		}
		return ""
	})
}

// cells cuts a row of comma separated values, as encoding/csv does with lazy quotes, but
// without a reader for each line. A quoted cell without an end takes the rest.
func cells(line string, into []string) []string {
	for {
		if !strings.HasPrefix(line, `"`) {
			cell, rest, more := strings.Cut(line, ",")
			if into = append(into, cell); !more {
				return into
			}
			line = rest
			continue
		}
		end := 1
		for {
			at := strings.IndexByte(line[end:], '"')
			if at < 0 {
				return append(into, strings.ReplaceAll(line[1:], `""`, `"`))
			}
			if end += at + 1; end == len(line) || line[end] == ',' {
				break
			}
			if line[end] == '"' {
				end++
			}
		}
		into = append(into, strings.ReplaceAll(line[1:end-1], `""`, `"`))
		if end == len(line) {
			return into
		}
		line = line[end+1:]
	}
}

func (e *exchange) row(get func(string) string) (all []logs.Record, bad bool) {
	at, err := time.Parse(time.RFC3339Nano, get("date-time"))
	if err != nil {
		return nil, true
	}
	base, ok := fate(get)
	if !ok {
		return nil, false
	}
	base.At, base.Zone, base.From, base.Subject = at, "UTC", get("sender-address"), get("message-subject")
	base.MessageID, base.Said = get("message-id"), get("event-id")
	base.Size, _ = strconv.ParseInt(get("total-bytes"), 10, 64)
	if base.IP, err = netip.ParseAddr(get("original-client-ip")); err != nil {
		base.IP, _ = netip.ParseAddr(get("client-ip"))
	}
	id := get("network-message-id") + " " + get("message-id")
	if get("network-message-id") == "" { // Exchange 2010
		id = get("internal-message-id") + id
	}
	states, recipients := strings.Split(get("recipient-status"), ";"), strings.Split(get("recipient-address"), ";")
	if len(recipients) > mostRecipients {
		return nil, true
	}
	if len(recipients) == 1 { // the words of one may hold a semicolon
		states = []string{get("recipient-status")}
	}
	for i, to := range recipients {
		if to == "" {
			continue
		}
		r := base
		r.To = []string{to}
		if r.Person = r.From; r.Kind == logs.Received {
			r.Person = to
		}
		if i < len(states) && states[i] != "" {
			r.Remark = states[i]
			if r.Outcome != logs.Delivered { // why: FAIL alone says nothing
				r.Said += " " + states[i]
			}
		}
		r.ID = id + " " + to
		all = append(all, e.settle(r)...)
	}
	return all, false
}

// fate is what a row tells of a mail: its kind and its outcome. What comes from outside
// or is put into a mailbox was not sent by the office.
func fate(get func(string) string) (r logs.Record, ok bool) {
	incoming := get("directionality") == "Incoming" || get("source") == "STOREDRIVER"
	if r.Kind = logs.Sent; incoming {
		r.Kind = logs.Received
	}
	switch get("event-id") {
	case "DELIVER":
		r.Kind, r.Outcome = logs.Received, logs.Delivered
	case "SEND":
		r.Kind, r.Outcome = logs.Sent, logs.Delivered
		return r, get("source") == "SMTP"
	case "DEFER":
		r.Outcome = logs.Pending
	case "FAIL", "BADMAIL":
		if r.Outcome = logs.Bounced; incoming {
			r.Outcome = logs.Blocked
		}
	default:
		return r, false
	}
	return r, true
}

// settle gives a mail that was put off the moment of the first time, however often and
// wherever it ends: it stays one record.
func (e *exchange) settle(r logs.Record) []logs.Record {
	all := []logs.Record{r}
	if r.Outcome == logs.Pending {
		key := string(r.Kind) + " " + r.ID
		if m := e.deferred[key]; m != nil {
			all[0].At = m.At
		} else {
			e.wait(&mail{Key: strings.Clone(key), At: r.At})
		}
		return all
	}
	for _, kind := range []logs.Kind{logs.Sent, logs.Received} {
		key := string(kind) + " " + r.ID
		m := e.deferred[key]
		if m == nil {
			continue
		}
		delete(e.deferred, key)
		if kind == r.Kind {
			all[0].At = m.At
			continue
		}
		other := r // a mail within the office waited as one that is sent
		other.Kind, other.At = kind, m.At
		all = append(all, other)
	}
	return all
}

// mostRecipients bounds what one line may become.
const mostRecipients = 50_000
