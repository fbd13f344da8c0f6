package explain

import (
	"strings"
	"testing"

	"mailroom/backend/preset"
	"mailroom/backend/report"
	"mailroom/frontend/src/i18n/locales"
)

func words(t *testing.T, language string) *report.Words {
	t.Helper()
	w, err := report.LoadWords(locales.FS, language)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestThePersonGetsTheProvidersOwnSteps(t *testing.T) {
	m := Text(words(t, "zh-CN"), preset.NeedsAppPassword, "tencent-exmail", "", "imap.exmail.qq.com")
	for _, want := range []string{"腾讯企业邮箱", "四个开关要全部打开", "1. 登录网页邮箱", "客户端专用密码", "https://exmail.qq.com"} {
		if !strings.Contains(m.Body, want) {
			t.Errorf("%q is missing in\n%s", want, m.Body)
		}
	}
	if strings.Contains(m.Body, "管理后台") {
		t.Errorf("the administrator's part is in\n%s", m.Body)
	}
	m = Text(words(t, "en"), preset.WrongCluster, "netease-qiye", "", "imap.qiye.163.com")
	for _, want := range []string{"NetEase Enterprise Mail", "imaphz.qiye.163.com", "1. Change to one of the servers below"} {
		if !strings.Contains(m.Body, want) {
			t.Errorf("%q is missing in\n%s", want, m.Body)
		}
	}
}

// Every class at every provider gives a whole text in both languages: no key in place
// of a text, no hole.
func TestEveryTextIsWhole(t *testing.T) {
	for _, language := range []string{"zh-CN", "en"} {
		w := words(t, language)
		for _, c := range preset.Causes() {
			for _, key := range []string{"title", "why"} {
				if !w.Has("explain.cause." + c.ID + "." + key) {
					t.Errorf("%s: %s has no %s", language, c.ID, key)
				}
			}
		}
		for _, class := range preset.Classes() {
			for _, p := range append(preset.Providers(), preset.Provider{}) {
				m := Text(w, class, p.ID, "", "mail.old.example")
				if strings.Contains(m.Body, "{{") || strings.Contains(m.Body, "explain.") || m.Subject == "" || strings.Contains(m.Body, "\n1. \n") {
					t.Errorf("%s, %s at %s:\n%s", language, class, p.ID, m.Body)
				}
			}
		}
	}
}
