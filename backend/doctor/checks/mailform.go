package checks

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/header"
	"mailroom/backend/doctor/message"
	"mailroom/backend/preset"
)

// messageFormChecks look at what servers and filters dislike about the form of a mail.
func messageFormChecks() []doctor.Check {
	all := []doctor.Check{
		define("message.fields", "RFC 5322 3.6", checkFields, "ok:p", "missing:w", "twice:f"),
		define("message.lines", "RFC 5321 4.5.3.1.6; RFC 6532", checkLines, "ok:p", "raw:w", "bare:w", "long:f", "zero:f"),
		define("message.unsubscribe", "RFC 2369 3.2; RFC 8058", checkUnsubscribe, "ok:p", "personal:i", "no_click:w", "none:w"),
		define("message.size", "RFC 1870", checkMailSize, "ok:p", "large:w", "over:f"),
		define("message.attachments", "docs/providers.md", checkAttachments, "ok:p", "refused:w"),
		define("message.links", "RFC 5782 2.2", checkLinks, "ok:p", "none:i", "listed:f"),
	}
	for i := range all {
		all[i].Wants = withMail
	}
	return all
}

// single are the fields that stand in a mail once at most, the first three always.
var single = []string{"Date", "From", "Message-ID", "Sender", "Reply-To", "To", "Cc", "Bcc", "In-Reply-To", "References", "Subject"}

func checkFields(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMail(ctx, x, func(_ header.Report, f doctor.Finding) doctor.Finding {
		h := message.Parse(x.Mail).Header
		var missing, twice []string
		for i, name := range single {
			switch n := len(h.All(name)); {
			case n > 1:
				twice = append(twice, name)
			case n == 0 && i < 3:
				missing = append(missing, name)
			}
		}
		switch {
		case len(twice) > 0:
			return because(f, "twice").With("names", listed(twice)).Act("", "")
		case len(missing) > 0:
			return because(f, "missing").With("names", listed(missing)).Act("", "")
		}
		return f
	})
}

// maxLine is the most that a line of a mail may have without its end (RFC 5322 2.1.1).
const maxLine = 998

func checkLines(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMail(ctx, x, func(_ header.Report, f doctor.Finding) doctor.Finding {
		form := message.FormOf(x.Mail)
		f = f.With("bytes", strconv.Itoa(form.LongestLine), "n", strconv.Itoa(form.BareLF))
		switch {
		case form.NUL:
			return because(f, "zero").Act("", "")
		case form.LongestLine > maxLine:
			return because(f, "long").Act("", "")
		case form.BareLF > 0:
			return because(f, "bare").Act("", "")
		case form.RawHeader:
			return because(f, "raw").Act("", "")
		}
		return f
	})
}

func checkUnsubscribe(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMail(ctx, x, func(_ header.Report, f doctor.Finding) doctor.Finding {
		h := message.Parse(x.Mail).Header
		way, click := h.Get("List-Unsubscribe"), h.Get("List-Unsubscribe-Post")
		precedence := strings.ToLower(h.Get("Precedence"))
		bulk := precedence == "bulk" || precedence == "list" || h.Get("List-ID") != "" || h.Get("Feedback-ID") != ""
		f = f.Show(doctor.EvidenceRecord, "List-Unsubscribe", way+"\n"+click)
		switch {
		case way == "" && !bulk:
			return because(f, "personal")
		case way == "":
			return because(f, "none").Act("", "")
		case !strings.EqualFold(strings.ReplaceAll(click, " ", ""), "List-Unsubscribe=One-Click") || !strings.Contains(way, "<https:"):
			return because(f, "no_click").Act("", "")
		}
		return f
	})
}

// usualLimit is what most providers take today, in bytes.
const usualLimit = 25 << 20

// checkMailSize compares with what the receiving servers of the examined domain announce,
// or its provider is known to take.
func checkMailSize(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	size := int64(len(x.Mail))
	f := doctor.F(x.Domain, "ok", "mb", mb(size))
	limit := int64(0)
	if relays, ok := relaysOf(ctx, x); ok {
		for _, r := range relays {
			if n, err := strconv.ParseInt(r.Value("SIZE"), 10, 64); err == nil && n > 0 && (limit == 0 || n < limit) {
				limit = n
			}
		}
	}
	if o, ok := officeOf(ctx, x); ok && limit == 0 {
		limit = o.provider.Limits.Message
	}
	f = f.With("limit", mb(limit))
	switch {
	case limit > 0 && size > limit:
		return one(because(f, "over").Act("", ""))
	case size > usualLimit*8/10:
		return one(because(f, "large").Act("", ""))
	}
	return one(f)
}

func mb(n int64) string { return fmt.Sprintf("%.1f", float64(n)/(1<<20)) }

func checkAttachments(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return onMail(ctx, x, func(_ header.Report, f doctor.Finding) doctor.Finding {
		var names []string
		for _, p := range message.Parse(x.Mail).Parts {
			if preset.RefusesFile(p.Name) {
				names = append(names, p.Name)
			}
		}
		if len(names) > 0 {
			return because(f, "refused").With("names", doctor.Clip(listed(names), 200)).Act("", "")
		}
		return f
	})
}

var links = regexp.MustCompile(`(?i)https?://([a-z0-9.-]+\.[a-z]{2,})`)

// maxLinks bounds how many domains are asked about.
const maxLinks = 10

// checkLinks asks lists about the domains that the mail leads to, never about whole
// addresses.
func checkLinks(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	if len(x.Endpoint.DomLists) == 0 {
		return doctor.One(x.Domain, "not_asked")
	}
	var domains []string
	for _, p := range message.Parse(x.Mail).Parts {
		if !strings.HasPrefix(p.Type, "text/") {
			continue
		}
		for _, m := range links.FindAllSubmatch(p.Body[:min(len(p.Body), 1<<20)], 200) {
			name := strings.ToLower(string(m[1]))
			if org, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
				name = org
			}
			if !slices.Contains(domains, name) && len(domains) < maxLinks {
				domains = append(domains, name)
			}
		}
	}
	if len(domains) == 0 {
		return doctor.One(x.Domain, "none")
	}
	f := doctor.F(x.Domain, "ok", "n", strconv.Itoa(len(domains)))
	for _, d := range domains {
		hits, asked := search(ctx, x, x.Endpoint.DomLists, d)
		if asked == 0 {
			return doctor.One(x.Domain, "unanswered", "host", x.Endpoint.DomLists[0].Zone)
		}
		for _, h := range hits {
			f = show(because(f, "listed").With("link", d, "list", h.list.Zone), h.answer).Act("", h.list.Page)
		}
	}
	return one(f)
}
