// Package sheet makes the support sheet: one page, or a ZIP of it, with everything that
// was found out, for a provider's support. Secrets and personal content are taken out
// before anything is shown or saved. It leaves out finding anything out, and the words
// for people, which come in with the sections.
package sheet

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// Redactor takes secrets and personal content out of text. The same address always
// becomes the same mark within one sheet, so that support can follow it. The zero
// value redacts everything; it is not safe for use by many goroutines.
type Redactor struct {
	// Keep lists domains whose name stays: those that the sheet is about. The part of an
	// address before the @ is always taken out.
	Keep []string
	// Secrets are texts that must not appear in any form, e.g. passwords in use.
	Secrets []string

	people map[string]string
}

var (
	addressRule = regexp.MustCompile(`[\p{L}\p{N}._%+=/&'*!#$?^{|}~-]{1,64}@[\p{L}\p{N}][\p{L}\p{N}.-]{0,250}[\p{L}\p{N}]`)
	// name=value and name: value of anything that is called a secret, in English or Chinese.
	namedRule  = regexp.MustCompile(`(?i)("?(?:[\w-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|authorization|auth[_-]?code|credential)[\w-]*|\bpwd|\bpass|\x{5bc6}\x{7801}|\x{53e3}\x{4ee4}|\x{6388}\x{6743}\x{7801})"?\s*[:=：]\s*)("[^"]*"|'[^']*'|(?:Bearer|Basic)\s+\S+|[^\s,;"'<>]+)`)
	bearerRule = regexp.MustCompile(`(?i)\b(bearer|basic|xoauth2|plain|login)\s+([A-Za-z0-9+/_=.-]{12,})`)
	// "A1 LOGIN user password", in IMAP transcripts, quoted or not; a server's answer about
	// LOGIN has no tag before the word.
	loginRule = regexp.MustCompile(`(?i)(\b[A-Za-z]*\d+\s+LOGIN\s+)(?:"(?:[^"\\]|\\.)*"|\S+)\s+(?:"(?:[^"\\]|\\.)*"|\S+)`)
	jwtRule   = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?`)
	keyRule   = regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`)
	urlRule   = regexp.MustCompile(`([a-z][a-z0-9+.-]*://)([^/\s@]+)@`)
	queryRule = regexp.MustCompile(`(?i)([?&](?:[\w-]*(?:token|key|code|secret|sig|signature|auth|session|ticket|sid)[\w-]*)=)[^&\s"'<>]+`)
	phoneRule = regexp.MustCompile(`(?:\+?86[- ]?)?\b1[3-9]\d{9}\b`)
	idRule    = regexp.MustCompile(`\b[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]\b`)
	subject   = regexp.MustCompile(`(?im)^((?:subject|thread-topic|\x{4e3b}\x{9898}|\x{4e3b}\x{65e8})\s*[:：][ \t]*).+(?:\r?\n[ \t]+.*)*`)
	ipRule    = regexp.MustCompile(`\b(?:\d{1,3}\.){3}\d{1,3}\b`)
)

// Marks that stand where something was.
const (
	gone       = "[removed]"
	goneSecret = "[secret]"
)

// Text returns s without secrets and personal content.
func (r *Redactor) Text(s string) string {
	for _, secret := range r.Secrets {
		if len(secret) >= 4 {
			s = strings.ReplaceAll(s, secret, goneSecret)
		}
	}
	s = keyRule.ReplaceAllString(s, goneSecret)
	s = jwtRule.ReplaceAllString(s, goneSecret)
	s = urlRule.ReplaceAllString(s, "${1}"+goneSecret+"@")
	s = queryRule.ReplaceAllString(s, "${1}"+goneSecret)
	s = loginRule.ReplaceAllString(s, "${1}[user] "+goneSecret)
	s = namedRule.ReplaceAllString(s, "${1}"+goneSecret)
	s = bearerRule.ReplaceAllString(s, "${1} "+goneSecret)
	s = subject.ReplaceAllString(s, "${1}"+gone)
	s = idRule.ReplaceAllString(s, gone)
	s = phoneRule.ReplaceAllString(s, gone)
	s = addressRule.ReplaceAllStringFunc(s, r.person)
	return ipRule.ReplaceAllStringFunc(s, local)
}

// person makes one mark of one address. Domains that the sheet is about stay, since
// support needs them; so do addresses that are no person's.
func (r *Redactor) person(address string) string {
	at := strings.LastIndexByte(address, '@')
	name, domain := strings.ToLower(address[:at]), strings.ToLower(address[at+1:])
	switch name {
	case "postmaster", "abuse", "mailer-daemon", "noreply", "no-reply", "hostmaster", "dmarc", "bounce":
		return address
	}
	key := name + "@" + domain
	if r.people == nil {
		r.people = map[string]string{}
	}
	mark, known := r.people[key]
	if !known {
		mark = "person-" + strconv.Itoa(len(r.people)+1)
		r.people[key] = mark
	}
	for _, keep := range r.Keep {
		if keep = strings.ToLower(keep); domain == keep || strings.HasSuffix(domain, "."+keep) {
			return mark + "@" + address[at+1:]
		}
	}
	return mark + "@[elsewhere]"
}

// local takes out addresses of the office's own network: they say nothing to support.
func local(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err == nil && a.IsPrivate() {
		return "[local address]"
	}
	return ip
}
