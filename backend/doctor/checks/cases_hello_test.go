package checks_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strings"

	"crypto/x509"
	"encoding/pem"
	"os"
)

var helloCases = []kase{
	{"tls.compression:on", func(w *world) { w.ancient("192.0.2.93:993") }},
	{"tls.renegotiation:loose", func(w *world) { w.ancient("192.0.2.93:993") }},
	{"tls.master_secret:none", func(w *world) { w.ancient("192.0.2.93:993") }},
	{"tls.early_data:taken", func(w *world) { w.early("192.0.2.93:993") }},
}

// ancient puts a server at an address that answers each hello as one of 2008 would (RFC
// 5246 7.4.1.3): with DEFLATE, without extensions.
func (w *world) ancient(at string) {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(w.t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if _, err := io.ReadFull(conn, make([]byte, 5)); err == nil {
				message := append(append([]byte{2, 0, 0, 38, 3, 3}, make([]byte, 32)...), 0, 0x00, 0x2f, 1)
				_, _ = conn.Write(append([]byte{22, 3, 3, 0, byte(len(message))}, message...))
			}
			_ = conn.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, conn)
			_ = conn.Close()
		}
	}()
	w.t.Cleanup(func() { _ = l.Close(); <-done })
	w.lead(at, l.Addr().String())
}

// early puts OpenSSL's own server at an address, with tickets that allow early data.
func (w *world) early(at string) {
	w.t.Helper()
	dir := w.t.TempDir()
	cert := w.imap.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	must(w.t, err)
	must(w.t, os.WriteFile(filepath.Join(dir, "cert.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]}), 0o600))
	must(w.t, os.WriteFile(filepath.Join(dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600))
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", filepath.Join(dir, "cert.pem"), "-key", filepath.Join(dir, "key.pem"), "-early_data", "-max_early_data", "16384")
	in, err := cmd.StdinPipe()
	must(w.t, err)
	out, err := cmd.StdoutPipe()
	must(w.t, err)
	must(w.t, cmd.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if to, ok := strings.CutPrefix(lines.Text(), "ACCEPT "); ok {
			w.lead(at, to)
			break
		}
	}
	read := make(chan struct{})
	go func() { // what one types goes to the client: enough of IMAP for a greeting
		defer close(read)
		for lines.Scan() {
			switch l := lines.Text(); {
			case strings.HasPrefix(l, "CIPHER is"):
				_, _ = io.WriteString(in, "* OK ready\r\n")
			case strings.HasSuffix(l, "CAPABILITY"):
				_, _ = io.WriteString(in, "* CAPABILITY IMAP4rev1\r\na1 OK done\r\n")
			}
		}
	}()
	w.t.Cleanup(func() { cancel(); _ = in.Close(); <-read; _ = cmd.Wait() })
}
