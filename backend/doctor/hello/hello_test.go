package hello_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailroom/backend/doctor/hello"
	"mailroom/backend/testkit/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// pair is a certificate with its key, as a config and as files.
func pair(t *testing.T) (cfg *tls.Config, certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"mx.office.example"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	must(t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	must(t, os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), 0o600))
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, certFile, keyFile
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// serve greets over TLS until the test ends.
func serve(t *testing.T, cfg *tls.Config) string {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", cfg)
	must(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
			if conn.(*tls.Conn).Handshake() == nil {
				_, _ = conn.Write([]byte("* OK ready\r\n"))
			}
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l.Addr().String()
}

// openssl serves by the program of that name and gives its address.
func openssl(t *testing.T, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Fatal("openssl is missing: scripts/setup.sh test installs it")
	}
	_, cert, key := pair(t)
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, append([]string{"s_server", "-accept", "127.0.0.1:0", "-cert", cert, "-key", key}, args...)...)
	in, err := cmd.StdinPipe() // without an input it ends
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { cancel(); _ = in.Close(); _ = cmd.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if at, ok := strings.CutPrefix(lines.Text(), "ACCEPT "); ok {
			go func() {
				for lines.Scan() {
				}
			}()
			return at
		}
	}
	t.Fatal("openssl did not begin to serve")
	return ""
}

func dial(t *testing.T, at string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", at)
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	return conn
}

func TestGoodServersDoNotCompressAndTieRenegotiations(t *testing.T) {
	cfg, _, _ := pair(t)
	for name, at := range map[string]string{"go": serve(t, cfg), "openssl": openssl(t)} {
		s, err := hello.Ask(dial(t, at), "mx.office.example")
		if err != nil || s.Compression != 0 || !s.Renegotiation || !s.MasterSecret || s.Only13 {
			t.Errorf("%s: %+v %v", name, s, err)
		}
	}
	only := cfg.Clone()
	only.MinVersion = tls.VersionTLS13
	if s, err := hello.Ask(dial(t, serve(t, only)), "mx.office.example"); err != nil || !s.Only13 {
		t.Errorf("TLS 1.3 only: %+v %v", s, err)
	}
}

func TestEarlyDataIsSeenInTheTicket(t *testing.T) {
	cfg, _, _ := pair(t)
	old := cfg.Clone()
	old.MaxVersion = tls.VersionTLS12
	for _, c := range []struct {
		name, at string
		want     uint32
	}{
		{"go", serve(t, cfg), 0},
		{"TLS 1.2", serve(t, old), 0},
		{"openssl", openssl(t, "-early_data", "-max_early_data", "16384"), 16384},
		{"openssl, another suite", openssl(t, "-early_data", "-max_early_data", "100", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"), 100},
		{"openssl, a long suite", openssl(t, "-early_data", "-max_early_data", "7", "-ciphersuites", "TLS_AES_256_GCM_SHA384"), 7},
		{"openssl without", openssl(t), 0},
	} {
		most, err := hello.EarlyData(t.Context(), dial(t, c.at), "mx.office.example")
		if err != nil || most != c.want {
			t.Errorf("%s: %d %v", c.name, most, err)
		}
	}
}

// plainHello is a server's hello as RFC 5246 7.4.1.3 has it, without extensions.
var plainHello = append(append([]byte{2, 0, 0, 38, 3, 3}, make([]byte, 32)...), 0, 0x00, 0x2f, 1)

func TestAHelloWithCompressionAndWithoutExtensions(t *testing.T) {
	s, err := hello.Read(plainHello)
	if err != nil || s.Compression != 1 || s.Renegotiation || s.MasterSecret || s.Version != 0x0303 {
		t.Errorf("%+v %v", s, err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(plainHello)
	f.Add([]byte{2, 0, 0, 0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s, err := hello.Read(raw); err != nil && s.MasterSecret && len(raw) < 40 {
			t.Errorf("%+v", s)
		}
	})
}
