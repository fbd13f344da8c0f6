package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Dovecot starts a Dovecot that ends with the test. Mail is kept as Maildir++
// below [Server.Maildir].
func Dovecot(t testing.TB, opts ...Options) *Server {
	t.Helper()
	return forTest(t, StartDovecot, opts)
}

// StartDovecot starts a Dovecot; the caller stops it.
func StartDovecot(ctx context.Context, opts Options) (*Server, error) {
	if opts.MaxMessage > 0 {
		return nil, errors.New("dovecot: MaxMessage cannot be set")
	}
	root, err := findRoot("dovecot")
	if err != nil {
		return nil, err
	}
	return start(ctx, "dovecot", dovecot{root: root}, opts)
}

type dovecot struct{ root string }

// dovecotCapabilities is what Dovecot 2.3 advertises after sign-in by default;
// setting imap_capability replaces the whole list.
const dovecotCapabilities = "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY " +
	"THREAD=REFERENCES THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN " +
	"NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH " +
	"LIST-STATUS BINARY MOVE SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE LITERAL+ NOTIFY SPECIAL-USE"

func (d dovecot) lib(name ...string) string {
	return filepath.Join(append([]string{d.root, "usr/lib/dovecot"}, name...)...)
}

func (d dovecot) prepare(s *Server) error {
	for _, dir := range []string{"run", "mail", "users"} {
		if err := os.MkdirAll(s.path(dir), 0o755); err != nil {
			return err
		}
	}
	// The unpacked library looks for its TLS module in "modules" below the folder that
	// the master changes to (see scripts/setup.sh).
	link := s.path("run", "modules")
	if err := os.Symlink(d.lib("modules"), link); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	master := MasterUser.Name + ":{PLAIN}" + MasterUser.Password + "\n"
	if err := os.WriteFile(s.path("masters"), []byte(master), 0o644); err != nil {
		return err
	}
	// The token is appended; the answer's "email" must be who signs in.
	tokens := "tokeninfo_url = " + s.opts.TokenInfo + "\nusername_attribute = email\n"
	return firstError(
		os.WriteFile(s.path("oauth2.conf"), []byte(tokens), 0o644),
		os.WriteFile(s.path("dovecot.conf"), []byte(d.config(s)), 0o644),
	)
}

func (d dovecot) config(s *Server) string {
	o := s.opts
	var b strings.Builder
	set := func(key, value string) { fmt.Fprintf(&b, "%s = %s\n", key, value) }
	set("base_dir", s.path("run"))
	set("state_dir", s.path("run"))
	set("libexec_dir", d.lib())
	set("mail_plugin_dir", d.lib("modules"))
	set("login_plugin_dir", d.lib("modules", "login"))
	set("import_environment", "TZ LD_LIBRARY_PATH")
	set("log_path", s.path("log"))
	set("protocols", "imap"+map[bool]string{true: " pop3"}[o.POP3])
	set("listen", s.Host)
	name := accountName(s.id.uid)
	set("default_internal_user", name)
	set("default_login_user", name)
	set("default_internal_group", groupName(s.id.gid))
	set("first_valid_uid", "1")
	set("disable_plaintext_auth", "no")
	set("auth_mechanisms", "plain login"+map[bool]string{true: " xoauth2 oauthbearer"}[o.TokenInfo != ""])
	set("auth_failure_delay", "0")
	set("auth_username_format", "%Lu")
	set("mail_max_userip_connections", strconv.Itoa(max(o.MaxPerUser, 0)+200*b2i(o.MaxPerUser == 0)))
	set("mail_location", "maildir:"+s.path("mail")+"/%u")
	if o.Fsync != "" {
		set("mail_fsync", o.Fsync)
	}
	if len(o.Without) > 0 {
		left := slices.DeleteFunc(strings.Fields(dovecotCapabilities), func(c string) bool {
			return slices.Contains(o.Without, c)
		})
		// A whole list also hides what plugins would add.
		if o.Compress {
			left = append(left, "COMPRESS=DEFLATE")
		}
		if o.QuotaBytes > 0 || o.QuotaMessages > 0 {
			left = append(left, "QUOTA")
		}
		set("imap_capability", strings.Join(left, " "))
	}
	d.tls(&b, s)
	d.namespace(&b, o)
	d.accounts(&b, s)
	d.plugins(&b, o)
	d.services(&b, s)
	b.WriteString(o.Extra)
	b.WriteString("\n")
	return b.String()
}

func (d dovecot) tls(b *strings.Builder, s *Server) {
	if s.opts.NoTLS {
		b.WriteString("ssl = no\n")
		return
	}
	fmt.Fprintf(b, "ssl = yes\nssl_cert = <%s\nssl_key = <%s\nssl_dh =\n", s.CertFile, s.path("key.pem"))
}

func (d dovecot) namespace(b *strings.Builder, o Options) {
	separator := o.Separator
	if separator == "" {
		separator = "/"
	}
	fmt.Fprintf(b, "namespace inbox {\n inbox = yes\n separator = %s\n", separator)
	for _, f := range o.Folders {
		fmt.Fprintf(b, " mailbox \"%s\" {\n  auto = subscribe\n", f.Name)
		if f.Use != "" {
			fmt.Fprintf(b, "  special_use = %s\n", f.Use)
		}
		b.WriteString(" }\n")
	}
	b.WriteString("}\n")
}

func (d dovecot) accounts(b *strings.Builder, s *Server) {
	if s.opts.Master {
		fmt.Fprintf(b, "auth_master_user_separator = *\npassdb {\n driver = passwd-file\n master = yes\n args = %s\n}\n", s.path("masters"))
	}
	if s.opts.TokenInfo != "" {
		fmt.Fprintf(b, "passdb {\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n args = %s\n}\n", s.path("oauth2.conf"))
	}
	fmt.Fprintf(b, "passdb {\n driver = passwd-file\n args = username_format=%%u %s/%%u\n}\n", s.path("users"))
	fmt.Fprintf(b, "userdb {\n driver = static\n args = uid=%d gid=%d home=%s/%%u\n}\n", s.id.uid, s.id.gid, s.path("home"))
}

func (d dovecot) plugins(b *strings.Builder, o Options) {
	mail, imap := slices.Clone(o.Plugins), []string{}
	if o.QuotaBytes > 0 || o.QuotaMessages > 0 {
		mail, imap = append(mail, "quota"), append(imap, "imap_quota")
		b.WriteString("plugin {\n quota = count:User quota\n quota_vsizes = yes\n quota_grace = 0\n quota_rule = *")
		if o.QuotaBytes > 0 {
			fmt.Fprintf(b, ":bytes=%d", o.QuotaBytes)
		}
		if o.QuotaMessages > 0 {
			fmt.Fprintf(b, ":messages=%d", o.QuotaMessages)
		}
		b.WriteString("\n}\n")
	}
	if o.Compress {
		mail, imap = append(mail, "zlib"), append(imap, "imap_zlib")
	}
	if len(mail) > 0 {
		fmt.Fprintf(b, "mail_plugins = %s\n", strings.Join(mail, " "))
		fmt.Fprintf(b, "protocol imap {\n mail_plugins = %s\n}\n", strings.Join(append(mail, imap...), " "))
	}
}

func (d dovecot) services(b *strings.Builder, s *Server) {
	for _, name := range []string{"anvil", "stats", "old-stats", "ipc", "indexer", "log"} {
		fmt.Fprintf(b, "service %s {\n chroot =\n}\n", name)
	}
	// Else each refused sign-in from this address makes the next wait up to 15 seconds.
	b.WriteString("service anvil {\n unix_listener anvil-auth-penalty {\n  mode = 0\n }\n}\n")
	fmt.Fprintf(b, "service imap-login {\n chroot =\n inet_listener imap {\n  port = %d\n }\n inet_listener imaps {\n  port = %d\n  ssl = yes\n }\n}\n",
		s.Port, s.TLSPort)
	if s.opts.POP3 {
		fmt.Fprintf(b, "service pop3-login {\n chroot =\n inet_listener pop3 {\n  port = %d\n }\n inet_listener pop3s {\n  port = %d\n  ssl = yes\n }\n}\n",
			s.POP3Port, s.POP3TLSPort)
	}
}

func (d dovecot) launch(s *Server) (runner, error) {
	conf := s.path("dovecot.conf")
	// The programs name each other by their installed paths, so we do what dovecot
	// itself does at its start: doveconf reads the file and becomes the master.
	cmd := exec.Command(filepath.Join(d.root, "usr/bin/doveconf"), "-c", conf, "-f", "service=master", "-m", "master",
		"-e", filepath.Join(d.root, "usr/sbin/dovecot"), "-F", "-c", conf)
	cmd.Dir = s.Dir
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LD_LIBRARY_PATH=" +
		libraryPath(d.root, "usr/lib/dovecot", "usr/lib/dovecot/modules/old-stats")}
	log, err := s.openLog()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	// A killed master leaves its pid file; with the number taken by a stranger the
	// next start would refuse.
	if err := os.Remove(s.path("run", "master.pid")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return spawn(cmd, s.id, syscall.SIGTERM)
}

// addUser writes one file per account: Dovecot looks at a new file at once, while it
// may take a second to see that a common one has changed.
func (d dovecot) addUser(s *Server, u User) error {
	if strings.ContainsAny(u.Name+u.Password, ":/\r\n") {
		return errors.New("name and password must hold neither colon, slash nor line break")
	}
	name := strings.ToLower(u.Name)
	return os.WriteFile(s.path("users", name), fmt.Appendf(nil, "%s:{PLAIN}%s\n", name, u.Password), 0o644)
}

func (d dovecot) settle(context.Context, *Server) error { return nil }
