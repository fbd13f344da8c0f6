package people

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func table(t testing.TB, raw string, o ...TableOptions) (*Table, []Problem) {
	t.Helper()
	l, p, err := ReadTable(strings.NewReader(raw), append(o, TableOptions{})[0])
	if err != nil {
		t.Fatal(err)
	}
	return l, p
}

func TestATableKeepsEveryRowWithItsMistakes(t *testing.T) {
	l, p := table(t, "姓名,旧邮箱,旧密码,新邮箱,新密码\n李雷, li＠old.example,p,,\n,,,,\n韩梅梅,han@old.example,,han@new.example,q\n")
	if len(p) != 0 || len(l.People) != 2 {
		t.Fatalf("%+v %s", l.People, brief(p))
	}
	if got := l.People[0]; got.FromUser != " li＠old.example" || got.Row != 2 || got.ToUser != "" {
		t.Errorf("%+v", got)
	}
	if l.People[1].Row != 4 || l.Guessed {
		t.Errorf("%+v", l)
	}
}

func TestListsWithoutAHeadingAreToldByTheirFirstPerson(t *testing.T) {
	for _, c := range []struct {
		raw  string
		want Person
	}{
		{"李雷\tli@old.example\tone two\tli@new.example\tthree\n", Person{Row: 1, Name: "李雷", FromUser: "li@old.example", FromPassword: NewSecret("one two"), ToUser: "li@new.example", ToPassword: NewSecret("three")}},
		{"li@old.example\tp\tli@new.example\tq", Person{Row: 1, FromUser: "li@old.example", FromPassword: NewSecret("p"), ToUser: "li@new.example", ToPassword: NewSecret("q")}},
		{"li@old.example\tli@new.example\n", Person{Row: 1, FromUser: "li@old.example", ToUser: "li@new.example"}},
		{"li@old.example,p\n", Person{Row: 1, FromUser: "li@old.example", FromPassword: NewSecret("p")}},
		{"搬家名单\t\t\n\nli@old.example;p;li＠new.example;q\n", Person{Row: 3, FromUser: "li@old.example", FromPassword: NewSecret("p"), ToUser: "li＠new.example", ToPassword: NewSecret("q")}},
	} {
		l, p := table(t, c.raw)
		if len(p) != 0 || len(l.People) != 1 || !l.Guessed {
			t.Errorf("%q: %+v %s", c.raw, l, brief(p))
			continue
		}
		if l.People[0] != c.want {
			t.Errorf("%q: %+v", c.raw, l.People[0])
		}
	}
	l, _ := table(t, "李雷\tli@old.example\tp\tli@new.example\tq\nhan@old.example\n")
	if len(l.People) != 2 || l.People[1].FromUser != "han@old.example" || l.People[1].Name != "" {
		t.Errorf("%+v", l.People)
	}
	l, _, err := ReadText("说明\n员工名单\n旧邮箱\t新邮箱\nli@old.example\tli@new.example\n")
	if err != nil || len(l.People) != 1 || l.Guessed || l.People[0].Row != 4 {
		t.Errorf("%+v %v", l, err)
	}
}

func TestQuotedCellsMayReachOverLines(t *testing.T) {
	l, p := table(t, "旧邮箱,旧密码,新邮箱,新密码,备注\nli@old.example,p,li@new.example,q,\"two\nlines\"\nhan@old.example,p,han@new.example,q,x\n")
	if len(p) != 0 || len(l.People) != 2 || l.People[1].Row != 4 {
		t.Errorf("%+v %s", l.People, brief(p))
	}
}

func oddBook(t testing.TB) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	_ = f.SetSheetRow("Sheet1", "A1", &[]string{"说明", "请填第二页"})
	_, _ = f.NewSheet("名单")
	_, _ = f.NewSheet("离职")
	_ = f.SetSheetRow("名单", "A1", &[]any{"旧邮箱", "旧密码", "新邮箱", "新密码"})
	for i := range 4 {
		_ = f.SetSheetRow("名单", fmt.Sprintf("A%d", i+2), &[]any{fmt.Sprintf("u%d@old.example", i), nil, fmt.Sprintf("u%d@new.example", i), "q"})
	}
	_ = f.SetCellStr("名单", "B2", "shared")
	_ = f.MergeCell("名单", "B2", "B3")
	_ = f.SetCellFormula("名单", "B5", `=A5&"!"`)
	_ = f.SetRowVisible("名单", 4, false)
	_ = f.SetSheetRow("离职", "A1", &[]any{"旧邮箱", "旧密码", "新邮箱", "新密码"})
	_ = f.SetSheetRow("离职", "A2", &[]any{"gone@old.example", "p", "gone@new.example", "q"})
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestOddWorkbooksAreReadAndSaid(t *testing.T) {
	l, p := table(t, oddBook(t))
	if len(p) != 0 || l.Sheet != "名单" || !reflect.DeepEqual(l.Sheets, []string{"Sheet1", "名单", "离职"}) {
		t.Fatalf("%+v %s", l, brief(p))
	}
	if l.Hidden != 1 || len(l.People) != 3 {
		t.Errorf("hidden %d, people %+v", l.Hidden, l.People)
	}
	if !reflect.DeepEqual(l.Merged, []string{"B2:B3"}) || l.People[1].FromPassword.Reveal() != "shared" {
		t.Errorf("merged %v, %+v", l.Merged, l.People[1])
	}
	if l.Formula != "B5" || l.Empty != "B5" {
		t.Errorf("formula %q, empty %q", l.Formula, l.Empty)
	}
	if l, _ = table(t, oddBook(t), TableOptions{Hidden: true}); len(l.People) != 4 || l.Hidden != 1 {
		t.Errorf("with hidden rows: %+v", l.People)
	}
	if l, _ = table(t, oddBook(t), TableOptions{Sheet: "离职"}); len(l.People) != 1 || l.People[0].FromUser != "gone@old.example" {
		t.Errorf("other sheet: %+v", l.People)
	}
	if _, p = table(t, oddBook(t), TableOptions{Sheet: "Sheet1"}); brief(p) != "no_rows 0" {
		t.Errorf("%s", brief(p))
	}
}

func TestCorrectionsAreProposedOnlyWhereNothingIsGuessed(t *testing.T) {
	for _, c := range []struct {
		cell, fixed string
		code        Code
	}{
		{"li@old.example", "", ""},
		{"lilei", "", ""},
		{`OFFICE\li`, "", ""},
		{"ｌｉ＠ｏｌｄ．ｅｘａｍｐｌｅ", "li@old.example", FullWidth},
		{"li＠old。example", "li@old.example", FullWidth},
		{"li@old.example ", "li@old.example", StrayBlank},
		{"\u3000li@old.example", "li@old.example", FullWidth},
		{"li @ old.example", "li@old.example", StrayBlank},
		{"li@old.example\u200b", "li@old.example", StrayBlank},
		{"\u00a0li@old.example", "li@old.example", StrayBlank},
		{"Li Lei <li@old.example>", "li@old.example", Wrapped},
		{"mailto:li@old.example", "li@old.example", Wrapped},
		{"li@old.example;", "li@old.example", StrayBlank},
		{"li@old@old.example", "", ""},
		{"li，old.example", "", ""},
		{"", "", ""},
		{"li@", "", ""},
	} {
		fixed, code := Correct(c.cell)
		if fixed != c.fixed || code != c.code && c.cell != "li@old.example;" {
			t.Errorf("%q: %q %s, want %q %s", c.cell, fixed, code, c.fixed, c.code)
		}
	}
}

func found(f []Finding) string {
	var b strings.Builder
	for _, x := range f {
		fmt.Fprintf(&b, "%s %s %d %s", x.Weight, x.Code, x.Row, x.Column)
		if x.First > 0 {
			fmt.Fprintf(&b, " first %d", x.First)
		}
		if x.Fixed+x.Domain != "" {
			fmt.Fprintf(&b, " (%s)", x.Fixed+x.Domain)
		}
		b.WriteString("; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestRowsAreCheckedBeforeAnythingIsSent(t *testing.T) {
	row := func(from, to string) Row {
		return Row{FromUser: from, ToUser: to, FromPassword: true, ToPassword: true}
	}
	two := RowOptions{Options: Options{From: "imaps://mail.old.example", To: "imaps://mail.new.example"}}
	one := RowOptions{Options: Options{From: "imaps://mail.old.example", To: "imap://mail.old.example"}}
	for _, c := range []struct {
		name string
		rows []Row
		o    RowOptions
		want string
	}{
		{"all well", []Row{row("a@old.example", "a@new.example"), {}, row("b@old.example", "b@new.example")}, two, ""},
		{"missing", []Row{{FromUser: "a@old.example"}}, two, "stop empty 1 from_password; stop empty 1 to_user; stop empty 1 to_password"},
		{"corrections", []Row{row("a＠old.example", "a@new.example ")}, two, "fix full_width 1 from_user (a@old.example); fix stray_blank 1 to_user (a@new.example)"},
		{"no address", []Row{row("a b c", "a@new.example")}, two, "stop bad_address 1 from_user"},
		{"same pair", []Row{row("a@old.example", "a@new.example"), row("A@old.example", "a@NEW.example")}, two, "stop duplicate_pair 2 from_user first 1"},
		{"into itself", []Row{row("a@old.example", "A@old.example")}, one, "stop same_as_source 1 to_user"},
		{"shared old", []Row{row("info@old.example", "a@new.example"), row("info@old.example", "b@new.example")}, two, "look duplicate_source 2 from_user first 1"},
		{"shared new", []Row{row("a@old.example", "info@new.example"), row("b@old.example", "info@new.example")}, two, "look duplicate_destination 2 to_user first 1"},
		{"unknown domain", []Row{row("a@odl.example", "a@new.example"), row("b@odl.example", "b@new.example")}, RowOptions{Unknown: []string{"odl.example"}}, "look unknown_domain 1 from_user (odl.example)"},
		{"master", []Row{{FromUser: "a@old.example", ToUser: "a@new.example", ToPassword: true}}, RowOptions{Options: Options{NoFromPassword: true}}, ""},
		{"archive", []Row{{FromUser: "a@old.example", FromPassword: true}}, RowOptions{NoToUser: true, Options: Options{NoToPassword: true}}, ""},
		{"own server", []Row{{FromUser: "a", ToUser: "a", FromPassword: true, ToPassword: true, ToURL: "imaps://mail.old.example/"}}, two, "stop same_as_source 1 to_user"},
	} {
		if got := found(CheckRows(c.rows, c.o)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestDomainsAreListedOnce(t *testing.T) {
	got := Domains([]Row{{FromUser: "a@old.example", ToUser: "a@new.example"}, {FromUser: "b@OLD.example", ToUser: "lilei"}, {FromUser: "c@x y.example"}}, 9)
	if !reflect.DeepEqual(got, []string{"old.example", "new.example", "x y.example"}) {
		t.Errorf("%q", got)
	}
}

// Five thousand people are a long list for an office; the window checks after every change.
func TestFiveThousandRowsAreCheckedAndReadAtOnce(t *testing.T) {
	rows := make([]Row, 5000)
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	_ = w.SetRow("A1", []any{"旧邮箱", "旧密码", "新邮箱", "新密码"})
	for i := range rows {
		rows[i] = Row{FromUser: fmt.Sprintf("u%d@old.example", i), ToUser: fmt.Sprintf("u%d＠new.example", i), FromPassword: true, ToPassword: true}
		_ = w.SetRow(fmt.Sprintf("A%d", i+2), []any{rows[i].FromUser, "p", rows[i].ToUser, "q"})
	}
	_ = w.Flush()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if n := len(CheckRows(rows, RowOptions{})); n != 5000 {
		t.Errorf("%d findings", n)
	}
	t.Logf("checked in %v", time.Since(start))
	start = time.Now()
	if l, _ := table(t, b.String()); len(l.People) != 5000 {
		t.Errorf("%d people", len(l.People))
	}
	t.Logf("read in %v", time.Since(start))
}

func FuzzReadTable(f *testing.F) {
	f.Add([]byte("李雷\tli@old.example\tp\tli@new.example\tq\n"))
	f.Add([]byte("sep=;\n旧邮箱;新邮箱\n\"a\nb\";c\n"))
	f.Add([]byte("\xff\xfea\x00@\x00b\x00"))
	f.Add([]byte(oddBook(f)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, problems, err := ReadTable(bytes.NewReader(raw), TableOptions{Hidden: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(l.People) == 0 && len(problems) == 0 {
			t.Error("neither people nor a problem")
		}
		rows := make([]Row, len(l.People))
		for i, p := range l.People {
			rows[i] = Row{FromUser: p.FromUser, ToUser: p.ToUser, FromPassword: !p.FromPassword.IsZero(), ToPassword: !p.ToPassword.IsZero(), FromURL: p.FromURL, ToURL: p.ToURL}
		}
		for _, x := range CheckRows(rows, RowOptions{}) {
			if x.Row < 1 || x.Row > len(rows) || (x.Weight == Fix) != (x.Fixed != "") {
				t.Errorf("%+v", x)
			}
		}
	})
}

func FuzzCorrect(f *testing.F) {
	for _, seed := range []string{"ｌｉ＠ｏｌｄ。ｃｏｍ", "Li <li@a.example>", "mailto:x@y.example", " a @ b.example "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		fixed, code := Correct(cell)
		if (fixed == "") != (code == "") {
			t.Fatalf("%q: %q %q", cell, fixed, code)
		}
		if fixed == "" {
			return
		}
		if !plausibleUser(fixed) {
			t.Errorf("%q: %q is no address", cell, fixed)
		}
		if again, code := Correct(fixed); code != "" {
			t.Errorf("%q: %q is corrected again, to %q", cell, fixed, again)
		}
	})
}
