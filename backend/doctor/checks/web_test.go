package checks_test

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// web serves every web site of the world: http on port 80, https on port 443 with a
// certificate for the name that is asked for.
type web struct {
	mu    sync.Mutex
	pages map[string]http.HandlerFunc // "host/path"
	certs map[string]*tls.Config      // hosts with another certificate
}

func (s *web) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	s.mu.Lock()
	page := s.pages[scheme+r.Host+r.URL.RequestURI()]
	if page == nil {
		page = s.pages[scheme+r.Host+r.URL.Path]
	}
	s.mu.Unlock()
	if page == nil {
		http.NotFound(rw, r)
		return
	}
	page(rw, r)
}

// text is a page of plain text.
func text(body string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(rw, body)
	}
}

func status(code int, header ...string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			rw.Header().Set(header[i], header[i+1])
		}
		rw.WriteHeader(code)
	}
}

func (w *world) page(url string, h http.HandlerFunc) {
	w.web.mu.Lock()
	defer w.web.mu.Unlock()
	w.web.pages[url] = h
}

func (w *world) siteCert(host string, cfg *tls.Config) {
	w.web.mu.Lock()
	defer w.web.mu.Unlock()
	w.web.certs[host] = cfg
}

const stsPolicy = "version: STSv1\nmode: enforce\nmx: mx1.good.example\nmx: *.good.example\nmax_age: 1209600\n"

const autoconfig = `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="good.example">
<incomingServer type="imap"><hostname>imap.good.example</hostname><port>993</port><socketType>SSL</socketType></incomingServer>
<outgoingServer type="smtp"><hostname>smtp.good.example</hostname><port>465</port><socketType>SSL</socketType></outgoingServer>
</emailProvider></clientConfig>`

const logo = `<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps"><title>Good</title></svg>`

func rdap(status string, expires time.Time) string {
	return fmt.Sprintf(`{"objectClassName":"domain","status":[%q],"events":[{"eventAction":"expiration","eventDate":%q}]}`, status, expires.Format(time.RFC3339))
}

// pages makes the good web sites.
func (w *world) pages() {
	w.web = &web{pages: map[string]http.HandlerFunc{}, certs: map[string]*tls.Config{}}
	for _, port := range []string{"80", "443"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(w.t, err)
		w.ports["192.0.2.80:"+port] = l.Addr().String()
		server := &http.Server{Handler: w.web, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
		if port == "443" {
			var mu sync.Mutex
			made := map[string]*tls.Certificate{}
			l = tls.NewListener(l, &tls.Config{GetCertificate: func(h *tls.ClientHelloInfo) (*tls.Certificate, error) {
				w.web.mu.Lock()
				cfg := w.web.certs[h.ServerName]
				w.web.mu.Unlock()
				if cfg != nil {
					return &cfg.Certificates[0], nil
				}
				mu.Lock()
				defer mu.Unlock()
				if made[h.ServerName] == nil {
					made[h.ServerName] = &w.ca.config(h.ServerName).Certificates[0]
				}
				return made[h.ServerName], nil
			}})
		}
		done := make(chan struct{})
		go func() { defer close(done); _ = server.Serve(l) }()
		w.t.Cleanup(func() { _ = server.Close(); <-done })
	}
	w.page("https://mta-sts.good.example/.well-known/mta-sts.txt", text(stsPolicy))
	w.page("https://autoconfig.good.example/mail/config-v1.1.xml", text(autoconfig))
	w.page("https://autodiscover.good.example/autodiscover/autodiscover.xml", status(401))
	w.page("https://www.good.example/logo.svg", text(logo))
	w.page("https://www.good.example/mark.pem", text(w.mark(logo, func(*x509.Certificate) {})))
	w.page("https://rdap.test/domain/good.example", text(rdap("active", time.Now().AddDate(1, 0, 0))))
	w.routes("valid")
	w.page("http://probe.test/204", status(http.StatusNoContent))
	w.page("https://clock.test/", text("ok"))
}
