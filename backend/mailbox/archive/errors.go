package archive

import (
	"context"
	"errors"
	"io/fs"

	"mailroom/backend/core"
)

// readFailure codes an error met while reading path.
func readFailure(act, path string, err error) error {
	coded := (*core.Error)(nil)
	switch {
	case err == nil:
		return nil
	case isContext(err), errors.As(err, &coded):
		return err
	case errors.Is(err, fs.ErrNotExist):
		return core.E(core.NotFound, act, err, "path", path)
	case errors.Is(err, fs.ErrPermission):
		return core.E(core.Forbidden, act, err, "path", path)
	}
	return core.E(core.Unreachable, act, err, "path", path)
}

// writeFailure codes an error met while writing path.
func writeFailure(act, path string, err error) error {
	coded := (*core.Error)(nil)
	switch {
	case err == nil:
		return nil
	case isContext(err), errors.As(err, &coded):
		return err
	case isDiskFull(err):
		return core.E(core.DiskFull, act, err, "path", path)
	case isReadOnly(err), errors.Is(err, fs.ErrPermission):
		return core.E(core.ReadOnly, act, err, "path", path)
	case errors.Is(err, fs.ErrNotExist):
		return core.E(core.NotFound, act, err, "path", path)
	}
	return core.E(core.Unreachable, act, err, "path", path)
}

func isContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
