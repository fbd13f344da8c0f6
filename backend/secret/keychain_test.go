package secret

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"

	"mailroom/backend/core"
)

func TestEveryKnownKeychainErrorHasItsCode(t *testing.T) {
	for _, c := range []struct {
		err  error
		want core.Code
	}{
		{&exec.Error{Name: "dbus-launch", Err: exec.ErrNotFound}, core.Unsupported},
		{&net.OpError{Op: "dial", Net: "unix", Err: os.ErrNotExist}, core.Unsupported},
		{dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown", Body: []any{"not provided by any .service files"}}, core.Unsupported},
		{errors.New("failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'"), core.Forbidden},
		{errors.New("dbus: couldn't determine address of session bus"), core.Unsupported},
		{keyring.ErrUnsupportedPlatform, core.Unsupported},
		{keyring.ErrNotFound, core.NotFound},
		{keyring.ErrSetDataTooBig, core.TooBig},
		{errors.New("something new"), core.Internal},
	} {
		if got := core.CodeOf(keychainError("read key", c.err)); got != c.want {
			t.Errorf("%v: code %s, want %s", c.err, got, c.want)
		}
	}
}

func TestWithoutABusNoBusIsStarted(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux keychains sit on a bus")
	}
	if _, err := os.Stat("/run/user"); err == nil && busOfTheDesktop() {
		t.Skip("this desktop has a bus that cannot be hidden")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	_, err := System().Get(t.Context(), "x")
	if core.CodeOf(err) != core.Unsupported {
		t.Fatalf("error %v, want unsupported", err)
	}
}

func busOfTheDesktop() bool {
	found, _ := filepath.Glob("/run/user/*/bus")
	return len(found) > 0
}

func TestADeadBusIsNoKeychain(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux keychains sit on a bus")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	_, err := System().Get(t.Context(), "x")
	if core.CodeOf(err) != core.Unsupported {
		t.Fatalf("error %v, want unsupported", err)
	}
}

func TestAnUnansweredPromptEndsWithTheContext(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	err := ask(ctx, "read key", func() error { cancel(); <-release; return nil })
	if core.CodeOf(err) != core.Canceled {
		t.Fatalf("error %v, want canceled", err)
	}
}
