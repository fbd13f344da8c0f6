package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/adrg/xdg"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"mailroom/backend/api"
	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
	"mailroom/frontend/src/i18n/locales"
)

// farewell bounds the wait for work that is asked to stop when the program ends.
const farewell = 20 * time.Second

// desktop ties the services to the window. It does no I/O before startup.
type desktop struct {
	api      *api.API
	dir      string
	ctx      context.Context // Wails' own; every runtime call needs it. Set in startup.
	quitting atomic.Bool
	normal   place // the window when it is not maximised, as far as known
	log      logFile

	notices    sync.Once // prepares notifications when the first is shown
	noticesErr error
}

func newDesktop() *desktop {
	d := &desktop{dir: dataDir()}
	size, _ := strconv.Atoi(os.Getenv("MAILROOM_PRACTICE_SIZE")) // 0: the usual size
	d.api = api.New(api.Config{
		Version: version, DataDir: d.dir, Locale: locale(), Words: locales.FS, Desktop: d,
		Keychain: secret.System(), PracticeSize: size, SignIn: signInPlaces(), Resolvers: resolvers(),
		Rehearsal: os.Getenv("MAILROOM_REHEARSAL"), ByHand: os.Getenv("MAILROOM_BY_HAND") != "", Adapters: provider.NewRegistry(makers()...),
	})
	return d
}

// resolvers are the DNS servers of MAILROOM_RESOLVER ("host:port", several with commas
// between them) for offices and tests with zones of their own; none: the computer's.
func resolvers() []string {
	return strings.FieldsFunc(os.Getenv("MAILROOM_RESOLVER"), func(r rune) bool { return r == ',' || r == ' ' })
}

// dataDir is where everything is kept: MAILROOM_HOME, or the system's place for
// the data of a program.
func dataDir() string {
	if dir := os.Getenv("MAILROOM_HOME"); dir != "" {
		if abs, err := filepath.Abs(dir); err == nil {
			return abs
		}
	}
	return filepath.Join(xdg.DataHome, "mailroom")
}

// locale is the person's, where the environment tells it (not on Windows and macOS:
// there the page asks the web view).
func locale() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		v := os.Getenv(name)
		if v == "" {
			continue
		}
		// A list of wishes, which counts wherever words are translated at all.
		first, _, _ := strings.Cut(os.Getenv("LANGUAGE"), ":")
		if plain := v == "C" || v == "POSIX" || strings.HasPrefix(v, "C."); first != "" && !plain {
			return first
		}
		return v
	}
	return ""
}

// startup runs when the window exists.
func (d *desktop) startup(ctx context.Context) {
	d.ctx = ctx
	d.restore(ctx)
	if err := d.log.open(d.dir); err != nil {
		slog.Warn("no log file", "err", err)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-stop
		d.Quit()
	}()
	if file := offered(os.Args[1:], ""); file != "" {
		d.api.Offer(file)
	}
	go d.api.Open()
}

// offered is the invitation or result among a program's arguments; "" if there is none.
// What is not absolute stands in the folder where the program was started.
func offered(args []string, dir string) string {
	for _, arg := range args {
		if !strings.EqualFold(filepath.Ext(arg), ".mailroom") {
			continue
		}
		if !filepath.IsAbs(arg) && dir != "" {
			arg = filepath.Join(dir, arg)
		}
		if abs, err := filepath.Abs(arg); err == nil {
			return abs
		}
	}
	return ""
}

// beforeClose returns true to keep the window.
func (d *desktop) beforeClose(ctx context.Context) bool {
	if !d.quitting.Load() && !d.api.MayClose() {
		return true
	}
	d.remember(ctx)
	return false
}

// shutdown runs after the window is gone; the process ends when it returns.
func (d *desktop) shutdown(context.Context) {
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	if err := d.api.Close(ctx); err != nil {
		slog.Error("the data was not closed cleanly", "err", err)
	}
	d.log.close()
}

// secondInstance shows this window when the program is started once more.
func (d *desktop) secondInstance(second options.SecondInstanceData) {
	if d.ctx == nil {
		return
	}
	if file := offered(second.Args, second.WorkingDirectory); file != "" {
		d.api.Offer(file)
	}
	runtime.WindowUnminimise(d.ctx)
	runtime.Show(d.ctx)
	runtime.WindowShow(d.ctx)
}

// Emit sends an event to the page.
func (d *desktop) Emit(name string, payload any) {
	if d.ctx != nil {
		runtime.EventsEmit(d.ctx, name, payload)
	}
}

// PickFile shows the dialog for an existing file.
func (d *desktop) PickFile(f api.FileFilter) (string, error) {
	name := "people.csv"
	if strings.Contains(f.Patterns, ".mailroom") {
		name = "opened.mailroom"
	}
	if path, ok := answered(name); ok {
		return path, nil
	}
	return picked(runtime.OpenFileDialog(d.ctx, runtime.OpenDialogOptions{Filters: filters(f)}))
}

// PickFiles shows the dialog for existing files.
func (d *desktop) PickFiles(f api.FileFilter) ([]string, error) {
	if path, ok := answered("reports.zip"); ok {
		return []string{path}, nil
	}
	paths, err := runtime.OpenMultipleFilesDialog(d.ctx, runtime.OpenDialogOptions{Filters: filters(f)})
	_, err = picked("", err)
	return paths, err
}

// PickFolder shows the dialog for a folder.
func (d *desktop) PickFolder() (string, error) {
	if path, ok := answered("archive"); ok {
		return path, nil
	}
	return picked(runtime.OpenDirectoryDialog(d.ctx, runtime.OpenDialogOptions{CanCreateDirectories: true}))
}

// PickNew shows the dialog for a file to be written.
func (d *desktop) PickNew(name string, f api.FileFilter) (string, error) {
	if path, ok := answered(filepath.Base(name)); ok {
		return path, nil
	}
	return picked(runtime.SaveFileDialog(d.ctx, runtime.SaveDialogOptions{
		DefaultFilename: name, Filters: filters(f), CanCreateDirectories: true,
	}))
}

func filters(f api.FileFilter) []runtime.FileFilter {
	return []runtime.FileFilter{{DisplayName: f.Name, Pattern: f.Patterns}}
}

func picked(path string, err error) (string, error) {
	if err != nil {
		return "", core.E(core.Unsupported, "show dialog", err)
	}
	return path, nil
}

// Browse shows an address in the person's browser.
func (d *desktop) Browse(url string) { runtime.BrowserOpenURL(d.ctx, url) }

// Notify shows a notification of the system.
func (d *desktop) Notify(title, text string) error {
	d.notices.Do(func() {
		if d.noticesErr = runtime.InitializeNotifications(d.ctx); d.noticesErr == nil {
			// macOS asks the person once; the others say yes.
			if allowed, err := runtime.RequestNotificationAuthorization(d.ctx); err != nil || !allowed {
				d.noticesErr = errors.Join(errNotAllowed, err)
			}
		}
	})
	err := d.noticesErr
	if err == nil {
		err = runtime.SendNotification(d.ctx, runtime.NotificationOptions{ID: rand.Text(), Title: title, Body: text})
	}
	if err != nil {
		return core.E(core.Unsupported, "notify", err)
	}
	return nil
}

var errNotAllowed = errors.New("notifications are not allowed")

// Quit ends the program without asking.
func (d *desktop) Quit() {
	d.quitting.Store(true)
	runtime.Quit(d.ctx)
}
