// Package leak runs a package's tests and fails them if they leave goroutines behind.
package leak

import (
	"fmt"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience is how long what was told to end may take for it: goleak alone gives it half a
// second, in which a busy machine does not even come round to everybody.
const patience = 30 * time.Second

// Main is a package's TestMain; what its tests share is ended by ends. It does not return.
func Main(m *testing.M, ends ...func()) {
	code := m.Run()
	for _, end := range ends {
		end()
	}
	if code == 0 {
		if err := gone(patience); err != nil {
			fmt.Fprintf(os.Stderr, "goroutines are left after all tests: %v\n", err)
			code = 1
		}
	}
	os.Exit(code)
}

// gone waits until only the caller is left, and tells who is there after the patience.
func gone(patience time.Duration) error {
	for end := time.Now().Add(patience); ; {
		err := goleak.Find()
		if err == nil || time.Now().After(end) {
			return err
		}
	}
}
