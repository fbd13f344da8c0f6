// Package cli holds the verbs of the terminal: move, verify, undo, practice, check, cards, seal, version,
// office, people, departments, lists for offices that are administered at their provider, and
// records, archive for what happened in their mail.
// They are stable: scripts and tests stand on their flags, their JSON and their exit
// codes.
//
// It leaves out how mail is moved (package migrate) and the window. Its sentences for
// people stand in words.go, in Chinese and English.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"mailroom/backend/core"
	"mailroom/backend/invite"
	"mailroom/backend/oauth"
	"mailroom/backend/provider"
	"mailroom/backend/report"
	"mailroom/backend/secret"
)

// Env is what the verbs take from their surroundings.
type Env struct {
	Version  string
	Words    fs.FS               // the page's texts, one folder per language; for what verbs and papers share with the page
	Getenv   func(string) string // nil: the process's
	SignIn   []oauth.Service     // places where tokens come from; nil: those of Google and Microsoft
	Adapters *provider.Registry  // the kinds of offices that can be administered; nil: none
	Keychain secret.Keychain     // guards the vault of stored offices; nil: a passphrase does
	Exit     func(int)           // ends the process at the second Ctrl-C; nil: os.Exit
}

var verbs = []string{"move", "verify", "undo", "practice", "check", "cards", "seal", "office", "people", "departments", "lists", "records", "archive", "version", "help", "--help", "-h", "--version"}

var plainWord = regexp.MustCompile(`^[a-z]{2,20}$`)

// IsVerb says whether the arguments (without the program's name) call for the terminal
// rather than the window: a verb, a question for help, or a word that is no file, so
// that a mistyped verb is told and does not open a window.
func IsVerb(args []string) bool {
	if len(args) == 0 {
		return false
	}
	if slices.Contains(verbs, args[0]) {
		return true
	}
	if _, err := os.Lstat(args[0]); err == nil {
		return false
	}
	return plainWord.MatchString(args[0])
}

// run is one call of a verb.
type run struct {
	env     Env
	stdin   io.Reader
	stdout  io.Writer
	stderr  io.Writer
	words   language
	page    *report.Words // the page's texts, once they are wanted
	json    *events       // nil without --json
	log     *slog.Logger
	asked   map[string]string    // passwords typed at the prompt, by side
	keys    map[string]oauth.Key // service accounts' key files, by path
	writes  bool                 // the verb changes the destination
	seal    bool                 // copies into archives are sealed
	tokens  oauth.Keeper
	numbers *numbers

	invited *invite.Invitation                // with --invite
	papers  func([]*outcome, int) (err error) // writes what is to be handed over; nil: nothing
	saved   []string                          // what was written, in sentences
}

// Run carries out the arguments and returns the exit code; see [Exit codes]. When ctx
// ends (the first Ctrl-C) it stops cleanly; the next interrupt ends the process.
//
// [Exit codes]: 0 all arrived; 1 usage or own fault; 2 messages left behind; 3 sign-in
// refused; 4 unreachable or interrupted. Over several mailboxes the first of 1, 3, 4,
// 2 that occurs: what needs a person comes before what needs another try.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, env Env) int {
	if env.Getenv == nil {
		env.Getenv = os.Getenv
	}
	if env.Exit == nil {
		env.Exit = os.Exit
	}
	r := &run{env: env, stdin: stdin, stdout: stdout, stderr: stderr, words: languageOf(env.Getenv), log: slog.New(slog.DiscardHandler), asked: map[string]string{}, keys: map[string]oauth.Key{}, numbers: &numbers{}}
	if slices.Contains(args, "--json") {
		r.json = newEvents(stdout)
	}
	defer thrift(env.Getenv)()
	verb, exit, err := r.parse(args)
	if verb == nil {
		if err != nil {
			return r.fail(core.E(core.Invalid, "arguments", err, "problem", "usage", "text", err.Error()))
		}
		return exit
	}
	defer r.watchInterrupt(ctx)()
	return verb.run(ctx, r)
}

// verb is one parsed command line.
type verb interface {
	run(ctx context.Context, r *run) int
}

// leave ends kong's parsing after a help text.
type leave int

// parse returns the verb, or nil with an exit code (after help) or an error.
func (r *run) parse(args []string) (v verb, exit int, err error) {
	if len(args) > 0 && (args[0] == "help" || args[0] == "-h") {
		args = append(slices.Clone(args[1:]), "--help")
	}
	if len(args) > 0 && args[0] == "--version" {
		args = []string{"version"}
	}
	g := &grammar{}
	parser, err := kong.New(g, kong.Name("mailroom"), kong.Description(r.words.say("help.program")), kong.Writers(r.stdout, r.stderr),
		kong.Exit(func(code int) { panic(leave(code)) }), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.ValueFormatter(kong.DefaultHelpValueFormatter))
	if err == nil {
		err = r.words.fillHelp(parser.Model.Node)
	}
	if err != nil {
		return nil, exitFault, err
	}
	defer func() {
		if p := recover(); p != nil {
			code, ok := p.(leave)
			if !ok {
				panic(p)
			}
			v, exit, err = nil, int(code), nil
		}
	}()
	c, err := parser.Parse(args)
	if err != nil {
		return nil, exitFault, err
	}
	return g.chosen(c.Command()), 0, nil
}

// fail tells an error that ended everything before any mailbox, and returns the code.
func (r *run) fail(errs ...error) int {
	worst := exitOK
	for i, err := range errs {
		r.log.Error("failed", "code", core.CodeOf(err), "error", err.Error())
		if r.json == nil && i < 50 {
			fmt.Fprintln(r.stderr, "mailroom: "+r.explain(err))
		}
		worst = worse(worst, exitOf(core.CodeOf(err)))
	}
	if r.json != nil {
		r.json.summary(nil, errs)
	}
	return worst
}

// openLog sends the log to a file that grows; "" keeps it off.
func (r *run) openLog(path string) (func(), error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, core.E(core.ReadOnly, "open log", err, "file", path)
	}
	r.log = slog.New(slog.NewTextHandler(f, nil))
	return func() { _ = f.Close() }, nil
}

// watchInterrupt says what the first Ctrl-C does and lets the second one end the
// process at once.
func (r *run) watchInterrupt(ctx context.Context) (stop func()) {
	done, left := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(left)
		select {
		case <-done:
			return
		case <-ctx.Done():
		}
		again := make(chan os.Signal, 1)
		signal.Notify(again, os.Interrupt, syscall.SIGTERM)
		defer signal.Stop(again)
		if !errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
			fmt.Fprintln(r.stderr, "\n"+r.words.say("stopping"))
		}
		select {
		case <-done:
		case <-again:
			r.env.Exit(exitInterrupted)
		}
	}()
	return func() { close(done); <-left }
}

// thrift bounds the memory: moving mail makes much garbage and holds little. The
// user's own GOGC and GOMEMLIMIT count for more.
func thrift(getenv func(string) string) (restore func()) {
	percent, limit := -1, int64(-1)
	if getenv("GOGC") == "" {
		percent = debug.SetGCPercent(50)
	}
	if getenv("GOMEMLIMIT") == "" {
		limit = debug.SetMemoryLimit(softLimit)
	}
	return func() {
		if percent >= 0 {
			debug.SetGCPercent(percent)
		}
		if limit >= 0 {
			debug.SetMemoryLimit(limit)
		}
	}
}

// softLimit leaves room below 120 MB for the program itself and for SQLite's pages.
const softLimit = 72 << 20

// printable makes foreign text harmless for a terminal and keeps it on one line.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029' || (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069') {
			return ' '
		}
		return c
	}, s)
}
