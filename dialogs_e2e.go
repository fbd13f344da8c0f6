//go:build dev || e2e

package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"mailroom/backend/oauth"
)

// answered stands in for the person at a dialog where a test names a folder in
// MAILROOM_E2E_DIR: the answer is the name within it.
func answered(name string) (path string, ok bool) {
	dir := os.Getenv("MAILROOM_E2E_DIR")
	return filepath.Join(dir, name), dir != ""
}

// signInPlaces reads from MAILROOM_SIGN_IN (JSON) where a test's tokens come from.
func signInPlaces() []oauth.Service {
	var places []oauth.Service
	if raw := os.Getenv("MAILROOM_SIGN_IN"); raw != "" {
		if err := json.Unmarshal([]byte(raw), &places); err != nil {
			panic("MAILROOM_SIGN_IN: " + err.Error())
		}
	}
	return places
}
