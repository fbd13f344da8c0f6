// Package staff invents the people of an office for emulated vendors: Chinese names
// with their sounds, addresses that clash as they do in real offices, departments in
// three layers. The same number always gives the same people. Nobody of them exists.
package staff

import (
	"fmt"
	"strings"
)

// Department is one of an invented office.
type Department struct {
	Name   string
	Parent int // index into the same list; -1: the top
}

// Person is one of an invented office.
type Person struct {
	Local      string // the part of the address before the @
	Name       string
	Department int // index into the departments
	Title      string
	Mobile     string
	Phone      string
	StaffNo    string
	Female     bool
}

// word is a name with its sound.
type word struct{ han, sound string }

var surnames = []word{
	{"王", "wang"}, {"李", "li"}, {"张", "zhang"}, {"刘", "liu"}, {"陈", "chen"}, {"杨", "yang"}, {"赵", "zhao"}, {"黄", "huang"},
	{"周", "zhou"}, {"吴", "wu"}, {"单", "shan"}, {"曾", "zeng"}, {"仇", "qiu"}, {"解", "xie"}, {"欧阳", "ouyang"}, {"诸葛", "zhuge"}, {"吕", "lv"},
}

var given = []word{
	{"伟", "wei"}, {"芳", "fang"}, {"娅", "ya"}, {"敏", "min"}, {"静", "jing"}, {"岚", "lan"}, {"磊", "lei"}, {"扬", "yang"}, {"艳", "yan"},
	{"小明", "xiaoming"}, {"建国", "jianguo"}, {"雨桐", "yutong"}, {"浩然", "haoran"}, {"思远", "siyuan"}, {"丽华", "lihua"}, {"乐", "le"},
	{"重阳", "chongyang"}, {"晓燕", "xiaoyan"}, {"志强", "zhiqiang"},
}

var (
	firsts  = []string{"销售部", "市场部", "财务部", "人事部", "研发中心", "生产部", "采购部", "客服部", "法务部", "行政部"}
	seconds = []string{"华东区", "华南区", "华北区", "西南区", "海外组", "一组", "二组", "三组", "测试组", "支持组"}
	titles  = []string{"经理", "主管", "专员", "工程师", "助理", "会计", "设计师", ""}
)

// Departments invents so many: ten at the top, then ten in each of those, then below.
func Departments(n int) []Department {
	all := make([]Department, 0, n)
	for i := range n {
		switch {
		case i < len(firsts):
			all = append(all, Department{firsts[i], -1})
		case i < 110:
			parent := (i - 10) / 10
			all = append(all, Department{all[parent].Name + seconds[(i-10)%10], parent})
		default:
			parent := 10 + (i-110)%100
			all = append(all, Department{fmt.Sprintf("%s%d班", all[parent].Name, (i-110)/100+1), parent})
		}
	}
	return all
}

// People invents so many, spread over so many departments; 0 departments put everybody
// at -1. Namesakes get a number, as offices do it.
func People(n, departments int) []Person {
	taken := map[string]int{}
	all := make([]Person, 0, n)
	for i := range n {
		s, g := surnames[i%len(surnames)], given[(i*7+i/len(surnames))%len(given)]
		local := s.sound + "." + g.sound
		taken[local]++
		if k := taken[local]; k > 1 {
			local = fmt.Sprintf("%s%d", local, k)
		}
		p := Person{
			Local: local, Name: s.han + g.han, Department: -1, Title: titles[i%len(titles)],
			Mobile: fmt.Sprintf("1390000%04d", i%10000), Phone: fmt.Sprintf("%04d", 8000+i%2000), StaffNo: fmt.Sprintf("G%05d", i+1),
			Female: strings.Contains("芳娅静艳", g.han) || g.han == "丽华" || g.han == "晓燕" || g.han == "雨桐",
		}
		if departments > 0 {
			p.Department = (i * 13) % departments
		}
		all = append(all, p)
	}
	return all
}
