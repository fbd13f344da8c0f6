// Command town is a small internet on this computer for looking at the doctor's page:
// a DNS server with zones of ours, mail servers with certificates, and the rehearsal
// file that leads the program to them. It prints one line of JSON and serves until its
// input ends; each line of input, "NAME TYPE RECORD", changes what stands in the DNS.
//
//	town REHEARSAL.json
package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"strings"
	"time"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/checks"
	"mailroom/backend/testkit/mailport"
	"mailroom/backend/testkit/nameserver"
)

// zones: an office that has just moved to Tencent and forgot half of it, its provider,
// and an office where all is well.
var zones = []string{
	`$ORIGIN office.example.
$TTL 3600
@ SOA ns1 hostmaster 2026112601 7200 3600 1209600 600
@ NS ns1
@ NS ns2
ns1 A 198.51.100.1
ns2 A 203.0.113.1
@ MX 5 mxbiz1.qq.com.
@ MX 10 mxbiz2.qq.com.
@ TXT "v=spf1 include:spf.old.example -all"
autodiscover CNAME autodiscover.outlook.com.
`,
	`$ORIGIN old.example.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 3600 1209600 600
@ NS ns1
ns1 A 198.51.100.1
spf TXT "v=spf1 ip4:198.51.100.0/24 -all"
`,
	`$ORIGIN qq.com.
$TTL 600
@ SOA ns1 hostmaster 1 7200 3600 1209600 600
@ NS ns1
ns1 A 198.51.100.1
mxbiz1 A 192.0.2.25
mxbiz2 A 192.0.2.25
spf.mail TXT "v=spf1 ip4:192.0.2.0/24 -all"
imap.exmail A 192.0.2.26
smtp.exmail A 192.0.2.26
pop.exmail A 192.0.2.26
exmail A 192.0.2.26
`,
	`$ORIGIN outlook.com.
$TTL 600
@ SOA ns1 hostmaster 1 7200 3600 1209600 600
@ NS ns1
autodiscover A 192.0.2.40
`,
	`$ORIGIN 2.0.192.in-addr.arpa.
$TTL 600
@ SOA ns1.qq.com. hostmaster.qq.com. 1 7200 3600 1209600 600
@ NS ns1.qq.com.
25 PTR mxbiz1.qq.com.
`,
	`$ORIGIN example.
$TTL 600
@ SOA ns1.office.example. hostmaster.office.example. 1 7200 3600 1209600 600
@ NS ns1.office.example.
office NS ns1.office.example.
office NS ns2.office.example.
`,
	`$ORIGIN example.com.
$TTL 600
@ SOA ns1 hostmaster 1 7200 3600 1209600 600
@ NS ns1
@ MX 0 .
`,
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "town:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return fmt.Errorf("usage: town REHEARSAL.json")
	}
	dns, err := nameserver.New(zones...)
	if err != nil {
		return err
	}
	defer dns.Close()
	roots, cert, err := certificate("mxbiz1.qq.com", "mxbiz2.qq.com", "imap.exmail.qq.com", "smtp.exmail.qq.com", "pop.exmail.qq.com")
	if err != nil {
		return err
	}
	rehearsal := checks.Rehearsal{Map: map[string]string{}, Roots: roots, Endpoint: doctor.Endpoints{}}
	for at, opt := range map[string]mailport.Options{
		"192.0.2.25:25":  {Proto: "smtp", Banner: "220 mxbiz1.qq.com ESMTP", Offers: []string{"SIZE 52428800", "8BITMIME", "STARTTLS", "PIPELINING"}, Cert: cert},
		"192.0.2.26:993": {Proto: "imap", Banner: "* OK [CAPABILITY IMAP4rev1] ready", Cert: cert, TLS: true},
		"192.0.2.26:995": {Proto: "pop3", Banner: "+OK ready", Cert: cert, TLS: true},
		"192.0.2.26:465": {Proto: "smtp", Banner: "220 smtp.exmail.qq.com ESMTP", Offers: []string{"SIZE 52428800", "8BITMIME", "AUTH PLAIN LOGIN"}, Cert: cert, TLS: true},
	} {
		s, err := mailport.Start(opt)
		if err != nil {
			return err
		}
		defer s.Close()
		rehearsal.Map[at] = s.Addr
	}
	for _, ns := range []string{"198.51.100.1:53", "203.0.113.1:53"} {
		rehearsal.Map[ns] = dns.Addr
	}
	raw, err := json.Marshal(rehearsal)
	if err != nil {
		return err
	}
	if err := os.WriteFile(os.Args[1], raw, 0o600); err != nil {
		return err
	}
	fmt.Printf("{\"resolver\":%q}\n", dns.Addr)
	return listen(dns)
}

// listen changes records as it is told, until the input ends.
func listen(dns *nameserver.Server) error {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		parts := strings.SplitN(lines.Text(), " ", 3)
		if len(parts) != 3 {
			return fmt.Errorf("cannot read %q", lines.Text())
		}
		if err := dns.Replace(parts[0], parts[1], parts[0]+" 600 IN "+parts[1]+" "+parts[2]+"\n"); err != nil {
			return err
		}
		fmt.Println(`{"changed":true}`)
	}
	return lines.Err()
}

// certificate makes an authority and a certificate of it for some names.
func certificate(names ...string) (roots string, config *tls.Config, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", nil, err
	}
	now := time.Now()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Town authority"}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	authorityDER, err := x509.CreateCertificate(rand.Reader, authority, authority, key.Public(), key)
	if err != nil {
		return "", nil, err
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: names[0]}, NotBefore: now.Add(-24 * time.Hour), NotAfter: now.AddDate(0, 5, 0),
		DNSNames: names, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, authority, key.Public(), key)
	if err != nil {
		return "", nil, err
	}
	roots = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authorityDER}))
	return roots, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{leafDER, authorityDER}, PrivateKey: key}}}, nil
}
