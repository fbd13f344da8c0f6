package cli

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"mailroom/backend/office"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/admin"
	"mailroom/backend/provider/tencent"
	"mailroom/backend/testkit/servers"
	emulated "mailroom/backend/testkit/vendors/tencent"
)

// administered is an office described by a file, and a data folder.
type administered struct {
	t    *testing.T
	dir  string
	file string
	env  map[string]string
}

func administer(t *testing.T, description map[string]any) *administered {
	t.Helper()
	a := &administered{t: t, dir: t.TempDir(), env: map[string]string{"LANG": "en_GB.UTF-8"}}
	a.file = filepath.Join(a.dir, "office.json")
	a.write(a.file, string(must(json.Marshal(description))(t)))
	a.env["MAILROOM_HOME"] = filepath.Join(a.dir, "data")
	return a
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (a *administered) write(path, text string) {
	a.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

// text runs a verb for people.
func (a *administered) text(exit int, args ...string) (stdout, stderr string) {
	a.t.Helper()
	got, stdout, stderr := call{env: a.env}.run(args...)
	if got != exit {
		a.t.Fatalf("%v: exit %d, want %d\n%s%s", args, got, exit, stdout, stderr)
	}
	return stdout, stderr
}

// objects runs a verb with --json; the last object is the summary.
func (a *administered) objects(exit int, args ...string) (lines []map[string]any) {
	a.t.Helper()
	stdout, _ := a.text(exit, append(args, "--json")...)
	for line := range strings.Lines(stdout) {
		var o map[string]any
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			a.t.Fatalf("%q: %v", line, err)
		}
		lines = append(lines, o)
	}
	if len(lines) == 0 {
		a.t.Fatalf("%v prints nothing", args)
	}
	return lines
}

func (a *administered) in(args ...string) []string { return append(args, "--office", a.file) }

func last(lines []map[string]any) map[string]any { return lines[len(lines)-1] }

func of(lines []map[string]any, event string) (found []map[string]any) {
	for _, l := range lines {
		if l["event"] == event {
			found = append(found, l)
		}
	}
	return found
}

func TestAnOfficeThatAFileDescribesIsReadAndChanged(t *testing.T) {
	a := administer(t, map[string]any{"provider": "practice", "SIZE": "12"})
	a.text(0, a.in("office", "check")...)
	if caps := of(a.objects(0, a.in("office", "capabilities")...), "capability"); len(caps) != len(provider.All()) {
		t.Errorf("%d capabilities", len(caps))
	}
	people := of(a.objects(0, a.in("people", "list")...), "person")
	if len(people) != 12 {
		t.Fatalf("%d people", len(people))
	}
	who := people[3]["address"].(string)
	for _, field := range []string{"id", "name", "departments", "departmentIds", "aliases", "status", "quota", "used", "signIn", "partial"} {
		if _, ok := people[3][field]; !ok {
			t.Errorf("a person has no %s", field)
		}
	}
	if found := of(a.objects(0, a.in("people", "list", "--search", who)...), "person"); len(found) != 1 {
		t.Errorf("%d people are found by their address", len(found))
	}
	status := func() any { return a.objects(0, a.in("people", "show", who)...)[0]["status"] }

	plan := a.objects(0, a.in("people", "suspend", "--dry-run", who)...)
	diffs := plan[0]["diffs"].([]any)
	if d := diffs[0].(map[string]any); len(plan) != 2 || plan[0]["event"] != "step" || d["attr"] != "status" || last(plan)["state"] != "planned" {
		t.Errorf("%v", plan)
	}
	if status() != "active" {
		t.Error("a dry run changed something")
	}
	if _, stderr := a.text(1, a.in("people", "suspend", who)...); !strings.Contains(stderr, "--yes") || status() != "active" {
		t.Errorf("not confirmed: %s", stderr)
	}
	if done := a.objects(0, a.in("people", "suspend", "--yes", who)...); of(done, "result")[0]["outcome"] != "done" || last(done)["done"] != 1.0 || status() != "suspended" {
		t.Errorf("%v", done)
	}
	if again := a.objects(2, a.in("people", "suspend", "--yes", who)...); of(again, "step")[0]["refusal"].(map[string]any)["args"].(map[string]any)["reason"] != "already" {
		t.Errorf("%v", again)
	}
	a.text(0, a.in("people", "delete", "--yes", who)...)
	if status() != "deleted" {
		t.Error("still there")
	}
	if _, stderr := a.text(1, a.in("people", "show", "nobody@new.example")...); !strings.Contains(stderr, "nobody@new.example") {
		t.Error(stderr)
	}
	if len(of(a.objects(0, a.in("departments", "list")...), "department")) == 0 {
		t.Error("no departments")
	}
}

func TestADescriptionThatIsWrongIsToldByItsField(t *testing.T) {
	tencent := map[string]any{"provider": "tencent", "domain": "office.example", "corpId": "wm0123456789abcdef", "contactSecret": map[string]any{"env": "KEY"}}
	for text, change := range map[string]map[string]any{
		"corpId":       {"corporation": "x"},       // an unknown field: those that there are
		"KEY":          {},                         // the variable is not set
		"tencent":      {"provider": "unheard-of"}, // an unknown adapter: those that there are
		"readOnly":     {"readOnly": "perhaps"},    // of the wrong kind
		"contacts.key": {"contactSecret": map[string]any{"file": "/nowhere/contacts.key"}},
	} {
		d := map[string]any{}
		for k, v := range tencent {
			d[k] = v
		}
		for k, v := range change {
			d[k] = v
		}
		a := administer(t, d)
		if _, stderr := a.text(1, a.in("office", "check")...); !strings.Contains(stderr, text) {
			t.Errorf("%v: %q does not name %s", change, stderr, text)
		}
	}
	a := administer(t, nil)
	a.write(a.file, `{"provider": "tencent", "contactSecret": "hunter2`)
	if _, stderr := a.text(1, a.in("office", "check")...); strings.Contains(stderr, "hunter2") || !strings.Contains(stderr, "JSON") {
		t.Error(stderr)
	}
	if _, stderr := a.text(1, "people", "list", "--office", "Nowhere Ltd"); !strings.Contains(stderr, "Nowhere Ltd") {
		t.Error(stderr)
	}
}

func TestASecretInAFileThatOthersCanReadIsWarnedOf(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permissions")
	}
	a := administer(t, map[string]any{"provider": "tencent", "domain": "office.example", "corpId": "x", "contactSecret": "hunter2", "baseUrl": "http://127.0.0.1:1"})
	for mode, warned := range map[os.FileMode]bool{0o600: false, 0o644: true} {
		if err := os.Chmod(a.file, mode); err != nil {
			t.Fatal(err)
		}
		_, _, stderr := call{env: a.env}.run(a.in("office", "capabilities")...)
		if strings.Contains(stderr, "chmod 600") != warned || strings.Contains(stderr, "hunter2") {
			t.Errorf("%o: %s", mode, stderr)
		}
	}
}

func TestAnOfficeIsStoredWithItsSecretsInTheVault(t *testing.T) {
	s := emulated.New("office.example")
	t.Cleanup(s.Close)
	s.Fill(5, 2)
	a := administer(t, map[string]any{
		"provider": "tencent", "domain": "office.example", "corpId": emulated.CorpID, "contactSecret": map[string]any{"env": "KEY"}, "baseUrl": s.BaseURL(),
	})
	a.env["KEY"] = "wrong"
	if _, stderr := a.text(3, "office", "add", a.file); !strings.Contains(stderr, "contactSecret") || strings.Contains(stderr, "wrong") {
		t.Error(stderr)
	}
	a.env["KEY"] = s.Secret(emulated.Contacts)
	if _, stderr := a.text(3, "office", "add", a.file); !strings.Contains(stderr, vaultPassphrase) {
		t.Error(stderr)
	}
	a.env[vaultPassphrase] = "a good passphrase"
	a.text(0, "office", "add", a.file, "--name", "Kontor", "--read-only")
	if _, stderr := a.text(1, "office", "add", a.file, "--name", "Kontor"); !strings.Contains(stderr, "Kontor") {
		t.Error(stderr)
	}
	delete(a.env, "KEY")
	if all := of(a.objects(0, "office", "list"), "office"); len(all) != 1 || all[0]["name"] != "Kontor" || all[0]["readOnly"] != true {
		t.Errorf("%v", all)
	}
	people := of(a.objects(0, "people", "list", "--office", "Kontor"), "person")
	if len(people) != 5 {
		t.Errorf("%d people", len(people))
	}
	refused := a.objects(2, "people", "suspend", "--office", "kontor", "--yes", people[0]["address"].(string))
	if why := of(refused, "step")[0]["refusal"].(map[string]any)["why"]; why != "read_only" {
		t.Errorf("%v", refused)
	}
	err := filepath.WalkDir(a.dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if raw := must(os.ReadFile(path))(t); strings.Contains(string(raw), s.Secret(emulated.Contacts)) {
				t.Errorf("the secret stands in %s", d.Name())
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestListsGoOutIntoAFileAndBack(t *testing.T) {
	a := administer(t, map[string]any{"provider": "practice"})
	file := filepath.Join(a.dir, "lists.csv")
	a.text(0, a.in("lists", "export", file)...)
	before := of(a.objects(0, a.in("lists", "list")...), "list")
	if same := a.objects(0, a.in("lists", "import", file)...); len(same) != 1 || last(same)["total"] != 0.0 {
		t.Errorf("an unchanged file changes: %v", same)
	}
	address := before[0]["address"].(string)
	a.write(file, "address,name,policy,members\n"+address+",Neu,anyone,=2+3\nalien@elsewhere.example,x,members,\n"+
		"fresh@new.example,Frisch,members,\""+before[0]["members"].([]any)[0].(string)+"; guest@outside.example\"\n"+
		address+",twice,,\n,empty,,\nother@new.example,x,perhaps,\n")
	plan := a.objects(2, a.in("lists", "import", "--dry-run", file)...)
	codes := map[any]bool{}
	for _, p := range of(plan, "problem") {
		codes[p["code"]] = true
	}
	steps := of(plan, "step")
	if !codes["bad_address"] || !codes["duplicate"] || !codes["empty"] || !codes["unknown_policy"] || len(steps) != 2 || steps[0]["refusal"] == nil || steps[1]["refusal"] != nil {
		t.Errorf("%v %v", codes, steps)
	}
	a.text(2, a.in("lists", "import", "--yes", file)...)
	shown := a.objects(0, a.in("lists", "show", "fresh@new.example")...)[0]
	if shown["name"] != "Frisch" || shown["policy"] != "members" || len(shown["members"].([]any)) != 2 {
		t.Errorf("%v", shown)
	}
	if now := of(a.objects(0, a.in("lists", "list")...), "list"); len(now) != len(before)+1 {
		t.Errorf("%d lists, were %d", len(now), len(before))
	}
}

func TestPeopleComeInFromAListOnceAndGoOutAgain(t *testing.T) {
	a := administer(t, map[string]any{"provider": "practice"})
	list, passwords := filepath.Join(a.dir, "in.csv"), filepath.Join(a.dir, "passwords.csv")
	a.write(list, "姓名,邮箱地址,部门,初始密码,邮件列表\n王新一,wxy,销售部,Kiefer-7-Blau-Q,sales@new.example\n李新二,,新部门/一组,,\n"+
		"张新三,zxs,没有,short,\n赵新四,wxy,,Kiefer-7-Blau-Q,\n陈新五,cxw@other.example,,Kiefer-7-Blau-Q,\n")
	plan := a.objects(2, a.in("people", "import", "--dry-run", "--make-departments", "--passwords", passwords, list)...)
	codes := map[any]bool{}
	for _, p := range of(plan, "problem") {
		codes[p["code"]] = true
		if p["cell"] == "" {
			t.Errorf("no cell is named: %v", p)
		}
	}
	for _, code := range []string{"bad_password", "duplicate", "wrong_domain", "proposed"} {
		if !codes[code] {
			t.Errorf("%s is not told: %v", code, codes)
		}
	}
	kinds := map[any]int{}
	for _, s := range of(plan, "step") {
		kinds[s["kind"]]++
		if s["refusal"] != nil {
			t.Errorf("%v", s)
		}
	}
	if kinds["person.create"] != 2 || kinds["department.create"] != 2 || kinds["list.update"] != 1 {
		t.Errorf("%v", kinds)
	}
	if _, err := os.Stat(passwords); err == nil {
		t.Error("a dry run saved passwords")
	}
	before := len(of(a.objects(0, a.in("people", "list")...), "person"))
	stdout, _ := a.text(2, a.in("people", "import", "--make-departments", "--passwords", passwords, list)...)
	if strings.Contains(stdout, "Kiefer") {
		t.Error("a password is printed")
	}
	raw := string(must(os.ReadFile(passwords))(t))
	if info := must(os.Stat(passwords))(t); info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" || strings.Count(raw, "@new.example") != 2 {
		t.Errorf("%v %s", info.Mode(), raw)
	}
	if now := of(a.objects(0, a.in("people", "list", "--search", "王新一")...), "person"); len(now) != 1 || now[0]["departments"].([]any)[0] != "销售部" {
		t.Errorf("%v", now)
	}
	// Passwords never overwrite a file, and who is there is not created again.
	a.text(1, a.in("people", "import", "--passwords", passwords, list)...)
	again := a.objects(2, a.in("people", "import", "--passwords", filepath.Join(a.dir, "again.csv"), list)...)
	if n := len(of(a.objects(0, a.in("people", "list")...), "person")); n != before+2 || last(again)["done"] != 0.0 {
		t.Errorf("%d people, were %d: %v", n, before, last(again))
	}
	// What goes out comes in again: nothing is new.
	for _, name := range []string{"out.csv", "out.xlsx"} {
		out := filepath.Join(a.dir, name)
		a.text(0, a.in("people", "export", out)...)
		back := a.objects(0, a.in("people", "import", out)...)
		if last(back)["total"] != 0.0 {
			t.Errorf("%s: %v", name, back)
		}
	}
}

func FuzzOfficeFile(f *testing.F) {
	f.Add([]byte(`{"provider":"tencent","domain":"a.example","corpId":"x","contactSecret":{"env":"KEY"}}`))
	f.Add([]byte(`{"provider":"practice","SIZE":12}`))
	f.Add([]byte("{\"provider\":[1],\"contactSecret\":\"hunter2\"}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		path := filepath.Join(t.TempDir(), "office.json")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		env := Env{Getenv: func(string) string { return "" }, Adapters: provider.NewRegistry(admin.Maker(nil), tencent.Maker())}
		d, err := readOfficeFile(&run{env: env, stdin: strings.NewReader(""), stderr: io.Discard, words: english}, path)
		if err == nil && d.office.Provider == "" {
			t.Errorf("%q is an office of nobody", raw)
		}
	})
}

// TestVerbsRunBesideTheWindow holds the files open as the window does.
func TestVerbsRunBesideTheWindow(t *testing.T) {
	a := administer(t, map[string]any{"provider": "practice", "SIZE": "12"})
	a.text(0, "office", "add", a.file, "--name", "Beside Ltd")
	release := make(chan struct{})
	window := openWindow(t, a.env["MAILROOM_HOME"], func(office.Run) { <-release })
	there := of(a.objects(0, "office", "list"), "office")
	if len(there) != 1 {
		t.Fatalf("%d offices are listed", len(there))
	}
	stored := []string{"--office", "Beside Ltd"}
	people := of(a.objects(0, append([]string{"people", "list"}, stored...)...), "person")
	if len(people) != 12 {
		t.Fatalf("%d people are listed", len(people))
	}
	suspend := func(n int) []string {
		return append([]string{"people", "suspend", people[n]["address"].(string), "--yes"}, stored...)
	}
	a.text(0, suspend(1)...)

	plan, err := window.desk.Preview(t.Context(), there[0]["id"].(string), []office.Change{{Kind: office.SuspendPerson, Target: people[2]["id"].(string)}})
	if err != nil {
		t.Fatal(err)
	}
	run, err := window.desk.Apply(t.Context(), plan.ID, plan.Typed)
	if err != nil {
		t.Fatal(err)
	}
	_, stderr := a.text(1, suspend(3)...)
	if !strings.Contains(stderr, "Beside Ltd") || !strings.Contains(stderr, "run this again") {
		t.Errorf("while the window sends changes a verb says %q", stderr)
	}
	a.text(0, append([]string{"people", "list"}, stored...)...) // reading goes on
	close(release)
	if run, err = window.desk.Wait(t.Context(), run.ID); err != nil || run.State != office.Done {
		t.Fatalf("the window's run was disturbed: %+v %v", run, err)
	}
	a.text(0, suspend(3)...)
	runs, err := window.desk.Runs(t.Context(), there[0]["id"].(string), 10)
	if err != nil || len(runs) != 3 {
		t.Errorf("the window's history has %d runs, %v", len(runs), err)
	}
}

// openWindow opens what the window has of a data folder's offices.
func openWindow(t *testing.T, dir string, told func(office.Run)) *bureau {
	t.Helper()
	r := &run{env: Env{Adapters: provider.NewRegistry(admin.Maker(nil)), Getenv: func(string) string { return "" }}, log: slog.New(slog.DiscardHandler)}
	b, err := openBureau(t.Context(), r, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	b.told = told
	t.Cleanup(func() {
		if err := b.close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return b
}

func TestTagsAreGivenAndTakenByVerbs(t *testing.T) {
	a := administer(t, map[string]any{"provider": "practice", "SIZE": "12"})
	if found := of(a.objects(0, a.in("tags", "list")...), "tag"); len(found) != 2 {
		t.Fatalf("%d tags", len(found))
	}
	people := of(a.objects(0, a.in("people", "list")...), "person")
	who := people[2]["address"].(string)
	plan := a.objects(0, a.in("tags", "give", "--dry-run", "On call", who)...)
	if plan[0]["kind"] != "tag.create" || last(plan)["state"] != "planned" {
		t.Errorf("%v", plan)
	}
	shows := func() (names []any) {
		return of(a.objects(0, a.in("tags", "show", "On call")...), "tag")[0]["people"].([]any)
	}
	a.text(0, a.in("tags", "give", "On call", who)...)
	a.text(0, a.in("tags", "give", "On call", people[4]["address"].(string))...)
	if got := shows(); len(got) != 2 {
		t.Errorf("the tag is given to %v", got)
	}
	a.text(0, a.in("tags", "take", "On call", who)...)
	if got := shows(); len(got) != 1 || got[0] != people[4]["address"] {
		t.Errorf("after it was taken: %v", got)
	}
	a.text(0, a.in("tags", "delete", "On call", "--yes")...)
	if _, stderr := a.text(1, a.in("tags", "show", "On call")...); !strings.Contains(stderr, "On call") {
		t.Error(stderr)
	}
}

func TestAProviderTellsWhatItWantsOfADomain(t *testing.T) {
	m := servers.Mox(t)
	a := administer(t, map[string]any{"provider": "mox", "domain": m.Domain, "baseUrl": m.URL, "password": m.Password, "address": m.URL})
	records := of(a.objects(0, a.in("office", "domain")...), "record")
	mx := ""
	for _, r := range records {
		if r["type"] == "MX" && r["name"] == m.Domain {
			mx = r["value"].(string)
		}
	}
	if mx == "" {
		t.Errorf("no MX among %v", records)
	}
	if text, _ := a.text(0, a.in("office", "domain", m.Domain)...); !strings.Contains(text, mx) {
		t.Errorf("%q does not name %s", text, mx)
	}
	found := of(a.objects(2, a.in("office", "domain", "--check")...), "finding") // nothing of localhost stands in the DNS
	if len(found) < 5 {
		t.Errorf("%v", found)
	}
	a.text(1, a.in("office", "domain", "somebody-else.example")...)
	b := administer(t, map[string]any{"provider": "practice"})
	b.text(2, b.in("office", "domain")...)
}
