package checks_test

import (
	"strings"
	"testing"
	"time"

	"mailroom/backend/testkit/servers"
)

// What the checks of a receiving server say about a real one, good and badly set up.
func TestARealReceivingServer(t *testing.T) {
	for name, c := range map[string]struct {
		opts  servers.PostfixOptions
		finds string
	}{
		"good": {servers.PostfixOptions{}, "mx.answers:ok mx.relay:ok mx.postmaster:ok mx.unknown_user:ok mx.vrfy:ok smtp.banner:ok smtp.extensions:ok smtp.starttls:ok tls.injection:ok tls.version:ok tls.suites:ok ports.middlebox:ok"},
		"careless": {servers.PostfixOptions{OpenRelay: true, CatchAll: true, NoTLS: true, Extra: "smtpd_banner = $myhostname ESMTP $mail_name $mail_version\nmessage_size_limit = 5000000"},
			"mx.relay:open mx.unknown_user:accepts smtp.starttls:promised smtp.banner:version smtp.extensions:small"},
		"expired":     {servers.PostfixOptions{Cert: servers.ExpiredCert}, "tls.validity:opportunistic"},
		"self-signed": {servers.PostfixOptions{Cert: servers.SelfSignedCert}, "tls.chain:opportunistic"},
		"old": {servers.PostfixOptions{Extra: "smtpd_tls_protocols = >=TLSv1\nsmtpd_tls_mandatory_protocols = >=TLSv1\nsmtpd_tls_ciphers = low\ntls_low_cipherlist = ALL:@SECLEVEL=0"},
			"tls.version:old_too"},
		"slow": {servers.PostfixOptions{Extra: "smtpd_client_restrictions = sleep 3, permit\nsmtpd_delay_reject = no"}, "smtp.delay:slow mx.answers:slow"},
	} {
		t.Run(name, func(t *testing.T) {
			s := servers.Postfix(t, c.opts)
			w := build(t)
			w.set("good.example. 300 IN MX 10 mx1.good.example.")
			w.ports["192.0.2.25:25"], w.ports["[2001:db8::25]:25"] = s.Addr, s.Addr
			if name == "slow" {
				w.x.Patience = 1500 * time.Millisecond
			}
			found := look(t, w, ids(c.finds)...)
			for _, want := range strings.Fields(c.finds) {
				if _, ok := found[want]; ok {
					continue
				}
				id, _, _ := strings.Cut(want, ":")
				for key, f := range found {
					if strings.HasPrefix(key, id+":") {
						t.Errorf("%s instead of %s: %v %+v", key, want, f.Facts, f.Evidence)
					}
				}
			}
		})
	}
}

func ids(finds string) []string {
	var all []string
	for _, f := range strings.Fields(finds) {
		id, _, _ := strings.Cut(f, ":")
		all = append(all, id)
	}
	return all
}
