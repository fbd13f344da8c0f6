package tencent

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Mail is one row of the mail log.
type Mail struct {
	Sent     bool // else received
	Subject  string
	Sender   string
	Receiver string
	At       time.Time
	// Status: 0 other, 1 being sent, 2 bounced, 3 sent, 4 failed; incoming: 11 blocked,
	// 12 junk, 13 inbox, 14 a folder of one's own.
	Status int
}

// SignIn is one row of the sign-in log. Type: 1 web, 2 mobile, 3 QQ Mail app, 4 client,
// 5 other.
type SignIn struct {
	UserID string
	At     time.Time
	IP     string
	Type   int
}

// Batch is one row of the log of batch work. Type: 1 mass mail, 2 import of members, …
type Batch struct {
	At       time.Time
	Operator string
	Type     int
	Status   int
}

// Operation is one row of what administrators did. Type 1 to 53.
type Operation struct {
	At       time.Time
	Operator string
	Type     int
	Operand  string
	Remark   string
}

type journal struct {
	kept    int // days of logs; 0: all
	mail    []Mail
	signIns []SignIn
	batches []Batch
	acts    []Operation
}

// AddMail seeds the mail log; the other four take their rows likewise.
func (s *Server) AddMail(rows ...Mail) { s.set(func() { s.mail = append(s.mail, rows...) }) }

// AddSignIns seeds the sign-in log.
func (s *Server) AddSignIns(rows ...SignIn) { s.set(func() { s.signIns = append(s.signIns, rows...) }) }

// AddBatches seeds the log of batch work.
func (s *Server) AddBatches(rows ...Batch) { s.set(func() { s.batches = append(s.batches, rows...) }) }

// AddOperations seeds the log of what administrators did.
func (s *Server) AddOperations(rows ...Operation) { s.set(func() { s.acts = append(s.acts, rows...) }) }

// KeepLogs makes the company's logs go back so many days before today and no further;
// 0 is without end, which is how it begins. The vendor publishes neither how long it keeps
// them nor what it answers beyond: the emulator refuses, as for a window that is too long.
func (s *Server) KeepLogs(days int) { s.set(func() { s.kept = days }) }

func midnight(t time.Time) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// FillLogs invents what happened on the days before a moment: for each day so many
// mails and sign-ins, a few acts of the administrator and now and then batch work.
func (s *Server) FillLogs(until time.Time, days, perDay int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	people := s.byAddress()
	if len(people) == 0 {
		return
	}
	subjects := []string{"报价单", "会议纪要", "Re: 合同修改稿", "周报", "发票已开", "样品寄送通知", "Meeting on Tuesday", "账单提醒"}
	statuses := []int{13, 3, 3, 13, 2, 12, 13, 14, 11, 4}
	for d := range days {
		day := until.In(zone).AddDate(0, 0, -d)
		for i := range perDay {
			n := d*perDay + i
			at := day.Add(-time.Duration(i) * 3 * time.Minute)
			one, status := people[n%len(people)].UserID, statuses[n%len(statuses)]
			m := Mail{Subject: fmt.Sprintf("%s %d", subjects[n%len(subjects)], n), At: at, Status: status, Sender: one, Receiver: fmt.Sprintf("partner%d@partner.example", n%7)}
			if m.Sent = status < 11; !m.Sent {
				m.Sender, m.Receiver = m.Receiver, m.Sender
			}
			s.mail = append(s.mail, m)
			s.signIns = append(s.signIns, SignIn{one, at.Add(-time.Minute), fmt.Sprintf("203.0.113.%d", n%250+1), n%5 + 1})
		}
		admin := people[0].UserID
		s.acts = append(s.acts, Operation{day, admin, 1, admin, ""}, Operation{day.Add(time.Minute), admin, 19 + d%5, people[d%len(people)].UserID, ""})
		if d%7 == 0 {
			s.batches = append(s.batches, Batch{day.Add(time.Hour), admin, 2, 1})
		}
	}
}

func within(at, from, to time.Time) bool { return !at.Before(from) && at.Before(to) }

func mailStatus(s *Server, a *ask) (map[string]any, *refusal) {
	from, to, refused := a.days(s)
	if refused != nil {
		return nil, refused
	}
	domain := a.text("domain")
	if !slices.Contains(s.domains, domain) {
		return nil, refuse(40035, "invalid parameter domain")
	}
	sent, received := 0, 0
	for _, m := range s.mail {
		switch {
		case !within(m.At, from, to):
		case m.Sent && strings.HasSuffix(m.Sender, "@"+domain):
			sent++
		case !m.Sent && strings.HasSuffix(m.Receiver, "@"+domain):
			received++
		}
	}
	return map[string]any{"sendsum": sent, "recvsum": received}, nil
}

func mailLog(s *Server, a *ask) (map[string]any, *refusal) {
	from, to, refused := a.days(s)
	if refused != nil {
		return nil, refused
	}
	kind, user, subject := a.either("mailtype"), a.text("userid"), a.text("subject")
	if kind < 0 || kind > 2 {
		return nil, refuse(40035, "invalid parameter mailtype")
	}
	told := []map[string]any{}
	for _, m := range s.mail {
		own, number := m.Receiver, 2
		if m.Sent {
			own, number = m.Sender, 1
		}
		if within(m.At, from, to) && (kind == 0 || int(kind) == number) && (user == "" || user == own) && strings.Contains(m.Subject, subject) {
			told = append(told, map[string]any{
				"mailtype": number, "subject": m.Subject, "sender": m.Sender, "receiver": m.Receiver, "time": m.At.Unix(), "status": m.Status,
			})
		}
	}
	return map[string]any{"list": told}, nil
}

func signInLog(s *Server, a *ask) (map[string]any, *refusal) {
	m, refused := s.member(a)
	if refused != nil {
		return nil, refused
	}
	from, to, refused := a.days(s)
	if refused != nil {
		return nil, refused
	}
	told := []map[string]any{}
	for _, r := range s.signIns {
		if r.UserID == m.UserID && within(r.At, from, to) {
			told = append(told, map[string]any{"time": r.At.Unix(), "ip": r.IP, "type": r.Type})
		}
	}
	return map[string]any{"list": told}, nil
}

func batchLog(s *Server, a *ask) (map[string]any, *refusal) {
	from, to, refused := a.days(s)
	if refused != nil {
		return nil, refused
	}
	told := []map[string]any{}
	for _, r := range s.batches {
		if within(r.At, from, to) {
			told = append(told, map[string]any{"time": r.At.Unix(), "operator": r.Operator, "type": r.Type, "status": r.Status})
		}
	}
	return map[string]any{"list": told}, nil
}

// classes are what the request types of the newer page mean by reply types, as far as
// the names tell; 0 is everything.
var classes = map[int64][]int{
	1: {39, 40, 41}, 2: {2, 8, 44, 45}, 3: {26, 27}, 4: {3, 4, 5, 6, 42}, 5: {11, 12, 13, 14, 15, 16, 17, 18}, 6: {36},
	7: {19, 20, 21, 22, 23, 24, 25, 28, 29, 30, 31, 32, 33, 34}, 8: {35, 43}, 9: {37, 38, 46, 47, 48, 49, 50, 51, 52, 53},
}

func operationLog(s *Server, a *ask) (map[string]any, *refusal) {
	from, to, refused := a.days(s)
	if refused != nil {
		return nil, refused
	}
	kind := a.number("type")
	if !a.has("type") || kind < 0 || (kind > 0 && classes[kind] == nil) {
		return nil, refuse(40035, "invalid parameter type")
	}
	told := []map[string]any{}
	for _, r := range s.acts {
		if within(r.At, from, to) && (kind == 0 || slices.Contains(classes[kind], r.Type)) {
			told = append(told, map[string]any{"time": r.At.Unix(), "operator": r.Operator, "type": r.Type, "operand": r.Operand, "remark": r.Remark})
		}
	}
	return map[string]any{"list": told}, nil
}
