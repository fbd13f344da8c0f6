package recognise

import (
	"cmp"
	"context"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// clientConfig is Thunderbird's format, version 1.1:
// https://wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat
type clientConfig struct {
	XMLName  xml.Name `xml:"clientConfig"`
	Provider struct {
		Incoming []configServer `xml:"incomingServer"`
		Outgoing []configServer `xml:"outgoingServer"`
	} `xml:"emailProvider"`
}

type configServer struct {
	Type     string `xml:"type,attr"`
	Host     string `xml:"hostname"`
	Port     int    `xml:"port"`
	Socket   string `xml:"socketType"`
	Username string `xml:"username"`
}

// byAutoconfig asks the two places where a domain may publish its servers. Mozilla's
// own database is not asked: it would learn every domain that is typed here, and for
// China it knows the personal services only.
func (r *Recogniser) byAutoconfig(ctx context.Context, domain, address string) (Candidate, bool) {
	query := "?emailaddress=" + url.QueryEscape(cmp.Or(address, "postmaster@"+domain))
	for _, place := range []string{
		"https://autoconfig." + domain + "/mail/config-v1.1.xml" + query,
		"https://" + domain + "/.well-known/autoconfig/mail/config-v1.1.xml" + query,
	} {
		var page clientConfig
		if err := r.page(ctx, http.MethodGet, place, "", &page); err != nil {
			continue
		}
		if c, ok := page.candidate(domain, address); ok {
			c.Evidence, _, _ = strings.Cut(place, "?")
			return c, true
		}
	}
	return Candidate{}, false
}

func (p *clientConfig) candidate(domain, address string) (Candidate, bool) {
	c := Candidate{How: ByAutoconfig, Certainty: Likely}
	for _, s := range slices.Concat(p.Provider.Incoming, p.Provider.Outgoing) {
		security, ok := map[string]string{"SSL": "tls", "STARTTLS": "starttls"}[strings.ToUpper(strings.TrimSpace(s.Socket))]
		host := plain(strings.TrimSpace(fillIn(s.Host, domain, address)))
		if !ok || !hostname(host) || s.Port <= 0 || s.Port > 65535 {
			continue // without encryption it is no suggestion of ours
		}
		server := Server{host, s.Port, security}
		switch strings.ToLower(s.Type) {
		case "imap":
			if len(c.IMAP) == 0 {
				c.User = userOf(s.Username, domain, address)
			}
			c.IMAP = append(c.IMAP, server)
		case "pop3":
			c.POP3 = append(c.POP3, server)
		case "smtp":
			c.SMTP = append(c.SMTP, server)
		}
	}
	return c, len(c.IMAP) > 0
}

// userOf fills in the sign-in name; "" where it is the address, or unknown.
func userOf(pattern, domain, address string) string {
	pattern = strings.TrimSpace(pattern)
	if address == "" || pattern == "" || len(pattern) > 200 {
		return ""
	}
	user := fillIn(pattern, domain, address)
	if strings.Contains(user, "%") || user == address || strings.ContainsAny(user, "\r\n\x00") {
		return ""
	}
	return user
}

func fillIn(s, domain, address string) string {
	local, _, _ := strings.Cut(address, "@")
	return strings.NewReplacer("%EMAILADDRESS%", address, "%EMAILLOCALPART%", local, "%EMAILDOMAIN%", domain).Replace(s)
}
