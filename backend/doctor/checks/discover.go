package checks

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/xml"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/lookup"
	"mailroom/backend/doctor/probe"
	"mailroom/backend/preset"
)

// clientConfig is what we read of Thunderbird's autoconfig file.
type clientConfig struct {
	XMLName  xml.Name `xml:"clientConfig"`
	Incoming []struct {
		Type   string `xml:"type,attr"`
		Host   string `xml:"hostname"`
		Port   int    `xml:"port"`
		Socket string `xml:"socketType"`
	} `xml:"emailProvider>incomingServer"`
	Outgoing []struct {
		Host   string `xml:"hostname"`
		Port   int    `xml:"port"`
		Socket string `xml:"socketType"`
	} `xml:"emailProvider>outgoingServer"`
}

func (c clientConfig) services() []service {
	var all []service
	for _, s := range c.Incoming {
		proto := probe.IMAP
		if s.Type == "pop3" {
			proto = probe.POP3
		}
		all = append(all, service{lookup.Name(s.Host), portOf(proto, s.Port, s.Socket == "SSL")})
	}
	for _, s := range c.Outgoing {
		all = append(all, service{lookup.Name(s.Host), portOf(probe.SMTP, s.Port, s.Socket == "SSL")})
	}
	return all
}

// certificateFault says whether an error of a fetch is about the certificate.
func certificateFault(err error) bool {
	_, verify := errors.AsType[*tls.CertificateVerificationError](err)
	_, name := errors.AsType[x509.HostnameError](err)
	return verify || name
}

func checkAutoconfig(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	for _, at := range []string{
		"https://autoconfig." + x.Domain + "/mail/config-v1.1.xml", "https://" + x.Domain + "/.well-known/autoconfig/mail/config-v1.1.xml",
		"http://autoconfig." + x.Domain + "/mail/config-v1.1.xml",
	} {
		page, err := x.Get(ctx, at+"?emailaddress=postmaster@"+x.Domain, 128<<10)
		f := doctor.F(x.Domain, "ok", "url", at)
		if err != nil {
			if certificateFault(err) && strings.Contains(at, "//autoconfig.") {
				return one(because(f, "certificate").Show(doctor.EvidenceError, at, err.Error()).Act("", ""))
			}
			continue
		}
		if page.Status != http.StatusOK {
			continue
		}
		f = f.Show(doctor.EvidenceHTTP, at, string(page.Body))
		var c clientConfig
		if xml.Unmarshal(page.Body, &c) != nil || len(c.services()) == 0 {
			if strings.Contains(at, "/.well-known/") {
				continue // many web sites answer every path with their own page
			}
			return one(because(f, "broken").Act("", ""))
		}
		for i, r := range answered(ctx, x, c.services()) {
			if r.ConnectErr != nil || r.GreetErr != nil {
				return one(because(f, "dead").With("host", c.services()[i].String()).Act("", ""))
			}
		}
		if strings.HasPrefix(at, "http:") {
			f = because(f, "http").Act("", "")
		}
		return one(f)
	}
	return doctor.One(x.Domain, "none")
}

// checkAutodiscover looks where Outlook looks: the alias or service record, and the web
// server behind.
func checkAutodiscover(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	name := "autodiscover." + x.Domain
	o, _ := officeOf(ctx, x)
	alias := x.DNS.Ask(ctx, name, dns.TypeCNAME)
	srv := x.DNS.Ask(ctx, "_autodiscover._tcp."+x.Domain, dns.TypeSRV)
	target := ""
	if t := alias.Targets(); len(t) > 0 {
		target = t[0]
	} else if s := srv.SRV(); len(s) > 0 {
		target = lookup.Name(s[0].Target)
	}
	v4 := x.DNS.Ask(ctx, name, dns.TypeA)
	f := show(doctor.F(x.Domain, "ok", "target", target, "name", name), alias, srv)
	wanted := o.records(preset.UseAutodiscover)
	if owner := ownerOf(target); owner != "" && o.known && owner != o.provider.ID {
		f = because(f, "old").With("other", owner)
		if alias.Status == lookup.Found {
			f = f.Remove(name, "CNAME", target)
		}
		if len(wanted) > 0 {
			f = o.mend(f, x.Domain, preset.UseAutodiscover)
		}
		return one(f)
	}
	switch {
	case target == "" && v4.None():
		if len(wanted) > 0 {
			return one(o.mend(because(f, "wanted"), x.Domain, preset.UseAutodiscover))
		}
		return doctor.One(x.Domain, "none")
	case target != "" && len(wanted) > 0 && wanted[0].Value == target:
		return one(f) // the provider's own: its certificate is its affair
	}
	if target == "" {
		target = name
	}
	at := "https://" + name + "/autodiscover/autodiscover.xml"
	if alias.Status != lookup.Found && srv.Status == lookup.Found {
		at = "https://" + target + "/autodiscover/autodiscover.xml"
	}
	page, err := x.Get(ctx, at, 64<<10)
	switch {
	case certificateFault(err):
		return one(because(f, "certificate").Show(doctor.EvidenceError, at, err.Error()).Act("", ""))
	case err != nil:
		return one(because(f, "dead").Show(doctor.EvidenceError, at, err.Error()).Act("", ""))
	}
	return one(f.Show(doctor.EvidenceHTTP, at, strconv.Itoa(page.Status)))
}

// ownerOf is the provider that an autodiscover host belongs to; "" unknown.
func ownerOf(host string) string {
	if host == "" {
		return ""
	}
	for _, p := range preset.Providers() {
		for _, r := range p.DNS.Records {
			if r.Use == preset.UseAutodiscover && r.Value == host {
				return p.ID
			}
		}
	}
	return ""
}
