// Package checks holds every check of a mail domain: its id, the RFC or page that it
// stands on, the closed set of reasons in which it can end, and the code that asks and
// judges. [All] is the registry.
//
// It leaves out the runner (package doctor), reading records (packages spf, dmarc,
// dkimkey, mtasts), talking to mail servers (package probe) and every sentence.
package checks

import (
	"context"
	"slices"
	"strings"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
)

// All lists every check, group by group, in the order in which they are shown.
func All() []doctor.Check {
	var all []doctor.Check
	for _, part := range [][]doctor.Check{
		domainChecks(), delegationChecks(), mxChecks(), mxServerChecks(), spfChecks(), spfSenderChecks(), dkimChecks(), dmarcChecks(), dmarcReportChecks(),
		stsChecks(), daneChecks(), bimiChecks(), reputationChecks(), listChecks(), clientChecks(), networkChecks(), portChecks(), tlsChecks(), tlsPortChecks(), smtpChecks(),
		pastChecks(), routeChecks(), lineChecks(), mailboxChecks(), readyChecks(), messageChecks(), messageFormChecks(),
	} {
		all = append(all, part...)
	}
	slices.SortStableFunc(all, func(a, b doctor.Check) int {
		return slices.Index(doctor.Groups, a.Group) - slices.Index(doctor.Groups, b.Group)
	})
	for i := range all {
		all[i].Run = guarded(all[i].ID, all[i].Run)
	}
	return all
}

// Only picks checks by group or id; an empty list picks all. Unknown words are
// returned.
func Only(all []doctor.Check, words []string) (picked []doctor.Check, unknown []string) {
	if len(words) == 0 {
		return all, nil
	}
	wanted := map[string]bool{}
	for _, w := range words {
		wanted[w] = false
	}
	for _, c := range all {
		_, group := wanted[string(c.Group)]
		_, id := wanted[c.ID]
		if group {
			wanted[string(c.Group)] = true
		}
		if id {
			wanted[c.ID] = true
		}
		if group || id {
			picked = append(picked, c)
		}
	}
	for _, w := range words {
		if !wanted[w] {
			unknown = append(unknown, w)
		}
	}
	return picked, unknown
}

type run = func(context.Context, *doctor.Exam) []doctor.Finding

// define makes a check; its group is what stands before the dot of its id. Reasons are
// "code:verdict" with the verdict's first letter: p, i, w, f.
func define(id, source string, do run, reasons ...string) doctor.Check {
	group, _, _ := strings.Cut(id, ".")
	c := doctor.Check{ID: id, Group: doctor.Group(group), Source: source, Run: do}
	verdicts := map[string]doctor.Verdict{"p": doctor.Pass, "i": doctor.Info, "w": doctor.Warn, "f": doctor.Fail}
	for _, r := range reasons {
		code, letter, _ := strings.Cut(r, ":")
		c.Reasons = append(c.Reasons, doctor.Reason{Code: code, Verdict: verdicts[letter]})
	}
	return c
}

// ownHost is for what is only polite on one's own server.
func ownHost(x *doctor.Exam) bool { return x.Options.OwnHost }

// asksAboutMail are the checks of a mail that ask somebody; the others only read.
var asksAboutMail = []string{"message.proof", "message.signature", "message.arc", "message.links"}

// guarded keeps a check from judging a domain by a network that is down or a page that
// stands between.
func guarded(id string, do run) run {
	group, _, _ := strings.Cut(id, ".")
	self := strings.HasPrefix(id, "ports.network") || id == "ports.portal" || group == string(doctor.GroupMessage) && !slices.Contains(asksAboutMail, id)
	web := group == string(doctor.GroupPorts) || group == string(doctor.GroupTLS) || group == string(doctor.GroupSMTP) || group == string(doctor.GroupClients) || group == string(doctor.GroupMailbox)
	return func(ctx context.Context, x *doctor.Exam) []doctor.Finding {
		if self {
			return do(ctx, x)
		}
		n, ok := networkOf(ctx, x)
		switch {
		case !ok:
			return nil
		case n.state == netDown:
			return doctor.One(x.Domain, "no_network")
		case n.state == netNoDNS:
			return doctor.One(x.Domain, "no_dns")
		case n.state == netBlind:
			return doctor.One(x.Domain, "closed_network")
		}
		if web {
			if p, ok := portalOf(ctx, x); ok && p.captive {
				return doctor.One(x.Domain, "portal")
			}
		}
		return do(ctx, x)
	}
}

// unsure is the finding for a question that was not answered.
func unsure(subject string, a lookup.Answer) doctor.Finding {
	return doctor.F(subject, "dns", "name", a.Title(), "status", string(a.Status)).Show(doctor.EvidenceRecord, a.Title(), a.Text())
}

// show adds an answer as evidence.
func show(f doctor.Finding, answers ...lookup.Answer) doctor.Finding {
	for _, a := range answers {
		f = f.Show(doctor.EvidenceRecord, a.Title(), a.Text())
	}
	return f
}

func one(f doctor.Finding) []doctor.Finding { return []doctor.Finding{f} }

func listed(all []string) string { return strings.Join(all, ", ") }

// because gives a finding another reason.
func because(f doctor.Finding, reason string) doctor.Finding {
	f.Reason = reason
	return f
}
