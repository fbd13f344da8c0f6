package logfile

import (
	"encoding/csv"
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
	fields map[string]int
}

func (e *exchange) open() int64 { return -1 }

func (e *exchange) line(_ int64, line string) []logs.Record {
	line = strings.TrimPrefix(line, "\ufeff")
	if names, ok := strings.CutPrefix(line, "#Fields: "); ok {
		e.fields = map[string]int{}
		for i, name := range strings.Split(names, ",") {
			e.fields[strings.ToLower(strings.TrimSpace(name))] = i
		}
		return nil
	}
	if line == "" || line[0] == '#' || e.fields == nil {
		return nil
	}
	r := csv.NewReader(strings.NewReader(line))
	r.LazyQuotes, r.FieldsPerRecord = true, -1
	row, err := r.Read()
	if err != nil {
		return nil
	}
	return e.row(func(name string) string {
		if i, ok := e.fields[name]; ok && i < len(row) {
			return row[i]
		}
		return ""
	})
}

func (e *exchange) row(get func(string) string) []logs.Record {
	at, err := time.Parse(time.RFC3339Nano, get("date-time"))
	if err != nil {
		return nil
	}
	base := logs.Record{
		At: at, Zone: "UTC", From: get("sender-address"), Subject: get("message-subject"), MessageID: get("message-id"), Said: get("event-id"),
	}
	base.Size, _ = strconv.ParseInt(get("total-bytes"), 10, 64)
	if base.IP, err = netip.ParseAddr(get("original-client-ip")); err != nil {
		base.IP, _ = netip.ParseAddr(get("client-ip"))
	}
	source := get("source")
	switch event := get("event-id"); {
	case event == "DELIVER":
		base.Kind, base.Outcome = logs.Received, logs.Delivered
	case event == "SEND" && source == "SMTP":
		base.Kind, base.Outcome = logs.Sent, logs.Delivered
	case event == "DEFER":
		base.Kind, base.Outcome = logs.Sent, logs.Pending
	case event == "FAIL" || event == "BADMAIL":
		base.Kind, base.Outcome = logs.Sent, logs.Bounced
	default:
		return nil
	}
	states := strings.Split(get("recipient-status"), ";")
	var all []logs.Record
	for i, to := range strings.Split(get("recipient-address"), ";") {
		if to == "" || i >= mostRecipients {
			continue
		}
		r := base
		r.To = []string{to}
		if r.Person = r.From; r.Kind == logs.Received {
			r.Person = to
		}
		if i < len(states) && states[i] != "" {
			r.Remark = states[i]
		}
		r.ID = strings.Join([]string{get("internal-message-id"), get("network-message-id"), get("message-id"), get("event-id"), source, to, get("date-time")}, " ")
		all = append(all, r)
	}
	return all
}

// mostRecipients bounds what one line may become.
const mostRecipients = 5000
