package lookup

import (
	"slices"
	"strings"
	"testing"
)

func office() Household {
	return Household{
		People: append(slices.Clone(people), Person{"li.nan@office.example.com", "李娜娜"}, Person{"wang.xiaoming@office.example.com", "王晓明"}),
		Others: []string{"office@office.example.com", "销售部", "boss@office.example.com", "采购 张三丰"},
		Named:  true,
		Whole:  true,
	}
}

// strangersOf are those of a question that found nothing.
func strangersOf(text string, h Household) string {
	a := Answer{Question: Understand(text, h.People, now), Verdict: NoTrace}
	var all []string
	for _, s := range Strangers(a, h) {
		said := s.Asked
		for _, p := range s.Near {
			said += " ~" + p.local()
		}
		all = append(all, said)
	}
	return strings.Join(all, "; ")
}

func TestANameThatNobodyOfTheOfficeHasIsSaid(t *testing.T) {
	for text, want := range map[string]string{
		"mail to li.na":     "li.na ~li.nan",
		"mail to zhang.wei": "zhang.wei",
		"mail to chen.bo":   "chen.bo", // .bo is a country
		"mail to liu.me":    "",
		"李娜收到了吗":            "李娜 ~li.nan",
		"李娜":                "李娜 ~li.nan",
		"李娜昨天收到招标文件了吗？":                              "李娜 ~li.nan",
		"赵铁柱收到招标文件了吗":                                "赵铁柱",
		"发给欧阳锋的招标文件":                                 "欧阳锋",
		"王小明在哪里登录过":                                  "王小明 ~wang.xiaoming",
		"谁删了孙权的邮件":                                   "孙权",
		"did Lina get the tender":                    "Lina ~li.nan",
		"Where did Ema Clark sign in?":               "Ema Clark ~emma.clarke",
		"did li.na@office.example.com get a tender?": "li.na@office.example.com ~li.nan",
		// People of the office, as the question names them.
		"王芳收到招标文件了吗":                                     "",
		"did Emma get the tender":                        "",
		"mail to boss":                                   "",
		"mail to boss@office.example.com about a tender": "",
		// Others.
		"did li.na@elsewhere.example get the tender": "",
		"mail to partner.cn":                         "",
		"mail to unknown.com":                        "",
		"方案收到了吗":                                     "",
		"单据收到了吗":                                     "",
		"招标文件收到了吗":                                   "",
		"张三丰收到招标文件了吗":                                "", // a contact
		"did the tender get there?":                  "",
		"tender":                                     "",
		"did Outlook fail?":                          "",
	} {
		if got := strangersOf(text, office()); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestNothingIsSaidOfPeopleWhoAreNotKnown(t *testing.T) {
	b := shelf(t)
	a, err := Ask(t.Context(), b, "李娜收到了吗", office().People, now)
	if s := Strangers(a, office()); err != nil || a.Verdict != NoTrace || len(s) != 1 {
		t.Errorf("%+v %v %v", a.Verdict, s, err)
	}
	a, err = Ask(t.Context(), b, "李娜收到了吗", nil, now)
	if err != nil || Strangers(a, Household{Whole: true}) != nil {
		t.Errorf("without a directory: %+v %v", a, err)
	}
	half := office()
	half.Whole = false // a list may be so called
	if got := strangersOf("mail to sell@office.example.com and li.na", half); got != "li.na ~li.nan" {
		t.Errorf("addresses that may be lists: %q", got)
	}
	half.Named = false // an alias may be li.na
	if got := strangersOf("mail to li.na", half); got != "" {
		t.Errorf("addresses that may be aliases: %q", got)
	}
	if got := strangersOf("李娜收到了吗", half); got != "李娜 ~li.nan" {
		t.Errorf("a name is known all the same: %q", got)
	}
	half.People = append(half.People, Person{"p9@office.example.com", ""})
	if got := strangersOf("李娜收到了吗", half); got != "" {
		t.Errorf("who has no name may be called so: %q", got)
	}
	found, err := Ask(t.Context(), b, "zhou 的十一月发票收到了吗", people, now)
	if err != nil || len(found.Line) == 0 || Strangers(found, office()) != nil {
		t.Errorf("where something was found: %+v %v", found.Verdict, err)
	}
}

func TestTheDistanceOfTwoNamesCountsSlips(t *testing.T) {
	for pair, want := range map[string]int{"lina linan": 1, "emma ema": 1, "wnag wang": 1, "abc abc": 0, " x": 1, "kitten sitting": 3} {
		a, b, _ := strings.Cut(pair, " ")
		if got := distance([]rune(a), []rune(b)); got != want {
			t.Errorf("%s: %d, want %d", pair, got, want)
		}
	}
}
