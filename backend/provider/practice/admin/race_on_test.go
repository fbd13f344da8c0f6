//go:build race

package admin_test

const raced = true
