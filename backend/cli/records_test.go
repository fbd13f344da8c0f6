package cli

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// objects reads the JSON that a verb printed.
func objects(t *testing.T, out string) (all []map[string]any) {
	t.Helper()
	for line := range strings.SplitSeq(strings.TrimSpace(out), "\n") {
		var one map[string]any
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all = append(all, one)
	}
	return all
}

// recordsFile writes mails of three months, one line of it bad.
func recordsFile(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	for month := 1; month <= 3; month++ {
		for i := range 20 {
			fmt.Fprintf(&b, `{"kind":"sent","at":%q,"person":"han@office.example.com","from":"han@office.example.com","to":["zhou@customer.example.com"],"subject":"发票 %d-%d","outcome":"delivered"}`+"\n",
				time.Date(2026, time.Month(month), 1+i, 5, 0, 0, 0, time.UTC).Format(time.RFC3339), month, i)
		}
	}
	b.WriteString("{no record\n")
	path := filepath.Join(dir, "records.ndjson")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRecordsAreReadSearchedSummedAndArchivedInTheTerminal(t *testing.T) {
	dir := t.TempDir()
	state := filepath.Join(dir, "state")
	file := recordsFile(t, dir)
	english := call{env: map[string]string{"LANG": "en"}}
	if exit, _, stderr := english.run("records", "search", "x", "--state", state); exit != exitFault || !strings.Contains(stderr, "There are no records in") {
		t.Errorf("before anything was read: %d %s", exit, stderr)
	}
	exit, out, stderr := english.run("records", "import", file, filepath.Join(dir, "none.log"), "--state", state, "--json")
	got := objects(t, out)
	if exit != exitFault || len(got) != 2 || got[0]["new"] != 60.0 || got[0]["bad"] != 1.0 || got[1]["event"] != "summary" || len(got[1]["errors"].([]any)) != 1 {
		t.Fatalf("%d %s %s", exit, out, stderr)
	}
	if line := got[0]["badLines"].([]any)[0].(map[string]any); line["line"] != 61.0 || line["reason"] != "malformed" {
		t.Errorf("the bad line: %v", line)
	}
	english.stderr = nil
	exit, out, _ = english.run("records", "import", file, "--state", state)
	if exit != exitLeft || !strings.Contains(out, "60 known") || !strings.Contains(out, "Line 61 is no record") {
		t.Errorf("again: %d %s", exit, out)
	}
	exit, out, _ = english.run("records", "search", "发票", "after:2026-03-01", "--limit", "5", "--state", state, "--json")
	got = objects(t, out)
	if exit != exitOK || len(got) != 6 || got[0]["subject"] != "发票 3-19" || got[0]["source"] != "file" || got[5]["next"] == "" {
		t.Fatalf("%d %s", exit, out)
	}
	next := got[5]["next"].(string)
	_, out, _ = english.run("records", "search", "发票", "--before", next, "--limit", "1", "--state", state, "--json")
	if objects(t, out)[0]["subject"] != "发票 3-14" {
		t.Errorf("the next page: %s", out)
	}
	chinese := call{env: map[string]string{"LANG": "zh_CN.UTF-8"}}
	if exit, out, _ = chinese.run("records", "search", "发票 1-3", "--state", state); exit != exitOK || !strings.Contains(out, "发信") || !strings.Contains(out, "已送达") {
		t.Errorf("in Chinese: %d %s", exit, out)
	}
	if exit, out, _ = chinese.run("records", "search", "没有", "--state", state); exit != exitLeft || !strings.Contains(out, "没有查到") {
		t.Errorf("nothing: %d %s", exit, out)
	}
	chinese.stderr = nil
	if exit, _, stderr = chinese.run("records", "search", "发票 kind:letter", "--state", state); exit != exitFault || !strings.Contains(stderr, "第 9 个字符：kind 不能是“letter”") {
		t.Errorf("a mistake: %d %s", exit, stderr)
	}
	paper := filepath.Join(dir, "month.pdf")
	exit, out, _ = english.run("records", "report", "2026-02", "--out", paper, "--lang", "both", "--state", state, "--json")
	got = objects(t, out)
	if info, err := os.Stat(paper); exit != exitOK || err != nil || info.Size() < 1000 || got[0]["total"].(map[string]any)["sent"] != 20.0 {
		t.Errorf("%d %s %v", exit, out, err)
	}
	english.stderr = nil
	if exit, _, stderr = english.run("records", "report", "Feb", "--state", state); exit != exitFault || !strings.Contains(stderr, "“Feb” is no month") {
		t.Errorf("%d %s", exit, stderr)
	}
	archive := filepath.Join(dir, "archive")
	exit, out, _ = english.run("archive", "create", archive, "--state", state, "--json")
	got = objects(t, out)
	if exit != exitOK || len(got) != 4 || got[3]["months"] != 3.0 || len(got[3]["sum"].(string)) != 64 {
		t.Fatalf("%d %s", exit, out)
	}
	sum := got[3]["sum"].(string)
	if exit, out, _ = english.run("archive", "verify", archive, "--sum", sum); exit != exitOK || !strings.Contains(out, "The archive is whole: 3 months") {
		t.Errorf("%d %s", exit, out)
	}
	if err := os.RemoveAll(filepath.Join(archive, "2026-03")); err != nil {
		t.Fatal(err)
	}
	exit, out, _ = english.run("archive", "verify", archive, "--sum", sum, "--json")
	if flaws := objects(t, out)[0]["flaws"].([]any); exit != exitLeft || len(flaws) != 1 || flaws[0].(map[string]any)["what"] != "end_missing" {
		t.Errorf("%d %s", exit, out)
	}
	if exit, out, _ = chinese.run("archive", "verify", archive, "--sum", sum); exit != exitLeft || !strings.Contains(out, "最近归档的月份不见了") {
		t.Errorf("%d %s", exit, out)
	}
}

// What is whole of a damaged file is kept and told; the place of what is not is named.
func TestDamagedFilesAreToldOfAndTheirPlacesNamed(t *testing.T) {
	dir := t.TempDir()
	state := filepath.Join(dir, "state")
	english := call{env: map[string]string{"LANG": "en"}}
	line := `{"kind":"sent","at":"2026-11-12T06:03:05Z","subject":"%d"}` + "\n"
	var text, packed bytes.Buffer
	for i := range 3000 {
		fmt.Fprintf(&text, line, i)
	}
	gz := gzip.NewWriter(&packed)
	_, _ = gz.Write(text.Bytes())
	_ = gz.Close()
	for name, c := range map[string]struct {
		raw  []byte
		exit int
		want map[string]any // of the first object
	}{
		"cut.gz":     {packed.Bytes()[:packed.Len()/2], exitFault, map[string]any{"event": "imported", "bad": 0.0}},
		"half":       {text.Bytes()[:text.Len()-5], exitOK, map[string]any{"lines": 2999.0, "half": true, "halfLine": 3000.0}},
		"no end":     {text.Bytes()[:text.Len()-1], exitOK, map[string]any{"lines": 3000.0, "half": false, "halfLine": 0.0}},
		"begins bad": {append([]byte("\ufeff\nx\n"), text.Bytes()...), exitLeft, map[string]any{"lines": 3002.0, "bad": 1.0}},
		"empty.log":  {nil, exitOK, map[string]any{"known": true}},
		"diary":      {[]byte("dear diary\n"), exitFault, map[string]any{"event": "summary", "exit": 1.0}},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, c.raw, 0o600); err != nil {
			t.Fatal(err)
		}
		exit, out, _ := english.run("records", "import", path, "--state", state, "--json")
		got := objects(t, out)
		for k, v := range c.want {
			if got[0][k] != v {
				t.Errorf("%s: %s is %v, want %v", name, k, got[0][k], v)
			}
		}
		sum := got[len(got)-1]
		if whole := got[0]["new"].(float64) + got[0]["same"].(float64); exit != c.exit || sum["new"] != got[0]["new"] || name == "cut.gz" && (whole < 100 || whole != got[0]["lines"]) {
			t.Errorf("%s: exit %d, %s", name, exit, out)
		}
	}
}

func TestTheTerminalAsksWhichOfficeIsMeant(t *testing.T) {
	dir := t.TempDir()
	file := recordsFile(t, dir)
	for _, office := range []string{"one", "two"} {
		if exit, _, stderr := (call{}).run("records", "import", file, "--state", dir, "--office", office); exit != exitLeft {
			t.Fatal(stderr)
		}
	}
	exit, _, stderr := (call{env: map[string]string{"LANG": "en"}}).run("records", "search", "--state", dir)
	if exit != exitFault || !strings.Contains(stderr, "one, two") {
		t.Errorf("%d %s", exit, stderr)
	}
	if exit, _, _ := (call{}).run("records", "search", "--state", dir, "--office", "two"); exit != exitOK {
		t.Errorf("%d", exit)
	}
	if exit, _, stderr := (call{env: map[string]string{"LANG": "en"}}).run("records", "search", "--state", dir, "--office", "../two"); exit != exitFault || !strings.Contains(stderr, "cannot be an --office") {
		t.Errorf("%d %s", exit, stderr)
	}
}
