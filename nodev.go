//go:build !dev

package main

import "net/http"

// onlyOneFrontend is needed in development builds only.
func onlyOneFrontend(next http.Handler) http.Handler { return next }
