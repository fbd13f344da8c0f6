package checks

import (
	"context"
	"fmt"
	"strings"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
	"mailroom/backend/doctor/bounce"
	"mailroom/backend/doctor/header"
	"mailroom/backend/doctor/lookalike"
	"mailroom/backend/doctor/message"
)

// messageChecks look at one mail: the way it took, whether it is genuine, whom it is from.
func messageChecks() []doctor.Check {
	all := []doctor.Check{
		define("message.way", "RFC 5321 4.4", checkWay, "ok:p", "slow:w", "clock:w"),
		define("message.proof", "RFC 8601; RFC 9989 5", checkProof, "ok:p", "unproven:w", "disagrees:w", "fails:f"),
		define("message.signature", "RFC 6376 3.5, 5.4", checkSignature, "ok:p", "none:w", "open:w", "partial:w", "fails:f"),
		define("message.arc", "RFC 8617 5.2", checkARC, "ok:p", "none:i", "fails:f"),
		define("message.alignment", "RFC 9989 4.4", checkAlignment, "ok:p", "elsewhere:w", "poses:f"),
		define("message.look_alike", "RFC 5891; Unicode UTS 39", checkLookAlike, "ok:p", "mixed:f", "similar:f"),
		define("message.returned", "RFC 3464; RFC 3834", checkReturned, "ok:p", "automatic:i", "returned:i"),
		define("message.loop", "RFC 5321 6.3", checkLoop, "ok:p", "many:w", "loops:f"),
	}
	for i := range all {
		all[i].Wants = withMail
	}
	return all
}

func withMail(x *doctor.Exam) bool { return x.Mail != nil }

// mailOf reads the mail once for an examination.
func mailOf(ctx context.Context, x *doctor.Exam) (header.Report, []doctor.Finding) {
	type outcome struct {
		report header.Report
		err    error
	}
	o, ok := doctor.Once(ctx, x, "mail", func(ctx context.Context) outcome {
		ask := func(ctx context.Context, name string) ([]string, error) {
			a := x.DNS.TXT(ctx, name)
			if !a.Known() {
				return nil, core.E(core.Unreachable, "ask the DNS", a.Err, "host", name)
			}
			return a.Texts(), nil
		}
		r, err := header.Read(ctx, x.Mail, header.Options{TXT: ask, Now: x.Now})
		return outcome{r, err}
	})
	switch {
	case !ok:
		return o.report, []doctor.Finding{}
	case o.err != nil:
		return o.report, doctor.One(x.Domain, "nothing")
	}
	return o.report, nil
}

// eachMail judges the mail; its subject is the mail's own.
func onMail(ctx context.Context, x *doctor.Exam, judge func(header.Report, doctor.Finding) doctor.Finding) []doctor.Finding {
	r, none := mailOf(ctx, x)
	if none != nil {
		return none
	}
	return one(judge(r, doctor.F(doctor.Clip(r.Subject, 120), "ok")))
}

// Bounds of a way: what one server may keep a mail, what clocks may differ.
const (
	longHop   = 5 * time.Minute
	wrongHour = 2 * time.Minute
)

func checkWay(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMail(ctx, x, func(r header.Report, f doctor.Finding) doctor.Finding {
		if len(r.Hops) == 0 {
			return because(f, "nothing")
		}
		var b strings.Builder
		worst, skew := header.Hop{}, header.Hop{}
		for _, h := range r.Hops {
			fmt.Fprintf(&b, "%s: +%s\n", h.By, h.Delay.Round(time.Second))
			if h.Delay > worst.Delay {
				worst = h
			}
			if h.Skew > skew.Skew {
				skew = h
			}
		}
		f = f.With("seconds", fmt.Sprint(int(r.Total.Seconds())), "n", fmt.Sprint(len(r.Hops))).Show(doctor.EvidenceBanner, "Received", strings.TrimSuffix(b.String(), "\n"))
		switch {
		case worst.Delay > longHop:
			return because(f, "slow").With("host", worst.By, "minutes", fmt.Sprint(int(worst.Delay.Minutes()))).Act("", "")
		case skew.Skew > wrongHour:
			return because(f, "clock").With("host", skew.By, "minutes", fmt.Sprint(int(skew.Skew.Minutes()))).Act("", "")
		}
		return f
	})
}

// checkProof compares what the receiver found out with our own evaluation.
func checkProof(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMail(ctx, x, func(r header.Report, f doctor.Finding) doctor.Finding {
		d := r.DMARC
		f = f.With("from", r.FromDomain, "policy", d.Policy, "said", string(d.Claimed), "found", string(d.Result)).
			Show(doctor.EvidenceRecord, "DMARC "+d.At, strings.TrimSpace(fmt.Sprintf("SPF %s aligned %v, DKIM aligned %v\n%s", r.SPF.Result, d.SPF, d.DKIM, d.Record)))
		switch {
		case d.Claimed != "" && d.Claimed != header.None && d.Result != header.None && (d.Claimed == header.Pass) != (d.Result == header.Pass):
			return because(f, "disagrees").Act("", "")
		case d.Result == header.Pass || d.Claimed == header.Pass:
			return f
		case d.Result == header.Fail || d.Claimed == header.Fail:
			return because(f, "fails").Act("", "")
		}
		return because(f, "unproven").Act("", "")
	})
}

func checkSignature(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMail(ctx, x, func(r header.Report, f doctor.Finding) doctor.Finding {
		if len(r.DKIM) == 0 {
			return because(f, "none").Act("", "")
		}
		reason, about := "fails", r.DKIM[0]
		for _, s := range r.DKIM {
			f = f.Show(doctor.EvidenceRecord, s.Selector+"._domainkey."+s.Domain, strings.TrimSpace(string(s.Outcome())+" "+s.Reason+" "+strings.Join(s.Notes, " ")))
			if s.Outcome() == header.Pass || s.Outcome() == "" {
				reason, about = "ok", s
				break
			}
		}
		if reason == "ok" {
			for _, n := range about.Notes {
				switch n {
				case "length-tag":
					reason = "partial"
				case "from-not-oversigned":
					if reason == "ok" {
						reason = "open"
					}
				}
			}
		}
		f = because(f, reason).With("domain", about.Domain, "selector", about.Selector)
		if reason != "ok" {
			f = f.Act("", "")
		}
		return f
	})
}

func checkARC(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMail(ctx, x, func(r header.Report, f doctor.Finding) doctor.Finding {
		f = f.With("n", fmt.Sprint(len(r.ARC.Sealed)))
		switch r.ARC.Result {
		case header.Pass:
			return f
		case header.Fail:
			return because(f, "fails").Show(doctor.EvidenceError, "ARC", r.ARC.Reason).Act("", "")
		case header.TempError:
			return because(f, "unanswered").With("host", "ARC")
		}
		return because(f, "none")
	})
}

// oddity finds one by its code.
func oddity(r header.Report, code string) (header.Oddity, bool) {
	for _, o := range r.Oddities {
		if o.Code == code {
			return o, true
		}
	}
	return header.Oddity{}, false
}

func checkAlignment(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMail(ctx, x, func(r header.Report, f doctor.Finding) doctor.Finding {
		f = f.With("from", r.FromDomain).Show(doctor.EvidenceRecord, "From", r.From)
		if o, ok := oddity(r, "name-poses"); ok {
			return because(f, "poses").With("name", o.Facts["name"]).Act("", "")
		}
		if o, ok := oddity(r, "reply-elsewhere"); ok {
			return because(f, "elsewhere").With("other", o.Facts["reply"]).Show(doctor.EvidenceRecord, "Reply-To", r.ReplyTo).Act("", "")
		}
		return f
	})
}

// checkLookAlike compares the sender's domain with the one that is examined, the
// office's own.
func checkLookAlike(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMail(ctx, x, func(r header.Report, f doctor.Finding) doctor.Finding {
		f = f.With("from", r.FromDomain, "shown", lookalike.Shown(r.FromDomain), "domain", x.Shown).Show(doctor.EvidenceRecord, "From", r.From)
		if r.FromDomain == "" {
			return because(f, "nothing")
		}
		if label, mixed := lookalike.Mixed(r.FromDomain); mixed {
			return because(f, "mixed").With("label", label).Act("", "")
		}
		if lookalike.Same(r.FromDomain, x.Domain) {
			return because(f, "similar").Act("", "")
		}
		return f
	})
}

// checkReturned tells mail that no person wrote: the tool for returned mail explains it.
func checkReturned(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMail(ctx, x, func(_ header.Report, f doctor.Finding) doctor.Finding {
		b, err := bounce.Read(x.Mail)
		if err != nil {
			return f
		}
		switch b.Kind {
		case bounce.KindFailure, bounce.KindDelay:
			if b.Form != bounce.FormDSN {
				return f // a mail about a returned one, or one that only sounds so
			}
			to, words := "", ""
			if len(b.Recipients) > 0 {
				to, words = b.Recipients[0].Address, strings.TrimSpace(b.Recipients[0].Status+" "+b.Recipients[0].Words)
			}
			return because(f, "returned").With("to", to, "words", doctor.Clip(words, 300))
		case bounce.KindAutoReply, bounce.KindReceipt:
			return because(f, "automatic")
		}
		return f
	})
}

// Bounds of a way in servers: RFC 5321 6.3 wants at least a hundred before a loop is
// called one; nobody's honest way has thirty.
const (
	loopHops = 50
	manyHops = 30
)

func checkLoop(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMail(ctx, x, func(r header.Report, f doctor.Finding) doctor.Finding {
		f = f.With("n", fmt.Sprint(len(r.Hops)))
		seen := map[string]int{}
		for _, d := range message.Parse(x.Mail).Header.All("Delivered-To") {
			seen[strings.ToLower(strings.TrimSpace(d))]++
		}
		twice := ""
		for to, n := range seen {
			if n > 1 {
				twice = to
			}
		}
		switch {
		case len(r.Hops) >= loopHops || twice != "":
			return because(f, "loops").With("to", twice).Act("", "")
		case len(r.Hops) >= manyHops:
			return because(f, "many").Act("", "")
		}
		return f
	})
}
