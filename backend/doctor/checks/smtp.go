package checks

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/probe"
)

func smtpChecks() []doctor.Check {
	all := []doctor.Check{
		define("smtp.banner", "RFC 5321 4.2, 4.3.1", checkBanner, "ok:p", "version:w", "no_name:w", "refuses:f", "not_smtp:f"),
		define("smtp.extensions", "RFC 1870; RFC 6152; RFC 2920", checkExtensions, "ok:p", "small:w", "missing:w"),
		define("smtp.starttls", "RFC 3207; RFC 8461", checkRelayTLS, "ok:p", "none:w", "promised:f", "broken:f"),
		define("smtp.delay", "RFC 5321 4.5.3.2", checkDelay, "ok:p", "slow:w"),
		define("smtp.transaction", "RFC 5321 4.5.3.2", checkTransaction, "ok:p", "slow:w", "endless:f"),
		define("smtp.addresses", "RFC 6531", checkSMTPUTF8, "ok:p", "none:i"),
	}
	all[4].Wants = ownHost
	return all
}

// eachRelay judges every receiving server that could be talked to.
func eachRelay(ctx context.Context, x *doctor.Exam, judge func(probe.Result, doctor.Finding) doctor.Finding) []doctor.Finding {
	relays, ok := relaysOf(ctx, x)
	if !ok || len(relays) == 0 {
		return nil
	}
	var all []doctor.Finding
	for _, r := range relays {
		if r.ConnectErr != nil {
			continue
		}
		at := r.Host + ":25"
		f := doctor.F(r.Host, "ok", "host", r.Host, "words", strings.SplitN(r.Banner, "\n", 2)[0]).Show(doctor.EvidenceBanner, at, strings.TrimSpace(r.Banner+"\n"+strings.Join(r.Offers, "\n")))
		if f = judge(r, f); f.Reason != "" {
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return doctor.One(x.Domain, "unanswered", "host", relays[0].Host)
	}
	return all
}

// softwareVersion: a product and its number in the greeting help whoever looks for
// known holes.
var softwareVersion = regexp.MustCompile(`(?i)\b(postfix|exim|sendmail|exchange|mdaemon|hmailserver|winmail|coremail|zimbra)\b[ /-]*v?\d+\.\d+`)

func checkBanner(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachRelay(ctx, x, func(r probe.Result, f doctor.Finding) doctor.Finding {
		_, rest, _ := strings.Cut(r.Banner, " ")
		name := strings.Fields(rest + " -")[0]
		switch {
		case r.GreetErr != nil && r.Banner == "":
			return doctor.Finding{} // no greeting: mx.answers tells
		case r.GreetErr != nil:
			return because(f, "not_smtp").Act("", "")
		case r.Refused:
			return because(f, "refuses").Act("", "")
		case !strings.Contains(name, "."):
			return because(f, "no_name").Act("", "")
		case softwareVersion.MatchString(r.Banner):
			return because(f, "version").With("software", softwareVersion.FindString(r.Banner)).Act("", "")
		}
		return f
	})
}

// smallSize: below it ordinary attachments bounce.
const smallSize = 25 << 20

func checkExtensions(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachRelay(ctx, x, func(r probe.Result, f doctor.Finding) doctor.Finding {
		if r.GreetErr != nil || r.Refused || r.Offers == nil {
			return doctor.Finding{}
		}
		size, err := strconv.ParseInt(r.Value("SIZE"), 10, 64)
		f = f.With("mb", strconv.FormatInt(size>>20, 10))
		var missing []string
		for _, word := range []string{"8BITMIME", "PIPELINING", "SIZE"} {
			if !r.Has(word) && !r.HasAfter(word) {
				missing = append(missing, word)
			}
		}
		switch {
		case err == nil && size > 0 && size < smallSize:
			return because(f, "small").Act("", "")
		case len(missing) > 0:
			return because(f, "missing").With("missing", listed(missing)).Act("", "")
		}
		return f
	})
}

func checkRelayTLS(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	s, _ := stsPolicyOf(ctx, x)
	return eachRelay(ctx, x, func(r probe.Result, f doctor.Finding) doctor.Finding {
		switch {
		case r.GreetErr != nil || r.Refused:
			return doctor.Finding{}
		case !r.StartTLS && s.wanted() && s.policy.Mode == "enforce":
			return because(f, "promised").Act("", "")
		case !r.StartTLS:
			return because(f, "none").Act("", "")
		case r.TLS == nil && again(ctx, x, r, oldSuites).TLS == nil:
			return because(f, "broken").Show(doctor.EvidenceError, r.Host+":25", errorText(r.TLSErr)).Act("", "")
		}
		return f
	})
}

// checkDelay measures until the greeting, which some servers hold back on purpose.
func checkDelay(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachRelay(ctx, x, func(r probe.Result, f doctor.Finding) doctor.Finding {
		if r.GreetErr != nil {
			return doctor.Finding{}
		}
		seconds := (r.Connected + r.Greeted).Seconds()
		f = f.With("seconds", fmt.Sprintf("%.1f", seconds))
		if r.Connected+r.Greeted > x.Slow() {
			return because(f, "slow").Act("", "")
		}
		return f
	})
}

// checkTransaction measures from connecting until a recipient is taken, which filters
// hold back: a sender gives up after some minutes.
func checkTransaction(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	relays, ok := relaysOf(ctx, x)
	if !ok {
		return nil
	}
	for _, r := range relays {
		if r.ConnectErr != nil || r.GreetErr != nil || r.Refused {
			continue
		}
		begin := time.Now()
		steps, err := probe.Envelope(ctx, target(x, r.Host, probe.Relay), "MAIL FROM:<>", "RCPT TO:<postmaster@"+x.Domain+">", "RSET")
		took := time.Since(begin)
		f := transcript(doctor.F(r.Host, "ok", "host", r.Host, "seconds", fmt.Sprintf("%.1f", took.Seconds())), r.Host, steps)
		switch {
		case len(steps) < 2 && err != nil && took < 3*x.Slow():
			continue // closed: other checks tell
		case len(steps) < 2:
			f = because(f, "endless").Act("", "")
		case took > x.Slow():
			f = because(f, "slow").Act("", "")
		}
		return one(f)
	}
	return doctor.One(x.Domain, "unanswered", "host", x.Domain)
}

// checkSMTPUTF8 tells whether mail to addresses with Chinese characters before the @
// can be taken in.
func checkSMTPUTF8(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachRelay(ctx, x, func(r probe.Result, f doctor.Finding) doctor.Finding {
		switch {
		case r.GreetErr != nil || r.Refused || r.Offers == nil:
			return doctor.Finding{}
		case !r.Has("SMTPUTF8") && !r.HasAfter("SMTPUTF8"):
			return because(f, "none")
		}
		return f
	})
}
