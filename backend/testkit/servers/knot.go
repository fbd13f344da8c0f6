package servers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// KnotServer is a running Knot DNS, the authority of some zones.
type KnotServer struct {
	Addr string             // host:port, UDP and TCP
	DS   map[string]*dns.DS // of every signed zone, by its name without the last dot
	Dir  string

	process *process
}

// Hashed names a zone among those to be signed whose proofs of absence are NSEC3 (RFC
// 5155) instead of NSEC.
func Hashed(zone string) string { return hashed + zone }

const hashed = "nsec3 "

// Knot starts a Knot DNS that ends with the test. zones are zone files by name; those
// in signed are signed with keys that it makes itself, see [Hashed].
func Knot(t testing.TB, zones map[string]string, signed ...string) *KnotServer {
	t.Helper()
	k, err := StartKnot(t.Context(), zones, signed...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Stop)
	return k
}

// StartKnot starts a Knot DNS; the caller stops it.
func StartKnot(ctx context.Context, zones map[string]string, signed ...string) (*KnotServer, error) {
	root, err := findRoot("knot")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "mailroom-knot-")
	if err != nil {
		return nil, err
	}
	k := &KnotServer{Dir: dir, DS: map[string]*dns.DS{}}
	if err := k.start(ctx, root, zones, signed); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		k.Stop()
		return nil, fmt.Errorf("start knot: %w\n%s", err, log)
	}
	return k, nil
}

// Stop ends it and removes its folder.
func (k *KnotServer) Stop() {
	if k.process != nil {
		k.process.stop(2 * time.Second)
		k.process = nil
	}
	_ = os.RemoveAll(k.Dir)
}

func (k *KnotServer) start(ctx context.Context, root string, zones map[string]string, signed []string) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	k.Addr = fmt.Sprintf("127.0.0.1:%d", port)
	conf := filepath.Join(k.Dir, "knot.conf")
	if err := k.write(conf, port, zones, signed); err != nil {
		return err
	}
	id := whoami()
	if id.drop {
		err := filepath.WalkDir(k.Dir, func(path string, _ os.DirEntry, err error) error {
			return errors.Join(err, os.Chown(path, id.uid, id.gid))
		})
		if err != nil {
			return err
		}
	}
	log, err := os.OpenFile(filepath.Join(k.Dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
	if err != nil {
		return err
	}
	defer log.Close()
	if k.process, err = spawn(k.command(root, log, "usr/sbin/knotd", "-c", conf), id, syscall.SIGTERM); err != nil {
		return err
	}
	for name := range zones {
		if err := k.until(ctx, name, slices.Contains(signed, name) || slices.Contains(signed, Hashed(name))); err != nil {
			return err
		}
	}
	return nil
}

func (k *KnotServer) command(root string, out io.Writer, program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(root, program), args...)
	cmd.Dir = k.Dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LD_LIBRARY_PATH=" + libraryPath(root)}
	cmd.Stdout, cmd.Stderr = out, out
	return cmd
}

func (k *KnotServer) write(conf string, port int, zones map[string]string, signed []string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "server:\n  rundir: %q\n  listen: 127.0.0.1@%d\n  automatic-acl: off\nlog:\n  - target: stderr\n    any: info\ndatabase:\n  storage: %q\n", k.Dir, port, k.Dir)
	b.WriteString("policy:\n  - id: simple\n    algorithm: ECDSAP256SHA256\n    single-type-signing: on\n    nsec3: off\n")
	b.WriteString("  - id: hashed\n    algorithm: ECDSAP256SHA256\n    single-type-signing: on\n    nsec3: on\n    nsec3-iterations: 0\n    nsec3-salt-length: 0\nzone:\n")
	for name, text := range zones {
		file := filepath.Join(k.Dir, name+".zone")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
		fmt.Fprintf(&b, "  - domain: %q\n    file: %q\n    zonefile-sync: -1\n    zonefile-load: difference-no-serial\n    journal-content: all\n", name, file)
		if slices.Contains(signed, name) {
			b.WriteString("    dnssec-signing: on\n    dnssec-policy: simple\n")
		}
		if slices.Contains(signed, Hashed(name)) {
			b.WriteString("    dnssec-signing: on\n    dnssec-policy: hashed\n")
		}
	}
	return os.WriteFile(conf, []byte(b.String()), 0o644)
}

// until waits for the zone and, where it is signed, for its key.
func (k *KnotServer) until(ctx context.Context, name string, signed bool) error {
	kind := dns.TypeSOA
	if signed {
		kind = dns.TypeDNSKEY
	}
	ask := new(dns.Msg).SetQuestion(dns.Fqdn(name), kind)
	client := &dns.Client{Timeout: time.Second}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		reply, _, err := client.ExchangeContext(ctx, ask, k.Addr)
		if err == nil && len(reply.Answer) > 0 {
			for _, rr := range reply.Answer {
				if key, ok := rr.(*dns.DNSKEY); ok {
					k.DS[strings.TrimSuffix(name, ".")] = key.ToDS(dns.SHA256)
				}
			}
			return nil
		}
		select {
		case <-k.process.ended():
			return errors.New("it ended")
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond): // a zone that is being signed has no event to wait for
		}
	}
	return fmt.Errorf("zone %s is not served", name)
}
