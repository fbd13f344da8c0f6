package cards

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// Autoconfig is the file that Thunderbird and its kin look for at
// https://autoconfig.DOMAIN/mail/config-v1.1.xml (format version 1.1).
func Autoconfig(s Settings, domain string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s<clientConfig version=\"1.1\">\n  <emailProvider id=\"%[2]s\">\n    <domain>%[2]s</domain>\n    <displayName>%[3]s</displayName>\n", xml.Header, escaped(domain), escaped(s.Provider.En))
	auth := "password-cleartext" // within TLS; the format's own word
	if s.OAuth {
		auth = "OAuth2"
	}
	add := func(element, kind string, server *Server) {
		if server == nil {
			return
		}
		socket := "SSL"
		if server.Security == "starttls" {
			socket = "STARTTLS"
		}
		fmt.Fprintf(&b, "    <%[1]s type=\"%[2]s\">\n      <hostname>%[3]s</hostname>\n      <port>%[4]d</port>\n      <socketType>%[5]s</socketType>\n      <username>%%EMAILADDRESS%%</username>\n      <authentication>%[6]s</authentication>\n    </%[1]s>\n",
			element, kind, escaped(server.Host), server.Port, socket, auth)
	}
	add("incomingServer", "imap", s.IMAP)
	add("incomingServer", "pop3", s.POP3)
	add("outgoingServer", "smtp", s.SMTP)
	b.WriteString("  </emailProvider>\n</clientConfig>\n")
	return []byte(b.String())
}

// Autodiscover is the answer that Outlook looks for at
// https://autodiscover.DOMAIN/autodiscover/autodiscover.xml ([MS-OXDSCLI] 2.2.4). It
// returns nil where the provider takes no passwords: its own service answers then.
func Autodiscover(s Settings) []byte {
	if s.OAuth {
		return nil
	}
	var b strings.Builder
	b.WriteString(xml.Header + `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
  <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
    <Account>
      <AccountType>email</AccountType>
      <Action>settings</Action>
`)
	add := func(kind string, server *Server) {
		if server == nil {
			return
		}
		encryption := "SSL"
		if server.Security == "starttls" {
			encryption = "TLS"
		}
		fmt.Fprintf(&b, "      <Protocol>\n        <Type>%s</Type>\n        <Server>%s</Server>\n        <Port>%d</Port>\n        <SSL>on</SSL>\n        <Encryption>%s</Encryption>\n        <SPA>off</SPA>\n        <AuthRequired>on</AuthRequired>\n      </Protocol>\n",
			kind, escaped(server.Host), server.Port, encryption)
	}
	add("IMAP", s.IMAP)
	add("POP3", s.POP3)
	add("SMTP", s.SMTP)
	b.WriteString("    </Account>\n  </Response>\n</Autodiscover>\n")
	return []byte(b.String())
}
