package api

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
)

func TestEveryErrorReachesThePageAsJSON(t *testing.T) {
	refusal := &mailbox.Refusal{Status: "NO", Code: "AUTHENTICATIONFAILED", Text: "Authentication failed.", Command: "LOGIN"}
	for name, c := range map[string]struct {
		err   error
		code  core.Code
		class string
	}{
		"coded":   {core.E(core.NotFound, "get", nil, "id", "1"), core.NotFound, ""},
		"foreign": {errors.New("what"), core.Internal, ""},
		"refused": {core.E(core.Unauthenticated, "sign in", refusal, "host", "imap.old.example"), core.Unauthenticated, "auth-ambiguous"},
		"none":    {nil, core.Internal, ""},
	} {
		text, ok := FormatError(c.err).(string)
		var p Problem
		if err := json.Unmarshal([]byte(text), &p); !ok || err != nil {
			t.Fatalf("%s: %q is no JSON text", name, text)
		}
		if p.Code != ErrorCode(c.code) || p.Class != c.class || p.Args == nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestAPanicBecomesAnErrorWithoutTheSecret(t *testing.T) {
	_, err := guard("keep password", func() (string, error) { panic("hunter2") })
	if core.CodeOf(err) != core.Internal || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
}

// The page hangs or the program dies on what the bridge cannot carry; the rules are
// checked by looking at every bound method.
func TestEveryBoundMethodKeepsTheRulesOfTheBridge(t *testing.T) {
	a := New(Config{})
	fails := reflect.TypeFor[error]()
	for _, service := range a.Services() {
		typ := reflect.TypeOf(service)
		for m := range typ.Methods() {
			name := typ.Elem().Name() + "." + m.Name
			if m.Type.IsVariadic() {
				t.Errorf("%s is variadic: the call would never settle", name)
			}
			switch n := m.Type.NumOut(); {
			case n == 0 || n > 2, m.Type.Out(n-1) != fails:
				t.Errorf("%s does not return (error) or (T, error)", name)
			case n == 2:
				checkWire(t, name, m.Type.Out(0), map[reflect.Type]bool{})
			}
			for i := 1; i < m.Type.NumIn(); i++ {
				checkWire(t, name, m.Type.In(i), map[reflect.Type]bool{})
			}
		}
	}
}

// checkWire refuses what JSON or TypeScript would bend: floats (NaN ends the
// program), times, bytes, interfaces, embedded structs, fields without a tag.
func checkWire(t *testing.T, at string, typ reflect.Type, seen map[reflect.Type]bool) {
	t.Helper()
	if seen[typ] {
		return
	}
	seen[typ] = true
	switch typ.Kind() {
	case reflect.Float32, reflect.Float64, reflect.Interface, reflect.Chan, reflect.Func, reflect.Uint64, reflect.Uint8:
		t.Errorf("%s: %s does not cross the bridge unharmed", at, typ)
	case reflect.Slice, reflect.Pointer:
		checkWire(t, at+"[]", typ.Elem(), seen)
	case reflect.Map:
		if typ.Key().Kind() != reflect.String {
			t.Errorf("%s: map with keys of %s", at, typ.Key())
		}
		checkWire(t, at+"{}", typ.Elem(), seen)
	case reflect.Struct:
		if typ.PkgPath() != "mailroom/backend/api" {
			t.Errorf("%s: foreign type %s", at, typ)
			return
		}
		for f := range typ.Fields() {
			if f.Anonymous || f.Tag.Get("json") == "" {
				t.Errorf("%s.%s: embedded or without a tag", at, f.Name)
			}
			checkWire(t, at+"."+f.Name, f.Type, seen)
		}
	}
}

// Every enum of the page has every constant, and no event is sent that its map lacks.
func TestEventNamesAreThoseOfTheMap(t *testing.T) {
	known := map[string]bool{}
	for f := range reflect.TypeFor[Events]().Fields() {
		known[f.Tag.Get("json")] = true
	}
	files := must(filepath.Glob("*.go"))(t)
	files = append(files, "../../app.go")
	sent := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, part := range strings.Split(string(must(os.ReadFile(file))(t)), `Emit("`)[1:] {
			name, _, _ := strings.Cut(part, `"`)
			sent++
			if !known[name] {
				t.Errorf("%s sends %q, which the page does not know", file, name)
			}
		}
	}
	if sent < 5 {
		t.Errorf("only %d events found", sent)
	}
}

func TestLinksOpenOnlyToKnownHosts(t *testing.T) {
	h := open(t, t.TempDir())
	for link, allowed := range map[string]bool{
		"https://help.mail.qq.com/detail/108/1023": true, "https://support.google.com/mail": true,
		"http://qq.com": false, "https://qq.com.evil.example": false, "https://notqq.com": false, "https://user@qq.com": false,
		"https://qq.com:8443/": false, "javascript:alert(1)": false, "file:///etc/passwd": false, "https://": false, "::": false,
	} {
		if err := h.app.OpenLink(link); (err == nil) != allowed {
			t.Errorf("%s: %v", link, err)
		}
	}
	if len(h.w.browsed) != 2 {
		t.Errorf("opened %v", h.w.browsed)
	}
}

func TestSettingsAreKept(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir)
	if s := must(h.app.Settings())(t); s.Theme != ThemeSystem || s.Language != LanguageSystem {
		t.Errorf("at first %+v", s)
	}
	want := Settings{Language: LanguageChinese, Theme: ThemeDark, Resume: ResumeAll, Quiet: true}
	must(h.app.SaveSettings(want))(t)
	wantCode(t, "unknown theme", second(h.app.SaveSettings(Settings{Theme: "pink"})), core.Invalid)
	h.close()
	if s := must(open(t, dir).app.Settings())(t); s != want {
		t.Errorf("after a new start %+v", s)
	}
}

func TestASecondProgramOnTheSameDataSaysSo(t *testing.T) {
	dir := t.TempDir()
	open(t, dir)
	w := &window{t: t, news: make(chan struct{}, 1)}
	other := New(Config{DataDir: dir, Desktop: w})
	other.Open()
	s := must(other.app.Startup())(t)
	if s.Ready || s.Problem == nil || s.Problem.Code != ErrorCode(core.InUse) {
		t.Errorf("%+v", s.Problem)
	}
	if told := heard[Startup](w, "app:ready"); len(told) != 1 || told[0].Problem == nil {
		t.Errorf("told %+v", told)
	}
	wantCode(t, "a call then", second(other.moves.List()), core.InUse)
	if err := other.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTheVaultAsksForAPassphraseWhereThereIsNoKeychain(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir, noKeychain)
	if s := must(h.vault.Status())(t); s.State != VaultMissing {
		t.Fatalf("at first %+v", s)
	}
	_, err := h.vault.Keep("secret-1")
	if p := problemOf(err); err == nil || p.Class != "vault-locked" {
		t.Errorf("kept without a vault: %v", err)
	}
	wantCode(t, "short passphrase", second(h.vault.Create("x")), core.Invalid)
	if s := must(h.vault.Create("a good passphrase"))(t); s.State != VaultOpen || s.Keychain {
		t.Fatalf("created: %+v", s)
	}
	handle := must(h.vault.Keep("secret-1"))(t)
	if strings.Contains(handle, "secret") {
		t.Error("the handle tells the password")
	}
	wantCode(t, "empty password", second(h.vault.Keep("")), core.Invalid)
	m := must(h.moves.Create(MoveDraftInput{Mailboxes: []MailboxInput{{
		From: Endpoint{Kind: KindIMAP, Host: "imap.old.example", Security: SecurityTLS, User: "a@old.example", Secret: handle},
		To:   Endpoint{Kind: KindMaildir, Path: filepath.Join(dir, "m")},
	}}}))(t)
	unused := must(h.vault.Keep("secret-2"))(t)
	h.close()

	h = open(t, dir, noKeychain)
	if s := must(h.vault.Status())(t); s.State != VaultLocked {
		t.Fatalf("after a new start %+v", s)
	}
	wantCode(t, "wrong passphrase", second(h.vault.Unlock("not the passphrase")), core.Unauthenticated)
	must(h.vault.Unlock("a good passphrase"))(t)
	if got := must(h.data.reveal(t.Context(), handle))(t); got != "secret-1" {
		t.Errorf("the password came back as %q", got)
	}
	h.data.sweepSecrets(t.Context())
	if _, err := h.data.reveal(t.Context(), unused); err == nil {
		t.Error("a password that nothing uses is kept")
	}
	if err := h.moves.Remove(m.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.data.reveal(t.Context(), handle); err == nil {
		t.Error("the password of a removed move is kept")
	}
}

func TestNoFileOfTheDataFolderHoldsAPassword(t *testing.T) {
	dir := t.TempDir()
	h := open(t, dir, withKeychain(&keychain{}))
	const password = "correct-horse-battery"
	handle := must(h.vault.Keep(password))(t)
	m := must(h.moves.Create(MoveDraftInput{Mailboxes: []MailboxInput{{
		From: Endpoint{Kind: KindIMAP, Host: "127.0.0.1", Port: 1, Security: SecurityPlain, User: "a@old.example", Secret: handle},
		To:   Endpoint{Kind: KindMaildir, Path: filepath.Join(t.TempDir(), "m")},
	}}}))(t)
	must(h.moves.Plan(m.ID))(t)
	h.until(m.ID, "tried", func(m Move) bool { return m.Mailboxes[0].Problem != nil })
	h.close()
	if err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if raw := must(os.ReadFile(path))(t); strings.Contains(string(raw), password) {
			t.Errorf("%s holds the password", path)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestNumbersThatAreNoneNeverCross(t *testing.T) {
	raw, err := json.Marshal(Move{})
	if err != nil || strings.Contains(string(raw), "NaN") {
		t.Error(err)
	}
	if _, err := json.Marshal(math.NaN()); err == nil {
		t.Error("NaN became JSON: the check above is idle")
	}
}
