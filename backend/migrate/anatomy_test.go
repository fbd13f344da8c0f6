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
		text := rapid.SliceOf(rapid.SampledFrom([]byte("abcd\r\n\x00"))).Draw(t, "text")
		limit := rapid.Int64Range(1, 12).Draw(t, "limit")
		whole, bytewise := anatomy{limit: limit}, anatomy{limit: limit}
		_, _ = whole.Write(text)
		if _, err := io.Copy(io.Discard, watched{iotest.OneByteReader(bytes.NewReader(text)), &bytewise}); err != nil {
			t.Fatal(err)
		}
		long := false
		for line := range bytes.SplitSeq(text, []byte{'\n'}) {
			long = long || int64(len(line)) > limit
		}
		if whole.nul != bytewise.nul || whole.nul != bytes.Contains(text, []byte{0}) {
			t.Fatalf("%q: NUL %t and %t", text, whole.nul, bytewise.nul)
		}
		if whole.long != long || bytewise.long != long {
			t.Fatalf("%q: a line over %d: %t and %t, want %t", text, limit, whole.long, bytewise.long, long)
		}
	})
}
