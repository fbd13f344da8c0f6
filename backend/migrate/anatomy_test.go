package migrate

import (
	"bytes"
	"io"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

func TestAnatomyIsTheSameHoweverTheBytesArrive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOf(rapid.SampledFrom([]byte("ab\r\n\n\x00"))).Draw(t, "text")
		var whole, bytewise anatomy
		_, _ = whole.Write(text)
		if _, err := io.Copy(io.Discard, watched{iotest.OneByteReader(bytes.NewReader(text)), &bytewise}); err != nil {
			t.Fatal(err)
		}
		longest := 0
		for line := range bytes.SplitSeq(text, []byte{'\n'}) {
			longest = max(longest, len(line))
		}
		if whole.nul != bytewise.nul || whole.nul != bytes.Contains(text, []byte{0}) {
			t.Fatalf("%q: NUL %t and %t", text, whole.nul, bytewise.nul)
		}
		// A CR before the line's end may count or not: what matters is thousands of bytes.
		for _, got := range []int64{whole.longest, bytewise.longest} {
			if got < int64(longest)-1 || got > int64(longest) {
				t.Fatalf("%q: longest line %d, want %d", text, got, longest)
			}
		}
	})
}
