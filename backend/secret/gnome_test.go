package secret_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/secret"
)

// insideBus names, in the process that runs under its own D-Bus, the test to run.
const insideBus = "MAILROOM_TEST_KEYRING"

// inPrivateBus runs the calling test once more in a process of its own, under a
// private D-Bus with a private home, after the shell script has prepared the keyring.
// busArgs are for dbus-run-session.
func inPrivateBus(t *testing.T, script string, busArgs ...string) (inside bool) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("gnome-keyring runs on Linux only")
	}
	if os.Getenv(insideBus) == t.Name() {
		return true
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// dbus-run-session ends the bus with the shell, and the daemon ends with its bus.
	args := append(busArgs, "--", "sh", "-c",
		script+` && exec "$0" -test.timeout=60s -test.count=1 -test.v -test.run "^$1\$"`, self, t.Name())
	cmd := exec.CommandContext(t.Context(), "dbus-run-session", args...)
	home := t.TempDir()
	cmd.Env = []string{"HOME=" + home, "XDG_RUNTIME_DIR=" + home, "TMPDIR=" + os.TempDir(),
		"PATH=" + os.Getenv("PATH"), insideBus + "=" + t.Name()}
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Fatalf("under a private D-Bus (needs the packages dbus and gnome-keyring): %v\n%s", err, out)
	}
	return false
}

func TestARealKeyringHoldsTheKey(t *testing.T) {
	const unlocked = `printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1`
	if !inPrivateBus(t, unlocked) {
		return
	}
	dir, k := t.TempDir(), secret.System()
	v := open(t, dir, k)
	if v.State() != secret.StateKeychain {
		t.Fatalf("state %s: %v", v.State(), v.WhyNoKeychain())
	}
	set(t, v, "id", "value")
	wantSecret(t, open(t, dir, k), "id", "value")

	if err := v.SetPassphrase(t.Context(), secret.NewValue("eight or more")); err != nil {
		t.Fatal(err)
	}
	v = open(t, dir, k)
	if err := v.Unlock(t.Context(), secret.NewValue("eight or more")); err != nil {
		t.Fatal(err)
	}
	if err := v.UseKeychain(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantSecret(t, open(t, dir, k), "id", "value")
	_, err := k.Get(t.Context(), "another account")
	wantCode(t, err, core.NotFound)
}

func TestALockedKeyringLeadsToThePassphrase(t *testing.T) {
	// Made with one password in an earlier session, then met with a wrong one.
	const locked = `printf 'first\n' | dbus-run-session -- sh -c 'gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
n=0; until test -s "$HOME/.local/share/keyrings/login.keyring" || test $n -ge 200; do sleep 0.05; n=$((n+1)); done'
test -s "$HOME/.local/share/keyrings/login.keyring" &&
{ printf 'second\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 || true; }`
	if !inPrivateBus(t, locked) {
		return
	}
	v := open(t, t.TempDir(), secret.System())
	if v.State() != secret.StatePassphraseNew {
		t.Fatalf("state %s", v.State())
	}
	wantCode(t, v.WhyNoKeychain(), core.Forbidden)
}

func TestABusWithoutKeyringLeadsToThePassphrase(t *testing.T) {
	// A bus whose configuration names no folder of services can start none.
	const bare = `<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
	config := filepath.Join(t.TempDir(), "bus.conf")
	if err := os.WriteFile(config, []byte(bare), 0o600); err != nil {
		t.Fatal(err)
	}
	if !inPrivateBus(t, `true`, "--config-file="+config) {
		return
	}
	v := open(t, t.TempDir(), secret.System())
	if v.State() != secret.StatePassphraseNew {
		t.Fatalf("state %s", v.State())
	}
	wantCode(t, v.WhyNoKeychain(), core.Unsupported)
}
