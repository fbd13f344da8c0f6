package lookup

import (
	"fmt"
	"strings"
	"testing"
)

func TestWhoWroteAndWhoGotIt(t *testing.T) {
	local := strings.NewReplacer("@new.example", "", "[", "", "]", "")
	for text, want := range map[string]string{
		"张经理发来的合同":                                    " >  received",
		"李雷昨天发了几封邮件":                                  "li.lei >  sent",
		"李雷昨天下午发给客户的报价":                               "li.lei >  sent",
		"李雷给王芳发的合同收到了吗":                               "li.lei > wang.fang received",
		"王芳收到李雷的合同了吗":                                 "li.lei > wang.fang received",
		"王芳收到邮件了吗":                                    " > wang.fang received",
		"李雷的邮件王芳收到了吗":                                 " > wang.fang received",
		"李雷和王芳的邮件":                                    " >  ",
		"王芳的发票收到了吗":                                   " >  received",
		"zhou@customer.example.com发来的":                "zhou@customer.example.com >  received",
		"来自 zhou@customer.example.com":                "zhou@customer.example.com >  received",
		"发给zhou@customer.example.com的":                " > zhou@customer.example.com sent",
		"did Emma Clarke send the offer":              "emma.clarke >  sent",
		"did wang.fang get a mail from li.lei":        "li.lei > wang.fang received",
		"mail from li.lei to wang.fang":               "li.lei > wang.fang ",
		"li.lei to wang.fang":                         "li.lei > wang.fang ",
		"mails from zhou@customer.example.com":        "zhou@customer.example.com >  received",
		"my mail to zhou@customer.example.com":        " > zhou@customer.example.com sent",
		"what happened to Emma Clarke's mail":         " >  ",
		"did the mail from customer.example.com come": "customer.example.com >  received",
	} {
		q := Understand(text, folk, now)
		if got := local.Replace(fmt.Sprintf("%s > %s %s", q.From, q.To, q.kinds)); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
