//go:build dev

package main

import (
	"net/http"
	"os"
)

// onlyOneFrontend keeps the window of a development build empty while a browser is
// the one that tests: two pages on one backend would both start things. Requests of
// the window come from a fixed address of the web view's own.
func onlyOneFrontend(next http.Handler) http.Handler {
	if os.Getenv("MAILROOM_E2E") == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.RemoteAddr == "192.0.2.1:1234" && (r.URL.Path == "/" || r.URL.Path == "/index.html") {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte("<!doctype html><html><head></head><body></body></html>"))
			return
		}
		next.ServeHTTP(w, r)
	})
}
