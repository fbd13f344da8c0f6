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

func TestTheRoomIsToldOnlyAfterSignIn(t *testing.T) {
	ask := "a1 GETQUOTAROOT INBOX\r\na2 getquotaroot \"A \\\"b\\\" c\"\r\na3 APPEND x {26}\r\na4 GETQUOTAROOT INBOX\r\nxxxx\r\n"
	if passed, answered := through(t, strings.NewReader(ask)); passed != ask || answered != "" {
		t.Errorf("before sign-in: %q, %q", passed, answered)
	}
	for limit, want := range map[int64]string{
		0:       "* QUOTAROOT INBOX\r\na1 OK no limit\r\n* QUOTAROOT \"A \\\"b\\\" c\"\r\na2 OK no limit\r\n",
		1 << 20: "* QUOTAROOT INBOX \"\"\r\n* QUOTA \"\" (STORAGE 3 1024)\r\na1 OK GETQUOTAROOT completed\r\n* QUOTAROOT \"A \\\"b\\\" c\" \"\"\r\n* QUOTA \"\" (STORAGE 3 1024)\r\na2 OK GETQUOTAROOT completed\r\n",
	} {
		p := &pipe{in: iotest.OneByteReader(strings.NewReader(ask))}
		passed, err := io.ReadAll(&identConn{Conn: p, usage: func() (int64, int64) { return 2049, limit }})
		if err != nil || string(passed) != "a3 APPEND x {26}\r\na4 GETQUOTAROOT INBOX\r\nxxxx\r\n" || p.out.String() != want {
			t.Errorf("limit %d: %v, passed %q, answered %q", limit, err, passed, p.out.String())
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
