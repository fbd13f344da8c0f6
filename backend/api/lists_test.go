package api

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestListsAreSavedReadFromGBKPreviewedAppliedAndUndone(t *testing.T) {
	h := open(t, t.TempDir(), worded)
	o := h.office()
	before := must(h.directory.Snapshot(o.ID))(t)
	if len(before.Lists) == 0 {
		t.Fatal("the practice office has no list")
	}
	path := filepath.Join(t.TempDir(), "lists.csv")
	h.w.picks = []string{path}
	if got := must(h.lists.Save("", o.ID, ListCSV))(t); got != path {
		t.Fatalf("saved as %q", got)
	}
	raw := must(os.ReadFile(path))(t)
	if !strings.HasPrefix(string(raw), "\ufeffaddress,") || !strings.Contains(string(raw), before.Lists[0].Address) {
		t.Fatalf("%q", raw[:min(len(raw), 200)])
	}
	// What was saved changes nothing when it is read again.
	again := must(h.lists.Read("", o.ID, FileSource{Path: path}))(t)
	if again.New+again.Changed+again.Stopped != 0 || again.Same != len(before.Lists) || len(again.Problems) != 0 {
		t.Fatalf("%+v", again)
	}
	file := "列表地址,名称,成员,谁可发信\nneu@" + o.Domain + ",新列表,guest@shop.example,成员\nx,y,,\n" + before.People[0].Address + ",z,,\n"
	source := FileSource{Base64: base64.StdEncoding.EncodeToString([]byte(must(simplifiedchinese.GBK.NewEncoder().String(file))(t)))}
	read := must(h.lists.Read("", o.ID, source))(t)
	if read.New != 1 || read.Stopped != 2 || read.Encoding != "gb18030" || len(read.Rows) != 1 || read.Rows[0].Name != "新列表" {
		t.Fatalf("%+v", read)
	}
	if p := read.Problems; len(p) != 2 || p[0].Code != "bad_address" || p[0].Row != 3 || p[1].Code != "not_a_list" {
		t.Errorf("%+v", p)
	}
	plan := must(h.lists.Preview("", o.ID, source))(t)
	if plan.Ready != 1 || plan.Steps[0].Row != 2 {
		t.Fatalf("%+v", plan)
	}
	run := h.ended(must(h.changes.Apply(plan.ID, plan.Typed))(t))
	if s := must(h.directory.Snapshot(o.ID))(t); run.State != "done" || len(s.Lists) != len(before.Lists)+1 {
		t.Fatalf("%+v, %d lists", run, len(s.Lists))
	}
	undo := must(h.changes.Undo("", run.ID))(t)
	h.ended(must(h.changes.Apply(undo.ID, undo.Typed))(t))
	if s := must(h.directory.Snapshot(o.ID))(t); len(s.Lists) != len(before.Lists) {
		t.Errorf("%d lists after the undo", len(s.Lists))
	}
}
