package pop3_test

import (
	"bufio"
	"net"
	"strings"
	"sync"
	"testing"
)

// scripted is a server that answers the three commands with the given bytes, whatever
// they are, and ends the connection after the last.
func scripted(t *testing.T, list, uidl, retr string) int {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		_, _ = c.Write([]byte("+OK\r\n"))
		br := bufio.NewReader(c)
		for {
			line, err := br.ReadString('\n')
			if err != nil {
				return
			}
			switch verb, _, _ := strings.Cut(strings.TrimSpace(line), " "); verb {
			case "LIST":
				_, _ = c.Write([]byte(list))
			case "UIDL":
				_, _ = c.Write([]byte(uidl))
			case "RETR", "TOP":
				_, _ = c.Write([]byte(retr))
				return
			case "CAPA":
				_, _ = c.Write([]byte("-ERR\r\n"))
			default:
				_, _ = c.Write([]byte("+OK\r\n"))
			}
			if list == "" || uidl == "" {
				return
			}
		}
	})
	t.Cleanup(func() {
		_ = ln.Close()
		wg.Wait()
	})
	return ln.Addr().(*net.TCPAddr).Port
}
