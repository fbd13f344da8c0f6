package staff

import "testing"

func TestFiveThousandInventedPeopleHaveAddressesOfTheirOwn(t *testing.T) {
	departments := Departments(200)
	for i, d := range departments {
		if d.Parent >= i || d.Name == "" {
			t.Fatalf("department %d: %+v", i, d)
		}
	}
	seen := map[string]bool{}
	busy := map[int]bool{}
	for _, p := range People(5000, len(departments)) {
		if seen[p.Local] || p.Name == "" || p.Department < 0 || p.Department >= len(departments) {
			t.Fatalf("%+v", p)
		}
		seen[p.Local], busy[p.Department] = true, true
	}
	if len(seen) != 5000 || len(busy) < 190 {
		t.Errorf("%d people in %d departments", len(seen), len(busy))
	}
}
