package api

import (
	"context"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"mailroom/backend/core"
	"mailroom/backend/preset"
)

// App answers for the program itself: its version, settings, data and end.
type App struct {
	api         *API
	asking      atomic.Bool // the page shows the question at closing
	questioning atomic.Bool // it was told to ask
}

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
	Language Language     `json:"language"`
	Theme    Theme        `json:"theme"`
	Resume   ResumePolicy `json:"resume"` // which moves go on by themselves when the program starts
	Quiet    bool         `json:"quiet"`  // no notices of the computer: news stay in the window
}

// Info tells what program this is.
func (a *App) Info() (AppInfo, error) {
	return guard("app info", func() (AppInfo, error) {
		c := &a.api.cfg
		return AppInfo{
			Name: "Mailroom", Version: c.Version, OS: runtime.GOOS, Arch: runtime.GOARCH,
			DataDir: c.DataDir, Language: languageOf(c.Locale),
		}, nil
	})
}

// languageOf picks the language for a locale such as zh_CN.UTF-8 or en-GB.
func languageOf(locale string) Language {
	locale = strings.ToLower(locale)
	switch {
	case strings.HasPrefix(locale, "zh"):
		return LanguageChinese
	case strings.HasPrefix(locale, "en"):
		return LanguageEnglish
	}
	return LanguageSystem
}

// Startup tells whether the data is open. The page asks first of all and then
// listens to app:ready.
func (a *App) Startup() (Startup, error) {
	return guard("startup", func() (Startup, error) { return a.api.startup(), nil })
}

func (a *API) startup() Startup {
	select {
	case <-a.opened:
		return Startup{Ready: a.problem == nil && a.data != nil, Problem: problemOf(a.problem)}
	default:
		return Startup{}
	}
}

// Settings tells the person's choices.
func (a *App) Settings() (Settings, error) {
	return with(a.api, "read settings", func(ctx context.Context, d *data) (Settings, error) {
		return d.settings(ctx)
	})
}

func (d *data) settings(ctx context.Context) (Settings, error) {
	s := Settings{Theme: ThemeSystem, Resume: ResumeScheduled}
	err := d.setting(ctx, "window", &s)
	return s, err
}

// SaveSettings keeps the person's choices and returns them as kept.
func (a *App) SaveSettings(s Settings) (Settings, error) {
	return with(a.api, "save settings", func(ctx context.Context, d *data) (Settings, error) {
		if s.Resume == "" {
			s.Resume = ResumeScheduled
		}
		if !has(languages, s.Language) || !has(themes, s.Theme) || !has(resumePolicies, s.Resume) {
			return s, core.E(core.Invalid, "save settings", nil, "field", "settings", "reason", "unknown")
		}
		return s, d.setSetting(ctx, "window", s)
	})
}

func has[T comparable](set []enum[T], v T) bool {
	return slices.ContainsFunc(set, func(e enum[T]) bool { return e.Value == v })
}

// OpenLink shows a web page in the person's browser. Only https links to hosts of
// the allow-list are opened, and the very pages that adapters and connected offices
// name; others are a forbidden error with the argument host.
func (a *App) OpenLink(link string) error {
	return guardDo("open link", func() error {
		u, err := url.Parse(link)
		known := func() bool { return u.Port() == "" && linkAllowed(u.Hostname()) || a.api.officeNames(link) }
		if err != nil || u.Scheme != "https" || u.User != nil || !known() {
			host := ""
			if u != nil {
				host = u.Hostname()
			}
			return core.E(core.Forbidden, "open link", nil, "host", host)
		}
		a.api.cfg.Desktop.Browse(u.String())
		return nil
	})
}

// linkHosts are the providers' own pages; their subdomains count. The hosts that the
// data of the providers point to are allowed besides, see [preset.LinkHosts].
var linkHosts = []string{
	"qq.com", "tencent.com", "163.com", "126.com", "netease.com", "aliyun.com", "alibabacloud.com",
	"google.com", "microsoft.com", "office.com", "apple.com", "sina.com.cn", "sohu.com", "139.com", "189.cn",
	"yahoo.com", "zoho.com", "fastmail.com", "proton.me",
}

func linkAllowed(host string) bool {
	host = strings.ToLower(host)
	return slices.ContainsFunc(linkHosts, func(known string) bool {
		return host == known || strings.HasSuffix(host, "."+known)
	}) || slices.Contains(preset.LinkHosts(), host)
}

// officeNames tells whether an adapter or a connected office names the page.
func (a *API) officeNames(page string) bool {
	select {
	case <-a.opened:
		return a.problem == nil && a.data != nil && a.data.house != nil && a.data.house.Names(page)
	default:
		return false
	}
}

// OpenDataFolder shows the data folder in the computer's file manager.
func (a *App) OpenDataFolder() error {
	return guardDo("open data folder", func() error {
		if err := a.api.frontDesk.refused("open data folder"); err != nil {
			return err
		}
		return a.api.cfg.Desktop.ShowFolder(a.api.cfg.DataDir)
	})
}

// Cancel stops the call that was given this request ID; unknown IDs are ignored.
func (a *App) Cancel(requestID string) error {
	return guardDo("cancel", func() error { a.api.calls.stop(requestID); return nil })
}

// CloseAsked tells that the page is showing the question of app:closing. Without
// it the next attempt closes the window, so that a broken page cannot lock it.
func (a *App) CloseAsked() error {
	return guardDo("close asked", func() error { a.asking.Store(true); return nil })
}

// Quit pauses the work cleanly and ends the program, without asking again.
func (a *App) Quit() error {
	return guardDo("quit", func() error { a.api.cfg.Desktop.Quit(); return nil })
}

// MayClose says whether the window may be closed now. If work is at hand the page
// is told to ask, unless it was told before and never answered.
func (a *API) MayClose() bool {
	n := a.Working()
	if n == 0 || a.app.questioning.Load() && !a.app.asking.Load() {
		return true
	}
	a.app.questioning.Store(true)
	a.app.asking.Store(false)
	a.cfg.Desktop.Emit("app:closing", CloseAsked{Running: n})
	return false
}

// Events does nothing; its result makes the generator write the event types.
func (a *App) Events() (Events, error) { return Events{}, nil }
