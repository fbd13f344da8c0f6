package servers

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// PostfixOptions of a server. The zero value is a good one: STARTTLS with a good
// certificate, mail for good.example only.
type PostfixOptions struct {
	Cert      Certificate
	NoTLS     bool
	OpenRelay bool   // passes on anybody's mail
	CatchAll  bool   // takes mail for people who do not exist
	Extra     string // lines put at the end of main.cf
}

// PostfixServer is a running Postfix that receives mail for good.example and throws it
// away.
type PostfixServer struct {
	Addr   string // host:port
	CAFile string // PEM; signed its certificate
	Dir    string

	process *process
}

// Postfix starts a Postfix that ends with the test. Its master insists on being root: as
// an ordinary user the test is skipped and says so.
func Postfix(t testing.TB, opts PostfixOptions) *PostfixServer {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("Postfix's master runs as root only: run the tests as root to have it")
	}
	s, err := StartPostfix(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// StartPostfix starts a Postfix with folders of its own; the caller stops it.
func StartPostfix(ctx context.Context, opts PostfixOptions) (*PostfixServer, error) {
	root, err := findRoot("postfix")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "mailroom-postfix-")
	if err != nil {
		return nil, err
	}
	s := &PostfixServer{Dir: dir}
	if err := s.start(ctx, root, opts); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		s.Stop()
		return nil, fmt.Errorf("start postfix: %w\n%s", err, log)
	}
	return s, nil
}

// Stop ends it and removes its folder.
func (s *PostfixServer) Stop() {
	if s.process != nil {
		s.process.kill() // it has nothing to save
		s.process = nil
	}
	_ = os.RemoveAll(s.Dir)
}

func (s *PostfixServer) start(ctx context.Context, root string, opts PostfixOptions) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	s.Addr = fmt.Sprintf("127.0.0.1:%d", port)
	if err := os.Chmod(s.Dir, 0o755); err != nil {
		return err
	}
	certs, err := writeCertificates(s.Dir, opts.Cert)
	if err != nil {
		return err
	}
	s.CAFile = certs.ca
	if err := s.write(root, port, certs, opts); err != nil {
		return err
	}
	conf := filepath.Join(s.Dir, "conf")
	cmd := exec.Command(filepath.Join(root, "usr/lib/postfix/sbin/master"), "-c", conf, "-d")
	cmd.Dir = s.Dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "MAIL_CONFIG=" + conf, "LD_LIBRARY_PATH=" + filepath.Join(root, "usr/lib/postfix") + ":" + libraryPath(root)}
	if s.process, err = spawn(cmd, identity{}, syscall.SIGTERM); err != nil {
		return err
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(ctx, "tcp", s.Addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-s.process.ended():
			return errors.New("it ended")
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond): // a port that opens has no event to wait for
		}
	}
	return errors.New("it does not answer")
}

func (s *PostfixServer) write(root string, port int, certs certificates, opts PostfixOptions) error {
	libraries := filepath.Join(root, "usr/lib/postfix")
	var b strings.Builder
	set := func(name, value string) { fmt.Fprintf(&b, "%s = %s\n", name, value) }
	set("compatibility_level", "3.6")
	set("myhostname", "mx1.good.example")
	set("mydestination", "good.example")
	// An open relay is most often one that takes everybody for a neighbour.
	set("mynetworks", map[bool]string{true: "0.0.0.0/0", false: "203.0.113.0/24"}[opts.OpenRelay])
	set("inet_interfaces", "127.0.0.1")
	set("inet_protocols", "ipv4")
	set("queue_directory", filepath.Join(s.Dir, "queue"))
	set("data_directory", filepath.Join(s.Dir, "data"))
	set("command_directory", filepath.Join(root, "usr/sbin"))
	set("daemon_directory", filepath.Join(libraries, "sbin"))
	set("shlib_directory", libraries)
	set("meta_directory", filepath.Join(root, "etc/postfix"))
	// Three accounts of the system that have nothing in common: nobody makes new ones.
	set("mail_owner", "mail")
	set("default_privs", "nobody")
	set("setgid_group", "proxy")
	set("local_transport", "discard")
	set("default_transport", "discard")
	set("alias_maps", "")
	set("local_recipient_maps", map[bool]string{true: "", false: "inline:{{postmaster=x},{abuse=x}}"}[opts.CatchAll])
	set("smtpd_relay_restrictions", "permit_mynetworks, reject_unauth_destination")
	set("message_size_limit", "52428800")
	set("maillog_file", filepath.Join(s.Dir, "log"))
	set("maillog_file_prefixes", filepath.Dir(s.Dir))
	set("import_environment", "LD_LIBRARY_PATH="+libraries+":"+libraryPath(root)+" MAIL_CONFIG MAIL_LOGTAG TZ")
	if !opts.NoTLS {
		set("smtpd_tls_security_level", "may")
		set("smtpd_tls_cert_file", certs.cert)
		set("smtpd_tls_key_file", filepath.Join(s.Dir, "key.pem"))
	}
	b.WriteString(opts.Extra + "\n")
	master := fmt.Sprintf("127.0.0.1:%d inet n - n - - smtpd\n", port)
	for _, line := range []string{
		"postlog unix-dgram n - n - 1 postlogd", "rewrite unix - - n - - trivial-rewrite", "cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr",
		"proxymap unix - - n - - proxymap", "anvil unix - - n - 1 anvil", "tlsmgr unix - - n 1000? 1 tlsmgr", "bounce unix - - n - 0 bounce", "discard unix - - n - - discard",
	} {
		master += line + "\n"
	}
	for _, dir := range []string{"conf", "data", "queue", "queue/pid"} {
		if err := os.MkdirAll(filepath.Join(s.Dir, dir), 0o755); err != nil {
			return err
		}
	}
	for _, dir := range []string{"public", "private", "active", "incoming", "deferred", "defer", "bounce", "corrupt", "hold", "flush", "trace", "saved", "maildrop"} {
		path := filepath.Join(s.Dir, "queue", dir)
		if err := os.MkdirAll(path, 0o755); err != nil {
			return err
		}
		if err := os.Chown(path, userID("mail"), 0); err != nil {
			return err
		}
	}
	return errors.Join(os.Chown(filepath.Join(s.Dir, "data"), userID("mail"), 0),
		os.WriteFile(filepath.Join(s.Dir, "conf/main.cf"), []byte(b.String()), 0o644),
		os.WriteFile(filepath.Join(s.Dir, "conf/master.cf"), []byte(master), 0o644))
}

// userID is an account's number; 0 where there is no such account.
func userID(name string) int {
	raw, err := os.ReadFile("/etc/passwd")
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(raw), "\n") {
		fields := strings.Split(line, ":")
		if len(fields) > 2 && fields[0] == name {
			n := 0
			_, _ = fmt.Sscan(fields[2], &n)
			return n
		}
	}
	return 0
}
