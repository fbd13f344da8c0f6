package imap_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/imap/imaptest"
)

// authority signs certificates for one test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string // PEM
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{}
	a.cert, a.key = issue(t, nil, &x509.Certificate{
		Subject: pkix.Name{CommonName: "Old Example Office CA"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
	a.file = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(a.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// issue signs a certificate, by itself where by is nil.
func issue(t *testing.T, by *authority, c *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c.SerialNumber = big.NewInt(time.Now().UnixNano())
	if c.NotBefore.IsZero() {
		c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	parent, signer := c, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// tlsFor serves a certificate for 127.0.0.1, changed by edit.
func tlsFor(t *testing.T, by *authority, edit func(*x509.Certificate)) (cfg *tls.Config, fingerprint string) {
	t.Helper()
	c := &x509.Certificate{Subject: pkix.Name{CommonName: "imap.old.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	if edit != nil {
		edit(c)
	}
	cert, key := issue(t, by, c)
	sum := sha256.Sum256(cert.Raw)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key}}}, hex.EncodeToString(sum[:])
}

func TestCertificatesAreAlwaysVerified(t *testing.T) {
	ca := newAuthority(t)
	wrongName := func(c *x509.Certificate) {
		c.IPAddresses, c.DNSNames = nil, []string{"other.old.example"}
	}
	expired := func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Now().Add(-48*time.Hour), time.Now().Add(-24*time.Hour)
	}
	for name, c := range map[string]struct {
		by   *authority
		edit func(*x509.Certificate)
		ca   bool
		pin  bool
		why  string // "" accepted
	}{
		"self-signed":           {why: "unknown_authority"},
		"unknown authority":     {by: ca, why: "unknown_authority"},
		"CA file":               {by: ca, ca: true},
		"CA file, wrong name":   {by: ca, ca: true, edit: wrongName, why: "wrong_name"},
		"CA file, expired":      {by: ca, ca: true, edit: expired, why: "expired"},
		"pinned":                {pin: true},
		"pinned and wrong name": {edit: wrongName, pin: true},
		"pinned and expired":    {edit: expired, pin: true},
		"CA file of another":    {ca: true, why: "unknown_authority"},
	} {
		for mode, security := range map[string]imap.Security{"tls": imap.TLS, "starttls": imap.StartTLS} {
			t.Run(name+" "+mode, func(t *testing.T) {
				cfg, fingerprint := tlsFor(t, c.by, c.edit)
				srv := imaptest.New(t, imaptest.Options{TLS: cfg, Implicit: mode == "tls", Caps: imaptest.DefaultCaps + " STARTTLS"})
				s, err := account(t, srv, func(cfg *imap.Config) {
					cfg.Security = security
					if c.ca {
						cfg.CAFile = ca.file
					}
					if c.pin {
						cfg.PinnedSHA256 = fingerprint
					}
				}).Open(t.Context())
				if c.why == "" {
					if err != nil {
						t.Fatal(err)
					}
					mustLive(t, s)
					_ = s.Close()
					return
				}
				wantCode(t, err, core.UntrustedCert)
				args := core.ArgsOf(err)
				if args["why"] != c.why || args["sha256"] != fingerprint || args["host"] != "127.0.0.1" || args["issuer"] == "" || args["expires"] == "" || args["subject"] == "" {
					t.Errorf("%v", args)
				}
				if srv.Count("LOGIN") != 0 {
					t.Error("the password was sent")
				}
			})
		}
	}
}

func TestAnotherPinDoesNotHelp(t *testing.T) {
	cfg, _ := tlsFor(t, nil, nil)
	srv := imaptest.New(t, imaptest.Options{TLS: cfg, Implicit: true})
	_, err := account(t, srv, func(c *imap.Config) {
		c.Security = imap.TLS
		c.PinnedSHA256 = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"
	}).Open(t.Context())
	wantCode(t, err, core.UntrustedCert)
}

func TestWrongTrustSettingsAreRefusedAtOnce(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for code, cfg := range map[core.Code]imap.Config{
		core.NotFound: {CAFile: filepath.Join(t.TempDir(), "missing.pem")}, core.Invalid: {CAFile: empty},
	} {
		cfg.Host, cfg.User = "imap.old.example", "li"
		_, err := imap.New(cfg)
		wantCode(t, err, code)
	}
	_, err := imap.New(imap.Config{Host: "imap.old.example", User: "li", PinnedSHA256: "abc"})
	wantCode(t, err, core.Invalid)
}

func TestTLSOnAPlainPortIsExplained(t *testing.T) {
	srv := imaptest.New(t, imaptest.Options{})
	_, err := account(t, srv, func(c *imap.Config) { c.Security = imap.TLS }).Open(t.Context())
	wantCode(t, err, core.Unreachable)
	if core.ArgsOf(err)["why"] != "not_tls" {
		t.Errorf("%v", core.ArgsOf(err))
	}
}

func TestWhatWasSaidBeforeTLSCountsForNothing(t *testing.T) {
	cfg, fingerprint := tlsFor(t, nil, nil)
	srv := imaptest.New(t, imaptest.Options{TLS: cfg, Greeting: "* OK [CAPABILITY IMAP4rev1 STARTTLS MULTIAPPEND] ready", Caps: "IMAP4rev1"})
	s := session(t, srv, func(c *imap.Config) { c.Security, c.PinnedSHA256 = imap.StartTLS, fingerprint })
	if s.Traits().MultiAppend {
		t.Error("believed")
	}
	srv.On("STARTTLS", func(c *imaptest.Conn, cmd *imaptest.Command) {
		c.Write(cmd.Tag + " OK begin\r\n* OK [CAPABILITY IMAP4rev1 EVIL] injected\r\n")
	})
	_, err := account(t, srv, func(c *imap.Config) { c.Security, c.PinnedSHA256 = imap.StartTLS, fingerprint }).Open(t.Context())
	wantCode(t, err, core.Malformed)
	pre := imaptest.New(t, imaptest.Options{TLS: cfg, Greeting: "* PREAUTH no need for TLS"})
	_, err = account(t, pre, func(c *imap.Config) { c.Security = imap.StartTLS }).Open(t.Context())
	wantCode(t, err, core.Unsupported)
}
