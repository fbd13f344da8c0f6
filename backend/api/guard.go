package api

import (
	"fmt"
	"log/slog"
	"runtime/debug"

	"mailroom/backend/core"
)

// guard runs one bound method. A panic becomes an internal error, logged with its
// stack: Wails itself would log the call's arguments and leave the page waiting
// for ever. An error is logged here once, without arguments.
func guard[T any](op string, f func() (T, error)) (result T, err error) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("panic in a call of the page", "op", op, "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			err = core.E(core.Internal, op, nil)
		}
	}()
	result, err = f()
	if err != nil {
		slog.Warn("a call of the page ended in an error", "op", op, "code", core.CodeOf(err), "err", err)
	}
	return result, err
}

// guardDo is [guard] for methods without a result.
func guardDo(op string, f func() error) error {
	_, err := guard(op, func() (struct{}, error) { return struct{}{}, f() })
	return err
}
