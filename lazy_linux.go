//go:build linux && production

package main

// #cgo LDFLAGS: -ldl
// extern const char *load_window(void);
import "C"
import "errors"

// loadWindow loads the libraries of the window; see lazy_linux.c.
func loadWindow() error {
	if missing := C.load_window(); missing != nil {
		return errors.New("the window needs WebKitGTK 4.1 (Debian and Ubuntu: apt install libwebkit2gtk-4.1-0): " + C.GoString(missing))
	}
	return nil
}
