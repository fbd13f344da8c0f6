package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func peopleFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestCardsAreMadeFromAPeopleFile(t *testing.T) {
	file := peopleFile(t, "name,from_user,to_user\n李雷,li@old.example,li.lei@new.example\n韩梅梅,han@old.example,han@new.example\n")
	dir := t.TempDir()
	exit, out, stderr := call{env: map[string]string{"LANG": "zh_CN.UTF-8"}}.run("cards", "--people", file, "--provider", "netease-qiye", "--out", dir, "--lang", "both", "--json")
	var sum cardsSummary
	if err := json.Unmarshal([]byte(out), &sum); err != nil || exit != 0 || sum.People != 2 {
		t.Fatalf("exit %d, %s%s, %v", exit, out, stderr, err)
	}
	raw, err := os.ReadFile(filepath.Join(sum.Folder, "cards.html"))
	if err != nil || strings.Count(string(raw), `<section class="card"`) != 4 || !strings.Contains(string(raw), "smtp.qiye.163.com") || !strings.Contains(string(raw), "han@new.example") {
		t.Errorf("%s: %v", sum.Folder, err)
	}
	if _, err := os.Stat(filepath.Join(sum.Folder, "li.lei@new.example.mobileconfig")); err != nil {
		t.Error(err)
	}
	if exit, out, _ := (call{env: map[string]string{"LANG": "en"}}.run("cards", "--people", file, "--provider", "m365", "--out", dir)); exit != 0 || !strings.Contains(out, "2 cards are in ") {
		t.Errorf("exit %d, %s", exit, out)
	}
}

func TestCardsSayWhatIsWrongWithTheirArguments(t *testing.T) {
	good := peopleFile(t, "from_user,to_user\nli@old.example,li@new.example\n")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"an unknown provider": {[]string{"--people", good, "--provider", "nobody", "--out", t.TempDir()}, "nobody"},
		"no address":          {[]string{"--people", peopleFile(t, "from_user,to_user\nli@old.example,li@new.example\nhan,han\n"), "--provider", "qq", "--out", t.TempDir()}, "row 3"},
		"no folder":           {[]string{"--people", good, "--provider", "qq", "--out", filepath.Join(t.TempDir(), "none")}, "none"},
		"no file":             {[]string{"--people", "missing.csv", "--provider", "qq", "--out", t.TempDir()}, "missing.csv"},
	} {
		exit, out, stderr := call{env: map[string]string{"LANG": "en"}}.run(append([]string{"cards"}, c.args...)...)
		if exit != exitFault || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %s%s", name, exit, out, stderr)
		}
	}
}
