package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// pkg is what "go list -json" tells of a package.
type pkg struct {
	ImportPath   string
	Dir          string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
	IgnoredFiles []string `json:"IgnoredGoFiles"`
	Imports      []string
	TestImports  []string
	XTestImports []string
}

const module = "mailroom"

// packages lists every package of the module for this system.
func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,GoFiles,TestGoFiles,XTestGoFiles,IgnoredGoFiles,Imports,TestImports,XTestImports", module+"/...")
	cmd.Dir = "../.."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 15 {
		t.Fatalf("only %d packages found", len(all))
	}
	return all
}

// levels are the floors of the house: a package may import what lies below its own
// floor. The name is the first folder beneath backend.
var levels = map[string]int{
	"core":    0,
	"mailbox": 1, "preset": 1, "oauth": 1, "store": 1, "secret": 1, "audit": 1, "people": 1, "report": 1, "logs": 1,
	"migrate": 2, "invite": 2, "recognise": 2, "explain": 2, "cards": 2, "provider": 2, "doctor": 2, "switchover": 2, "letters": 2, "job": 2,
	"office": 3, "records": 3,
	"api": 4, "cli": 4,
}

// household is the part of the house that a package belongs to: "mailbox" for
// mailroom/backend/mailbox/imap, "main" for the program itself, "" for what is not ours.
func household(path string) string {
	switch {
	case path == module:
		return "main"
	case strings.HasPrefix(path, module+"/frontend/"):
		return "frontend"
	case strings.HasPrefix(path, module+"/build/"):
		return "build"
	case !strings.HasPrefix(path, module+"/backend/"):
		return ""
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(path, module+"/backend/"), "/")
	return name
}

// workshop is what serves tests only.
func workshop(path string) bool {
	name := household(path)
	return name == "testkit" || name == "archtest" || strings.HasSuffix(path, "/mailboxtest") ||
		strings.HasSuffix(path, "/imaptest") || strings.HasSuffix(path, "/providertest")
}

// broken says in a sentence which rule an import breaks; "" none.
func broken(from, to string) string {
	if household(to) == "" {
		return brokenOutside(from, to)
	}
	if workshop(from) {
		return ""
	}
	if workshop(to) {
		return "what serves tests must not be in the program"
	}
	a, b := household(from), household(to)
	if a == "main" || a == "build" {
		return ""
	}
	if b == "main" {
		return "nothing imports the program itself"
	}
	if b == "frontend" {
		return "the page's files come in through main"
	}
	floor, known := levels[a]
	below, knownBelow := levels[b]
	switch {
	case !known:
		return "the folder " + a + " has no floor in the house yet: give it one in archtest"
	case !knownBelow:
		return "the folder " + b + " has no floor in the house yet: give it one in archtest"
	case a == b:
		return brokenWithin(from, to)
	case below >= floor:
		return "imports run downwards only, and " + b + " is not below " + a
	}
	return ""
}

// brokenWithin checks imports inside one folder: parts of the same thing may use
// each other, but the kinds of mailboxes and the vendors are strangers.
func brokenWithin(from, to string) string {
	for _, strangers := range []string{"/backend/mailbox/", "/backend/provider/"} {
		_, a, inA := strings.Cut(from, strangers)
		_, b, inB := strings.Cut(to, strangers)
		if !inA || !inB {
			continue
		}
		a, _, _ = strings.Cut(a, "/")
		b, _, _ = strings.Cut(b, "/")
		if a != b && b != "utf7" && b != "wire" { // what several kinds share, themselves no kind
			return "one kind does not know another: what both need belongs above them"
		}
	}
	return ""
}

func brokenOutside(from, to string) string {
	host, _, _ := strings.Cut(to, "/")
	outside := strings.Contains(host, ".")
	switch {
	case strings.HasPrefix(to, "github.com/wailsapp/") && from != module:
		return "only main.go and its neighbours know the window"
	case outside && household(from) == "core":
		return "core imports the standard library only"
	case to == "github.com/zalando/go-keyring" && household(from) != "secret":
		return "only the vault knows the keychain"
	case to == "modernc.org/sqlite" && household(from) != "store" && !workshop(from):
		return "only store knows which SQLite it is"
	case strings.HasPrefix(to, "github.com/emersion/go-imap/") && !strings.Contains(from, "/provider/practice") && !workshop(from):
		return "our own client reads mail; go-imap is for the practice servers and as a second reader in tests"
	case to == "log":
		return "log/slog is the one log"
	}
	return ""
}

func TestImportsRunDownwards(t *testing.T) {
	for _, p := range packages(t) {
		if strings.Contains(p.ImportPath, "/node_modules/") {
			continue
		}
		for _, to := range p.Imports {
			if rule := broken(p.ImportPath, to); rule != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, to, rule)
			}
		}
		for _, to := range append(p.TestImports, p.XTestImports...) {
			if strings.HasPrefix(to, "github.com/wailsapp/") && p.ImportPath != module {
				t.Errorf("the tests of %s import %s: only main knows the window", p.ImportPath, to)
			}
		}
	}
}

// The rules themselves are tried: a rule that allows everything is none.
func TestTheRulesCanFail(t *testing.T) {
	b := module + "/backend/"
	for _, c := range []struct {
		from, to string
		allowed  bool
	}{
		{b + "api", b + "migrate", true},
		{b + "api/moving", b + "job", true},
		{b + "migrate", b + "mailbox", true},
		{b + "migrate", b + "migrate/ledger", true},
		{b + "migrate/ledger", b + "store", true},
		{module, b + "api", true},
		{b + "core", "errors", true},
		{b + "testkit/program", b + "cli", true},
		{b + "provider/practice", b + "provider/practice/server", true},
		{b + "mailbox/imap", b + "preset", false},
		{b + "mailbox/imap", b + "mailbox/archive", false},
		{b + "provider/tencent", b + "provider/google", false},
		{b + "migrate", b + "api", false},
		{b + "migrate", b + "job", false},
		{b + "core", b + "store", false},
		{b + "core", "golang.org/x/text/unicode/norm", false},
		{b + "api", b + "cli", false},
		{b + "api", "github.com/wailsapp/wails/v2/pkg/runtime", false},
		{b + "migrate", b + "testkit/servers", false},
		{b + "api", b + "mailbox/mailboxtest", false},
		{b + "job", "modernc.org/sqlite", false},
		{b + "migrate", "github.com/emersion/go-imap/v2", false},
		{b + "job", "log", false},
		{b + "novelty", b + "core", false},
	} {
		if rule := broken(c.from, c.to); (rule == "") != c.allowed {
			t.Errorf("%s imports %s: %q", c.from, c.to, rule)
		}
	}
}
