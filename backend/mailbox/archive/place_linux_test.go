package archive_test

import (
	"errors"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"mailroom/backend/core"
)

// limitFileSize makes every write beyond n bytes of a file fail, as a full disk would.
func limitFileSize(n uint64) {
	signal.Ignore(syscall.SIGXFSZ)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
		panic(err)
	}
}

func TestAFolderThatCannotBeWrittenIsTold(t *testing.T) {
	for name, url := range urls {
		dir := t.TempDir()
		a := account(t, url(dir), true)
		if err := errors.Join(os.Chmod(filepath.Dir(dir), 0o755), os.Chmod(dir, 0o555)); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() {
			// Root may write everywhere; as somebody else this thread may not. It is never
			// unlocked and ends with the goroutine.
			runtime.LockOSThread()
			if os.Getuid() == 0 {
				if err := syscall.Setfsuid(65534); err != nil {
					done <- err
					return
				}
			}
			s, err := a.Open(t.Context())
			if err == nil {
				err = s.Close()
			}
			done <- err
		}()
		err := <-done
		path := core.ArgsOf(err)["path"]
		if core.CodeOf(err) != core.ReadOnly || !filepath.IsAbs(path) {
			t.Errorf("%s: %v (%q)", name, err, path)
		}
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}
