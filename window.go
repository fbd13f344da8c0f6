package main

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path/filepath"
	goruntime "runtime"

	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/mac"
	"github.com/wailsapp/wails/v2/pkg/options/windows"

	"mailroom/backend/api"
)

// window describes the window.
func window(d *desktop) *options.App {
	return &options.App{
		Title:              "Mailroom 收发室",
		Width:              usualWidth,
		Height:             usualHeight,
		MinWidth:           leastWidth,
		MinHeight:          leastHeight,
		BackgroundColour:   options.NewRGB(245, 246, 248),
		AssetServer:        &assetserver.Options{Assets: assets, Middleware: middleware},
		Menu:               systemMenu(),
		Logger:             redactor{},
		LogLevel:           logger.WARNING,
		LogLevelProduction: logger.WARNING,
		OnStartup:          d.startup,
		OnBeforeClose:      d.beforeClose,
		OnShutdown:         d.shutdown,
		ErrorFormatter:     api.FormatError,
		Bind:               d.api.Services(),
		EnumBind:           d.api.Enums(),
		SingleInstanceLock: &options.SingleInstanceLock{UniqueId: instance(d.dir), OnSecondInstanceLaunch: d.secondInstance},
		// Saved mail is dropped on the doctor's readers. The page itself keeps a dropped
		// file from replacing it.
		DragAndDrop: &options.DragAndDrop{EnableFileDrop: true},
		Linux: &linux.Options{
			Icon:        icon,
			ProgramName: "mailroom",
			// "Never" is the one value that v2.16's Go and C sides agree about, and the
			// page needs no acceleration.
			WebviewGpuPolicy: linux.WebviewGpuPolicyNever,
		},
		Windows: &windows.Options{WebviewUserDataPath: filepath.Join(d.dir, "webview")},
		Mac:     &mac.Options{OnFileOpen: d.api.Offer, About: &mac.AboutInfo{Title: "Mailroom 收发室", Message: version, Icon: icon}},
	}
}

// instance names the copy of the program that works on a data folder.
func instance(dir string) string {
	sum := sha256.Sum256([]byte(dir))
	return "mailroom-" + hex.EncodeToString(sum[:8])
}

// systemMenu holds the roles without which macOS does not even copy and paste. The
// other systems show menus in the window, where the page has its own.
func systemMenu() *menu.Menu {
	if goruntime.GOOS != "darwin" {
		return nil
	}
	return menu.NewMenuFromItems(menu.AppMenu(), menu.EditMenu(), menu.WindowMenu())
}

// policy is what the page may load and where it may send: itself, nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-src 'none'; frame-ancestors 'none'"

// middleware guards every answer of the page's server.
func middleware(next http.Handler) http.Handler {
	next = onlyOneFrontend(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}
