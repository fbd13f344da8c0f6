package cards

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"strings"
)

// AppleProfile is a configuration profile (.mobileconfig) for Apple's Mail on phones,
// tablets and computers: the device asks for the password itself. It returns nil where
// the provider takes no passwords, or a server is not known: then the format does not
// serve. Keys: Apple, Device Management, com.apple.mail.managed.
func AppleProfile(c Card, language string) []byte {
	if c.OAuth || c.IMAP == nil || c.SMTP == nil {
		return nil
	}
	name := c.Provider.In(language)
	if name == "" {
		name = c.IMAP.Host
	}
	id := "mailroom.mail." + fingerprint(c.Address, c.IMAP.Host)[:16]
	var b strings.Builder
	b.WriteString(xml.Header + `<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">` + "\n<plist version=\"1.0\">\n<dict>\n")
	text := func(indent, key, value string) {
		fmt.Fprintf(&b, "%s<key>%s</key>\n%s<string>%s</string>\n", indent, key, indent, escaped(value))
	}
	number := func(key string, n int) { fmt.Fprintf(&b, "    <key>%s</key>\n    <integer>%d</integer>\n", key, n) }
	yes := func(key string) { fmt.Fprintf(&b, "    <key>%s</key>\n    <true/>\n", key) }
	b.WriteString("  <key>PayloadContent</key>\n  <array>\n   <dict>\n")
	text("    ", "PayloadType", "com.apple.mail.managed")
	text("    ", "PayloadIdentifier", id+".account")
	text("    ", "PayloadUUID", uuid("account", c.Address, c.IMAP.Host))
	number("PayloadVersion", 1)
	text("    ", "PayloadDisplayName", c.Address)
	text("    ", "EmailAccountType", "EmailTypeIMAP")
	text("    ", "EmailAccountDescription", name)
	text("    ", "EmailAccountName", c.Title())
	text("    ", "EmailAddress", c.Address)
	text("    ", "IncomingMailServerAuthentication", "EmailAuthPassword")
	text("    ", "IncomingMailServerHostName", c.IMAP.Host)
	number("IncomingMailServerPortNumber", c.IMAP.Port)
	yes("IncomingMailServerUseSSL")
	text("    ", "IncomingMailServerUsername", c.User)
	text("    ", "OutgoingMailServerAuthentication", "EmailAuthPassword")
	text("    ", "OutgoingMailServerHostName", c.SMTP.Host)
	number("OutgoingMailServerPortNumber", c.SMTP.Port)
	yes("OutgoingMailServerUseSSL")
	text("    ", "OutgoingMailServerUsername", c.User)
	yes("OutgoingPasswordSameAsIncomingPassword")
	b.WriteString("   </dict>\n  </array>\n")
	text("  ", "PayloadType", "Configuration")
	text("  ", "PayloadIdentifier", id)
	text("  ", "PayloadUUID", uuid("profile", c.Address, c.IMAP.Host))
	b.WriteString("  <key>PayloadVersion</key>\n  <integer>1</integer>\n")
	text("  ", "PayloadDisplayName", name+" – "+c.Address)
	b.WriteString("</dict>\n</plist>\n")
	return []byte(b.String())
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder does not fail
	return b.String()
}

func fingerprint(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(parts, "\x00"))))
	return hex.EncodeToString(sum[:])
}

// uuid is the same for the same person and server, so that a newer profile replaces
// the older one (RFC 9562 section 5.8).
func uuid(parts ...string) string {
	h := []byte(fingerprint(parts...))[:32]
	h[12], h[16] = '8', "89ab"[h[16]&3]
	return strings.ToUpper(fmt.Sprintf("%s-%s-%s-%s-%s", h[:8], h[8:12], h[12:16], h[16:20], h[20:]))
}
