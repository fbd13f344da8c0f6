package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// inZone lets this computer have another zone for the rest of the test.
func inZone(t *testing.T, name string) {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	before := time.Local
	time.Local = z
	t.Cleanup(func() { time.Local = before })
	t.Setenv("TZ", name)
}

func TestAnArchiveIsListedAndSearchedWithoutTheWindow(t *testing.T) {
	dir := t.TempDir()
	state, kept := filepath.Join(dir, "state"), filepath.Join(dir, "archive")
	english, chinese := call{env: map[string]string{"LANG": "en"}}, call{env: map[string]string{"LANG": "zh_CN.UTF-8"}}
	if exit, _, stderr := english.run("archive", "list", dir); exit != exitFault || !strings.Contains(stderr, "There is no archive in") {
		t.Errorf("%d %s", exit, stderr)
	}
	english.run("records", "import", recordsFile(t, dir), "--state", state)
	if exit, out, _ := english.run("archive", "create", kept, "--zone", "Asia/Shanghai", "--state", state); exit != exitOK {
		t.Fatal(out)
	}
	// The records are gone; the archive is asked.
	if err := os.RemoveAll(state); err != nil {
		t.Fatal(err)
	}
	inZone(t, "America/New_York")
	_, out, _ := english.run("archive", "list", kept, "--json")
	got := objects(t, out)
	if len(got) != 4 || got[1]["month"] != "2026-02" || got[1]["zone"] != "Asia/Shanghai" || got[1]["from"] != "2026-01-31T16:00:00Z" || got[1]["to"] != "2026-02-28T16:00:00Z" ||
		got[3]["rows"] != 60.0 || got[3]["sum"] != got[2]["sum"] {
		t.Errorf("%s", out)
	}
	if _, out, _ = chinese.run("archive", "list", kept); !strings.Contains(out, "2026-02：20 条记录，2026-02-01 00:00 至 2026-03-01 00:00，Asia/Shanghai") {
		t.Errorf("%s", out)
	}
	exit, out, _ := english.run("archive", "search", kept, "发票", "on:2026-02-03", "--json")
	if got = objects(t, out); exit != exitOK || len(got) != 2 || got[0]["subject"] != "发票 2-2" || got[0]["source"] != "file" || got[1]["rows"] != 1.0 {
		t.Errorf("%d %s", exit, out)
	}
	_, out, _ = english.run("archive", "search", kept, "from:han", "--limit", "2", "--json")
	got = objects(t, out)
	next := got[2]["next"].(string)
	if _, out, _ = english.run("archive", "search", kept, "from:han", "--limit", "1", "--before", next, "--json"); objects(t, out)[0]["subject"] != "发票 3-17" {
		t.Errorf("the next page: %s", out)
	}
	if exit, out, _ = chinese.run("archive", "search", kept, "发票", "2-2", "on:2026-02-03"); exit != exitOK || !strings.Contains(out, "2026-02-03 13:00:00") {
		t.Errorf("in the office's time: %d %s", exit, out)
	}
	if exit, _, _ = english.run("archive", "search", kept, "on:2025-01-01"); exit != exitLeft {
		t.Errorf("nothing: %d", exit)
	}
	chinese.stderr = nil
	if exit, _, stderr := chinese.run("archive", "search", kept, "kind:letter"); exit != exitFault || !strings.Contains(stderr, "kind 不能是") {
		t.Errorf("%d %s", exit, stderr)
	}
	if err := os.Remove(filepath.Join(kept, "2026-02", "sent.csv.zip")); err != nil {
		t.Fatal(err)
	}
	english.stderr = nil
	if exit, _, stderr := english.run("archive", "search", kept, "发票"); exit != exitOK || !strings.Contains(stderr, "The archive has one fault") {
		t.Errorf("a damaged archive: %d %s", exit, stderr)
	}
}

// An admin travels between two runs: figures, archive and a log that grows are as before.
func TestAComputerWithAnotherZoneTellsTheSameMonths(t *testing.T) {
	dir := t.TempDir()
	state, kept, log := filepath.Join(dir, "state"), filepath.Join(dir, "archive"), filepath.Join(dir, "mail.log")
	english := call{env: map[string]string{"LANG": "en"}}
	lines := ""
	grow := func(minute int) {
		lines += fmt.Sprintf("Sep 30 23:%02d:00 mx postfix/qmgr[1]: ABCDEF%04d: from=<a@customer.example>, size=100, nrcpt=1 (queue active)\n"+
			"Sep 30 23:%02d:01 mx postfix/local[1]: ABCDEF%04d: to=<p@office.example>, relay=local, dsn=2.0.0, status=sent (delivered to mailbox)\n", minute, minute, minute, minute)
		if err := os.WriteFile(log, []byte(lines), 0o600); err != nil {
			t.Fatal(err)
		}
		wrote := time.Date(2026, 10, 1, 0, minute, 0, 0, time.UTC)
		if err := os.Chtimes(log, wrote, wrote); err != nil {
			t.Fatal(err)
		}
	}
	for i, place := range []string{"Asia/Shanghai", "America/New_York"} {
		inZone(t, place)
		grow(10 + i)
		if exit, out, stderr := english.run("records", "import", log, "--state", state); exit != exitOK {
			t.Fatal(out, stderr)
		}
		for month, want := range map[string]float64{"2026-09": float64(i + 1), "2026-10": 0} {
			_, out, _ := english.run("records", "report", month, "--state", state, "--json")
			if got := objects(t, out)[0]; got["zone"] != "Asia/Shanghai" || got["total"].(map[string]any)["received"] != want {
				t.Errorf("in %s: %s", place, out)
			}
		}
		_, out, _ := english.run("archive", "create", kept, "--state", state, "--json")
		if got := objects(t, out); len(got) != 2 || got[0]["month"] != "2026-09" || got[0]["rows"] != float64(i+1) || got[0]["to"] != "2026-09-30T16:00:00Z" {
			t.Errorf("in %s: %s", place, out)
		}
	}
	// A zone that is named is the office's from then on.
	_, out, _ := english.run("records", "report", "2026-09", "--zone", "Asia/Tokyo", "--state", state, "--json")
	if got := objects(t, out)[0]; got["zone"] != "Asia/Tokyo" || got["total"].(map[string]any)["received"] != 0.0 {
		t.Errorf("%s", out)
	}
	english.stderr = nil
	if exit, _, stderr := english.run("records", "report", "2026-09", "--zone", "Beijing", "--state", state); exit != exitFault || !strings.Contains(stderr, "“Beijing” is no time zone") {
		t.Errorf("%d %s", exit, stderr)
	}
}
