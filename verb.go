package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"mailroom/backend/cli"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
	"mailroom/frontend/src/i18n/locales"
)

// isVerb says whether the arguments ask for work in the terminal.
func isVerb(args []string) bool { return cli.IsVerb(args) }

// runVerb runs a verb and returns the exit code. The first Ctrl-C stops the verb cleanly,
// see [cli.Run].
func runVerb(args []string) int {
	attachConsole()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return cli.Run(ctx, args, os.Stdin, os.Stdout, os.Stderr, cli.Env{
		Version: version, Words: locales.FS, Adapters: provider.NewRegistry(makers()...), Keychain: secret.System(),
	})
}
