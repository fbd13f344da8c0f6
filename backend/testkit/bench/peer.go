package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"mailroom/backend/testkit/corpus"
	"mailroom/backend/testkit/program"
)

// job is one run's work: mailboxes to move, and a folder for the program's memory.
type job struct {
	from, to []program.Mailbox
	state    string
	atOnce   int
}

// peer is one program that moves mail.
type peer struct {
	name     string
	ours     bool
	raw      bool // the limit that the others are measured by; remembers nothing
	commands func(j job) ([]*exec.Cmd, error)
	// allows says what the program is known to change, so that its outcome still
	// counts as a whole move.
	allows corpus.Rules
}

// Names of the programs as the table has them.
const (
	nameOurs     = "mailroom"
	nameOursNone = "mailroom, no proof"
	nameMbsync   = "mbsync"
	nameImapsync = "imapsync"
	nameRaw      = "raw APPEND"
	nameRawMulti = "raw MULTIAPPEND"
)

// peers are the programs that can be run here, with the reason why one cannot.
func peers(o Options) (list []*peer, missing []string) {
	list = append(rawPeers(), oursPeer(nameOurs, o, "fingerprint"), oursPeer(nameOursNone, o, "none"))
	for _, other := range o.Also {
		with := o
		with.Program, with.Args = other.Program, slices.Concat(o.Args, other.Args)
		list = append(list, oursPeer(other.Name, with, "fingerprint"))
	}
	if path, err := exec.LookPath("mbsync"); err == nil {
		list = append(list, mbsyncPeer(path))
	} else {
		missing = append(missing, "mbsync is not installed: scripts/setup.sh bench")
	}
	if script, why := findImapsync(o.Imapsync); why == "" {
		list = append(list, imapsyncPeer(script))
	} else {
		missing = append(missing, why)
	}
	return list, missing
}

// oursPeer moves an office as its users would: one program with a list of people.
func oursPeer(name string, o Options, verify string) *peer {
	return &peer{name: name, ours: true, commands: func(j job) ([]*exec.Cmd, error) {
		m := program.Move{Path: o.Program, From: j.from[0], To: j.to[0], State: j.state, Verify: verify, Args: o.Args}
		if len(j.from) > 1 {
			m.People = filepath.Join(j.state, "people.csv")
			m.Args = append([]string{"--parallel", strconv.Itoa(j.atOnce)}, o.Args...)
			list := "from_user,from_password,to_user,to_password\n"
			for i := range j.from {
				list += strings.Join([]string{j.from[i].User.Name, j.from[i].User.Password, j.to[i].User.Name, j.to[i].User.Password}, ",") + "\n"
			}
			if err := os.WriteFile(m.People, []byte(list), 0o600); err != nil {
				return nil, err
			}
		}
		return []*exec.Cmd{m.Command()}, nil
	}}
}

func mbsyncPeer(path string) *peer {
	return &peer{name: nameMbsync, allows: corpus.Rules{AnyKeywords: true, AnySubscribed: true}, commands: func(j job) ([]*exec.Cmd, error) {
		return each(j, func(i int, dir string) (*exec.Cmd, error) {
			rc := filepath.Join(dir, "mbsyncrc")
			text := mbsyncStore("old", j.from[i]) + mbsyncStore("new", j.to[i]) +
				"Channel all\nFar :old:\nNear :new:\nPatterns *\nCreate Near\nSync Pull\nCopyArrivalDate yes\nSyncState " + dir + "/\n"
			return exec.Command(path, "-c", rc, "-a"), os.WriteFile(rc, []byte(text), 0o600)
		})
	}}
}

func mbsyncStore(name string, e program.Mailbox) string {
	return fmt.Sprintf("IMAPStore %s\nHost %s\nPort %d\nUser %s\nPass %s\nSSLType None\nAuthMechs LOGIN\nTimeout 120\n\n",
		name, program.Host, e.Port, e.User.Name, e.User.Password)
}

// findImapsync finds the script that is named, or that the search path holds. It is not
// Debian's to install; where it is missing the reason says how it is got.
func findImapsync(named string) (script, why string) {
	const how = "scripts/setup.sh bench installs the modules that it needs; the script is at https://github.com/imapsync/imapsync:" +
		" put it on the PATH, or name it with IMAPSYNC"
	script = named
	if script == "" {
		found, err := exec.LookPath("imapsync")
		if err != nil {
			return "", "imapsync takes no part, it is not on the PATH: " + how
		}
		script = found
	}
	if out, err := exec.Command("perl", "-c", script).CombinedOutput(); err != nil {
		first, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		return "", "imapsync takes no part, Perl does not read it (" + first + "): " + how
	}
	return script, ""
}

// imapsyncPeer runs imapsync as it comes: without the flags that make it faster and
// need a cache.
func imapsyncPeer(script string) *peer {
	return &peer{name: nameImapsync, allows: corpus.Rules{ParentsAreReal: true}, commands: func(j job) ([]*exec.Cmd, error) {
		return each(j, func(i int, dir string) (*exec.Cmd, error) {
			args := []string{script, "--nolog", "--noreleasecheck", "--tmpdir", dir, "--pidfile", filepath.Join(dir, "pid")}
			for side, e := range []program.Mailbox{j.from[i], j.to[i]} {
				pass, n := filepath.Join(dir, fmt.Sprintf("pass%d", side+1)), strconv.Itoa(side+1)
				if err := os.WriteFile(pass, []byte(e.User.Password+"\n"), 0o600); err != nil {
					return nil, err
				}
				args = append(args, "--host"+n, program.Host, "--port"+n, strconv.Itoa(e.Port), "--user"+n, e.User.Name,
					"--passfile"+n, pass, "--nossl"+n, "--notls"+n)
			}
			return exec.Command("perl", args...), nil
		})
	}}
}

// each makes one command per mailbox, with a folder of its own.
func each(j job, make func(i int, dir string) (*exec.Cmd, error)) ([]*exec.Cmd, error) {
	var all []*exec.Cmd
	for i := range j.from {
		dir := filepath.Join(j.state, strconv.Itoa(i))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		cmd, err := make(i, dir)
		if err != nil {
			return nil, err
		}
		all = append(all, cmd)
	}
	return all, nil
}
