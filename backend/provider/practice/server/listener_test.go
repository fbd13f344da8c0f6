package server

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
)

// pipe is a connection that reads from one text and writes into a buffer.
type pipe struct {
	net.Conn
	in  io.Reader
	out bytes.Buffer
}

func (p *pipe) Read(b []byte) (int, error)  { return p.in.Read(b) }
func (p *pipe) Write(b []byte) (int, error) { return p.out.Write(b) }

func through(t testing.TB, in io.Reader) (passed, answered string) {
	t.Helper()
	p := &pipe{in: in}
	data, err := io.ReadAll(&identConn{Conn: p, name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	return string(data), p.out.String()
}

func TestOnlyTheIDCommandIsTakenOut(t *testing.T) {
	in := "a1 ID NIL\r\na2 NOOP\r\na3 APPEND x {12}\r\na4 ID NIL\r\n\r\nA5 id (\"name\" \"y\")\r\na6 LOGIN {2+}\r\nab {2}\r\nID\r\n"
	want := "a2 NOOP\r\na3 APPEND x {12}\r\na4 ID NIL\r\n\r\na6 LOGIN {2+}\r\nab {2}\r\nID\r\n"
	for name, r := range map[string]io.Reader{
		"whole": strings.NewReader(in), "bytewise": iotest.OneByteReader(strings.NewReader(in)), "halves": iotest.HalfReader(strings.NewReader(in)),
	} {
		passed, answered := through(t, r)
		if passed != want {
			t.Errorf("%s: passed %q", name, passed)
		}
		if strings.Count(answered, "OK ID completed") != 2 || !strings.Contains(answered, "A5 OK") {
			t.Errorf("%s: answered %q", name, answered)
		}
	}
}

func FuzzIdentConn(f *testing.F) {
	f.Add([]byte("a1 ID NIL\r\na3 APPEND x {12}\r\n"), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, step uint8) {
		passed, _ := through(t, bytes.NewReader(data))
		small, _ := through(t, iotest.OneByteReader(bytes.NewReader(data)))
		if len(passed) > len(data) || passed != small {
			t.Fatalf("%q became %q and %q", data, passed, small)
		}
	})
}
