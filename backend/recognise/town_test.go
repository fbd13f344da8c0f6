package recognise

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/nameserver"
)

func TestMain(m *testing.M) { leak.Main(m) }

// town is a small Internet: a DNS server, an authority, and hosts that are reached by
// name although they all live on this computer.
type town struct {
	t     *testing.T
	dns   *nameserver.Server
	ca    *x509.Certificate
	caKey *ecdsa.PrivateKey
	roots *x509.CertPool

	mu     sync.Mutex
	places map[string]string // "host:port" to the address of a listener
	dialed []string
}

func newTown(t *testing.T, zones ...string) *town {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "town"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	ca, _ = x509.ParseCertificate(der)
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	return &town{t: t, dns: nameserver.Start(t, zones...), ca: ca, caKey: key, roots: roots, places: map[string]string{}}
}

// certificate is signed by the town for some names.
func (w *town) certificate(names ...string) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: names, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, w.ca, &key.PublicKey, w.caKey)
	if err != nil {
		w.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// web serves https for a host.
func (w *town) web(host string, handler http.HandlerFunc) {
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{w.certificate(host)}}
	server.StartTLS()
	w.t.Cleanup(server.Close)
	w.place(host+":443", server.Listener.Addr().String())
}

// mail greets at host:port, with TLS for the names of a certificate, or without.
func (w *town) mail(address, greeting string, names ...string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	if len(names) > 0 {
		ln = tls.NewListener(ln, &tls.Config{Certificates: []tls.Certificate{w.certificate(names...)}})
	}
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			wait.Go(func() {
				_, _ = fmt.Fprint(conn, greeting)
				_ = conn.Close()
			})
		}
	})
	w.t.Cleanup(func() { _ = ln.Close(); wait.Wait() })
	w.place(address, ln.Addr().String())
}

func (w *town) place(name, address string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.places[name] = address
}

func (w *town) dial(ctx context.Context, network, address string) (net.Conn, error) {
	w.mu.Lock()
	w.dialed = append(w.dialed, address)
	at, ok := w.places[address]
	w.mu.Unlock()
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: address, IsNotFound: true}
	}
	return new(net.Dialer).DialContext(ctx, network, at)
}

func (w *town) recogniser() *Recogniser {
	transport := &http.Transport{DialContext: w.dial, TLSClientConfig: &tls.Config{RootCAs: w.roots}, DisableKeepAlives: true}
	w.t.Cleanup(transport.CloseIdleConnections)
	return New(Config{
		Resolver: System(w.dns.Addr), HTTP: &http.Client{Transport: transport}, Dial: w.dial,
		TLS: &tls.Config{RootCAs: w.roots, MinVersion: tls.VersionTLS12},
	})
}

func (w *town) recognise(input string) Result {
	w.t.Helper()
	res, err := w.recogniser().Recognise(w.t.Context(), input)
	if err != nil {
		w.t.Fatal(err)
	}
	return res
}
