package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Cyrus starts a Cyrus IMAP that ends with the test. It refuses messages with NUL,
// with bare line feeds in the header and the like, as Cyrus does.
func Cyrus(t testing.TB, opts ...Options) *Server {
	t.Helper()
	return forTest(t, StartCyrus, opts)
}

// StartCyrus starts a Cyrus IMAP; the caller stops it.
func StartCyrus(ctx context.Context, opts Options) (*Server, error) {
	if opts.Compress || opts.TokenInfo != "" || opts.POP3 || len(opts.Folders) > 0 || opts.Fsync != "" || len(opts.Plugins) > 0 || opts.MaxPerUser > 0 {
		return nil, errors.New("cyrus: Compress, Folders, Fsync, Plugins and MaxPerUser cannot be set")
	}
	if opts.Separator != "" && opts.Separator != "." && opts.Separator != "/" {
		return nil, errors.New("cyrus: the separator is a slash or a dot")
	}
	root, err := findRoot("cyrus")
	if err != nil {
		return nil, err
	}
	return start(ctx, "cyrus", cyrus{root: root}, opts)
}

type cyrus struct{ root string }

func (c cyrus) bin(name string) string { return filepath.Join(c.root, "usr/lib/cyrus/bin", name) }

func (c cyrus) prepare(s *Server) error {
	for _, dir := range []string{"spool", "config", "config/db", "config/socket", "config/proc", "config/log", "config/msg", "config/ptclient"} {
		if err := os.MkdirAll(s.path(dir), 0o755); err != nil {
			return err
		}
	}
	return firstError(
		os.WriteFile(s.path("imapd.conf"), []byte(c.settings(s)), 0o644),
		os.WriteFile(s.path("cyrus.conf"), []byte(c.services(s)), 0o644),
	)
}

func (c cyrus) settings(s *Server) string {
	o := s.opts
	var b strings.Builder
	set := func(key, value string) { fmt.Fprintf(&b, "%s: %s\n", key, value) }
	set("configdirectory", s.path("config"))
	set("partition-default", s.path("spool"))
	set("defaultpartition", "default")
	set("cyrus_user", accountName(s.id.uid))
	set("cyrus_group", groupName(s.id.gid))
	set("servername", "cyrus.example")
	set("admins", "cyrus")
	if o.Master {
		set("proxyservers", MasterUser.Name)
	}
	set("virtdomains", "userid")
	set("defaultdomain", "cyrus.example")
	set("allowplaintext", "yes")
	set("sasl_pwcheck_method", "auxprop")
	set("sasl_auxprop_plugin", "sasldb")
	set("sasl_sasldb_path", s.path("sasldb2"))
	set("sasl_mech_list", "PLAIN LOGIN")
	set("munge8bit", map[bool]string{true: "yes", false: "no"}[o.Munge])
	dotted := "yes"
	if o.Separator == "." {
		dotted = "no"
	}
	set("unixhierarchysep", dotted)
	set("altnamespace", dotted)
	// Accounts come to be at their first sign-in, with their quota (KiB).
	set("autocreate_quota", strconv.FormatInt((o.QuotaBytes+1023)/1024, 10))
	if o.QuotaMessages > 0 {
		set("autocreate_quota_messages", strconv.FormatInt(o.QuotaMessages, 10))
	}
	if o.MaxMessage > 0 {
		set("maxmessagesize", strconv.FormatInt(o.MaxMessage, 10))
	}
	if len(o.Without) > 0 {
		set("suppress_capabilities", strings.Join(o.Without, " "))
	}
	if !o.NoTLS {
		set("tls_server_cert", s.CertFile)
		set("tls_server_key", s.path("key.pem"))
	}
	set("idlesocket", s.path("config/socket/idle"))
	set("notifysocket", s.path("config/socket/notify"))
	set("lmtpsocket", s.path("config/socket/lmtp"))
	b.WriteString(o.Extra + "\n")
	return b.String()
}

func (c cyrus) services(s *Server) string {
	conf := s.path("imapd.conf")
	text := fmt.Sprintf("START {\n  recover cmd=\"%s -C %s -r\"\n}\nSERVICES {\n  imap cmd=\"%s -C %s\" listen=\"%s\" prefork=1\n",
		c.bin("ctl_cyrusdb"), conf, c.bin("imapd"), conf, s.Addr())
	if !s.opts.NoTLS {
		text += fmt.Sprintf("  imaps cmd=\"%s -C %s -s\" listen=\"%s\" prefork=0\n", c.bin("imapd"), conf, s.TLSAddr())
	}
	return text + "}\nEVENTS {\n}\n"
}

func (c cyrus) environment() []string {
	plugins, err := filepath.Glob(filepath.Join(c.root, "usr/lib/*-linux-gnu*/sasl2"))
	if err != nil {
		plugins = nil
	}
	return []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LD_LIBRARY_PATH=" + libraryPath(c.root, "usr/lib", "usr/lib/cyrus"),
		"SASL_PATH=" + strings.Join(plugins, ":")}
}

func (c cyrus) launch(s *Server) (runner, error) {
	cmd := exec.Command(c.bin("master"), "-D", "-C", s.path("imapd.conf"), "-M", s.path("cyrus.conf"),
		"-p", s.path("master.pid"))
	cmd.Dir, cmd.Env = s.Dir, c.environment()
	log, err := s.openLog()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	return spawn(cmd, s.id, syscall.SIGTERM)
}

// addUser writes the password; the mailbox comes to be at the first sign-in.
func (c cyrus) addUser(s *Server, u User) error {
	local, domain, found := strings.Cut(strings.ToLower(u.Name), "@")
	if !found {
		domain = "cyrus.example"
	}
	if s.opts.Separator == "." && strings.Contains(local, ".") {
		return errors.New("a dot in the name needs the separator /")
	}
	cmd := exec.Command(filepath.Join(c.root, "usr/sbin/saslpasswd2"), "-c", "-p", "-f", s.path("sasldb2"), "-u", domain, local)
	cmd.Env = c.environment()
	cmd.Stdin = strings.NewReader(u.Password)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("saslpasswd2: %w: %s", err, out)
	}
	return s.Own(s.path("sasldb2"))
}

func (c cyrus) settle(_ context.Context, s *Server) error {
	if s.opts.Master {
		return c.addUser(s, MasterUser)
	}
	return nil
}
