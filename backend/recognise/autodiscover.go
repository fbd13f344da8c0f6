package recognise

import (
	"cmp"
	"context"
	"encoding/xml"
	"net/http"
	"strings"
)

// autodiscoverPage is Microsoft's plain-old-XML format, [MS-OXDSCLI] section 2.2.4.
type autodiscoverPage struct {
	XMLName   xml.Name               `xml:"Autodiscover"`
	Protocols []autodiscoverProtocol `xml:"Response>Account>Protocol"`
}

type autodiscoverProtocol struct {
	Type       string `xml:"Type"`
	Server     string `xml:"Server"`
	Port       int    `xml:"Port"`
	SSL        string `xml:"SSL"`        // "on" where absent
	Encryption string `xml:"Encryption"` // None, SSL, TLS, Auto; before SSL where present
	LoginName  string `xml:"LoginName"`
}

const outlookSchema = "http://schemas.microsoft.com/exchange/autodiscover/outlook/"

// byAutodiscover asks without a password; servers that want one first tell us nothing.
func (r *Recogniser) byAutodiscover(ctx context.Context, domain, address string) (Candidate, bool) {
	var body strings.Builder
	body.WriteString(xml.Header + `<Autodiscover xmlns="` + outlookSchema + `requestschema/2006"><Request><EMailAddress>`)
	if err := xml.EscapeText(&body, []byte(cmp.Or(address, "postmaster@"+domain))); err != nil {
		return Candidate{}, false
	}
	body.WriteString(`</EMailAddress><AcceptableResponseSchema>` + outlookSchema + `responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`)
	for _, place := range []string{
		"https://autodiscover." + domain + "/autodiscover/autodiscover.xml",
		"https://" + domain + "/autodiscover/autodiscover.xml",
	} {
		var page autodiscoverPage
		if err := r.page(ctx, http.MethodPost, place, body.String(), &page); err != nil {
			continue
		}
		if c, ok := page.candidate(address); ok {
			c.Evidence = place
			return c, true
		}
	}
	return Candidate{}, false
}

func (p *autodiscoverPage) candidate(address string) (Candidate, bool) {
	c := Candidate{How: ByAutodiscover, Certainty: Likely}
	for _, s := range p.Protocols {
		host := plain(strings.TrimSpace(s.Server))
		if !hostname(host) || s.Port <= 0 || s.Port > 65535 {
			continue
		}
		security := "tls"
		switch strings.ToLower(s.Encryption) {
		case "tls":
			security = "starttls"
		case "none":
			continue
		case "":
			if strings.EqualFold(s.SSL, "off") {
				continue
			}
		}
		server := Server{host, s.Port, security}
		switch strings.ToUpper(strings.TrimSpace(s.Type)) {
		case "IMAP":
			if user := strings.TrimSpace(s.LoginName); len(c.IMAP) == 0 && user != address && len(user) <= 200 && !strings.ContainsAny(user, "\r\n\x00") {
				c.User = user
			}
			c.IMAP = append(c.IMAP, server)
		case "POP3":
			c.POP3 = append(c.POP3, server)
		case "SMTP":
			c.SMTP = append(c.SMTP, server)
		}
	}
	return c, len(c.IMAP) > 0
}
