package listfile_test

import (
	"strings"
	"testing"

	"mailroom/backend/office"
	"mailroom/backend/office/directory"
	"mailroom/backend/office/listfile"
	"mailroom/backend/people"
	"mailroom/backend/provider"
	"mailroom/backend/report"
)

func view() *directory.View {
	return &directory.View{
		Departments: []provider.Department{{ID: "1", Name: "研发"}, {ID: "2", Parent: "1", Name: "后端"}, {ID: "3", Name: "后端"}},
		People:      []provider.Person{{ID: "p", Address: "li@office.example"}},
		Lists: []provider.List{
			{ID: "a", Address: "all@office.example", Name: "=全体", Members: []string{"li@office.example"}, Departments: []string{"2"}, Policy: provider.PolicyInside, Hidden: provider.No},
		},
	}
}

func grid(t *testing.T, csv string) *people.Grid {
	t.Helper()
	g, problems, err := people.ReadGrid(strings.NewReader(csv), people.GridOptions{Known: listfile.IsHeading})
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	return g
}

func TestWhatWasWrittenChangesNothingWhenItIsRead(t *testing.T) {
	var file strings.Builder
	if err := report.Table(&file, listfile.Header(), listfile.Rows(view())); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(file.String(), ",=") || !strings.Contains(file.String(), "研发/后端") {
		t.Error(file.String())
	}
	changes, problems, same := listfile.Changes(grid(t, file.String()), view())
	if len(changes) != 0 || len(problems) != 0 || same != 1 {
		t.Errorf("%+v %+v %d", changes, problems, same)
	}
}

func TestOnlyWhatTheFileSaysIsChanged(t *testing.T) {
	changes, problems, _ := listfile.Changes(grid(t, "群组地址,成员,谁可发信\nALL@office.example,Li@office.example；guest@shop.example,所有人\nnew@office.example,,成员\n"), view())
	if len(problems) != 0 || len(changes) != 2 {
		t.Fatalf("%+v %+v", changes, problems)
	}
	c := changes[0]
	if c.Kind != office.UpdateList || c.Target != "a" || c.Row != 2 || len(c.Set) != 2 || c.List.Name != "=全体" || len(c.List.Members) != 2 || c.List.Members[0] != "li@office.example" || c.List.Policy != provider.PolicyAnyone {
		t.Errorf("%+v", c)
	}
	if c := changes[1]; c.Kind != office.CreateList || c.List.Address != "new@office.example" || c.List.Policy != provider.PolicyMembers || c.List.Hidden != provider.Unknown {
		t.Errorf("%+v", c)
	}
}

func TestEveryMistakeIsToldWithItsRow(t *testing.T) {
	for csv, want := range map[string]listfile.Problem{
		"name\nx\n":                                     {Code: listfile.NoAddressColumn},
		"address,name\n,x\n":                            {Code: listfile.Empty, Row: 2, Column: listfile.Address},
		"address\nb@o.example\nB@o.example\n":           {Code: listfile.Duplicate, Row: 3, Column: listfile.Address, Value: "b@o.example"},
		"address\nli@office.example\n":                  {Code: listfile.NotAList, Row: 2, Column: listfile.Address, Value: "li@office.example"},
		"address,policy\nb@o.example,some\n":            {Code: listfile.UnknownPolicy, Row: 2, Column: listfile.Policy, Value: "some"},
		"address,departments\nb@o.example,研发;没有\n":      {Code: listfile.UnknownDepartment, Row: 2, Column: listfile.Departments, Value: "没有"},
		"address,hidden\nb@o.example,perhaps\n":         {Code: listfile.BadFlag, Row: 2, Column: listfile.Hidden, Value: "perhaps"},
		"address\nnot an address\n":                     {Code: listfile.BadAddress, Row: 2, Column: listfile.Address, Value: "not an address"},
		"address,members\nb@o.example,li;c@d.example\n": {Code: listfile.BadAddress, Row: 2, Column: listfile.Members, Value: "li"},
		"address,off,name\nb@o.example,maybe,any\n":     {Code: listfile.BadFlag, Row: 2, Column: listfile.Off, Value: "maybe"},
	} {
		changes, problems, _ := listfile.Changes(grid(t, csv), view())
		if len(problems) != 1 || problems[0] != want {
			t.Errorf("%q: %+v %+v", csv, problems, changes)
		}
	}
}

func FuzzChanges(f *testing.F) {
	f.Add("address,members\na@b.example,c@d.example;e\n")
	f.Add("\ufeffaddress,policy,hidden\r\n\"a\n\",x,y\r\n")
	f.Fuzz(func(t *testing.T, csv string) {
		g, _, err := people.ReadGrid(strings.NewReader(csv), people.GridOptions{Known: listfile.IsHeading})
		if err != nil || g == nil {
			return
		}
		changes, _, _ := listfile.Changes(g, view())
		for _, c := range changes {
			if c.Kind == "" || c.Row == 0 || c.Kind == office.CreateList && c.List.Address == "" {
				t.Errorf("%+v", c)
			}
		}
	})
}

func TestColumnsHaveNamesOfTheirOwn(t *testing.T) {
	for _, c := range listfile.Columns() {
		if !listfile.IsHeading(string(c)) {
			t.Errorf("%s is no heading", c)
		}
	}
}
