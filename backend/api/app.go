package api

import "mailroom/backend/core"

// App answers for the program itself: its version, settings, data and end.
type App struct{}

// AppInfo are facts about the program.
type AppInfo struct {
	Name     string   `json:"name"`
	Version  string   `json:"version"`
	OS       string   `json:"os"`   // linux, windows, darwin
	Arch     string   `json:"arch"` // amd64, arm64
	DataDir  string   `json:"dataDir"`
	Language Language `json:"language"` // of the computer, as far as Mailroom speaks it
}

// Startup says whether the data could be opened.
type Startup struct {
	Ready   bool     `json:"ready"`             // false with no problem: still opening
	Problem *Problem `json:"problem,omitempty"` // in_use, newer_data, read_only, disk_full …; nothing else works then
}

// Settings are the person's choices about the window.
type Settings struct {
	Language Language `json:"language"`
	Theme    Theme    `json:"theme"`
}

// Info tells what program this is.
func (a *App) Info() (AppInfo, error) { return AppInfo{}, errUnwired }

// Startup tells whether the data is open. The page asks first of all and then
// listens to app:ready.
func (a *App) Startup() (Startup, error) { return Startup{}, errUnwired }

// Settings tells the person's choices.
func (a *App) Settings() (Settings, error) { return Settings{}, errUnwired }

// SaveSettings keeps the person's choices and returns them as kept.
func (a *App) SaveSettings(s Settings) (Settings, error) { return s, errUnwired }

// OpenLink shows a web page in the person's browser. Only https links to hosts of
// the allow-list are opened; others are a forbidden error with the argument host.
func (a *App) OpenLink(url string) error { return errUnwired }

// OpenDataFolder shows the data folder in the computer's file manager.
func (a *App) OpenDataFolder() error { return errUnwired }

// Cancel stops the call that was given this request ID; unknown IDs are ignored.
func (a *App) Cancel(requestID string) error { return errUnwired }

// CloseAsked tells that the page is showing the question of app:closing. Without
// it the next attempt closes the window, so that a broken page cannot lock it.
func (a *App) CloseAsked() error { return errUnwired }

// Quit pauses the work cleanly and ends the program, without asking again.
func (a *App) Quit() error { return errUnwired }

// Events does nothing; its result makes the generator write the event types.
func (a *App) Events() (Events, error) { return Events{}, nil }

var errUnwired = core.E(core.Unsupported, "call", nil)
