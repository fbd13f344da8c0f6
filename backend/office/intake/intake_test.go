package intake_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"mailroom/backend/office"
	"mailroom/backend/office/intake"
	"mailroom/backend/people"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// everything is an office that can do all there is.
func everything() intake.Directory {
	d := intake.Directory{
		Domains: []provider.Domain{{Name: "office.example"}, {Name: "other.example"}},
		People: []provider.Person{
			{ID: "p1", Address: "wangxm@office.example", Name: "王小明", Aliases: []string{"boss@office.example"}},
			{ID: "p2", Address: "lil@office.example", Name: "李雷"},
			{ID: "p3", Address: "hanmm@office.example", Name: "韩梅梅"},
		},
		Departments: []provider.Department{
			{ID: "1", Name: "销售部"}, {ID: "2", Parent: "1", Name: "华东"}, {ID: "3", Name: "技术部"}, {ID: "4", Parent: "3", Name: "华东"},
		},
		Lists:        []provider.List{{ID: "L1", Address: "all@office.example", Name: "全体"}},
		Capabilities: provider.Capabilities{Support: map[provider.Capability]provider.Support{}, ManyDepartments: true, MaxAliases: 2},
		Rule:         provider.PasswordRule{Min: 8, Digits: true, NoAddress: true},
	}
	for _, c := range provider.All() {
		d.Capabilities.Support[c] = provider.Support{Can: true}
	}
	d.Capabilities.Create = []provider.Attr{
		provider.AttrName, provider.AttrDepartments, provider.AttrTitle, provider.AttrMobile, provider.AttrPhone, provider.AttrStaffNo,
		provider.AttrGender, provider.AttrMustChange, provider.AttrAliases, provider.AttrPassword, provider.AttrQuota, provider.AttrRemark,
	}
	return d
}

func read(t testing.TB, raw string, d intake.Directory, o intake.Options) intake.Result {
	t.Helper()
	g, problems, err := people.ReadGrid(strings.NewReader(raw), people.GridOptions{Known: intake.IsHeading})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %+v", err, problems)
	}
	return intake.Read(g, d, o)
}

// brief writes problems as "stop taken B3 (wangxm) who=王小明".
func brief(r intake.Result) string {
	var out []string
	for _, p := range r.Problems {
		s := fmt.Sprintf("%s %s %s", p.Weight, p.Code, p.Cell)
		for _, fact := range []string{p.Value, p.Fixed, p.Who, strings.Join(p.Facts, ",")} {
			if fact != "" {
				s += " " + fact
			}
		}
		if p.First > 0 {
			s += fmt.Sprintf(" first %d", p.First)
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// A limit in bytes is the provider's: 22 Chinese characters are 66.
func TestTextsThatAreLongerThanTheProviderTakesStopTheirRow(t *testing.T) {
	d := everything()
	d.Capabilities.Longest = map[provider.Attr]int{provider.AttrName: 64, provider.AttrTitle: 64}
	long := strings.Repeat("长", 22)
	got := brief(read(t, "name,address,title,password\n"+long+",a@office.example,x,Kiefer77x\n甲,b@office.example,"+long+",Kiefer77x\n"+long[3:]+",c@office.example,"+long[3:]+",Kiefer77x\n", d, intake.Options{}))
	if want := "stop too_long A2 " + long + "; stop too_long C3 " + long; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestAGoodRowBecomesAPersonWithAllItsValues(t *testing.T) {
	r := read(t, "姓名,邮箱,部门,职位,手机,分机,工号,性别,别名,邮件列表,初始密码,首次登录改密码,容量(GB),备注,收发权限,转发到,隐藏\n"+
		"单 雄信,shanxx,销售部/华东;技术部,经理,+86 139-0000-0000,8001,007,男,sxx;shan@other.example,全体,Horse-42-battery,是,5,新人,只发内部,x@else.example,否\n", everything(), intake.Options{})
	if brief(r) != "" || len(r.Rows) != 1 {
		t.Fatalf("%s %+v", brief(r), r.Rows)
	}
	got := r.Rows[0]
	p := got.Person
	want := fmt.Sprint("shanxx@office.example 单 雄信 [2 3] 经理 +86 139-0000-0000 8001 007 male [sxx@office.example shan@other.example] ", int64(5<<30), " 新人 send_inside {[x@else.example] true} no [L1] true 2")
	if s := fmt.Sprint(p.Address, " ", p.Name, " ", p.Departments, " ", p.Title, " ", p.Mobile, " ", p.Phone, " ", p.StaffNo, " ", p.Gender, " ", p.Aliases, " ", p.Quota, " ", p.Remark, " ", p.MailRights, " ", *p.Forward, " ", p.Hidden, " ", got.Lists, " ", got.MustChange, " ", got.Number); s != want {
		t.Errorf("\n%s\n%s", s, want)
	}
	if got.Password.Reveal() != "Horse-42-battery" {
		t.Error("another password")
	}
}

func TestEveryBadRowIsNamedWithItsCellBeforeAnythingIsSent(t *testing.T) {
	for _, c := range []struct{ name, row, want string }{
		{"an address of another row", "甲,new1,,,p4ssword-x\n乙,NEW1,,,p4ssword-x", "stop duplicate B3 NEW1 first 2"},
		{"somebody else's address", "甲,wangxm,,,p4ssword-x", "stop taken B2 wangxm 王小明"},
		{"a list's address", "甲,all,,,p4ssword-x", "stop taken B2 all 全体"},
		{"an alias's address", "甲,boss@office.example,,,p4ssword-x", "stop taken B2 boss@office.example 王小明"},
		{"the person is there already", "王小明,wangxm,,,p4ssword-x", "look already_there B2 wangxm 王小明"},
		{"an alias that is somebody's address", "甲,new1,,lil,p4ssword-x", "stop taken D2 lil 李雷"},
		{"an alias that is a list", "甲,new1,,all,p4ssword-x", "stop taken D2 all 全体"},
		{"an alias of an earlier row", "甲,new1,,new9,p4ssword-x\n乙,new2,,new9,p4ssword-x", "stop duplicate D3 new9 first 2"},
		{"too many aliases", "甲,new1,,a1;a2;a3,p4ssword-x", "stop too_many_aliases D2 a1;a2;a3 2"},
		{"an unknown department", "甲,new1,市场部,,p4ssword-x", "stop unknown_department C2 市场部"},
		{"two departments of the name", "甲,new1,华东,,p4ssword-x", "stop ambiguous_department C2 华东"},
		{"a weak password", "甲,new1,,,short", "stop bad_password E2 too_short,no_digit"},
		{"the address in the password", "甲,newone,,,newone-12345", "stop bad_password E2 has_address"},
		{"no password", "甲,new1,,,", "stop empty E2"},
		{"no name", ",new1,,,p4ssword-x", "stop empty A2"},
		{"a name with angle brackets", "甲<b>,new1,,,p4ssword-x", "stop bad_character A2 甲<b>"},
		{"Chinese in the address", "甲,小明,,,p4ssword-x", "stop bad_address B2 小明"},
		{"blanks in the address", "甲,a b,,,p4ssword-x", "stop bad_address B2 a b"},
		{"another domain", "甲,a@else.example,,,p4ssword-x", "stop wrong_domain B2 a@else.example"},
		{"full width", "甲,ｎｅｗ１＠office.example,,,p4ssword-x", "look corrected B2 ｎｅｗ１＠office.example new1@office.example"},
		{"odd characters", "甲,new+1,,,p4ssword-x", "look odd_address B2 new+1"},
		{"a formula", "甲,=A2,,,p4ssword-x", "stop formula B2 =A2; look odd_address B2 =A2"},
		{"an error of the spreadsheet", "甲,new1,#REF!,,p4ssword-x", "stop formula C2 #REF!; stop unknown_department C2 #REF!"},
		{"a cell too many", "甲,new1,,,p4ssword-x,oops", "look extra_cell F2 oops"},
	} {
		r := read(t, "姓名,邮箱,部门,别名,密码\n"+c.row+"\n", everything(), intake.Options{})
		if got := brief(r); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if strings.Contains(c.want, "stop") && r.Stopped == 0 {
			t.Errorf("%s: sent nevertheless", c.name)
		}
	}
}

func TestMissingAddressesAreMadeAsTheOfficeMakesThem(t *testing.T) {
	r := read(t, "姓名,密码\n王小明,p4ssword-x\n王晓敏,p4ssword-x\n欧阳小明,p4ssword-x\n", everything(), intake.Options{})
	var got []string
	for _, row := range r.Rows {
		got = append(got, row.Person.Address)
	}
	// 王小明 has wangxm@ already: the list is read once more, or a namesake needs an
	// address of their own, which a person has to choose.
	if s := strings.Join(got, " "); s != "wangxm2@office.example ouyangxm@office.example" || r.Already != 1 {
		t.Errorf("%s: %s", s, brief(r))
	}
}

func TestDepartmentsThatDoNotExistAreOfferedOnceEach(t *testing.T) {
	const list = "姓名,邮箱,部门,密码\n甲,a1,市场部/北方/北京,p4ssword-x\n乙,a2,市场部/北方,p4ssword-x\n丙,a3,销售部/华南,p4ssword-x\n丁,a4,无人部,x\n"
	r := read(t, list, everything(), intake.Options{MakeDepartments: true})
	var got []string
	for _, u := range r.New {
		got = append(got, u.Handle+"<"+u.Parent+" "+u.Path)
	}
	if s := strings.Join(got, "; "); s != "@d1< 市场部; @d2<@d1 市场部/北方; @d3<@d2 市场部/北方/北京; @d4<1 销售部/华南" {
		t.Error(s)
	}
	if !slices.Equal(r.Rows[1].Person.Departments, []string{"@d2"}) || r.Stopped != 1 {
		t.Errorf("%+v", r.Rows[1].Person.Departments)
	}
	if r = read(t, list, everything(), intake.Options{}); r.Stopped != 4 || len(r.New) != 0 {
		t.Errorf("%s", brief(r))
	}
}

func TestPasswordsAreMadeWhereAskedFor(t *testing.T) {
	r := read(t, "姓名,邮箱\n甲,a1\n乙,a2\n", everything(), intake.Options{MakePasswords: true, MustChange: true})
	if len(r.Rows) != 2 || r.Rows[0].Password.Reveal() == "" || r.Rows[0].Password.Reveal() == r.Rows[1].Password.Reveal() || !r.Rows[0].MustChange {
		t.Errorf("%s", brief(r))
	}
}

func TestWhatTheOfficeCannotTakeIsLeftOutAndSaid(t *testing.T) {
	d := everything()
	d.Capabilities.Create = []provider.Attr{provider.AttrName}
	for c := range d.Capabilities.Support {
		d.Capabilities.Support[c] = provider.Support{Why: provider.NotInAPI}
	}
	r := read(t, "姓名,邮箱,部门,别名,密码,手机\n甲,a1,销售部,x,p4ssword-x,139\n乙,a2,技术部,y,p4ssword-x,139\n", d, intake.Options{MustChange: true})
	if n := strings.Count(brief(r), "look not_supported"); n != 4 || len(r.Problems) != 4 {
		t.Errorf("said %d times: %s", n, brief(r))
	}
	if len(r.Rows) != 2 || r.Rows[0].Person.Departments != nil || !r.Rows[0].Password.IsZero() || r.Rows[0].MustChange {
		t.Errorf("%+v", r.Rows)
	}
}

func TestAnOfficeWithoutNamesTakesAddressesMadeFromThem(t *testing.T) {
	d := everything()
	d.Capabilities.Create, d.Capabilities.Change = nil, nil
	r := read(t, "姓名,密码\n欧阳雪,p4ssword-x\n", d, intake.Options{})
	if len(r.Rows) != 1 || r.Rows[0].Person.Name != "" || r.Rows[0].Person.Address != "ouyangx@office.example" {
		t.Errorf("%+v: %s", r.Rows, brief(r))
	}
}

func TestGBKAndOddWorkbooksAreRead(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("姓名,邮箱,初始密码\r\n曾国,a1,p4ssword-x\r\n")
	if err != nil {
		t.Fatal(err)
	}
	if r := read(t, gbk, everything(), intake.Options{}); len(r.Rows) != 1 || r.Rows[0].Person.Name != "曾国" {
		t.Errorf("%s", brief(r))
	}
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{
		{"新员工名单"}, {"姓名", "邮箱", "部门", "初始密码"}, {"甲", "a1", "销售部", "p4ssword-x"}, {"乙", "a2", nil, "p4ssword-x"},
		{"丙", "a3", "技术部", "p4ssword-x"}, {"丁", nil, "技术部", "p4ssword-x"},
	} {
		_ = f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row)
	}
	_ = f.MergeCell("Sheet1", "C3", "C4")
	_ = f.SetRowVisible("Sheet1", 5, false)
	_ = f.SetCellFormula("Sheet1", "B6", `=LOWER("X")`)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	r := read(t, b.String(), everything(), intake.Options{})
	if s := brief(r); s != "look hidden_rows  1; look merged C3 C3:C4; stop formula B6; look proposed B6 ding@office.example" {
		t.Error(s)
	}
	if len(r.Rows) != 2 || r.Rows[1].Person.Departments[0] != "1" {
		t.Errorf("%+v", r.Rows)
	}
}

func TestTheTemplateIsReadBackWithItsOwnHeadings(t *testing.T) {
	for _, chinese := range []bool{true, false} {
		for _, format := range []people.Format{people.CSV, people.XLSX} {
			var b bytes.Buffer
			if err := intake.Template(&b, format, chinese, everything().Capabilities); err != nil {
				t.Fatal(err)
			}
			g, _, err := people.ReadGrid(&b, people.GridOptions{Known: intake.IsHeading})
			if err != nil {
				t.Fatal(err)
			}
			if r := intake.Read(g, everything(), intake.Options{}); !slices.Equal(r.Columns, intake.Columns()) || brief(r) != "" {
				t.Errorf("%v %s: %v %s", chinese, format, r.Columns, brief(r))
			}
		}
	}
}

func TestAListWithoutNamesIsRefusedAsAWhole(t *testing.T) {
	if r := read(t, "foo,bar\n1,2\n", everything(), intake.Options{}); brief(r) != "stop missing_column " || len(r.Rows) != 0 {
		t.Error(brief(r))
	}
}

func TestNoProblemEverShowsAPassword(t *testing.T) {
	r := read(t, "姓名,邮箱,密码,foo\n甲,a1,=hunter2,x\n乙,a2,hunter,\n丙,a3,#hunter,\n", everything(), intake.Options{})
	if s := fmt.Sprintf("%+v", r.Problems); strings.Contains(s, "hunter") {
		t.Error(s)
	}
}

func FuzzRows(f *testing.F) {
	f.Add("王小明", "wangxm", "销售部/华东", "a;b", "p4ssword-x")
	f.Add("=1", "@", "///", ";;;", "")
	d := everything()
	f.Fuzz(func(t *testing.T, a, b, c, d1, e string) {
		g := &people.Grid{Rows: []people.GridRow{
			{Number: 1, Cells: []string{"姓名", "邮箱", "部门", "别名", "密码"}},
			{Number: 2, Cells: []string{a, b, c, d1, e}},
			{Number: 3, Cells: []string{a, b, c, d1, e}},
		}}
		r := intake.Read(g, d, intake.Options{MakeDepartments: true, MakePasswords: true})
		if len(r.Rows)+r.Stopped+r.Already != 2 {
			t.Fatalf("%d rows, %d stopped, %d there", len(r.Rows), r.Stopped, r.Already)
		}
		seen := map[string]bool{}
		for _, row := range r.Rows {
			for _, address := range append([]string{row.Person.Address}, row.Person.Aliases...) {
				if seen[address] || strings.Count(address, "@") != 1 {
					t.Fatalf("%q", address)
				}
				seen[address] = true
			}
		}
	})
}

func BenchmarkAThousandRows(b *testing.B) {
	var s strings.Builder
	s.WriteString("姓名,邮箱,部门,密码\n")
	for i := range 1000 {
		fmt.Fprintf(&s, "员工%d,user%d,销售部,p4ssword-x\n", i, i)
	}
	d := everything()
	for i := range 5000 {
		d.People = append(d.People, provider.Person{ID: fmt.Sprint(i), Address: fmt.Sprintf("u%d@office.example", i), Name: "王小明"})
	}
	for b.Loop() {
		if r := read(b, s.String(), d, intake.Options{}); len(r.Rows) != 1000 {
			b.Fatal(brief(r))
		}
	}
}

// chain writes changes as "person.create @p2 a1@office.example".
func chain(all []office.Change) string {
	var out []string
	for _, c := range all {
		s := fmt.Sprintf("%s %s%s %s", c.Kind, c.Target, c.Handle, c.Label)
		if len(c.Set) > 0 {
			s += fmt.Sprint(" ", c.Set)
		}
		if len(c.AddMembers) > 0 {
			s += fmt.Sprint(" ", c.AddMembers)
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func kept(passwords []secret.Value) ([]string, error) {
	handles := make([]string, len(passwords))
	for i, p := range passwords {
		if !p.IsZero() {
			handles[i] = fmt.Sprintf("h%d", i)
		}
	}
	return handles, nil
}

func TestAListBecomesExactChangesInTheRightOrder(t *testing.T) {
	d := everything()
	const list = "姓名,邮箱,部门,别名,邮件列表,转发到,密码\n甲,a1,新部门,x1,全体,z@else.example,p4ssword-x\n乙,a2,,,全体,,p4ssword-x\n"
	r := read(t, list, d, intake.Options{MakeDepartments: true})
	all, err := r.Changes(d.Lists, kept)
	if err != nil {
		t.Fatal(err)
	}
	if got := chain(all); got != "department.create @d1 新部门; person.create @p2 a1@office.example; "+
		"person.create @p3 a2@office.example; list.update L1 all@office.example [a1@office.example a2@office.example]" {
		t.Error(got)
	}
	if all[1].Password != "h0" || all[1].Person.Departments[0] != "@d1" || all[1].Person.Forward == nil || len(all[1].Person.Aliases) != 1 {
		t.Errorf("%+v", all[1])
	}
	for _, c := range all {
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", c.Kind, err)
		}
	}
}
