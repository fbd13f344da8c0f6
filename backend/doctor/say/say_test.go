package say_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/doctor/say"
	"mailroom/backend/report"
	"mailroom/frontend/src/i18n/locales"
)

func load(t *testing.T, language string) *say.Words {
	t.Helper()
	w, err := report.LoadWords(locales.FS, language)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// Every reason of every check has a text in both languages, and what is wrong has a
// step that mends it.
func TestEveryReasonHasWords(t *testing.T) {
	for _, language := range []string{"zh-CN", "en"} {
		w := load(t, language)
		need := func(key string) {
			if !w.Has(key) || w.T(key) == "" {
				t.Errorf("%s: no text for %s", language, key)
			}
		}
		for _, c := range checks.All() {
			need(say.Title(c.ID))
			for _, r := range c.Reasons {
				key := say.Key(doctor.Finding{Check: c.ID, Reason: r.Code})
				need(key)
				if r.Verdict == doctor.Fail || r.Verdict == doctor.Warn {
					need(key + "_do")
				}
			}
		}
		for _, g := range doctor.Groups {
			need("doctor.group." + string(g))
		}
		for _, v := range doctor.Verdicts {
			need("doctor.verdict." + string(v))
		}
		for _, s := range doctor.SkipReasons {
			need("doctor.skip." + s)
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{(\w+)\}\}`)

func names(text string) []string {
	var all []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		all = append(all, m[1])
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// A fact that a text names in one language and not in the other is a slip.
func TestBothLanguagesNameTheSameFacts(t *testing.T) {
	zh, en := load(t, "zh-CN"), load(t, "en")
	for _, c := range checks.All() {
		for _, r := range c.Reasons {
			key := say.Key(doctor.Finding{Check: c.ID, Reason: r.Code})
			if a, b := names(zh.T(key)), names(en.T(key)); !slices.Equal(a, b) {
				t.Errorf("%s: %v in Chinese, %v in English", key, a, b)
			}
		}
	}
}

func TestAFindingIsSaidWithItsFacts(t *testing.T) {
	f := doctor.F("office.example", "missing", "provider", "tencent-exmail", "domain", "spf.mail.qq.com")
	f.Check = "spf.provider"
	if got := say.Finding(load(t, "zh-CN"), f).Says; got != "SPF 里没有腾讯企业邮箱 / 企业微信邮箱，从新邮箱发出的邮件会被怀疑。" {
		t.Error(got)
	}
	if got := say.Finding(load(t, "en"), f).Do; got != "Use the record below: it adds spf.mail.qq.com and changes nothing else." {
		t.Error(got)
	}
}

// What servers say must not become part of a text's own markup.
func TestForeignWordsStayHarmless(t *testing.T) {
	f := doctor.F("x", "refuses", "host", "mx", "words", "554 {{host}}\r\n\u202emoc.live\x1b[31m")
	f.Check = "smtp.banner"
	got := say.Finding(load(t, "en"), f).Says
	if regexp.MustCompile(`[\x00-\x1f\x{202e}]|\{\{`).MatchString(got) {
		t.Errorf("%q", got)
	}
}

// A person is told what became of a question to the DNS, not the protocol's code.
func TestEveryEndOfAQuestionHasWords(t *testing.T) {
	for _, language := range []string{"zh-CN", "en"} {
		w := load(t, language)
		for _, s := range lookup.Statuses {
			if s == lookup.Found {
				continue
			}
			f := doctor.F("office.example", "dns", "name", "office.example MX", "status", string(s))
			f.Check = "mx.present"
			if got := say.Finding(w, f).Says; strings.Contains(got, "("+string(s)+")") || strings.Contains(got, "（"+string(s)+"）") {
				t.Errorf("%s: %s", language, got)
			}
		}
	}
}
