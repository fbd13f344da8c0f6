package lookup

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var folk = []Person{
	{"li.lei@new.example", "李雷"}, {"han.meimei@new.example", "韩梅梅"}, {"wang.fang@new.example", "王芳"}, {"wang.feng@new.example", "王峰"},
	{"liu.yang@new.example", "刘洋"}, {"emma.clarke@new.example", "Emma Clarke"}, {"zhou.yi@new.example", "周一鸣"}, {"sales@new.example", "销售部"}, {"may.lee@new.example", "May Lee"},
}

// short writes what a question was understood as in one line: the aim where it is not
// mail, whom, how, what, the words, and the days.
func short(q Question) string {
	var parts []string
	if q.About != AboutMail {
		parts = append(parts, string(q.About)+":")
	}
	for _, who := range append(q.Named(), q.AnyOf...) {
		parts = append(parts, strings.TrimSuffix(who, "@new.example"))
	}
	for _, o := range q.Outcomes[:min(len(q.Outcomes), 1)] {
		parts = append(parts, "="+string(o))
	}
	for _, a := range q.Actions[:min(len(q.Actions), 1)] {
		parts = append(parts, "="+string(a))
	}
	if q.Words != "" {
		parts = append(parts, fmt.Sprintf("%q", q.Words))
	}
	if q.HasTime {
		parts = append(parts, spanned(q.Span))
	}
	return strings.Join(parts, " ")
}

// spanned writes whole days as days.
func spanned(s Span) string {
	one := func(at time.Time, end bool) string {
		switch {
		case at.IsZero():
			return "…"
		case at.Hour() == 0 && at.Minute() == 0 && end:
			return at.AddDate(0, 0, -1).Format("0102")
		case at.Hour() == 0 && at.Minute() == 0:
			return at.Format("0102")
		}
		return at.Format("0102T15:04")
	}
	from, to := one(s.From, false), one(s.To, true)
	if from == to {
		return from
	}
	return from + "-" + to
}

func TestQuestionsAreTakenAsPeopleMeanThem(t *testing.T) {
	for text, want := range map[string]string{
		// A subject keeps its characters: 发票 begins with a verb, 十月发票 with a month.
		"发票收到了吗":                                           `"发票"`,
		"客户发来的发票到了没有":                                      `"发票"`,
		"有封催款函为什么没收到":                                      `"催款函"`,
		"有没有人收到税务资料":                                       `"税务资料"`,
		"标题是对账单的邮件":                                        `"对账单"`,
		"主题：到货通知":                                          `"到货通知"`,
		"发件人：zhou 主题：合同":                                   `"zhou 合同"`,
		"PO-123":                                           `"PO-123"`,
		"Re: 转发：合同 43":                                     `"合同 43"`,
		"Invoice 2024":                                     `"Invoice 2024"`,
		"RE: Fwd: invoice":                                 `"invoice"`,
		"did the mail with the price list arrive":          `"price list"`,
		"show me the quotation for notebooks":              `"quotation notebooks"`,
		"Did Zhou’s invoice arrive?":                       `"Zhou invoice"`,
		"Meeting report.pdf":                               `"Meeting report.pdf"`,
		"did the invoice from customer.example.com arrive": `customer.example.com "invoice"`,
		// People: names, initials apart, typed apart, called, pasted, in full width.
		"王芳 昨天 登录":                     "signin: wang.fang 1119",
		"王 芳":                          "wang.fang",
		"wang fang logins":             "signin: wang.fang",
		"Fang Wang":                    "wang.fang",
		"wangfang 上周":                  "wang.fang 1109-1115",
		"ＷＡＮＧ．ＦＡＮＧ":                    "wang.fang",
		"wang.fang＠new.example":        "wang.fang",
		"小李昨天登录":                       "signin: li.lei 1119",
		"王总昨天登录":                       "signin: wang.fang wang.feng 1119",
		"周一鸣登录":                        "signin: zhou.yi",
		"韩梅梅 <han.meimei@new.example>": "han.meimei",
		"May Lee in May":               "may.lee 0501-0531",
		"\"Zhou, Min\" <zhou@customer.example.com> yesterday": "zhou@customer.example.com 1119",
		"mailto:zhou@customer.example.com":                    "zhou@customer.example.com",
		"Mail from Zhou <Zhou@Customer.example.com>":          "zhou@customer.example.com",
		"zhou@customer.example.com的发票":                        `zhou@customer.example.com "发票"`,
		"@customer.example.com 昨天":                            "@customer.example.com 1119",
		// Message-IDs and addresses of computers.
		"<20261112.1234@mail.customer.example.com>": "20261112.1234@mail.customer.example.com",
		"Message-ID: <Abc@x.example>":               "Abc@x.example",
		"203.0.113.9":                               "signin: 203.0.113.9",
		"who logged in from 203.0.113. yesterday":   "signin: 203.0.113. 1119",
		"2001:db8::1 昨天":                            "signin: 2001:db8::1 1119",
		"１９２.０.２.６６ 上周":                             "signin: 192.0.2.66 1109-1115",
		// How it went.
		"昨天有哪些退信":                                   "=bounced 1119",
		"did anything bounce yesterday":             "=bounced 1119",
		"李雷 垃圾邮件":                                   "li.lei =junk",
		"junk mail for Emma Clarke last week":       "emma.clarke =junk 1109-1115",
		"拦截 今天":                                     "=blocked 1120",
		"what was blocked today":                    "=blocked 1120",
		"王芳 登录失败":                                   "signin: wang.fang =refused",
		"密码错误 昨天":                                   "signin: =refused 1119",
		"failed logins yesterday":                   "signin: =refused 1119",
		"failed sign-ins of Emma Clarke this month": "signin: emma.clarke =refused 1101-1130",
		"王芳上次登录是什么时候":                               "signin: wang.fang",
		"when did Emma Clarke last log in?":         "signin: emma.clarke",
		// Who deleted, who changed.
		"上周三谁删了":                                            "deleted: 1111",
		"王芳的邮件昨天被谁删的":                                       "deleted: wang.fang 1119",
		"韩梅梅的邮件被移到哪里了":                                      "deleted: han.meimei",
		"谁改了王芳的密码":                                          "acts: wang.fang =password",
		"who changed the password of wang.fang":             "acts: wang.fang =password",
		"谁给王芳设了转发":                                          "acts: wang.fang =forward_on",
		"who set up forwarding":                             "acts: =forward_on",
		"谁删除了李雷的账号":                                         "acts: li.lei =person_delete",
		"谁停用了王芳的账号":                                         "acts: wang.fang =person_off",
		"who created the account of wang.fang":              "acts: wang.fang =person_add",
		"李雷昨天干了什么":                                          "acts: li.lei 1119",
		"what did Emma Clarke do yesterday":                 "acts: emma.clarke 1119",
		"谁把邮件转发到外面了":                                        "acts: =forward_on",
		"who forwards outside":                              "acts: =forward_on",
		"韩梅梅最近在哪些IP登录过":                                     "signin: han.meimei 1106-1120",
		"which IPs did Emma Clarke use":                     "signin: emma.clarke",
		"who mistyped their password yesterday":             "signin: =refused 1119",
		"王芳的垃圾箱里有什么":                                        "wang.fang =junk",
		"why was my mail to bank.example.net not delivered": "bank.example.net =failed",
		// Times, wherever they stand.
		"昨天下午":                 "1119T12:00-1119T18:00",
		"last Tuesday morning": "1117T05:00-1117T12:00",
		"今早王芳登录了吗":             "signin: wang.fang 1120T05:00-1120T12:00",
		"我昨天下午三点发给客户的邮件对方收到了吗？":                    "1119T14:30-1119T15:30",
		"１１月１２日 发票":                                `"发票" 1112`,
		"昨天１４：３０":                                  "1119T14:00-1119T15:00",
		"11/12 发票":                                 `"发票" 1112`,
		"11.12 发票":                                 `"发票" 1112`,
		"20261112 发票":                              `"发票" 1112`,
		"quotation 12/11/2026":                     `"quotation" 1112`,
		"quotation 11/12/2026":                     `"quotation" 1112`, // 11 December is still to come
		"quotation 25.10.2026":                     `"quotation" 1025`,
		"invoice in October":                       `"invoice" 1001-1031`,
		"invoice from October to November":         `"invoice" 1001-1130`,
		"10月底 发票":                                  `"发票" 1021-1031`,
		"Emma Clarke between Monday and Wednesday": "emma.clarke 1116-1118",
		"Emma Clarke today at 9":                   "emma.clarke 1120T08:30-1120T09:30",
		"yesterday 9am-11am Emma Clarke":           "emma.clarke 1119T09:00-1119T11:00",
		"昨天上午9点到11点 王芳登录":                          "signin: wang.fang 1119T09:00-1119T11:00",
		"起草合同 昨天":                                  `"起草合同" 1119`,
		"5号楼 图纸":                                   `"5号楼 图纸"`,
		"did it arrive?":                           "",
	} {
		if got := short(Understand(text, folk, now)); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// A week begins on Monday, a month ends where it ends, and an hour is that of the clock
// on the wall, also on the two days a year on which it is changed.
func TestDaysAtTheEdgesOfTheCalendar(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		moment, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	for _, c := range []struct{ now, text, from, to string }{
		{"2026-03-31 10:00", "上个月", "2026-02-01 00:00", "2026-03-01 00:00"},
		{"2026-03-31 10:00", "a month ago", "2026-02-25 00:00", "2026-03-04 00:00"},
		{"2026-03-31 10:00", "一个月内", "2026-02-28 00:00", "2026-04-01 00:00"},
		{"2026-01-01 09:00", "昨天", "2025-12-31 00:00", "2026-01-01 00:00"},
		{"2026-01-02 09:00", "last month", "2025-12-01 00:00", "2026-01-01 00:00"},
		{"2026-01-02 09:00", "去年12月", "2025-12-01 00:00", "2026-01-01 00:00"},
		{"2026-02-10 09:00", "last quarter", "2025-10-01 00:00", "2026-01-01 00:00"},
		{"2026-03-01 09:00", "2月29日", "2024-02-29 00:00", "2024-03-01 00:00"},
		{"2026-03-05 09:00", "30号", "2026-01-30 00:00", "2026-01-31 00:00"}, // February has none
		{"2026-11-08 09:00", "本周", "2026-11-02 00:00", "2026-11-09 00:00"},  // on a Sunday
		{"2026-11-08 09:00", "last week", "2026-10-26 00:00", "2026-11-02 00:00"},
		{"2026-11-09 09:00", "上周日", "2026-11-08 00:00", "2026-11-09 00:00"}, // on a Monday
		{"2026-11-09 09:00", "last Monday", "2026-11-02 00:00", "2026-11-03 00:00"},
		{"2026-11-09 09:00", "周一", "2026-11-09 00:00", "2026-11-10 00:00"},
		{"2026-11-11 09:00", "上周一到周三", "2026-11-02 00:00", "2026-11-05 00:00"},
		{"2026-11-08 09:00", "last weekend", "2026-10-31 00:00", "2026-11-02 00:00"},
		{"2026-11-20 15:00", "晚上8点", "2026-11-19 19:30", "2026-11-19 20:30"}, // today's is still to come
		{"2026-11-20 15:00", "月底", "2026-10-21 00:00", "2026-11-01 00:00"},
		{"2026-11-20 15:00", "昨晚8点", "2026-11-19 19:30", "2026-11-19 20:30"},
		{"2026-11-20 15:00", "last night at 2", "2026-11-20 01:30", "2026-11-20 02:30"},
		{"2026-11-20 15:00", "昨天晚上10点到凌晨2点", "2026-11-19 22:00", "2026-11-20 02:00"},
		{"2026-11-20 15:00", "下周一", "2026-11-23 00:00", "2026-11-24 00:00"},
		// The clock went forward on 29 March and back on 25 October 2026.
		{"2026-03-30 12:00", "yesterday at 3pm", "2026-03-29 14:30", "2026-03-29 15:30"},
		{"2026-03-30 12:00", "昨天下午", "2026-03-29 12:00", "2026-03-29 18:00"},
		{"2026-10-26 12:00", "昨天下午", "2026-10-25 12:00", "2026-10-25 18:00"},
		{"2026-10-26 12:00", "yesterday evening", "2026-10-25 18:00", "2026-10-26 00:00"},
		{"2026-10-26 12:00", "昨晚", "2026-10-25 18:00", "2026-10-26 06:00"},
		{"2026-10-26 12:00", "yesterday", "2026-10-25 00:00", "2026-10-26 00:00"},
	} {
		span, _, ok := Times(c.text, at(c.now))
		if !ok || !span.From.Equal(at(c.from)) || !span.To.Equal(at(c.to)) {
			t.Errorf("%s on %s: %v %s, want %s to %s", c.text, c.now, ok, spanned(span), c.from, c.to)
		}
	}
}

// The records decide between two readings.
func TestWhatIsFoundWasMeant(t *testing.T) {
	for text, want := range map[string]string{
		"wf 上个月":                     `"wf" 1001-1031 | wang.fang wang.feng 1001-1031`,
		"十月发票收到了吗":                   `"十月发票" | "发票" 1001-1031`,
		"10月 发票":                     `"发票" 1001-1031 | "10月 发票"`,
		"李雷给客户的报价发出去了吗":              `li.lei "客户的报价" | li.lei "报价"`,
		"did Meeting on Thursday go": `"Meeting" 1119 | "Meeting Thursday"`,
	} {
		var got []string
		for _, q := range ways(text, folk, now) {
			if s := short(q); len(got) == 0 || got[len(got)-1] != s {
				got = append(got, s)
			}
		}
		for _, one := range strings.Split(want, " | ") {
			at := 0
			for at < len(got) && got[at] != one {
				at++
			}
			if at == len(got) {
				t.Errorf("%s: %s is not among or not after %q", text, one, got)
				break
			}
			got = got[at:]
		}
	}
}
