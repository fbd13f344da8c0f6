package lookup

import (
	"strings"
	"testing"
	"time"

	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// It is Friday.
var now = time.Date(2026, 11, 20, 15, 30, 0, 0, time.FixedZone("+08:00", 8*3600))

func TestTimesInEverydayWords(t *testing.T) {
	const form = "0102T15:04"
	for text, want := range map[string]string{
		"昨天下午":                       "1119T12:00 1119T18:00",
		"上周二上午":                      "1110T05:00 1110T12:00",
		"last Tuesday morning":       "1117T05:00 1117T12:00",
		"前天":                         "1118T00:00 1119T00:00",
		"大前天晚上":                      "1117T18:00 1118T00:00",
		"昨晚":                         "1119T18:00 1120T06:00",
		"last night":                 "1119T18:00 1120T06:00",
		"今天":                         "1120T00:00 1121T00:00",
		"周三":                         "1118T00:00 1119T00:00",
		"周六":                         "1114T00:00 1115T00:00",
		"星期天":                        "1115T00:00 1116T00:00",
		"上周":                         "1109T00:00 1116T00:00",
		"这周":                         "1116T00:00 1123T00:00",
		"上上周五":                       "1106T00:00 1107T00:00",
		"上周末":                        "1114T00:00 1116T00:00",
		"上个月":                        "1001T00:00 1101T00:00",
		"11月12日":                     "1112T00:00 1113T00:00",
		"十一月十二号下午三点":                 "1112T14:30 1112T15:30",
		"2026年3月5日":                  "0305T00:00 0306T00:00",
		"去年12月31日":                   "1231T00:00 0101T00:00",
		"12月1日":                      "1201T00:00 1202T00:00",
		"3月份":                        "0301T00:00 0401T00:00",
		"三天前":                        "1117T00:00 1118T00:00",
		"两小时前":                       "1120T13:00 1120T14:00",
		"最近7天":                       "1113T00:00 1121T00:00",
		"上午9点半":                      "1120T09:00 1120T10:00",
		"昨天14:03":                    "1119T13:33 1119T14:33",
		"yesterday at 3pm":           "1119T14:30 1119T15:30",
		"yesterday afternoon":        "1119T12:00 1119T18:00",
		"the day before yesterday":   "1118T00:00 1119T00:00",
		"on Friday":                  "1120T00:00 1121T00:00",
		"last Friday":                "1113T00:00 1114T00:00",
		"last week":                  "1109T00:00 1116T00:00",
		"this month":                 "1101T00:00 1201T00:00",
		"12 Nov":                     "1112T00:00 1113T00:00",
		"Nov 12th, 2026":             "1112T00:00 1113T00:00",
		"November 12 in the evening": "1112T18:00 1113T00:00",
		"2026-11-12":                 "1112T00:00 1113T00:00",
		"3 days ago":                 "1117T00:00 1118T00:00",
		"in the past 3 days":         "1117T00:00 1121T00:00",
		"11月1日到11月12日":               "1101T00:00 1113T00:00",
		"from 1 Nov to 12 Nov":       "1101T00:00 1113T00:00",
		"since 10 Nov":               "1110T00:00 open",
		"11月10日以后":                   "1110T00:00 open",
		"before Monday":              "open 1116T00:00",
		"发票":                         "none",
		"hello from Marchwood":       "none",
		"订单 1234":                    "none",
		"Invoice 2024":               "none",
	} {
		span, _, ok := Times(text, now)
		got := "none"
		if ok {
			ends := []string{}
			for _, at := range []time.Time{span.From, span.To} {
				if at.IsZero() {
					ends = append(ends, "open")
				} else {
					ends = append(ends, at.Format(form))
				}
			}
			got = strings.Join(ends, " ")
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestAYearThatIsNotToldIsTheLastOne(t *testing.T) {
	span, _, _ := Times("12月1日", now)
	if span.From.Year() != 2025 {
		t.Errorf("%v", span.From)
	}
}

func TestWhatIsNoTimeIsLeft(t *testing.T) {
	_, rest, _ := Times("昨天下午 zhou 的发票", now)
	if got := strings.Join(strings.Fields(rest), " "); got != "zhou 的发票" {
		t.Errorf("got %q", got)
	}
}

func FuzzTimes(f *testing.F) {
	for _, s := range []string{"昨天下午3点", "last Tuesday", "11月12日到99月99日", "99:99", "十十十点", "0000-00-00", "in the last 9999 months", "从 to from"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		span, rest, ok := Times(s, now)
		if len(rest) != len(s) {
			t.Fatalf("%q: the places of the rest are lost", s)
		}
		if !ok && rest != s {
			t.Fatalf("%q: something was taken for nothing", s)
		}
		_ = span
	})
}
