package header

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// zone answers TXT questions from a map, as a DNS would.
func zone(records map[string]string) TXT {
	return func(_ context.Context, name string) ([]string, error) {
		if v, ok := records[strings.ToLower(name)]; ok {
			return []string{v}, nil
		}
		return nil, nil
	}
}

// The public ARC test suite, in full; the count is printed.
func TestThePublicARCVectorsAreJudgedRight(t *testing.T) {
	raw, err := os.ReadFile("testdata/arc/validation.json")
	if err != nil {
		t.Fatal(err)
	}
	var suite []struct {
		Description string
		TXT         map[string]string
		Tests       []struct{ ID, Description, Message, CV string }
	}
	if err := json.Unmarshal(raw, &suite); err != nil {
		t.Fatal(err)
	}
	right, all := 0, 0
	for _, s := range suite {
		for _, c := range s.Tests {
			all++
			got := verifyARC(t.Context(), splitRaw([]byte(c.Message)), zone(s.TXT))
			want := Result(strings.ToLower(c.CV))
			if want == "" { // the suite leaves it open; a forwarder that says fail ends the chain
				want = Fail
			}
			if got.Result != want {
				t.Errorf("%s (%s): %s %s, want %s", c.ID, c.Description, got.Result, got.Reason, want)
				continue
			}
			right++
		}
	}
	t.Logf("ARC test suite: %d of %d", right, all)
	if all < 170 {
		t.Errorf("only %d vectors", all)
	}
}

func TestAKeyThatCannotBeAskedForProvesNothing(t *testing.T) {
	raw, err := os.ReadFile("testdata/arc/validation.json")
	if err != nil {
		t.Fatal(err)
	}
	var suite []struct {
		Tests []struct{ ID, Message string }
	}
	if err := json.Unmarshal(raw, &suite); err != nil {
		t.Fatal(err)
	}
	for _, c := range suite[0].Tests {
		if c.ID == "cv_pass_i1_1" {
			away := func(context.Context, string) ([]string, error) { return nil, context.DeadlineExceeded }
			if got := verifyARC(t.Context(), splitRaw([]byte(c.Message)), away); got.Result != TempError {
				t.Errorf("%+v", got)
			}
			return
		}
	}
	t.Fatal("the vector is missing")
}
