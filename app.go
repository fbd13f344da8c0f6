package main

import (
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"

	"mailroom/backend/api"
)

// desktop ties the services to the window. It does no I/O before Startup.
type desktop struct {
	api *api.API
}

func newDesktop() *desktop { return &desktop{api: api.New()} }

// window describes the window.
func window(d *desktop) *options.App {
	return &options.App{
		Title:          "Mailroom",
		Width:          1280,
		Height:         800,
		MinWidth:       1024,
		MinHeight:      640,
		AssetServer:    &assetserver.Options{Assets: assets},
		ErrorFormatter: api.FormatError,
		Bind:           d.api.Services(),
		EnumBind:       d.api.Enums(),
	}
}
