//go:build !linux || !(production || dev)

package main

import (
	"context"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// setSize sets the window's size in pixels.
func setSize(ctx context.Context, width, height int) { runtime.WindowSetSize(ctx, width, height) }
