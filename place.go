package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// The window's usual and its smallest size.
const (
	usualWidth, usualHeight = 1280, 820
	leastWidth, leastHeight = 1024, 640
)

// place is where the window was and how large. It lives in a file of its own: the
// window is there before the data is open.
type place struct {
	X         int  `json:"x"`
	Y         int  `json:"y"`
	Width     int  `json:"width"` // when it is not maximised
	Height    int  `json:"height"`
	Maximised bool `json:"maximised"`
}

// placeFile is the file's name within the data folder.
const placeFile = "window.json"

// readPlace reads where the window was; false if that is not known.
func readPlace(dir string) (place, bool) {
	f, err := os.Open(filepath.Join(dir, placeFile))
	if err != nil {
		return place{}, false
	}
	defer f.Close()
	var p place
	if err := json.NewDecoder(io.LimitReader(f, 4096)).Decode(&p); err != nil {
		slog.Info("the window's place cannot be read", "err", err)
		return place{}, false
	}
	return p, true
}

// writePlace keeps where the window is, whole or not at all.
func writePlace(dir string, p place) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, placeFile)
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// extent is a screen's size.
type extent struct{ width, height int }

// fitted makes a place fit the screens of today: no larger than the largest, and with
// its title bar where somebody can take hold of it. Where screens stand to each other
// is not known, so all of them in a row is the space. moved says that the position is
// not to be used.
func (p place) fitted(screens []extent) (fit place, moved bool) {
	most, row := extent{}, 0
	for _, s := range screens {
		most.width, most.height = max(most.width, s.width), max(most.height, s.height)
		row += s.width
	}
	if most.width <= 0 || most.height <= 0 {
		most, row = extent{usualWidth, usualHeight}, usualWidth
	}
	p.Width = min(max(p.Width, leastWidth), most.width)
	p.Height = min(max(p.Height, leastHeight), most.height)
	const hold = 120 // of the title bar must be in sight
	left := 0
	if len(screens) > 1 {
		left = -row
	}
	moved = p.X+p.Width < left+hold || p.X > row-hold || p.Y < 0 || p.Y > most.height-hold
	return p, moved
}

// restore puts the window where it was. It runs once the window exists.
func (d *desktop) restore(ctx context.Context) {
	var screens []extent
	if all, err := runtime.ScreenGetAll(ctx); err == nil {
		for _, s := range all {
			screens = append(screens, extent{s.Size.Width, s.Size.Height})
		}
	}
	known, ok := readPlace(d.dir)
	if !ok {
		known = place{Width: usualWidth, Height: usualHeight}
	}
	p, moved := known.fitted(screens)
	if p.Width < leastWidth || p.Height < leastHeight {
		runtime.WindowSetMinSize(ctx, min(leastWidth, p.Width), min(leastHeight, p.Height))
	}
	d.normal = p
	if !ok && p == known {
		return // the usual size, where the system puts a new window
	}
	setSize(ctx, p.Width, p.Height)
	if ok && !moved {
		runtime.WindowSetPosition(ctx, p.X, p.Y)
	}
	if p.Maximised {
		runtime.WindowMaximise(ctx)
	}
}

// remember keeps where the window is. It runs before the window is gone.
func (d *desktop) remember(ctx context.Context) {
	if runtime.WindowIsMinimised(ctx) || runtime.WindowIsFullscreen(ctx) {
		return
	}
	p := d.normal
	if p.Maximised = runtime.WindowIsMaximised(ctx); !p.Maximised {
		p.Width, p.Height = runtime.WindowGetSize(ctx)
		p.X, p.Y = runtime.WindowGetPosition(ctx)
	}
	if p.Width <= 0 || p.Height <= 0 {
		return
	}
	if err := writePlace(d.dir, p); err != nil {
		slog.Info("the window's place cannot be kept", "err", err)
	}
}
