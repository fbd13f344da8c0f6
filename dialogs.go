//go:build !dev && !e2e

package main

import "mailroom/backend/oauth"

// answered is for tests' builds only: here the person answers every dialog.
func answered(string) (path string, ok bool) { return "", false }

// signInPlaces is for tests' builds only: here tokens come from Google and Microsoft.
func signInPlaces() []oauth.Service { return nil }
