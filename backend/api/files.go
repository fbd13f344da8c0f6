package api

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"mailroom/backend/core"
)

// archiveURL splits "maildir:DIR" and its kin.
func archiveURL(url string) (kind EndpointKind, path string, ok bool) {
	scheme, path, found := strings.Cut(url, ":")
	switch kind = EndpointKind(strings.ToLower(scheme)); kind {
	case KindMaildir, KindMbox, KindEML:
		return kind, path, found
	}
	return "", "", false
}

// folderThere says whether the folder that is to hold a path exists.
func folderThere(path string) bool {
	info, err := os.Stat(filepath.Dir(path))
	return err == nil && info.IsDir()
}

// writeFile writes a file that the person chose: whole or not at all.
func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fileError(path, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
			err = fileError(path, err)
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// fileError gives a file trouble its code; an error that has one keeps it.
func fileError(path string, err error) error {
	if _, ok := errors.AsType[*core.Error](err); ok {
		return err
	}
	code := core.Internal
	switch {
	case errors.Is(err, syscall.ENOSPC):
		code = core.DiskFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		code = core.ReadOnly
	case errors.Is(err, fs.ErrNotExist):
		code = core.NotFound
	}
	return core.E(code, "write file", err, "file", path)
}

// fileName makes a name for a file of words: without what a system forbids in names.
func fileName(words string) string {
	name := strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`\/:*?"<>|`, r) {
			return '-'
		}
		return r
	}, words))
	if name == "" || len(name) > 120 {
		return "mailroom"
	}
	return name
}
