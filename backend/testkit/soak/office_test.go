package soak

import (
	"os"
	"testing"
)

// Ten people at three providers; `scripts/soak.sh --office` moves two hundred at five.
func TestABrokenOfficeEndsWithEveryMessageOnce(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := Office(t.Context(), OfficeOptions{
		People: 10, Parallel: 5, Messages: 12, Faults: 4, Seed: 7, Quick: true, Program: self, Log: t.Output(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range wrong {
		t.Error(line)
	}
}
