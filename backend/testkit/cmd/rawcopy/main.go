// Command rawcopy measures the physical limit of copying one IMAP account into
// another (see package rawcopy). It prints one line of JSON.
//
//	MAILROOM_FROM_PASSWORD=… MAILROOM_TO_PASSWORD=… rawcopy -from user@host:port -to user@host:port [-ca FILE] [-batch 100]
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"

	"mailroom/backend/testkit/bench/rawcopy"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "rawcopy:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	from := flag.String("from", "", "source, user@host:port")
	to := flag.String("to", "", "destination, user@host:port")
	ca := flag.String("ca", "", "PEM file of the authority; use TLS on both sides")
	batch := flag.Int("batch", 100, "messages in one MULTIAPPEND; 1: single APPENDs")
	flag.Parse()
	var roots *x509.CertPool
	if *ca != "" {
		pem, err := os.ReadFile(*ca)
		if err != nil {
			return err
		}
		roots = x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return fmt.Errorf("%s holds no certificate", *ca)
		}
	}
	source, err := end(*from, "MAILROOM_FROM_PASSWORD", roots)
	if err != nil {
		return err
	}
	target, err := end(*to, "MAILROOM_TO_PASSWORD", roots)
	if err != nil {
		return err
	}
	got, err := rawcopy.Copy(ctx, source, target, *batch)
	return errors.Join(err, json.NewEncoder(os.Stdout).Encode(got))
}

func end(text, password string, roots *x509.CertPool) (rawcopy.End, error) {
	at := strings.LastIndexByte(text, '@')
	if at < 0 {
		return rawcopy.End{}, fmt.Errorf("%q is not user@host:port", text)
	}
	e := rawcopy.End{User: text[:at], Addr: text[at+1:], Password: os.Getenv(password)}
	host, _, err := net.SplitHostPort(e.Addr)
	if err == nil && roots != nil {
		e.TLS = &tls.Config{RootCAs: roots, ServerName: host, MinVersion: tls.VersionTLS12}
	}
	return e, err
}
