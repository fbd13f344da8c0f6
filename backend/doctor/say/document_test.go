package say_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/doctor/say"
)

var update = flag.Bool("update", false, "write docs/doctor.md anew")

const mark = "<!-- generated: go test ./backend/doctor/say -run Document -update -->\n"

// The list of checks in the documentation is that of the program.
func TestTheDocumentListsEveryCheck(t *testing.T) {
	const path = "../../../docs/doctor.md"
	w := load(t, "en")
	var b strings.Builder
	b.WriteString("\n| id | about | source | reasons (verdict) |\n|---|---|---|---|\n")
	for _, c := range checks.All() {
		var reasons []string
		for _, r := range c.Reasons {
			reasons = append(reasons, fmt.Sprintf("%s (%s)", r.Code, r.Verdict))
		}
		only := ""
		switch {
		case c.Group == doctor.GroupMessage:
			only = ", with a mail only"
		case c.Group == doctor.GroupMailbox:
			only = ", with a sign-in only"
		case c.Wants != nil:
			only = ", own host only"
		}
		fmt.Fprintf(&b, "| `%s` | %s%s | %s | %s |\n", c.ID, w.T(say.Title(c.ID)), only, c.Source, strings.Join(reasons, ", "))
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, _, ok := strings.Cut(string(raw), mark)
	if !ok {
		t.Fatal("the mark is missing")
	}
	want := head + mark + b.String()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(raw) != want {
		t.Error("docs/doctor.md is not what the checks say: run the command that it names")
	}
}
