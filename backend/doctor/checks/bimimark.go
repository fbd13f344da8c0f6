package checks

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/crypto/cryptobyte"
	der "golang.org/x/crypto/cryptobyte/asn1"

	"mailroom/backend/doctor"
)

// Numbers of mark certificates: the purpose, and the extension that holds the logo (RFC
// 9399 4.1).
var (
	markPurpose  = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 31}
	markLogotype = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 12}
)

const (
	maxMark = 512 << 10
	maxLogo = 1 << 20
)

// checkBIMIMark reads the mark certificate: for this domain and purpose, still valid, with
// the certificates above it, and with the very logo that is published. Which authorities
// a mailbox provider trusts is his to say: the issuer is shown.
func checkBIMIMark(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	b, none := bimiOf(ctx, x)
	switch {
	case none != nil:
		return none
	case b.logo == "":
		return doctor.One(x.Domain, "nothing")
	case b.mark == "":
		return doctor.One(x.Domain, "none")
	}
	f := doctor.F(x.Domain, "ok", "url", b.mark)
	page, err := x.Get(ctx, b.mark, maxMark)
	var chain []*x509.Certificate
	if err == nil && page.Status == 200 {
		chain = certificates(page.Body)
	}
	if len(chain) == 0 {
		return one(because(f, "unreachable").Show(doctor.EvidenceHTTP, b.mark, strconv.Itoa(page.Status)).Act("", ""))
	}
	leaf := chain[0]
	days := int(leaf.NotAfter.Sub(x.Now()).Hours() / 24)
	f = f.With("days", strconv.Itoa(days), "date", leaf.NotAfter.Format("2006-01-02"), "issuer", leaf.Issuer.CommonName, "names", listed(leaf.DNSNames)).
		Show(doctor.EvidenceCertificate, b.mark, certText(leaf))
	switch {
	case days < 0:
		f = because(f, "expired").Act("", "")
	case !slices.ContainsFunc(leaf.UnknownExtKeyUsage, markPurpose.Equal):
		f = because(f, "purpose").Act("", "")
	case !slices.ContainsFunc(leaf.DNSNames, func(n string) bool {
		return strings.EqualFold(n, x.Domain) || strings.EqualFold(n, "default._bimi."+x.Domain)
	}):
		f = because(f, "name").Act("", "")
	case !holds(chain):
		f = because(f, "chain").Act("", "")
	case differs(ctx, x, b.logo, leaf):
		f = because(f, "logo").Act("", "")
	case days < 30:
		f = because(f, "soon").Act("", "")
	}
	return one(f)
}

// certificates are those of a PEM file, at most ten.
func certificates(raw []byte) []*x509.Certificate {
	var all []*x509.Certificate
	for len(all) < 10 {
		block, rest := pem.Decode(raw)
		if block == nil {
			break
		}
		raw = rest
		if c, err := x509.ParseCertificate(block.Bytes); err == nil {
			all = append(all, c)
		}
	}
	return all
}

// holds says whether each certificate was signed by the next, and there is one above the
// first.
func holds(chain []*x509.Certificate) bool {
	for i, c := range chain[:len(chain)-1] {
		if c.CheckSignatureFrom(chain[i+1]) != nil {
			return false
		}
	}
	return len(chain) > 1
}

// differs says whether the logo inside the certificate is another than the published one;
// a logo that cannot be fetched is for transport.bimi_logo to tell.
func differs(ctx context.Context, x *doctor.Exam, at string, leaf *x509.Certificate) bool {
	inside := embedded(leaf)
	page, err := x.Get(ctx, at, maxLogo)
	if err != nil || page.Status != 200 {
		return false
	}
	return !bytes.Equal(bytes.TrimSpace(inside), bytes.TrimSpace(page.Body))
}

// embedded is the picture that a mark certificate holds as a data: address (RFC 9399
// 4.3), packed or not; nil none.
func embedded(c *x509.Certificate) []byte {
	for _, e := range c.Extensions {
		if !e.Id.Equal(markLogotype) {
			continue
		}
		_, data, ok := strings.Cut(dataAddress(e.Value, 0), ";base64,")
		raw, err := base64.StdEncoding.DecodeString(data)
		if !ok || err != nil {
			return nil
		}
		if !bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
			return raw
		}
		packed, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return nil
		}
		raw, err = io.ReadAll(io.LimitReader(packed, maxLogo))
		if err != nil {
			return nil
		}
		return raw
	}
	return nil
}

// dataAddress finds the first string in a DER structure that begins as a picture's data:
// address.
func dataAddress(raw []byte, depth int) string {
	in := cryptobyte.String(raw)
	for !in.Empty() && depth < 12 {
		var value cryptobyte.String
		var tag der.Tag
		if !in.ReadAnyASN1(&value, &tag) {
			return ""
		}
		switch {
		case tag == der.IA5String && strings.HasPrefix(string(value), "data:image/svg+xml"):
			return string(value)
		case tag&0x20 != 0: // holds others
			if found := dataAddress(value, depth+1); found != "" {
				return found
			}
		}
	}
	return ""
}
