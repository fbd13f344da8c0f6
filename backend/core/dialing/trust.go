// Package dialing is what every client of a mail server needs when it connects: which
// certificates are trusted, and what a failed connection means. It leaves out the
// protocols.
package dialing

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strings"
	"time"

	"mailroom/backend/core"
)

// Trust decides which certificates are accepted: those of the system's authorities,
// those of one extra CA file, and one pinned certificate.
type Trust struct {
	name  string
	host  string
	roots *x509.CertPool // nil: the system's
	pin   string         // lower-case hex, "" none
}

// Server is whom to connect to and what to trust there.
type Server struct {
	Host         string
	ServerName   string // name the certificate must have; "" Host
	CAFile       string // PEM file with further authorities; "" none
	PinnedSHA256 string // hex SHA-256 of one certificate (DER) to trust as it is; "" none
}

// NewTrust reads the CA file. Errors: invalid with Args field, not_found.
func NewTrust(cfg Server) (*Trust, error) {
	t := &Trust{host: cfg.Host, name: cfg.ServerName}
	if t.name == "" {
		t.name = cfg.Host
	}
	if cfg.PinnedSHA256 != "" {
		t.pin = strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(cfg.PinnedSHA256))
		if b, err := hex.DecodeString(t.pin); err != nil || len(b) != sha256.Size {
			return nil, core.E(core.Invalid, "pinned certificate", nil, "field", "pinned_sha256")
		}
	}
	if cfg.CAFile == "" {
		return t, nil
	}
	pem, err := os.ReadFile(cfg.CAFile)
	if err != nil {
		code := core.Invalid
		if errors.Is(err, fs.ErrNotExist) {
			code = core.NotFound
		}
		return nil, core.E(code, "read CA file", err, "field", "ca_file", "file", cfg.CAFile)
	}
	if t.roots, err = x509.SystemCertPool(); err != nil {
		t.roots = x509.NewCertPool()
	}
	if !t.roots.AppendCertsFromPEM(pem) {
		return nil, core.E(core.Invalid, "read CA file", nil, "field", "ca_file", "file", cfg.CAFile)
	}
	return t, nil
}

// Config is for one connection. The library's own check is replaced, not left out:
// verify makes the same one, but knows the pinned certificate and keeps the facts.
func (t *Trust) Config() *tls.Config {
	return &tls.Config{
		ServerName:         t.name,
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection checks chain, name and time
		VerifyConnection:   t.verify,
	}
}

func (t *Trust) verify(cs tls.ConnectionState) error {
	if len(cs.PeerCertificates) == 0 {
		return core.E(core.UntrustedCert, "verify certificate", nil, "host", t.host, "why", "unknown_authority")
	}
	leaf := cs.PeerCertificates[0]
	sum := sha256.Sum256(leaf.Raw)
	fingerprint := hex.EncodeToString(sum[:])
	if t.pin != "" && t.pin == fingerprint {
		return nil
	}
	opts := x509.VerifyOptions{Roots: t.roots, DNSName: t.name, Intermediates: x509.NewCertPool()}
	for _, c := range cs.PeerCertificates[1:] {
		opts.Intermediates.AddCert(c)
	}
	_, err := leaf.Verify(opts)
	if err == nil {
		return nil
	}
	return core.E(core.UntrustedCert, "verify certificate", err,
		"host", t.host, "why", whyUntrusted(err), "subject", subjectOf(leaf), "issuer", leaf.Issuer.String(),
		"expires", leaf.NotAfter.UTC().Format(time.RFC3339), "sha256", fingerprint)
}

// whyUntrusted is unknown_authority, wrong_name or expired (also: not yet valid).
func whyUntrusted(err error) string {
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "wrong_name"
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return "expired"
	}
	return "unknown_authority"
}

// subjectOf names the certificate by its subject and the hosts that it is for.
func subjectOf(c *x509.Certificate) string {
	names := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) > 5 {
		names = append(names[:5], "…")
	}
	if len(names) == 0 {
		return c.Subject.String()
	}
	return strings.TrimSpace(c.Subject.String() + " (" + strings.Join(names, ", ") + ")")
}
