//go:build linux && (production || dev)

package main

// #cgo pkg-config: gtk+-3.0
// extern void resize_window(int width, int height);
import "C"
import "context"

// setSize sets the window's size in pixels; see size_linux.c.
func setSize(_ context.Context, width, height int) { C.resize_window(C.int(width), C.int(height)) }
