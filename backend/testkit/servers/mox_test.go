package servers

import (
	"bufio"
	"net"
	"strings"
	"testing"
	"time"
)

func TestMoxTakesItsAccountIn(t *testing.T) {
	t.Parallel()
	m := Mox(t)
	if err := m.AddDomain(t.Context(), "office.example"); err != nil {
		t.Error(err)
	}
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", m.IMAP)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := conn.Write([]byte("a LOGIN " + MoxUser.Name + " " + MoxUser.Password + "\r\n")); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "a ") {
			if !strings.HasPrefix(lines.Text(), "a OK") {
				t.Errorf("%s", lines.Text())
			}
			return
		}
	}
	t.Error("the connection ended")
}
