package checks

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"mailroom/backend/doctor"
)

// certText is a certificate as evidence.
func certText(c *x509.Certificate) string {
	names := c.DNSNames
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	return fmt.Sprintf("subject: %s\nnames: %s\nissuer: %s\nvalid: %s to %s\nkey: %s, signature: %s\nsha256: %x", c.Subject, strings.Join(names, ", "), c.Issuer,
		c.NotBefore.UTC().Format(time.DateOnly), c.NotAfter.UTC().Format(time.DateOnly), keyText(c), c.SignatureAlgorithm, sha256.Sum256(c.Raw))
}

func keyText(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return fmt.Sprintf("ECDSA %d", k.Curve.Params().BitSize)
	}
	return c.PublicKeyAlgorithm.String()
}

// verdictOnCert is what is wrong with a certificate. Several things may be at a time.
type verdictOnCert struct {
	untrusted  bool // no chain to a trusted root
	selfSigned bool
	incomplete bool // the chain lacks a certificate that the server should send
	wrongName  bool
	expired    bool
	early      bool
	weakKey    bool
	sha1       bool
	left       time.Duration // until it ends
	life       time.Duration // from begin to end
}

func (v verdictOnCert) bad() bool { return v.untrusted || v.wrongName || v.expired || v.early }

// judgeCertificate looks at each fault by itself: an expired certificate may have the
// wrong name too.
func judgeCertificate(x *doctor.Exam, host string, chain []*x509.Certificate) verdictOnCert {
	var v verdictOnCert
	leaf, now := chain[0], x.Now()
	v.expired, v.early = now.After(leaf.NotAfter), now.Before(leaf.NotBefore)
	v.left, v.life = leaf.NotAfter.Sub(now), leaf.NotAfter.Sub(leaf.NotBefore)
	v.wrongName = leaf.VerifyHostname(host) != nil
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	// Trust is judged at a moment when the certificate held, so that an expired one of a
	// good authority is told as expired only.
	at := now
	if v.expired || v.early {
		at = leaf.NotBefore.Add(v.life / 2)
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: x.Roots, Intermediates: between, CurrentTime: at})
	v.untrusted = err != nil
	if v.untrusted {
		v.selfSigned = leaf.CheckSignature(leaf.SignatureAlgorithm, leaf.RawTBSCertificate, leaf.Signature) == nil && leaf.Subject.String() == leaf.Issuer.String()
		v.incomplete = !v.selfSigned && len(chain) == 1 && len(leaf.IssuingCertificateURL) > 0
	}
	switch k := leaf.PublicKey.(type) {
	case *rsa.PublicKey:
		v.weakKey = k.N.BitLen() < 2048
	case *ecdsa.PublicKey:
		v.weakKey = k.Curve.Params().BitSize < 256
	}
	v.sha1 = leaf.SignatureAlgorithm == x509.SHA1WithRSA || leaf.SignatureAlgorithm == x509.ECDSAWithSHA1 || leaf.SignatureAlgorithm == x509.MD5WithRSA
	return v
}
