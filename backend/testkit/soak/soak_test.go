package soak

import (
	"fmt"
	"os"
	"testing"

	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/program"
)

func TestMain(m *testing.M) {
	DivertOffice()
	program.Divert()
	leak.Main(m)
}

// One of each kind on few folders; `make soak` plays a hundred on larger mailboxes.
// Most of the time is spent waiting, so two halves run side by side.
func TestABrokenMoveEndsWithEveryMessageOnce(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, seed := range []uint64{1, 5} {
		t.Run(fmt.Sprintf("seeds %d to %d", seed, seed+3), func(t *testing.T) {
			t.Parallel()
			passed, failed, err := Run(t.Context(), Options{
				Kills: 4, Seed: seed, Messages: 300, Folders: []string{"INBOX", "已发送", "R&D"}, Program: self, Log: t.Output(),
			})
			if err != nil {
				t.Fatal(err)
			}
			if failed > 0 || passed != 4 {
				t.Fatalf("%d passed, %d failed", passed, failed)
			}
		})
	}
}

func TestTheSeedIsThePlan(t *testing.T) {
	seen := map[attack]bool{}
	for seed := range uint64(42) {
		a, b := draw(seed), draw(seed)
		if a.String() != b.String() || a.share != b.share {
			t.Fatalf("seed %d: %s and %s", seed, a, b)
		}
		seen[a.attack] = true
	}
	if len(seen) != len(attacks) {
		t.Fatalf("42 seeds give %d of %d attacks", len(seen), len(attacks))
	}
}
