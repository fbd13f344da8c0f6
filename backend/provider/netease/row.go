package netease

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"slices"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/logs"
)

// row is one entry of a log whose fields nothing public describes: its values are
// known by their looks, and all of them are kept as facts (assumption "rows").
type row map[string]text

// UnmarshalJSON keeps plain values and leaves out nested ones.
func (r *row) UnmarshalJSON(raw []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	*r = row{}
	for name, value := range all {
		var t text
		if json.Unmarshal(value, &t) == nil && t != "" {
			(*r)[name] = t
		}
	}
	return nil
}

// rows reads a page of a log: a list, or an object that holds one and says how many
// there are in all. total is -1 where it is not told.
func rows(raw json.RawMessage) (list []row, total int64, err error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil, -1, nil
	}
	if raw[0] == '[' {
		err = json.Unmarshal(raw, &list)
		return list, -1, err
	}
	var in struct {
		List  []row   `json:"list"`
		Total *number `json:"total"`
		Count *number `json:"count"`
	}
	if err = json.Unmarshal(raw, &in); err != nil {
		return nil, -1, err
	}
	for _, n := range []*number{in.Total, in.Count} {
		if n != nil {
			return in.List, int64(*n), nil
		}
	}
	return in.List, -1, nil
}

// sorted lists the names of a row's values in a steady order.
func (r row) sorted() []string {
	all := make([]string, 0, len(r))
	for name := range r {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// signIn reads a sign-in. Where the row does not say whose it is, it is person's.
func (r row) signIn(d domain, person string, way logs.Method) logs.Record {
	rec := logs.Record{Kind: logs.SignIn, Zone: "Asia/Shanghai", Person: person, Method: way, Facts: map[string]string{}}
	for _, name := range r.sorted() {
		value := string(r[name])
		low := strings.ToLower(name)
		rec.Facts[name] = value
		if rec.At.IsZero() && (strings.Contains(low, "time") || strings.Contains(low, "date")) {
			rec.At = moment(r[name])
		}
		if ip, err := netip.ParseAddr(value); err == nil && !rec.IP.IsValid() {
			rec.IP = ip
		}
		if person == "" && rec.Person == "" && (strings.Contains(low, "account") || strings.Contains(low, "user")) && !strings.HasSuffix(low, "id") {
			rec.Person = d.address(value)
		}
		switch strings.ToLower(value) {
		case "imap", "imap4":
			rec.Method = logs.IMAP
		case "pop", "pop3":
			rec.Method = logs.POP
		case "smtp":
			rec.Method = logs.SMTP
		}
	}
	return rec
}

// received reads a mail that came, by the names that the classic interface has for its
// values (one recorded answer); the open platform's are taken to be the same.
func (r row) received(person string) logs.Record {
	rec := logs.Record{
		Kind: logs.Received, Zone: "Asia/Shanghai", Person: person, Subject: string(r["subject"]), From: string(r["mailfrom"]),
		At: moment(r["sendtime"]), Said: string(r["result"]), Outcome: logs.Other,
	}
	if to := r["mailto"]; to != "" {
		rec.To = strings.FieldsFunc(string(to), func(c rune) bool { return c == ',' || c == ';' || c == ' ' })
	}
	var size number
	if size.UnmarshalJSON([]byte(r["mailsize"])) == nil {
		rec.Size = int64(size)
	}
	if ip, err := netip.ParseAddr(string(r["sendip"])); err == nil {
		rec.IP = ip
	}
	if rec.Said == "1" {
		rec.Outcome = logs.Delivered
	}
	for _, name := range r.sorted() {
		switch name {
		case "subject", "mailfrom", "mailto", "mailsize", "sendip", "result", "sendtime":
			continue
		}
		if rec.Facts == nil {
			rec.Facts = map[string]string{}
		}
		rec.Facts[name] = string(r[name])
		if at := moment(r[name]); rec.At.IsZero() && strings.Contains(strings.ToLower(name), "time") {
			rec.At = at
		}
	}
	return rec
}

// keep hands out the records that were asked for. One without a time makes the whole
// answer malformed: nothing may be dropped unseen.
func keep(op string, all []logs.Record, ask logs.Ask) ([]logs.Record, error) {
	kept := []logs.Record{}
	for _, r := range all {
		switch {
		case !r.Clean():
			return nil, core.E(core.Malformed, op, nil, "reason", "time")
		case !r.At.Before(ask.From) && r.At.Before(ask.To):
			kept = append(kept, r)
		}
	}
	return kept, nil
}
