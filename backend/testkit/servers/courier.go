package servers

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
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

// Courier starts a Courier IMAP that ends with the test. Its folders live below
// "INBOX." with "." between the levels; it offers neither LITERAL+ nor MULTIAPPEND.
func Courier(t testing.TB, opts ...Options) *Server {
	t.Helper()
	return forTest(t, StartCourier, opts)
}

// StartCourier starts a Courier IMAP; the caller stops it.
func StartCourier(ctx context.Context, opts Options) (*Server, error) {
	switch {
	case opts.Master, opts.TokenInfo != "", opts.Compress, len(opts.Folders) > 0, opts.Fsync != "", opts.MaxMessage > 0, len(opts.Plugins) > 0:
		return nil, errors.New("courier: Master, Compress, Folders, Fsync, MaxMessage and Plugins cannot be set")
	case opts.Separator != "" && opts.Separator != ".":
		return nil, errors.New("courier: the separator is always a dot")
	}
	root, err := findRoot("courier")
	if err != nil {
		return nil, err
	}
	return start(ctx, "courier", courier{root: root}, opts)
}

type courier struct{ root string }

func (c courier) file(name string) string { return filepath.Join(c.root, name) }

// prepare makes the folder that all programs are started in: their paths into
// /etc/courier, /run/courier and the modules' folder are relative in the unpacked
// copy (see scripts/setup.sh).
func (c courier) prepare(s *Server) error {
	for _, dir := range []string{"authdaemon", "mail", "accounts"} {
		if err := os.MkdirAll(s.path(dir), 0o755); err != nil {
			return err
		}
	}
	if err := os.Symlink(c.file("usr/lib/courier-authlib"), s.path("modules")); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	var pem []byte
	for _, name := range []string{s.path("key.pem"), s.CertFile} {
		part, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		pem = append(pem, part...)
	}
	rc := "authmodulelist=authuserdb\nauthmodulelistorig=authuserdb\ndaemons=5\nauthdaemonvar=" + s.path("authdaemon") + "\nDEBUG_LOGIN=0\nDEFAULTOPTIONS=\n"
	// The child that speaks TLS after STARTTLS changes to a fixed user, which only
	// works where we are that user.
	s.StartTLS = s.StartTLS && accountName(s.id.uid) == "nobody"
	return firstError(
		os.WriteFile(s.path("authdaemonrc"), []byte(rc), 0o644),
		os.WriteFile(s.path("server.pem"), pem, 0o600),
		os.WriteFile(s.path("settings"), []byte(c.settings(s)), 0o644),
	)
}

// settings are read after the distribution's own.
func (c courier) settings(s *Server) string {
	var b strings.Builder
	set := func(key, value string) { fmt.Fprintf(&b, "%s='%s'\n", key, value) }
	caps := strings.Fields("IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE")
	caps = slices.DeleteFunc(caps, func(name string) bool { return slices.Contains(s.opts.Without, name) })
	set("IMAP_CAPABILITY", strings.Join(caps, " "))
	set("IMAP_CAPABILITY_TLS", strings.Join(caps, " ")+" AUTH=PLAIN")
	set("COURIERTLS", c.file("usr/bin/couriertls"))
	set("TLS_CERTFILE", s.path("server.pem"))
	set("TLS_DHPARAMS", "")
	set("TLS_CACHEFILE", "")
	set("IMAP_STARTTLS", map[bool]string{true: "YES", false: "NO"}[s.StartTLS])
	set("IMAP_TLS_REQUIRED", "0")
	set("POP3_STARTTLS", "NO")
	set("POP3_TLS_REQUIRED", "0")
	set("IMAP_EMPTYTRASH", "")
	set("IMAP_ULIMITD", "0")
	set("GAM_CLIENT_ID", filepath.Base(s.Dir))
	set("GAMIN_DEBUG_SERVER", "/nonexistent")
	b.WriteString(s.opts.Extra + "\n")
	return b.String()
}

func (c courier) launch(s *Server) (runner, error) {
	perAddress := s.opts.MaxPerUser
	if perAddress == 0 {
		perAddress = 100
	}
	tcpd := func(port int) []string {
		return []string{c.file("usr/sbin/couriertcpd"), "-address=" + s.Host, "-maxprocs=200",
			"-maxperip=" + strconv.Itoa(perAddress), "-maxperc=" + strconv.Itoa(perAddress), "-nodnslookup", "-noidentlookup", strconv.Itoa(port)}
	}
	login := []string{c.file("usr/lib/courier/courier/imaplogin"), c.file("usr/bin/imapd"), "Maildir"}
	commands := [][]string{
		{c.file("usr/lib/courier/courier-authlib/authdaemond")},
		append(tcpd(s.Port), login...),
	}
	if !s.opts.NoTLS {
		commands = append(commands, append(append(tcpd(s.TLSPort), c.file("usr/bin/couriertls"), "-server", "-tcpd"), login...))
	}
	if s.opts.POP3 {
		login := []string{c.file("usr/lib/courier/courier/courierpop3login"), c.file("usr/lib/courier/courier/courierpop3d"), "Maildir"}
		commands = append(commands, append(tcpd(s.POP3Port), login...))
		if !s.opts.NoTLS {
			commands = append(commands, append(append(tcpd(s.POP3TLSPort), c.file("usr/bin/couriertls"), "-server", "-tcpd"), login...))
		}
	}
	// Where imapd watches folders through gamin it starts a daemon that would outlive
	// us: it finds one of ours instead.
	if gam := c.file("usr/libexec/gam_server"); isFile(gam) {
		commands = append(commands, []string{gam, "notimeout", filepath.Base(s.Dir)})
	}
	// A killed daemon leaves its socket.
	if err := os.RemoveAll(s.path("authdaemon", "socket")); err != nil {
		return nil, err
	}
	var all group
	for _, argv := range commands {
		p, err := c.spawn(s, argv)
		if err != nil {
			all.kill()
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// spawn runs a program with the distribution's settings and ours in its environment.
func (c courier) spawn(s *Server, argv []string) (*process, error) {
	script := `set -a; . "$1"; . "$2"; . "$3"; . "$4"; shift 4; exec "$@"`
	cmd := exec.Command("/bin/sh", append([]string{"-c", script, "courier",
		s.path("authdaemonrc"), c.file("etc/courier/imapd"), c.file("etc/courier/imapd-ssl"), s.path("settings")}, argv...)...)
	cmd.Dir = s.Dir
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
		"LD_LIBRARY_PATH=" + libraryPath(c.root, "usr/lib", "usr/lib/courier-authlib")}
	log, err := s.openLog()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	return spawn(cmd, s.id, syscall.SIGTERM)
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// addUser makes the Maildir and writes the whole password database anew.
func (c courier) addUser(s *Server, u User) error {
	if strings.ContainsAny(u.Name, "/|\t\r\n") {
		return errors.New("the name must hold neither slash, bar, tab nor line break")
	}
	name := strings.ToLower(u.Name)
	home := s.path("mail", name)
	for _, dir := range []string{"", "cur", "new", "tmp"} {
		if err := os.MkdirAll(filepath.Join(home, dir), 0o755); err != nil {
			return err
		}
		if err := s.Own(filepath.Join(home, dir)); err != nil {
			return err
		}
	}
	if q := c.quota(s.opts); q != "" {
		size := filepath.Join(home, "maildirsize")
		if err := firstError(os.WriteFile(size, []byte(q+"\n0 0\n"), 0o644), s.Own(size)); err != nil {
			return err
		}
	}
	sum := sha256.Sum256([]byte(u.Password))
	open := fmt.Sprintf("%s\tuid=%d|gid=%d|home=%s|mail=%s\n", name, s.id.uid, s.id.gid, home, home)
	secret := fmt.Sprintf("%s\tsystempw={SHA256}%s\n", name, base64.StdEncoding.EncodeToString(sum[:]))
	return firstError(
		c.database(s, "userdb", open),
		c.database(s, "userdbshadow", secret),
	)
}

// quota is the head of maildirsize (Maildir++): S bytes, C messages.
func (c courier) quota(o Options) string {
	var parts []string
	if o.QuotaBytes > 0 {
		parts = append(parts, strconv.FormatInt(o.QuotaBytes, 10)+"S")
	}
	if o.QuotaMessages > 0 {
		parts = append(parts, strconv.FormatInt(o.QuotaMessages, 10)+"C")
	}
	return strings.Join(parts, ",")
}

// database adds a line to the text and makes the database of it.
func (c courier) database(s *Server, name, line string) error {
	text := s.path("accounts", name)
	before, err := os.ReadFile(text)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	lines := append(before, line...)
	if err := os.WriteFile(text, lines, 0o644); err != nil {
		return err
	}
	cmd := exec.Command(c.file("usr/lib/courier/courier-authlib/makedatprog"), "-", s.path(name+".tmp"), s.path(name+".dat"))
	cmd.Env = []string{"LD_LIBRARY_PATH=" + libraryPath(c.root, "usr/lib")}
	cmd.Stdin = strings.NewReader(string(lines) + ".\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("makedatprog: %w: %s", err, out)
	}
	return s.Own(s.path(name + ".dat"))
}

func (c courier) settle(context.Context, *Server) error { return nil }
