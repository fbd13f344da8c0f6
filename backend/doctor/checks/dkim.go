package checks

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/dkimkey"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/preset"
)

func dkimChecks() []doctor.Check {
	return []doctor.Check{
		define("dkim.found", "RFC 6376 3.1; RFC 8020", checkDKIMFound, "ok:p", "none:i", "absent:w", "missing:f"),
		define("dkim.key", "RFC 6376 3.6.1", checkDKIMKey, "ok:p", "revoked:w", "broken:f"),
		define("dkim.bits", "RFC 8301 3.2", checkDKIMBits, "ok:p", "short:w", "weak:f"),
		define("dkim.algorithm", "RFC 8301 3.1; RFC 8463", checkDKIMAlgorithm, "ok:p", "only_ed25519:w", "sha1:f"),
		define("dkim.flags", "RFC 6376 3.6.1", checkDKIMFlags, "ok:p", "testing:w", "not_mail:f"),
		define("dkim.record", "RFC 6376 3.6.2.2", checkDKIMRecord, "ok:p", "several:f", "dead_alias:f"),
		define("dkim.rotation", "M3AAWG DKIM Key Rotation", checkDKIMRotation, "several:p", "one:i"),
	}
}

// selectors that services use as they come, beside those of the presets.
var commonSelectors = []string{
	"default", "dkim", "mail", "s1", "s2", "selector1", "selector2", "google", "k1", "k2", "k3", "email", "smtp", "key1", "s1024", "s2048",
	"mandrill", "smtpapi", "pm", "fm1", "fm2", "fm3", "protonmail", "protonmail2", "protonmail3", "zoho", "zmail", "everlytickey1", "everlytickey2", "mx", "sig1",
}

// keyAt is what stands at one selector.
type keyAt struct {
	selector string
	answer   lookup.Answer
	texts    []string
	key      dkimkey.Key
	err      error
}

func (k keyAt) name(domain string) string { return k.selector + "._domainkey." + domain }

type keys struct {
	parent lookup.Answer // _domainkey itself
	found  []keyAt
	given  []string // selectors known from a mail that have no key
	unsure *lookup.Answer
}

// keysOf looks for keys: known selectors first, then the provider's, then common ones.
// Where nothing exists below _domainkey (RFC 8020) it does not guess.
func keysOf(ctx context.Context, x *doctor.Exam) (keys, bool) {
	return doctor.Once(ctx, x, "dkim", func(ctx context.Context) keys {
		var k keys
		k.ask(ctx, x, x.Options.Selectors, true)
		k.parent = x.DNS.TXT(ctx, "_domainkey."+x.Domain)
		if k.parent.Status == lookup.NXDomain {
			return k
		}
		if o, ok := officeOf(ctx, x); ok {
			k.ask(ctx, x, o.provider.DNS.DKIM.Selectors, false)
		}
		if len(k.found) == 0 {
			k.ask(ctx, x, commonSelectors, false)
		}
		return k
	})
}

func (k *keys) ask(ctx context.Context, x *doctor.Exam, selectors []string, given bool) {
	selectors = slices.DeleteFunc(slices.Clone(selectors), func(s string) bool {
		return s == "" || slices.ContainsFunc(k.found, func(f keyAt) bool { return f.selector == s })
	})
	results := make([]keyAt, len(selectors))
	var wait sync.WaitGroup
	for i, s := range selectors {
		wait.Go(func() {
			r := keyAt{selector: s}
			r.answer = x.DNS.TXT(ctx, r.name(x.Domain))
			for _, t := range r.answer.Texts() {
				if dkimkey.Near(t) {
					r.texts = append(r.texts, t)
				}
			}
			if len(r.texts) > 0 {
				r.key, r.err = dkimkey.Parse(r.texts[0])
			}
			results[i] = r
		})
	}
	wait.Wait()
	for _, r := range results {
		switch {
		case len(r.texts) > 0, r.answer.Status == lookup.Found, len(r.answer.Chain) > 0:
			k.found = append(k.found, r)
		case !r.answer.Known():
			a := r.answer
			k.unsure = &a
		case given:
			k.given = append(k.given, r.selector)
		}
	}
}

// each judges every key that was found.
func each(ctx context.Context, x *doctor.Exam, judge func(keyAt, doctor.Finding) doctor.Finding) []doctor.Finding {
	k, ok := keysOf(ctx, x)
	if !ok {
		return nil
	}
	var all []doctor.Finding
	for _, key := range k.found {
		if len(key.texts) == 0 {
			continue
		}
		f := show(doctor.F(key.name(x.Domain), "ok", "selector", key.selector, "bits", strconv.Itoa(key.key.Bits), "kind", key.key.Kind), key.answer)
		if f = judge(key, f); f.Reason != "" {
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return doctor.One(x.Domain, "nothing")
	}
	return all
}

func checkDKIMFound(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	k, ok := keysOf(ctx, x)
	if !ok {
		return nil
	}
	o, _ := officeOf(ctx, x)
	if len(k.given) > 0 {
		f := doctor.F(x.Domain, "missing", "selector", listed(k.given))
		return one(o.mend(f, x.Domain, preset.UseDKIM))
	}
	var names []string
	for _, f := range k.found {
		if len(f.texts) > 0 {
			names = append(names, f.selector)
		}
	}
	switch {
	case len(names) > 0:
		return doctor.One(x.Domain, "ok", "selectors", listed(names))
	case k.unsure != nil:
		return one(unsure(x.Domain, *k.unsure))
	}
	f := show(doctor.F(x.Domain, "none"), k.parent)
	if x.Options.Parked {
		return one(f)
	}
	if k.parent.Status == lookup.NXDomain {
		f = because(f, "absent") // nothing stands below a name that does not exist (RFC 8020)
	}
	return one(o.mend(f, x.Domain, preset.UseDKIM))
}

var keyFaults = map[error]string{
	dkimkey.ErrVersion: "v", dkimkey.ErrNoKey: "p", dkimkey.ErrBase64: "base64", dkimkey.ErrKind: "k", dkimkey.ErrKey: "key", dkimkey.ErrDoubled: "twice",
}

func checkDKIMKey(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return each(ctx, x, func(k keyAt, f doctor.Finding) doctor.Finding {
		switch {
		case k.err != nil:
			f.Reason = "broken"
			for e, code := range keyFaults {
				if errors.Is(k.err, e) {
					f = f.With("fault", code)
				}
			}
			return f.Act("", "")
		case k.key.Revoked:
			f.Reason = "revoked"
			return f.Remove(k.name(x.Domain), "TXT", k.texts[0])
		}
		return f
	})
}

func usable(k keyAt) bool { return k.err == nil && !k.key.Revoked }

func checkDKIMBits(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return each(ctx, x, func(k keyAt, f doctor.Finding) doctor.Finding {
		switch {
		case !usable(k):
			return doctor.Finding{}
		case k.key.Kind != "rsa" || k.key.Bits >= 2048:
		case k.key.Bits < 1024:
			f.Reason = "weak"
			f = f.Act("", "")
		default:
			f.Reason = "short"
			f = f.Act("", "")
		}
		return f
	})
}

func checkDKIMAlgorithm(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	rsa := false
	if k, ok := keysOf(ctx, x); ok {
		for _, f := range k.found {
			rsa = rsa || (usable(f) && f.key.Kind == "rsa")
		}
	}
	return each(ctx, x, func(k keyAt, f doctor.Finding) doctor.Finding {
		switch {
		case !usable(k):
			return doctor.Finding{}
		case !k.key.SHA256():
			f.Reason = "sha1"
			return f.Act("", "")
		case k.key.Kind == "ed25519" && !rsa:
			f.Reason = "only_ed25519"
			return f.Act("", "")
		}
		return f
	})
}

func checkDKIMFlags(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return each(ctx, x, func(k keyAt, f doctor.Finding) doctor.Finding {
		switch {
		case !usable(k):
			return doctor.Finding{}
		case !k.key.ForMail():
			f.Reason = "not_mail"
			return f.Act("", "")
		case k.key.Testing:
			f.Reason = "testing"
			return f.Act("", "")
		}
		return f
	})
}

func checkDKIMRecord(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	k, ok := keysOf(ctx, x)
	if !ok {
		return nil
	}
	var all []doctor.Finding
	for _, key := range k.found {
		name := key.name(x.Domain)
		f := show(doctor.F(name, "ok", "selector", key.selector), key.answer)
		switch {
		case len(key.texts) > 1:
			f.Reason = "several"
			f = f.Act("", "")
		case len(key.texts) == 0 && len(key.answer.Chain) > 0:
			target := key.answer.Chain[len(key.answer.Chain)-1]
			f.Reason = "dead_alias"
			f = f.With("target", target).Act("", "")
		case len(key.texts) == 0:
			continue // some other text
		}
		all = append(all, f)
	}
	return all
}

func checkDKIMRotation(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	k, ok := keysOf(ctx, x)
	if !ok {
		return nil
	}
	n := 0
	for _, f := range k.found {
		if usable(f) && len(f.texts) > 0 {
			n++
		}
	}
	switch n {
	case 0:
		return doctor.One(x.Domain, "nothing")
	case 1:
		return doctor.One(x.Domain, "one")
	}
	return doctor.One(x.Domain, "several", "n", strconv.Itoa(n))
}

// txtOf finds the texts at a name that a test picks, joined evidence included.
func txtOf(ctx context.Context, x *doctor.Exam, name string, is func(string) bool) (picked []string, others int, a lookup.Answer) {
	a = x.DNS.Ask(ctx, name, dns.TypeTXT)
	for _, t := range a.Texts() {
		if is(t) {
			picked = append(picked, strings.TrimSpace(t))
		} else {
			others++
		}
	}
	return picked, others, a
}
