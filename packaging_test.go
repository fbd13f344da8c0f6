package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A double click on an invitation opens the program with it: each system's packaging
// knows the file type, and the program finds the file among its arguments.
func TestTheFileTypeIsRegisteredEverywhere(t *testing.T) {
	for name, wants := range map[string][]string{
		"build/windows/installer.nsi":   {`Software\Classes\.mailroom`, `"$INSTDIR\mailroom.exe" "%1"`},
		"build/darwin/Info.plist":       {"CFBundleDocumentTypes", "UTExportedTypeDeclarations", "<string>mailroom</string>"},
		"build/linux/mailroom.desktop":  {"Exec=mailroom %f", "MimeType=application/x-mailroom;"},
		"build/linux/mailroom-mime.xml": {`type="application/x-mailroom"`, `pattern="*.mailroom"`},
	} {
		raw, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(raw), want) {
				t.Errorf("%s lacks %s", name, want)
			}
		}
		if !strings.Contains(name, "plist") && !strings.Contains(name, ".xml") {
			continue
		}
		for d := xml.NewDecoder(strings.NewReader(string(raw))); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "李雷 的邀请.MAILROOM")
	if got := offered([]string{"--something", file}, ""); got != file {
		t.Errorf("the program was started with %q and offers %q", file, got)
	}
	if got := offered([]string{"a.mailroom"}, filepath.Dir(file)); got != filepath.Join(filepath.Dir(file), "a.mailroom") {
		t.Errorf("a file of the folder where it was started: %q", got)
	}
	if isVerb([]string{file}) {
		t.Error("a file is taken for work in the terminal")
	}
}
