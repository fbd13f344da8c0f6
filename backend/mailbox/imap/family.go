package imap

import (
	"strings"

	"mailroom/backend/mailbox"
)

// Families by what their greeting holds, in this order. Sources: MailKit's
// ImapEngine.DetectQuirksMode, imapsync's server survey.
var byGreeting = []struct{ text, family string }{
	{"coremail", "netease"}, {"qqmail imap4server", "tencent"}, {"aliyun imap", "alimail"}, {"gimap ready", "gmail"},
	{"microsoft exchange", "exchange"}, {"imap server up and ready to accept", "yahoo"}, {"icloud imap", "icloud"},
	{"dovecot", "dovecot"}, {"courier-imap", "courier"}, {"cyrus imap", "cyrus"}, {"domino imap4", "domino"},
	{"imap4rev1 2007", "uw"}, {"panda imap", "uw"}, {"imaprev1", "hmailserver"}, {"smartermail", "smartermail"},
	{"yandex", "yandex"}, {"zoho mail", "zoho"}, {"zimbra", "zimbra"}, {"axigen", "axigen"}, {"kerio", "kerio"},
	{"icewarp", "icewarp"}, {"mdaemon", "mdaemon"}, {"communigate", "communigate"}, {"mox imap", "mox"},
}

var byID = []struct{ text, family string }{
	{"coremail", "netease"}, {"qqmail", "tencent"}, {"aliyun", "alimail"}, {"alibaba", "alimail"}, {"gimap", "gmail"},
	{"dovecot", "dovecot"}, {"cyrus", "cyrus"}, {"courier", "courier"}, {"microsoft.exchange", "exchange"},
	{"zimbra", "zimbra"}, {"icloud", "icloud"}, {"apple", "icloud"}, {"yahoo", "yahoo"}, {"yandex", "yandex"}, {"zoho", "zoho"},
	{"domino", "domino"}, {"axigen", "axigen"}, {"kerio", "kerio"}, {"icewarp", "icewarp"}, {"mox", "mox"},
}

var byCapability = []struct{ cap, family string }{
	{"X-CM-EXT-1", "netease"}, {"X-GM-EXT-1", "gmail"}, {"XYMHIGHESTMODSEQ", "yahoo"}, {"XSTOP", "proton"},
	{"X-NETSCAPE", "netscape"}, {"XLIST-ZIMBRA", "zimbra"},
}

var byHost = []struct{ suffix, family string }{
	{"163.com", "netease"}, {"126.com", "netease"}, {"yeah.net", "netease"}, {"188.com", "netease"}, {"icoremail.net", "netease"},
	{"qq.com", "tencent"}, {"aliyun.com", "alimail"}, {"mxhichina.com", "alimail"}, {"gmail.com", "gmail"},
	{"googlemail.com", "gmail"}, {"office365.com", "m365"}, {"outlook.com", "m365"}, {"partner.outlook.cn", "m365"}, {"me.com", "icloud"},
	{"yahoo.com", "yahoo"}, {"aol.com", "yahoo"}, {"yandex.ru", "yandex"}, {"yandex.com", "yandex"}, {"zoho.com", "zoho"},
	{"zoho.com.cn", "zoho"}, {"zoho.eu", "zoho"}, {"263.net", "263"}, {"sina.net", "sina"}, {"21cn.com", "21cn"},
}

// identify names the family of a server by its greeting, its ID reply, its
// capabilities and its host, in this order; "" is unknown.
func identify(greeting string, id map[string]string, set caps, host string) string {
	family := recognise(greeting, id, set, host)
	if h := strings.ToLower(host); family == "exchange" && (strings.HasSuffix(h, "office365.com") || strings.HasSuffix(h, "outlook.com") || strings.HasSuffix(h, "partner.outlook.cn")) {
		return "m365" // the same greeting, but another pace and only OAuth
	}
	return family
}

func recognise(greeting string, id map[string]string, set caps, host string) string {
	g := strings.ToLower(greeting)
	for _, f := range byGreeting {
		if strings.Contains(g, f.text) {
			return f.family
		}
	}
	who := strings.ToLower(id["name"] + " " + id["vendor"])
	for _, f := range byID {
		if strings.Contains(who, f.text) {
			return f.family
		}
	}
	for _, f := range byCapability {
		if set.has(f.cap) {
			return f.family
		}
	}
	h := strings.ToLower(strings.TrimSuffix(host, "."))
	for _, f := range byHost {
		if h == f.suffix || strings.HasSuffix(h, "."+f.suffix) {
			return f.family
		}
	}
	return ""
}

// traitsOf says what a server of that family with these capabilities can do.
func traitsOf(family string, set caps) mailbox.Traits {
	t := mailbox.Traits{
		Kind: "imap", Family: family, KeepsDate: true, UIDNext: true,
		MultiAppend: set.has("MULTIAPPEND"), NonSync: set.has("LITERAL+"), UIDPlus: set.has("UIDPLUS"),
		Condstore: set.has("CONDSTORE") || set.has("QRESYNC"), Binary: set.has("BINARY"),
	}
	switch family {
	case "netease":
		t.UIDNext = false
	case "tencent":
		t.UserRoot = []string{"其他文件夹"}
	case "gmail":
		t.DropsDeleted, t.CaseFold, t.Forbidden = true, true, "^"
	case "exchange", "domino", "hmailserver", "smartermail", "mdaemon", "icewarp", "kerio":
		t.CaseFold = true
	case "zoho":
		t.Condstore = false // answers MODSEQ (-1)
	case "dovecot", "courier":
		t.Forbidden = "/"
	case "cyrus":
		t.Forbidden = "*%/"
	}
	return t
}

// FamilyOfGreeting names the family of a server by its first line and its host, before
// anything was said to it; "" is unknown.
func FamilyOfGreeting(line, host string) string { return identify(line, nil, nil, host) }
