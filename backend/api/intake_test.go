package api

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/frontend/src/i18n/locales"
)

func worded(c *Config) {
	administering(c)
	c.Words = locales.FS
}

const newcomers = "姓名,邮箱,部门,初始密码\n" +
	"单雄信,,市场部/华东,\n" +
	"曾国,zengguo,市场部,Kiefer-7-Blau-Q\n" +
	"甲,zengguo,市场部,Kiefer-7-Blau-Q\n" +
	"乙,yi,市场部,1\n"

func TestAListOfNewPeopleIsCheckedPreviewedImportedSavedAndUndone(t *testing.T) {
	h := open(t, t.TempDir(), worded)
	o := h.office()
	source := IntakeSource{Base64: base64.StdEncoding.EncodeToString([]byte(newcomers)), MakePasswords: true, MakeDepartments: true}
	read := must(h.intake.Read(o.ID, source))(t)
	if read.Total != 4 || read.Stopped != 2 || len(read.People) != 2 || strings.Join(read.Departments, " ") != "市场部 市场部/华东" {
		t.Fatalf("%+v", read)
	}
	if p := read.People[0]; p.Address != "shan.xiongxin@"+o.Domain || !p.Made || p.Departments[0] != "市场部/华东" {
		t.Errorf("%+v", p)
	}
	plan := must(h.intake.Preview("", o.ID, source))(t)
	if plan.Refused != 0 || len(plan.Steps) != 4 || plan.Steps[2].Row != 2 {
		t.Fatalf("%+v", plan)
	}
	run := h.ended(must(h.changes.Apply(plan.ID, plan.Typed))(t))
	if run.State != "done" {
		t.Fatalf("%+v %+v", run, must(h.changes.Results(run.ID, 0, 9))(t).Rows)
	}
	// The same file once more: who is there is left out.
	if again := must(h.intake.Read(o.ID, source))(t); again.Already != 1 && len(again.People) > 1 {
		t.Errorf("%+v", again)
	}
	h.savesResults(run, plan.ID)
	h.updatesWhoIsThere(o)
	undo := must(h.changes.Undo("", run.ID))(t)
	if r := h.ended(must(h.changes.Apply(undo.ID, undo.Typed))(t)); r.State != "done" {
		t.Fatalf("%+v %+v", r, must(h.changes.Results(r.ID, 0, 9))(t).Rows)
	}
	if s := must(h.directory.Snapshot(o.ID))(t); len(s.People) != 12 {
		t.Errorf("%d people after the undo", len(s.People))
	}
}

// updatesWhoIsThere reads a list of somebody who is there: left, then updated in the cell
// that differs, and taken back.
func (h *house) updatesWhoIsThere(o OfficeInfo) {
	h.t.Helper()
	source := IntakeSource{Base64: base64.StdEncoding.EncodeToString([]byte("姓名,邮箱,部门,职位\n曾国,zengguo,市场部,主任\n"))}
	left := must(h.intake.Read(o.ID, source))(h.t)
	if len(left.There) != 1 || left.Already != 1 || left.Changed != 0 || left.There[0].Existing != "leave" {
		h.t.Fatalf("%+v", left)
	}
	if c := left.There[0].Cells; len(c) != 1 || c[0].Attr != "title" || len(c[0].Before) != 0 || c[0].After[0] != "主任" {
		h.t.Errorf("%+v", c)
	}
	source.Chosen = []IntakeChoice{{Row: 2, Existing: "update"}}
	plan := must(h.intake.Preview("", o.ID, source))(h.t)
	if len(plan.Steps) != 1 || plan.Steps[0].Kind != "person.update" || plan.Ready != 1 {
		h.t.Fatalf("%+v", plan.Steps)
	}
	run := h.ended(must(h.changes.Apply(plan.ID, plan.Typed))(h.t))
	if again := must(h.intake.Read(o.ID, source))(h.t); run.State != "done" || len(again.There) != 0 || again.Already != 1 {
		h.t.Errorf("%+v, then %+v", run, again)
	}
	undo := must(h.changes.Undo("", run.ID))(h.t)
	if r := h.ended(must(h.changes.Apply(undo.ID, undo.Typed))(h.t)); r.State != "done" {
		h.t.Errorf("%+v", r)
	}
}

// savesResults saves a run with and without the initial passwords.
func (h *house) savesResults(run ChangeRun, plan string) {
	h.t.Helper()
	for _, with := range []bool{false, true} {
		path := filepath.Join(h.t.TempDir(), "result.csv")
		h.w.picks = []string{path}
		paper := RunPaper{Run: run.ID, Plan: plan, Passwords: with, Format: ListCSV, Language: LanguageChinese}
		if got := must(h.staff.SaveRun(paper))(h.t); got != path {
			h.t.Fatalf("saved as %q", got)
		}
		raw := string(must(os.ReadFile(path))(h.t))
		if strings.Contains(raw, "Kiefer-7-Blau-Q") != with || !strings.Contains(raw, "新建成员") || !strings.Contains(raw, "完成") {
			h.t.Errorf("with passwords %v: %s", with, raw)
		}
	}
}

func TestAddressesAreProposedAsTheOfficeMakesThem(t *testing.T) {
	h := open(t, t.TempDir(), administering)
	o := h.office()
	all := must(h.staff.Propose(o.ID, "欧阳雪", "v"))(t)
	if len(all) == 0 || all[0].Address != "ouyang.xue2@"+o.Domain {
		t.Errorf("%+v", all)
	}
	if all = must(h.staff.Propose(o.ID, "???", ""))(t); len(all) != 0 || all == nil {
		t.Errorf("%+v", all)
	}
	made := must(h.staff.MakePassword(o.ID, "a@"+o.Domain))(t)
	if c := must(h.staff.CheckPassword(o.ID, made.Password, "a@"+o.Domain))(t); len(c.Broken) != 0 {
		t.Errorf("%+v", c)
	}
	if c := must(h.staff.CheckPassword(o.ID, "1", "a@"+o.Domain))(t); len(c.Broken) == 0 {
		t.Error("1 passes the rule")
	}
}

func TestTablesAndTemplatesAreSavedWithoutFormulas(t *testing.T) {
	h := open(t, t.TempDir(), administering)
	o := h.office()
	for format, magic := range map[ListFormat]string{ListCSV: "\ufeff", ListXLSX: "PK"} {
		path := filepath.Join(t.TempDir(), "table."+string(format))
		h.w.picks = []string{path, path}
		rows := SavedRows{Name: "a/b", Header: []string{"x"}, Rows: [][]string{{"=1+1"}}}
		if got := must(h.staff.SaveRows(rows, format))(t); got != path {
			t.Fatalf("%q", got)
		}
		raw := string(must(os.ReadFile(path))(t))
		if !strings.HasPrefix(raw, magic) || strings.Contains(raw, "\n=1") {
			t.Errorf("%q", raw[:min(len(raw), 40)])
		}
		if got := must(h.intake.SaveTemplate(o.ID, LanguageChinese, format))(t); got != path {
			t.Fatalf("%q", got)
		}
		if raw := string(must(os.ReadFile(path))(t)); !strings.HasPrefix(raw, magic) {
			t.Errorf("%q", raw[:min(len(raw), 40)])
		}
	}
}
