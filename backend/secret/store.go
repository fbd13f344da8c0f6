package secret

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"mailroom/backend/core"
)

// FileName is the vault's name inside the data folder.
const FileName = "vault.json"

// fileStore keeps the vault in one file, replaced by rename so that a power cut
// leaves the old or the new one, never half of one.
type fileStore struct{ dir, path string }

func newFileStore(dir string) *fileStore {
	return &fileStore{dir: dir, path: filepath.Join(dir, FileName)}
}

// load returns the bytes; nil without an error where there are none yet.
func (s *fileStore) load() ([]byte, error) {
	f, err := os.Open(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, diskError("open vault", s.path, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, diskError("read vault", s.path, err)
	}
	if data == nil {
		data = []byte{} // an empty file is a damaged vault, not a new one
	}
	return data, nil
}

// update replaces the bytes by what change makes of them, all or nothing, and lets no
// other update in between. An error of change is returned as it is.
func (s *fileStore) update(ctx context.Context, change func([]byte) ([]byte, error)) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return diskError("make data folder", s.dir, err)
	}
	// The window and a verb may both be at work; the lock lasts for one replacement.
	guard := flock.New(s.path+".lock", flock.SetPermissions(0o600))
	if _, err := guard.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return diskError("lock vault", s.path, err)
	}
	defer func() { _ = guard.Unlock() }()
	old, err := s.load()
	if err != nil {
		return err
	}
	data, err := change(old)
	if err != nil {
		return err
	}
	if err := replaceFile(s.path, data); err != nil {
		return diskError("write vault", s.path, err)
	}
	return nil
}

// replaceFile writes data beside path, syncs it and renames it over path.
func replaceFile(path string, data []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tmp.Close()
			_ = os.Remove(tmp.Name())
		}
	}()
	if _, err = tmp.Write(data); err != nil {
		return err
	}
	if err = tmp.Sync(); err != nil {
		return err
	}
	if err = tmp.Close(); err != nil {
		return err
	}
	if err = os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the rename itself durable. Windows has no such call and needs none.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Windows error numbers that package syscall does not name.
const (
	windowsWriteProtect = syscall.Errno(19)  // ERROR_WRITE_PROTECT
	windowsDiskFull     = syscall.Errno(112) // ERROR_DISK_FULL
)

// diskError gives a file system's error its code and names the file.
func diskError(op, path string, err error) error {
	code := core.Internal
	windows := runtime.GOOS == "windows"
	switch {
	case errors.Is(err, syscall.ENOSPC), windows && errors.Is(err, windowsDiskFull):
		code = core.DiskFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), windows && errors.Is(err, windowsWriteProtect):
		code = core.ReadOnly
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EISDIR):
		code = core.Invalid
	}
	return core.E(code, op, err, "file", path)
}
