package checks

import (
	"crypto/x509"

	"mailroom/backend/doctor"
)

// match compares a server's certificates with its pins (RFC 7672 3.1): usage 3 pins the
// server's own certificate, usage 2 one of those above it.
func match(f doctor.Finding, p pins, chain []*x509.Certificate) doctor.Finding {
	for _, t := range p.rr {
		for i, c := range chain {
			if (t.Usage == 3 && i == 0 || t.Usage == 2) && t.Verify(c) == nil {
				return f
			}
		}
	}
	return because(f, "mismatch").Show(doctor.EvidenceCertificate, p.host, certText(chain[0])).Act("", "")
}
