package lookup

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A question for a number is answered with the number, never with "no trace".
func TestNumbersAreCounted(t *testing.T) {
	b := shelf(t)
	for text, want := range map[string]string{
		"韩梅梅这个月收到了多少封邮件":                                    "counted_in 2 delivered=1 junk=1",
		"how many mails did han.meimei receive in November": "counted_in 2 delivered=1 junk=1",
		"韩梅梅11月收到邮件了吗":                                      "counted_in 2 delivered=1 junk=1",
		"王芳11月收到几封邮件":                                       "counted_in 2 blocked=1 delivered=1",
		"how many mails came in November":                   "counted_in 4 delivered=2 blocked=1 junk=1",
		"11月一共有多少封邮件":                                       "counted 5 delivered=2 blocked=1 bounced=1 junk=1",
		"Emma Clarke 11月发了几封邮件":                             "bounced 1",
		"how many mails bounced this month":                 "bounced 1",
		"how many mails did wang.fang send this month":      "no_trace 0",
		"这个月谁收到的邮件最多":                                       "most_received 2 han.meimei=2 wang.fang=1",
		"who sends the most":                                "most_sent 1 emma.clarke=1",
		"谁发的邮件最多":                                           "most_sent 1 emma.clarke=1",
		"上个月谁发信最多":                                          "no_trace_gap 0",
		"韩梅梅登录了几次":                                          "signed_in 2",
		"how often did han.meimei sign in":                  "signed_in 2",
	} {
		a, err := Ask(t.Context(), b, text, people, now.Add(time.Second))
		if err != nil {
			t.Fatal(err)
		}
		got := []string{string(a.Verdict), fmt.Sprint(a.Facts.Count)}
		for _, s := range a.Facts.Shares {
			got = append(got, fmt.Sprintf("%s=%d", s.Outcome, s.Count))
		}
		for _, p := range a.Top {
			n := p.Sent
			if a.Verdict == MostReceived {
				n = p.Received
			}
			got = append(got, fmt.Sprintf("%s=%d", strings.TrimSuffix(p.Person, "@office.example.com"), n))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: got %s, want %s (%+v)", text, s, want, a.Question)
		}
	}
}
