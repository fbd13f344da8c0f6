package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTheWindowsOwnLogDropsArguments(t *testing.T) {
	for message, gone := range map[string]string{
		`process message error: C{"name":"api.Vault.Keep","args":["hunter2"]}`: "hunter2",
		`error in call ['hunter2']: wrong type`:                                "hunter2",
		`cannot decode "hunter2"`:                                              "hunter2",
		strings.Repeat("密", 300) + "hunter2":                                   "hunter2",
	} {
		if got := redact(message); strings.Contains(got, gone) || !strings.HasSuffix(got, "…") {
			t.Errorf("%q", got)
		}
	}
	if got := redact("window is ready"); got != "window is ready" {
		t.Errorf("a harmless message became %q", got)
	}
}

func TestTheWindowKeepsToItsRules(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("MAILROOM_HOME", dir)
	w := window(newDesktop())
	if w.MinWidth != 1024 || w.MinHeight != 640 {
		t.Errorf("smallest window %dx%d", w.MinWidth, w.MinHeight)
	}
	if w.BindingsAllowedOrigins != "" || w.EnableDefaultContextMenu {
		t.Error("other pages may call us, or the browser's menu shows")
	}
	// Where files may be dropped the page must keep them from taking its place.
	page, err := os.ReadFile("frontend/src/main.tsx")
	if err != nil || !w.DragAndDrop.DisableWebViewDrop && !strings.Contains(string(page), `"drop"]) {`) {
		t.Errorf("a dropped file would replace the page: %v", err)
	}
	if w.SingleInstanceLock.UniqueId == window(&desktop{api: newDesktop().api, dir: "/elsewhere"}).SingleInstanceLock.UniqueId {
		t.Error("programs on two data folders take each other for one")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 0 {
		t.Errorf("something was written before the window exists: %v %v", entries, err)
	}
}

func TestALongLogIsPutAside(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, logName)
	if err := os.WriteFile(path, make([]byte, logLargest+1), 0o600); err != nil {
		t.Fatal(err)
	}
	var l logFile
	if err := l.open(dir); err != nil {
		t.Fatal(err)
	}
	l.close()
	if info, err := os.Stat(path + ".1"); err != nil || info.Size() != logLargest+1 {
		t.Errorf("the old log: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != 0 || time.Since(info.ModTime()) > time.Minute {
		t.Errorf("the new log: %v %v", info, err)
	}
}
