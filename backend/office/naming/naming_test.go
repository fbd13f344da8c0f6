package naming_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"mailroom/backend/office/naming"
)

func first(t *testing.T, name string, o naming.Options) string {
	t.Helper()
	all := naming.Propose(name, o)
	if len(all) == 0 {
		return ""
	}
	return all[0].Local
}

func TestSurnamesAreReadAsTheirFamiliesReadThem(t *testing.T) {
	for name, want := range map[string]string{
		"王小明": "wang.xiaoming", "单雄信": "shan.xiongxin", "曾国": "zeng.guo", "解缙": "xie.jin", "仇英": "qiu.ying",
		"区小明": "ou.xiaoming", "查小明": "zha.xiaoming", "任盈": "ren.ying", "朴小明": "piao.xiaoming", "盖小明": "ge.xiaoming",
		"翟小明": "zhai.xiaoming", "覃小明": "qin.xiaoming", "尉迟恭": "yuchi.gong", "欧阳修": "ouyang.xiu", "歐陽修": "ouyang.xiu",
		"万俟小明": "moqi.xiaoming", "单于小明": "chanyu.xiaoming", "长孙无忌": "zhangsun.wuji", "司马光": "sima.guang",
		"吕小明": "lv.xiaoming", "王 小明": "wang.xiaoming", "王小明（市场部）": "wang.xiaoming", "單小明": "shan.xiaoming",
		"欧阳": "ouyang", "王": "wang",
	} {
		if got := first(t, name, naming.Options{}); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestEachPatternIsProposedOnce(t *testing.T) {
	var got []string
	for _, p := range naming.Propose("王小明", naming.Options{}) {
		got = append(got, p.Local)
	}
	if s := strings.Join(got, " "); s != "wang.xiaoming wangxm xiaoming.wang wangxiaoming wxm" {
		t.Error(s)
	}
	if got := first(t, "王小明", naming.Options{First: naming.SurnameInitials}); got != "wangxm" {
		t.Error(got)
	}
}

func TestTheOtherReadingOfASurnameIsOfferedToo(t *testing.T) {
	all := naming.Propose("乐小明", naming.Options{})
	if all[0].Local != "yue.xiaoming" || all[len(all)-1].Local != "le.xiaoming" {
		t.Errorf("%+v", all)
	}
}

func TestTheUmlautIsWrittenAsTheOfficeWants(t *testing.T) {
	for u, want := range map[naming.Umlaut]string{naming.UmlautV: "lv.nv", naming.UmlautY: "lyu.nyu", naming.UmlautU: "lu.nu", "": "lv.nv"} {
		if got := first(t, "吕女", naming.Options{Umlaut: u}); got != want {
			t.Errorf("%s: %s", u, got)
		}
	}
}

func TestWesternNamesAreTakenApart(t *testing.T) {
	for name, want := range map[string]string{
		"John Smith": "john.smith", "Smith, John": "john.smith", "José Núñez": "jose.nunez", "Anna van der Berg": "anna.vanderberg",
		"Björn Weiß": "bjorn.weiss", "Łukasz O'Neill-Ødegård": "lukasz.oneillodegard", "Plato": "plato", "ＪＯＨＮ　Ｓｍｉｔｈ": "john.smith",
	} {
		if got := first(t, name, naming.Options{}); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if got := first(t, "Ana Silva", naming.Options{Umlaut: naming.UmlautY}); got != "ana.silva" {
		t.Error(got)
	}
	if got := naming.Propose("John Smith", naming.Options{})[1].Local; got != "jsmith" {
		t.Error(got)
	}
	for _, name := range []string{"", "   ", "???", "Ω", "()"} {
		if got := naming.Propose(name, naming.Options{}); got != nil {
			t.Errorf("%q: %v", name, got)
		}
	}
}

func TestWhatIsTakenGetsANumber(t *testing.T) {
	used := map[string]bool{"wang.xiaoming": true, "wang.xiaoming2": true, "wxm": true}
	all := naming.Propose("王小明", naming.Options{Taken: func(l string) bool { return used[l] }})
	if all[0].Local != "wang.xiaoming3" || !all[0].Numbered || all[1].Numbered {
		t.Errorf("%+v", all)
	}
	for _, p := range naming.Propose("王小明", naming.Options{Taken: func(string) bool { return true }}) {
		t.Errorf("%+v although everything is taken", p)
	}
}

func TestTheHabitOfAnOfficeIsFoundOut(t *testing.T) {
	people := []naming.Known{{"王小明", "wangxm"}, {"李雷", "lil"}, {"韩梅梅", "hanmm2"}, {"吴晓燕", "boss"}}
	if got := naming.HabitsOf(people); got != (naming.Habits{Chinese: naming.SurnameInitials}) {
		t.Errorf("%+v", got)
	}
	if got := naming.HabitsOf(people[:2]); got != (naming.Habits{}) {
		t.Errorf("two people make no habit: %+v", got)
	}
}

func TestALatinNameIsWrittenInItsOwnOrderWhateverTheChineseOnesAre(t *testing.T) {
	people := []naming.Known{{"王小明", "wang.xiaoming"}, {"李雷", "li.lei"}, {"韩梅梅", "han.meimei"}, {"吴晓燕", "wu.xiaoyan"}}
	propose := func(name string) string {
		return first(t, name, naming.Options{First: naming.HabitsOf(people).Of(name)})
	}
	if got := propose("Nora New"); got != "nora.new" {
		t.Error(got)
	}
	if got := propose("周杰"); got != "zhou.jie" {
		t.Error(got)
	}
	people = append(people, naming.Known{"John Smith", "jsmith"}, naming.Known{"Ana Silva", "asilva"}, naming.Known{"Lucy King", "lking"})
	if got := propose("Nora New"); got != "nnew" {
		t.Errorf("the office writes Latin names otherwise: %s", got)
	}
	people = append(people, naming.Known{"Per Dahl", "dahl.per"}, naming.Known{"Ida Holm", "holm.ida"}, naming.Known{"Eva Lund", "lund.eva"}, naming.Known{"Jan Berg", "berg.jan"})
	if got := propose("Nora New"); got != "new.nora" {
		t.Errorf("most have the surname first: %s", got)
	}
	if got := propose("周杰"); got != "zhou.jie" {
		t.Error(got)
	}
}

func TestPeopleAreFoundByNamePinyinInitialsAddressAndPhone(t *testing.T) {
	file, err := os.ReadFile("testdata/matches.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases struct {
		People []struct {
			Name, Text            string
			Values, Found, Missed []string
		}
	}
	if err := json.Unmarshal(file, &cases); err != nil || len(cases.People) == 0 {
		t.Fatal(err)
	}
	for _, p := range cases.People {
		text := naming.Text(p.Name, p.Values...)
		if text != p.Text {
			t.Errorf("%q is searched in %q, want %q", p.Name, text, p.Text)
		}
		for _, typed := range p.Found {
			if !naming.Matches(text, typed) {
				t.Errorf("%q does not find %q", typed, text)
			}
		}
		for _, typed := range p.Missed {
			if naming.Matches(text, typed) {
				t.Errorf("%q finds %q", typed, text)
			}
		}
	}
	if n := strings.Count(naming.Text(strings.Repeat("乐重单行长", 4)), "\n"); n > 40 {
		t.Errorf("%d spellings of one name", n)
	}
}

func FuzzNames(f *testing.F) {
	for _, s := range []string{"王小明", "Smith, John", "(", "ß", "欧阳 x", "吕\u0308"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, p := range naming.Propose(name, naming.Options{Umlaut: naming.UmlautY}) {
			for _, r := range p.Local {
				if r != '.' && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
					t.Fatalf("%q of %q", p.Local, name)
				}
			}
			if p.Local == "" || len(p.Local) > 64 {
				t.Fatalf("%q of %q", p.Local, name)
			}
		}
		_ = naming.Text(name)
	})
}

func BenchmarkTextOfAPerson(b *testing.B) {
	for b.Loop() {
		_ = naming.Text("欧阳小明", "ouyang@office.example", "13900000000")
	}
}
