package secret

import (
	"context"
	"encoding/base64"
	"errors"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"

	"mailroom/backend/core"
)

// service is the name under which the operating system shows our key to people.
const service = "Mailroom"

// Keychain is a place that the operating system guards. Accounts are names of
// vaults, secrets are one key of 32 bytes each.
//
// Errors: not_found (no such account), unsupported (no keychain answers here),
// forbidden (it is locked, or the person said no), too_big, canceled, timeout.
type Keychain interface {
	Get(ctx context.Context, account string) ([]byte, error)
	Set(ctx context.Context, account string, key []byte) error
	Delete(ctx context.Context, account string) error
}

// System is the operating system's keychain: the Credential Manager of Windows,
// the login keychain of macOS, the Secret Service of Linux desktops.
func System() Keychain { return system{} }

type system struct{}

func (system) Get(ctx context.Context, account string) ([]byte, error) {
	var text string
	err := ask(ctx, "read key", func() (err error) {
		text, err = keyring.Get(service, account)
		return err
	})
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != keySize {
		// The cause would quote the text, which may be most of a key.
		return nil, core.E(core.Malformed, "read key", nil, "place", "keychain")
	}
	return key, nil
}

func (system) Set(ctx context.Context, account string, key []byte) error {
	text := base64.StdEncoding.EncodeToString(key)
	return ask(ctx, "store key", func() error { return keyring.Set(service, account, text) })
}

func (system) Delete(ctx context.Context, account string) error {
	return ask(ctx, "delete key", func() error { return keyring.Delete(service, account) })
}

// patience bounds one call: a person reads a prompt and types a password; a bus that
// swallows calls must not hold the program for ever.
const patience = 2 * time.Minute

// ask runs a keychain call that may wait for a person to answer a prompt. When ctx
// ends first the call is left to finish by itself: it cannot be stopped.
func ask(ctx context.Context, op string, call func() error) error {
	if !busLikely() {
		return core.E(core.Unsupported, op, errors.New("no session bus"), "place", "keychain")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- call() }()
	select {
	case err := <-done:
		return keychainError(op, err)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// busLikely is false where the library would start a session bus of its own with
// dbus-launch: such a bus is never ended and holds no keychain anyhow.
func busLikely() bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return true
	}
	if a := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); a != "" && a != "autolaunch:" {
		return true
	}
	run := "/run/user/" + strconv.Itoa(os.Getuid())
	for _, name := range []string{"/bus", "/dbus-session"} {
		if _, err := os.Stat(run + name); err == nil {
			return true
		}
	}
	return false
}

// keychainError classifies what go-keyring v0.2.8 returns; most of it is untyped
// and can be told by its text only.
func keychainError(op string, err error) error {
	if err == nil {
		return nil
	}
	code := core.Internal
	text := err.Error()
	_, isExec := errors.AsType[*exec.Error](err)
	_, isNet := errors.AsType[*net.OpError](err)
	_, isBus := errors.AsType[dbus.Error](err)
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		code = core.NotFound
	case errors.Is(err, keyring.ErrSetDataTooBig):
		code = core.TooBig
	case strings.Contains(text, "failed to unlock"), strings.Contains(text, "ser interaction is not allowed"):
		code = core.Forbidden
	case errors.Is(err, keyring.ErrUnsupportedPlatform), isExec, isNet, isBus, errors.Is(err, dbus.ErrClosed),
		strings.Contains(text, "session bus"):
		code = core.Unsupported
	}
	return core.E(code, op, err, "place", "keychain")
}
