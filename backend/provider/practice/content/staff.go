package content

import (
	"fmt"
	"math/rand/v2"
)

// roster is the whole staff. All names are invented; the domains are reserved for
// examples by RFC 2606.
var roster = []Person{
	{Local: "li.lei", Name: "李雷", EnglishName: "Li Lei", Title: "总经理", Department: "总经办", EnglishDepartment: "Management"},
	{Local: "han.meimei", Name: "韩梅梅", EnglishName: "Han Meimei", Title: "销售总监", Department: "销售部", EnglishDepartment: "Sales"},
	{Local: "wang.fang", Name: "王芳", EnglishName: "Wang Fang", Title: "财务主管", Department: "财务部", EnglishDepartment: "Finance"},
	{Local: "zhang.wei", Name: "张伟", EnglishName: "Zhang Wei", Title: "采购经理", Department: "采购部", EnglishDepartment: "Purchasing"},
	{Local: "chen.jing", Name: "陈静", EnglishName: "Chen Jing", Title: "人事专员", Department: "人事部", EnglishDepartment: "Human Resources"},
	{Local: "liu.yang", Name: "刘洋", EnglishName: "Liu Yang", Title: "网络管理员", Department: "信息部", EnglishDepartment: "IT"},
	{Local: "emma.clarke", Name: "Emma Clarke", EnglishName: "Emma Clarke", Title: "Export Manager", Department: "销售部", EnglishDepartment: "Sales"},
	{Local: "tom.baker", Name: "Tom Baker", EnglishName: "Tom Baker", Title: "Designer", Department: "设计部", EnglishDepartment: "Design"},
	{Local: "ouyang.xue", Name: "欧阳雪", EnglishName: "Ouyang Xue", Title: "客服", Department: "客服部", EnglishDepartment: "Customer Service"},
	{Local: "zhao.min", Name: "赵敏", EnglishName: "Zhao Min", Title: "仓库主管", Department: "物流部", EnglishDepartment: "Logistics"},
	{Local: "sun.hao", Name: "孙浩", EnglishName: "Sun Hao", Title: "销售代表", Department: "销售部", EnglishDepartment: "Sales"},
	{Local: "grace.lin", Name: "林恩雅", EnglishName: "Grace Lin", Title: "前台", Department: "行政部", EnglishDepartment: "Administration"},
}

// mailWeights says how the mail is shared out: directors have much of it.
var mailWeights = []int{16, 15, 12, 9, 6, 10, 12, 6, 7, 4, 5, 3}

// outsiders write to the company from outside.
var outsiders = []struct{ name, address string }{
	{"上海样品贸易 周经理", "zhou@customer.example.com"},
	{"Northwind Sample GmbH", "orders@northwind.example.net"},
	{"何小姐（示例物流）", "he@freight.example.com"},
	{"Sarah Jones", "sarah.jones@retail.example.org"},
	{"广州例子包装厂", "sales@packing.example.com"},
	{"Example Bank", "notice@bank.example.net"},
	{"示例税务服务", "service@tax.example.cn"},
	{"Paper Mill Example AS", "hello@papermill.example.org"},
}

// OldDomain and NewDomain are the company's at the two providers.
const (
	OldDomain = "old.example"
	NewDomain = "new.example"
)

// Staff is the whole staff, without their mail; the same seed makes the same passwords.
func Staff(seed uint64) []Person { return staff(seed) }

// Outsider writes to the company from outside.
type Outsider struct{ Name, Address string }

// Outsiders are the company's customers, suppliers and the like.
func Outsiders() []Outsider {
	all := make([]Outsider, len(outsiders))
	for i, o := range outsiders {
		all[i] = Outsider{o.name, o.address}
	}
	return all
}

// surnames and given names of people who are invented by the thousand, with their
// spelling in addresses.
var (
	surnames = [][2]string{{"王", "wang"}, {"李", "li"}, {"张", "zhang"}, {"刘", "liu"}, {"陈", "chen"}, {"杨", "yang"}, {"黄", "huang"}, {"赵", "zhao"}, {"吴", "wu"}, {"周", "zhou"},
		{"徐", "xu"}, {"孙", "sun"}, {"马", "ma"}, {"朱", "zhu"}, {"胡", "hu"}, {"郭", "guo"}, {"何", "he"}, {"高", "gao"}, {"欧阳", "ouyang"}, {"单", "shan"}}
	givenNames = [][2]string{{"伟", "wei"}, {"芳", "fang"}, {"娜", "na"}, {"敏", "min"}, {"静", "jing"}, {"丽", "li"}, {"强", "qiang"}, {"磊", "lei"}, {"军", "jun"}, {"洋", "yang"},
		{"小明", "xiaoming"}, {"子涵", "zihan"}, {"雨桐", "yutong"}, {"浩然", "haoran"}, {"梓萱", "zixuan"}, {"一诺", "yinuo"}, {"建国", "jianguo"}}
	titles = []string{"专员", "主管", "经理", "工程师", "助理", "会计"}
)

// Stranger invents the i-th of any number of further people; the local parts repeat.
func Stranger(i int) Person {
	s, g := surnames[i%len(surnames)], givenNames[i/len(surnames)%len(givenNames)]
	return Person{Local: g[1] + "." + s[1], Name: s[0] + g[0], Title: titles[i%len(titles)]}
}

// staff copies the roster and gives everybody a password.
func staff(seed uint64) []Person {
	people := append([]Person(nil), roster...)
	for i := range people {
		r := rand.New(rand.NewPCG(seed, 0x9a55<<8|uint64(i)))
		people[i].Password = fmt.Sprintf("%s-%04d-%s", pick(r, passwordWords), r.IntN(10000), pick(r, passwordWords))
	}
	return people
}

var passwordWords = []string{"amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heron", "indigo", "jasper", "kelp", "lotus", "maple", "north", "olive", "pearl"}

// OldAddress returns a person's address at the old provider.
func (c *Company) OldAddress(person int) string { return c.People[person].Local + "@" + c.OldDomain }

// NewAddress returns a person's address at the new provider.
func (c *Company) NewAddress(person int) string { return c.People[person].Local + "@" + c.NewDomain }

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
