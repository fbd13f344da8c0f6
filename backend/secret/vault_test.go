package secret_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mailroom/backend/core"
	"mailroom/backend/secret"
)

// cheap makes a passphrase guess cost next to nothing.
var cheap = secret.WithCost(secret.Cost{Passes: 1, MemoryKiB: 8, Threads: 1})

// mapKeychain is a keychain in memory; err, if set, answers every call.
type mapKeychain struct {
	mu   sync.Mutex
	keys map[string][]byte
	err  error
}

func newKeychain() *mapKeychain { return &mapKeychain{keys: map[string][]byte{}} }

func (m *mapKeychain) Get(_ context.Context, account string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return nil, m.err
	}
	key, ok := m.keys[account]
	if !ok {
		return nil, core.E(core.NotFound, "read key", nil)
	}
	return key, nil
}

func (m *mapKeychain) Set(_ context.Context, account string, key []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.keys[account] = append([]byte(nil), key...)
	}
	return m.err
}

func (m *mapKeychain) Delete(_ context.Context, account string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.keys, account)
	return m.err
}

var absent = core.E(core.Unsupported, "keychain", nil)

func open(t *testing.T, dir string, k secret.Keychain) *secret.Vault {
	t.Helper()
	v, err := secret.Open(t.Context(), dir, k, cheap)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return v
}

func set(t *testing.T, v *secret.Vault, id, text string) {
	t.Helper()
	if err := v.Set(t.Context(), id, secret.NewValue(text)); err != nil {
		t.Fatalf("Set %s: %v", id, err)
	}
}

func wantSecret(t *testing.T, v *secret.Vault, id, text string) {
	t.Helper()
	got, err := v.Get(t.Context(), id)
	if err != nil || got.Reveal() != text {
		t.Fatalf("Get %s = %q, %v; want %q", id, got.Reveal(), err, text)
	}
}

func wantCode(t *testing.T, err error, code core.Code) {
	t.Helper()
	if core.CodeOf(err) != code {
		t.Fatalf("error %v has code %q, want %q", err, core.CodeOf(err), code)
	}
}

func vaultFile(t *testing.T, dir string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, secret.FileName))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSecretsSurviveAReopenWithTheKeychain(t *testing.T) {
	dir, k := t.TempDir(), newKeychain()
	v := open(t, dir, k)
	if v.State() != secret.StateKeychain {
		t.Fatalf("state %s", v.State())
	}
	set(t, v, "imap/old.example", "pass-w0rd 密码")
	set(t, v, "empty", "")
	set(t, v, "gone", "x")
	if err := v.Delete(t.Context(), "gone"); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir, k)
	wantSecret(t, again, "imap/old.example", "pass-w0rd 密码")
	wantSecret(t, again, "empty", "")
	_, err := again.Get(t.Context(), "gone")
	wantCode(t, err, core.NotFound)
	ids, err := again.List(t.Context())
	if diff := cmp.Diff([]string{"empty", "imap/old.example"}, ids); diff != "" || err != nil {
		t.Fatalf("List: %v %s", err, diff)
	}
}

func TestNothingInTheFileIsReadable(t *testing.T) {
	dir := t.TempDir()
	v := open(t, dir, newKeychain())
	set(t, v, "id", "a rather long secret")
	if data := vaultFile(t, dir); strings.Contains(string(data), "rather") {
		t.Fatalf("secret in the clear: %s", data)
	}
	if runtime.GOOS != "windows" {
		info, err := os.Stat(filepath.Join(dir, secret.FileName))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("mode %v %v, want 0600", info.Mode(), err)
		}
	}
}

func TestWithoutKeychainAPassphraseGuardsTheVault(t *testing.T) {
	dir := t.TempDir()
	v := open(t, dir, &mapKeychain{err: absent})
	if v.State() != secret.StatePassphraseNew || !errors.Is(v.WhyNoKeychain(), absent) {
		t.Fatalf("state %s, why %v", v.State(), v.WhyNoKeychain())
	}
	wantCode(t, v.Set(t.Context(), "id", secret.NewValue("x")), core.Unauthenticated)
	if _, err := os.Stat(filepath.Join(dir, secret.FileName)); !os.IsNotExist(err) {
		t.Fatal("a file was made before there was a passphrase")
	}
	wantCode(t, v.SetPassphrase(t.Context(), secret.NewValue("short")), core.Invalid)
	if err := v.SetPassphrase(t.Context(), secret.NewValue("correct horse")); err != nil {
		t.Fatal(err)
	}
	set(t, v, "id", "value")

	v = open(t, dir, nil)
	if v.State() != secret.StatePassphraseNeeded {
		t.Fatalf("state %s", v.State())
	}
	_, err := v.Get(t.Context(), "id")
	wantCode(t, err, core.Unauthenticated)
	wantCode(t, v.Unlock(t.Context(), secret.NewValue("wrong horse")), core.Unauthenticated)
	if err := v.Unlock(t.Context(), secret.NewValue("correct horse")); err != nil {
		t.Fatal(err)
	}
	wantSecret(t, v, "id", "value")
}

func TestAccentsTypedOnAnotherSystemUnlock(t *testing.T) {
	dir := t.TempDir()
	v := open(t, dir, nil)
	if err := v.SetPassphrase(t.Context(), secret.NewValue("caf\u00e9 au lait")); err != nil {
		t.Fatal(err)
	}
	if err := open(t, dir, nil).Unlock(t.Context(), secret.NewValue("cafe\u0301 au lait")); err != nil {
		t.Fatal(err)
	}
}

func TestTheKeyMovesBetweenKeychainAndPassphrase(t *testing.T) {
	dir, k := t.TempDir(), newKeychain()
	v := open(t, dir, k)
	set(t, v, "id", "value")
	if err := v.SetPassphrase(t.Context(), secret.NewValue("first phrase")); err != nil {
		t.Fatal(err)
	}
	if len(k.keys) != 0 {
		t.Fatal("the key stayed in the keychain")
	}
	if err := v.SetPassphrase(t.Context(), secret.NewValue("second phrase")); err != nil {
		t.Fatal(err)
	}
	v = open(t, dir, k)
	wantCode(t, v.Unlock(t.Context(), secret.NewValue("first phrase")), core.Unauthenticated)
	wantCode(t, v.UseKeychain(t.Context()), core.Unauthenticated)
	if err := v.Unlock(t.Context(), secret.NewValue("second phrase")); err != nil {
		t.Fatal(err)
	}
	k.err = absent
	wantCode(t, v.UseKeychain(t.Context()), core.Unsupported)
	k.err = nil
	if err := v.UseKeychain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(vaultFile(t, dir)), "wrapped") {
		t.Fatal("the wrapped key stayed in the file")
	}
	wantSecret(t, open(t, dir, k), "id", "value")
}

func TestAVaultWhoseKeyIsAwaySaysWhy(t *testing.T) {
	dir, k := t.TempDir(), newKeychain()
	v := open(t, dir, k)
	set(t, v, "id", "value")
	before := vaultFile(t, dir)
	for code, broken := range map[core.Code]*mapKeychain{
		core.Unsupported: {err: absent},
		core.Forbidden:   {err: core.E(core.Forbidden, "keychain", nil)},
		core.NotFound:    newKeychain(),
		core.Conflict:    {keys: map[string][]byte{}},
	} {
		if code == core.Conflict {
			for account := range k.keys {
				broken.keys[account] = make([]byte, 32)
			}
		}
		_, err := secret.Open(t.Context(), dir, broken, cheap)
		wantCode(t, err, code)
		if core.ArgsOf(err)["file"] == "" {
			t.Errorf("%s: no file named", code)
		}
	}
	if diff := cmp.Diff(string(before), string(vaultFile(t, dir))); diff != "" {
		t.Fatalf("the vault changed: %s", diff)
	}
}

func TestADamagedFileIsToldAndLeftAlone(t *testing.T) {
	dir, k := t.TempDir(), newKeychain()
	set(t, open(t, dir, k), "id", "value")
	whole := vaultFile(t, dir)
	path := filepath.Join(dir, secret.FileName)
	for n := range len(whole) - 1 { // the last byte is the newline
		if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := secret.Open(t.Context(), dir, k, cheap)
		wantCode(t, err, core.Malformed)
		if got := vaultFile(t, dir); len(got) != n {
			t.Fatalf("a file cut at %d was changed", n)
		}
	}
	aside, err := secret.SetAside(dir, time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(aside); err != nil {
		t.Fatal(err)
	}
	if s := open(t, dir, k).State(); s != secret.StateKeychain {
		t.Fatalf("new vault in state %s", s)
	}
}

func TestDamageWhileOpenNeverOverwritesTheFile(t *testing.T) {
	dir, k := t.TempDir(), newKeychain()
	v := open(t, dir, k)
	set(t, v, "id", "value")
	path := filepath.Join(dir, secret.FileName)
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantCode(t, v.Set(t.Context(), "other", secret.NewValue("x")), core.Malformed)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	wantCode(t, v.Set(t.Context(), "other", secret.NewValue("x")), core.NotFound)
}

func TestOneDamagedEntryHarmsNoOther(t *testing.T) {
	dir, k := t.TempDir(), newKeychain()
	v := open(t, dir, k)
	set(t, v, "a", "first")
	set(t, v, "b", "second")
	var f map[string]any
	if err := json.Unmarshal(vaultFile(t, dir), &f); err != nil {
		t.Fatal(err)
	}
	entries := f["entries"].(map[string]any)
	entries["a"] = entries["b"] // a swap must not go unnoticed
	data, _ := json.Marshal(f)
	if err := os.WriteFile(filepath.Join(dir, secret.FileName), data, 0o600); err != nil {
		t.Fatal(err)
	}
	v = open(t, dir, k)
	_, err := v.Get(t.Context(), "a")
	wantCode(t, err, core.Malformed)
	wantSecret(t, v, "b", "second")
}

func TestANewerVaultIsNotTouched(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, secret.FileName), []byte(`{"version":2,"new":true}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := secret.Open(t.Context(), dir, newKeychain(), cheap)
	wantCode(t, err, core.NewerData)
}

func TestAFolderThatCannotBeWrittenIsNamed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	k := newKeychain()
	_, err := secret.Open(t.Context(), filepath.Join(dir, "data"), k, cheap)
	if err == nil || core.ArgsOf(err)["file"] == "" {
		t.Fatalf("error %v names no file", err)
	}
	if len(k.keys) != 0 {
		t.Fatal("a key without a vault stayed in the keychain")
	}
}

func TestTwoCopiesOfTheProgramKeepEachOthersSecrets(t *testing.T) {
	dir, k := t.TempDir(), newKeychain()
	open(t, dir, k)
	var wg sync.WaitGroup
	for copyNo := range 4 {
		v := open(t, dir, k)
		wg.Go(func() {
			for i := range 10 {
				if err := v.Set(t.Context(), fmt.Sprintf("%d/%d", copyNo, i), secret.NewValue("x")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	ids, err := open(t, dir, k).List(t.Context())
	if err != nil || len(ids) != 40 {
		t.Fatalf("%d secrets, %v; want 40", len(ids), err)
	}
}

func TestBadIDsAndValuesAreRefused(t *testing.T) {
	v := open(t, t.TempDir(), newKeychain())
	for _, id := range []string{"", "a\x00b", "a\nb", strings.Repeat("x", 513)} {
		wantCode(t, v.Set(t.Context(), id, secret.NewValue("x")), core.Invalid)
	}
	wantCode(t, v.Set(t.Context(), "big", secret.NewValue(strings.Repeat("x", 1<<20+1))), core.TooBig)
}

func TestAValueNeverPrints(t *testing.T) {
	type holder struct{ v secret.Value }
	type open struct {
		V secret.Value `json:"v"`
	}
	v := secret.NewValue("hunter2")
	var text strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&text, verb, v)
		fmt.Fprintf(&text, verb, &v)
		fmt.Fprintf(&text, verb, holder{v})
		fmt.Fprintf(&text, verb, &holder{v})
		fmt.Fprintf(&text, verb, []secret.Value{v})
	}
	data, err := json.Marshal(open{v})
	if err != nil {
		t.Fatal(err)
	}
	text.Write(data)
	slog.New(slog.NewTextHandler(&text, nil)).Info("x", "v", v, "h", holder{v})
	for _, leak := range []string{"hunter2", "68756e74657232", "104 117"} {
		if strings.Contains(text.String(), leak) {
			t.Fatalf("printed: %s", text.String())
		}
	}
}
