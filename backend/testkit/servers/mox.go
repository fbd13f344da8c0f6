package servers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// MoxServer is a running mox in its mode for one computer: mail never leaves it, and
// the administrator's interface is the usual one.
type MoxServer struct {
	URL      string // http://127.0.0.1:port, with /admin/, /account/, /webmail/
	IMAP     string // host:port, passwords are accepted in plain text
	SMTP     string // host:port where mail comes in
	Submit   string // host:port where people hand mail in, without TLS
	Password string // of the administrator
	Domain   string // of the ready-made account
	Dir      string

	program string
	process *process
}

// MoxUser is the account that mox makes for itself.
var MoxUser = User{Name: "mox@localhost", Password: "moxmoxmox"}

// Mox starts a mox that ends with the test.
func Mox(t testing.TB) *MoxServer {
	t.Helper()
	m, err := StartMox(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(m.Log())
		}
		m.Stop()
	})
	return m
}

// StartMox starts a mox; the caller stops it.
func StartMox(ctx context.Context) (*MoxServer, error) {
	root, err := findRoot("mox")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "mailroom-mox-")
	if err != nil {
		return nil, err
	}
	m := &MoxServer{Dir: dir, Password: "moxadmin", Domain: "localhost", program: filepath.Join(root, "bin", "mox")}
	if err := m.first(ctx); err != nil {
		err = fmt.Errorf("start mox: %w\n%s", err, m.Log())
		m.Stop()
		return nil, err
	}
	return m, nil
}

// Stop ends it and removes its folder.
func (m *MoxServer) Stop() {
	if m.process != nil {
		// It waits three seconds for connections that are open; it has nothing to save.
		m.process.stop(300 * time.Millisecond)
		m.process = nil
	}
	_ = os.RemoveAll(m.Dir)
}

// Restart ends it as a crash would and starts it again on the same data and ports; the administrator's
// sessions are gone then.
func (m *MoxServer) Restart(ctx context.Context) error {
	m.process.kill()
	run, err := m.spawn(whoami())
	if err != nil {
		return err
	}
	m.process = run
	if err := m.up(ctx); err != nil {
		return fmt.Errorf("restart mox: %w\n%s", err, m.Log())
	}
	return nil
}

// AddDomain gives the server one more mail domain, by the way that its command line
// speaks to it.
func (m *MoxServer) AddDomain(ctx context.Context, domain string) error {
	cmd := exec.CommandContext(ctx, m.program, "-config", filepath.Join(m.Dir, "mox", "mox.conf"), "config", "domain", "add", domain, "mox")
	detach(cmd, whoami(), syscall.SIGTERM)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("add domain %s: %w: %s", domain, err, out)
	}
	return nil
}

// Log is the end of what mox has written to its log.
func (m *MoxServer) Log() string {
	text, err := os.ReadFile(filepath.Join(m.Dir, "log"))
	if err != nil {
		return ""
	}
	return string(text[max(0, len(text)-4000):])
}

func (m *MoxServer) first(ctx context.Context) error {
	id := whoami()
	if id.drop {
		if err := os.Chown(m.Dir, id.uid, id.gid); err != nil {
			return err
		}
	}
	// Its answer to -initonly is a configuration with fixed ports, which become ours.
	run, err := m.spawn(id, "-initonly")
	if err != nil {
		return err
	}
	select {
	case <-run.ended():
	case <-ctx.Done():
		run.kill()
		return ctx.Err()
	}
	// Another program may take a port between our asking for it and mox's using it.
	for attempt := 1; ; attempt++ {
		if err := m.choosePorts(); err != nil {
			return err
		}
		if m.process, err = m.spawn(id); err != nil {
			return err
		}
		err := m.up(ctx)
		if err == nil || attempt == 3 || ctx.Err() != nil || !strings.Contains(m.Log(), "in use") {
			return err
		}
		m.process.kill()
	}
}

func (m *MoxServer) spawn(id identity, flags ...string) (*process, error) {
	log, err := os.OpenFile(filepath.Join(m.Dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	args := append([]string{"localserve", "-dir", filepath.Join(m.Dir, "mox")}, flags...)
	if len(flags) > 0 {
		args = append(args, "-ip", "127.0.0.1")
	}
	cmd := exec.Command(m.program, args...)
	cmd.Dir = m.Dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + m.Dir}
	cmd.Stdout, cmd.Stderr = log, log
	return spawn(cmd, id, syscall.SIGTERM)
}

// The ports of a fresh configuration, in the order in which ours replace them.
var moxPorts = []string{"1025", "1587", "1465", "1143", "1993", "1080", "1443", "1081"}

func (m *MoxServer) choosePorts() error {
	ports, err := freePorts(len(moxPorts))
	if err != nil {
		return err
	}
	path := filepath.Join(m.Dir, "mox", "mox.conf")
	kept := path + ".made"
	if _, err := os.Stat(kept); err != nil {
		if err := os.Rename(path, kept); err != nil {
			return err
		}
	}
	text, err := os.ReadFile(kept)
	if err != nil {
		return err
	}
	conf := strings.Replace(string(text), "LogLevel: traceauth", "LogLevel: info", 1)
	for i, was := range moxPorts {
		conf = strings.ReplaceAll(conf, "Port: "+was+"\n", fmt.Sprintf("Port: %d\n", ports[i]))
	}
	if err := os.WriteFile(path, []byte(conf), 0o644); err != nil {
		return err
	}
	at := func(i int) string { return fmt.Sprintf("127.0.0.1:%d", ports[i]) }
	m.SMTP, m.Submit, m.IMAP, m.URL = at(0), at(1), at(3), "http://"+at(5)
	return nil
}

// up waits until the administrator's page answers.
func (m *MoxServer) up(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.URL+"/admin/", nil)
		if err != nil {
			return err
		}
		if res, err := client.Do(req); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-m.process.ended():
			return errors.New("it ended")
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond): // a server that starts has no event to wait for
		}
	}
}
