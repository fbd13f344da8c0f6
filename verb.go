package main

import (
	"context"
	"os"

	"mailroom/backend/cli"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
	"mailroom/frontend/src/i18n/locales"
)

// isVerb says whether the arguments ask for work in the terminal.
func isVerb(args []string) bool { return cli.IsVerb(args) }

// runVerb runs a verb and returns the exit code.
func runVerb(args []string) int {
	attachConsole()
	return cli.Run(context.Background(), args, os.Stdin, os.Stdout, os.Stderr, cli.Env{Version: version, Words: locales.FS, Adapters: provider.NewRegistry(makers()...), Keychain: secret.System()})
}
