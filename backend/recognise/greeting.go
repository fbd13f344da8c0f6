package recognise

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"

	"mailroom/backend/mailbox/imap"
	"mailroom/backend/preset"
)

// longestGreeting bounds the one line that is read of a server.
const longestGreeting = 2048

// hello is how a customary host answered.
type hello struct {
	server Server
	line   string   // the greeting
	names  []string // of a certificate that is not for this host
}

// byGreeting tries the customary hosts and reads how they greet; nothing is said to
// them, so there is no password to lose. A certificate for another name is not
// accepted, but its names tell whose server it is.
func (r *Recogniser) byGreeting(ctx context.Context, res *Result) {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Patience)
	defer cancel()
	var tries []Server
	for _, label := range []string{"imap.", "mail.", ""} {
		tries = append(tries, Server{label + res.Domain, 993, "tls"}, Server{label + res.Domain, 143, "starttls"})
	}
	hellos := make([]hello, len(tries))
	var wait sync.WaitGroup
	for i, s := range tries {
		wait.Go(func() { hellos[i] = r.greet(ctx, s) })
	}
	wait.Wait()
	for _, h := range hellos {
		switch {
		case h.line != "":
			res.add(greeted(h))
		case len(h.names) > 0:
			if p, name, ok := certified(h.names); ok {
				res.add(known(p, res.Domain, "", ByCertificate, h.server.Host+" → "+name, Likely))
			}
		}
	}
}

func greeted(h hello) Candidate {
	c := Candidate{How: ByGreeting, Certainty: Likely, Evidence: h.server.Host + ":" + strconv.Itoa(h.server.Port), IMAP: []Server{h.server}}
	family := preset.Family(imap.FamilyOfGreeting(h.line, h.server.Host))
	for _, p := range preset.Providers() {
		// Only products that offices run themselves: hosted ones are known by their records.
		if (p.Kind == preset.Own || p.ID == "coremail") && p.Family == family && family != "" {
			c.Provider = p.ID
			break
		}
	}
	return c
}

// certified finds the provider of a certificate's names.
func certified(names []string) (preset.Provider, string, bool) {
	for _, name := range names {
		host := plain(strings.Replace(name, "*.", "imap.", 1))
		if p, ok := ownerOf(host); ok {
			return p, name, true
		}
	}
	return preset.Provider{}, "", false
}

// greet connects and reads one line. The empty hello is a host that did not answer, or
// is no mail server.
func (r *Recogniser) greet(ctx context.Context, s Server) hello {
	h := hello{server: s}
	conn, err := r.cfg.Dial(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return h
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if s.Security == "tls" {
		var leaf *x509.Certificate
		secure := tls.Client(conn, r.tlsFor(s.Host, &leaf))
		if err := secure.HandshakeContext(ctx); err != nil {
			if leaf != nil && leaf.VerifyHostname(s.Host) != nil {
				h.names = leaf.DNSNames[:min(len(leaf.DNSNames), 20)]
			}
			return h
		}
		conn = secure
	}
	line, err := bufio.NewReader(io.LimitReader(conn, longestGreeting)).ReadString('\n')
	if err == nil && (strings.HasPrefix(line, "* OK") || strings.HasPrefix(line, "* PREAUTH")) {
		h.line = strings.TrimSpace(line)
	}
	return h
}

// tlsFor checks certificates as usual, and remembers what was shown.
func (r *Recogniser) tlsFor(host string, leaf **x509.Certificate) *tls.Config {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	if r.cfg.TLS != nil {
		cfg = r.cfg.TLS.Clone()
	}
	cfg.ServerName = host
	roots := cfg.RootCAs
	cfg.InsecureSkipVerify = true //nolint:gosec // VerifyConnection makes the usual check
	cfg.VerifyConnection = func(state tls.ConnectionState) error {
		if len(state.PeerCertificates) == 0 {
			return errPage
		}
		*leaf = state.PeerCertificates[0]
		opts := x509.VerifyOptions{Roots: roots, DNSName: host, Intermediates: x509.NewCertPool()}
		for _, c := range state.PeerCertificates[1:] {
			opts.Intermediates.AddCert(c)
		}
		_, err := (*leaf).Verify(opts)
		return err
	}
	return cfg
}
