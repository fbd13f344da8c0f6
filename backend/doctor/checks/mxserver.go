package checks

import (
	"context"
	"fmt"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/probe"
)

func mxServerChecks() []doctor.Check {
	all := []doctor.Check{
		define("mx.answers", "RFC 5321 4.2; RFC 5321 5.1", checkMXAnswers, "ok:p", "slow:w", "some:w", "refused:f"),
		define("mx.ipv6", "RFC 3596; RFC 5321 5.1", checkMXIPv6, "ok:p", "none:i", "dead:f"),
		define("mx.postmaster", "RFC 5321 4.5.1; RFC 2142", checkPostmaster, "ok:p", "later:w", "no_abuse:w", "refused:f"),
		define("mx.relay", "RFC 2505 2.1; RFC 5321 7", checkRelay, "ok:p", "open:f"),
		define("mx.vrfy", "RFC 5321 7.3", checkVRFY, "ok:p", "tells:w"),
		define("mx.unknown_user", "RFC 5321 3.3", checkUnknownUser, "ok:p", "accepts:w"),
	}
	for i := range all[2:] {
		all[2+i].Wants = ownHost
	}
	return all
}

func checkMXAnswers(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	relays, ok := relaysOf(ctx, x)
	if !ok || len(relays) == 0 {
		return nil
	}
	dead, evidence, slow := []string{}, "", ""
	for _, r := range relays {
		switch {
		case r.ConnectErr != nil:
			dead = append(dead, r.Host)
			evidence += fmt.Sprintf("%s %s: %v\n", r.Host, r.IP, core.CodeOf(r.ConnectErr))
		case r.GreetErr != nil:
			dead = append(dead, r.Host)
			evidence += fmt.Sprintf("%s %s: %v\n", r.Host, r.IP, r.GreetErr)
		default:
			evidence += fmt.Sprintf("%s %s: %.1f s, %s\n", r.Host, r.IP, r.Greeted.Seconds(), r.Banner)
			if r.Greeted > x.Slow() {
				slow = r.Host
			}
		}
	}
	f := doctor.F(x.Domain, "ok", "hosts", listed(dead)).Show(doctor.EvidenceBanner, "SMTP 25", strings.TrimSuffix(evidence, "\n"))
	switch {
	case len(dead) == len(relays):
		if blocked, known := blocked25(ctx, x); blocked || !known {
			return one(doctor.F(x.Domain, "local_block", "port", "25"))
		}
		f.Reason = "refused"
		return one(f.Act("", ""))
	case len(dead) > 0:
		f.Reason = "some"
		return one(f.Act("", ""))
	case slow != "":
		f.Reason = "slow"
		return one(f.With("host", slow).Act("", ""))
	}
	return one(f)
}

func checkMXIPv6(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	e, ok := exchangersOf(ctx, x)
	if !ok || len(e.all) == 0 {
		return nil
	}
	has, dead, evidence := false, []string{}, ""
	for _, m := range e.all {
		for _, ip := range m.v6.IPs() {
			has = true
			if !hasIPv6(ctx, x) {
				return doctor.One(x.Domain, "no_ipv6")
			}
			conn, err := x.ConnectIP(ctx, ip, probe.Relay.Number)
			if err != nil {
				dead = append(dead, m.host)
				evidence += fmt.Sprintf("%s %s: %v\n", m.host, ip, core.CodeOf(err))
				continue
			}
			_ = conn.Close()
		}
	}
	switch {
	case !has:
		return doctor.One(x.Domain, "none")
	case len(dead) == 0:
		return doctor.One(x.Domain, "ok")
	}
	if blocked, known := blocked25(ctx, x); blocked || !known {
		return doctor.One(x.Domain, "local_block", "port", "25")
	}
	return one(doctor.F(x.Domain, "dead", "hosts", listed(dead)).Show(doctor.EvidenceBanner, "SMTP 25 IPv6", strings.TrimSuffix(evidence, "\n")).Act("", ""))
}

// envelope gives commands to the first receiving server that answers.
func envelope(ctx context.Context, x *doctor.Exam, commands ...string) (host string, steps []probe.Step) {
	relays, ok := relaysOf(ctx, x)
	if !ok {
		return "", nil
	}
	for _, r := range relays {
		if r.ConnectErr != nil || r.GreetErr != nil || r.Refused {
			continue
		}
		steps, err := probe.Envelope(ctx, target(x, r.Host, probe.Relay), commands...)
		if err == nil || len(steps) > 0 {
			return r.Host, steps
		}
	}
	return "", nil
}

func transcript(f doctor.Finding, host string, steps []probe.Step) doctor.Finding {
	var b strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&b, "> %s\n< %s %s\n", s.Command, s.Code, s.Reply)
	}
	return f.Show(doctor.EvidenceBanner, host+":25", b.String())
}

// last is the reply to the last command if all were given.
func last(steps []probe.Step, n int) (probe.Step, bool) {
	if len(steps) < n {
		return probe.Step{}, false
	}
	return steps[n-1], true
}

// checkPostmaster asks for both addresses that every domain with mail has: postmaster
// must be there, abuse should.
func checkPostmaster(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	host, steps := envelope(ctx, x, "MAIL FROM:<>", "RCPT TO:<postmaster@"+x.Domain+">", "RCPT TO:<abuse@"+x.Domain+">", "RSET")
	s, ok := last(steps, 2)
	if !ok {
		return doctor.One(x.Domain, "unanswered", "host", x.Domain)
	}
	f := transcript(doctor.F(host, "ok", "address", "postmaster@"+x.Domain, "words", s.Code+" "+s.Reply), host, steps)
	abuse, asked := last(steps, 3)
	switch {
	case s.Code[0] == '4':
		f = because(f, "later").Act("", "")
	case s.Code[0] == '5':
		f = because(f, "refused").Act("", "")
	case asked && abuse.Code[0] == '5':
		f = because(f, "no_abuse").With("address", "abuse@"+x.Domain, "words", abuse.Code+" "+abuse.Reply).Act("", "")
	}
	return one(f)
}

// checkRelay offers a mail from a stranger to a stranger, up to the recipient, and
// never sends one. The names are reserved: nobody could be reached by them.
func checkRelay(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	host, steps := envelope(ctx, x, "MAIL FROM:<probe@sender.example>", "RCPT TO:<probe@recipient.example>", "RSET")
	s, ok := last(steps, 2)
	if !ok {
		return doctor.One(x.Domain, "unanswered", "host", x.Domain)
	}
	f := transcript(doctor.F(host, "ok", "words", s.Code+" "+s.Reply), host, steps)
	if s.Code[0] == '2' && steps[0].Code[0] == '2' {
		f.Reason = "open"
		f = f.Act("", "")
	}
	return one(f)
}

func checkVRFY(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	host, steps := envelope(ctx, x, "VRFY postmaster", "EXPN staff")
	if _, ok := last(steps, 1); !ok {
		return doctor.One(x.Domain, "unanswered", "host", x.Domain)
	}
	f := transcript(doctor.F(host, "ok"), host, steps)
	for _, s := range steps {
		if s.Code == "250" {
			return one(because(f, "tells").Act("", ""))
		}
	}
	return one(f)
}

// checkUnknownUser asks every receiving server for a mailbox that nobody has: a spare
// one that takes everything sends returned mail to forged senders later.
func checkUnknownUser(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	relays, ok := relaysOf(ctx, x)
	if !ok {
		return nil
	}
	var all []doctor.Finding
	for _, r := range relays {
		if r.ConnectErr != nil || r.GreetErr != nil || r.Refused {
			continue
		}
		steps, _ := probe.Envelope(ctx, target(x, r.Host, probe.Relay), "MAIL FROM:<>", "RCPT TO:<mailroom-no-such-person-4711@"+x.Domain+">", "RSET")
		s, ok := last(steps, 2)
		if !ok {
			continue
		}
		f := transcript(doctor.F(r.Host, "ok", "words", s.Code+" "+s.Reply), r.Host, steps)
		if s.Code[0] == '2' {
			f = because(f, "accepts").Act("", "")
		}
		all = append(all, f)
	}
	if len(all) == 0 {
		return doctor.One(x.Domain, "unanswered", "host", x.Domain)
	}
	return all
}
