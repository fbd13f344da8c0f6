// Package practice is the practice office: an invented company whose old and new mail
// servers run inside this process, so that everything can be tried without any
// account. The same seed makes the same office.
//
// It leaves out how mail is moved, and any wire but loopback: no mail leaves the office.
package practice

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"mailroom/backend/core"
	"mailroom/backend/provider/practice/content"
	"mailroom/backend/provider/practice/server"
)

// Options choose an office. The zero value is the usual one, in memory.
type Options struct {
	Seed uint64
	Size int    // letters, about; 0: content.DefaultSize
	Dir  string // folder that remembers what happened to the mail; "" memory only
	// Directory tells of the people of an administered practice office, who have their
	// mailboxes on the new server too; nil: only the invented company has.
	Directory server.Directory
}

// Faults make a server behave badly on request.
type Faults = server.Faults

// Side is one of the two servers.
type Side struct {
	Name   string // the name the office's people know: old.practice.example
	Host   string // 127.0.0.1
	Port   int    // TLS from the first byte
	SMTP   int    // port on which people's mail programs send, TLS from the first byte; 0 none
	CA     []byte // PEM of the authority that signed the certificate
	Pin    string // hex SHA-256 of the certificate
	Domain string // of the addresses: old.example
}

// Person is one employee with both mailboxes. User names are the addresses.
type Person struct {
	Name, EnglishName             string
	Title                         string
	Department, EnglishDepartment string
	OldAddress, NewAddress        string
	Password                      string // of both mailboxes
	Messages, Bytes               int64  // what the old mailbox held at first
}

// Office is a running practice office. It is safe for concurrent use.
type Office struct {
	company *content.Company
	options Options
	secrets *certificates

	mu         sync.Mutex
	old, new   *server.Server
	submission *server.Submission
	ports      ports
	key        string // opens every mailbox of the company at the new server
}

// The names of the two servers.
const (
	oldName = "old.practice.example"
	newName = "new.practice.example"
)

// Start invents the company and starts both servers; it takes a second or two. With
// Dir it brings back the state of an earlier run, on the same ports where they are
// free. Errors: conflict (Dir holds an office of another seed or size), newer_data,
// read_only, internal.
func Start(ctx context.Context, o Options) (*Office, error) {
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Size <= 0 {
		o.Size = content.DefaultSize
	}
	secrets, err := newCertificates(oldName, newName)
	if err != nil {
		return nil, core.E(core.Internal, "practice certificates", err)
	}
	f := &Office{options: o, secrets: secrets, company: content.Make(o.Seed, o.Size), key: rand.Text()}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := f.recall(); err != nil {
		return nil, err
	}
	if err := f.listen(); err != nil {
		return nil, err
	}
	return f, nil
}

// ports is what a folder remembers beside the journals.
type ports struct {
	Version int    `json:"version"`
	Seed    uint64 `json:"seed"`
	Size    int    `json:"size"`
	Old     int    `json:"old"`
	New     int    `json:"new"`
	SMTP    int    `json:"smtp"`
	Resets  uint32 `json:"resets"` // how often the office began anew
}

const portsVersion = 1

func (f *Office) recall() error {
	f.ports = ports{Version: portsVersion, Seed: f.options.Seed, Size: f.options.Size}
	if f.options.Dir == "" {
		return nil
	}
	if err := os.MkdirAll(f.options.Dir, 0o700); err != nil {
		return core.E(core.ReadOnly, "practice folder", err, "file", f.options.Dir)
	}
	path := f.path("office.json")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var found ports
	if err == nil {
		err = json.Unmarshal(data, &found)
	}
	switch {
	case err != nil:
		return core.E(core.Malformed, "practice folder", err, "file", path)
	case found.Version > portsVersion:
		return core.E(core.NewerData, "practice folder", nil, "file", path)
	case found.Seed != f.options.Seed || found.Size != f.options.Size:
		return core.E(core.Conflict, "practice folder", errors.New("another seed or size"), "file", path)
	}
	f.ports = found
	return nil
}

func (f *Office) path(name string) string {
	if f.options.Dir == "" {
		return ""
	}
	return filepath.Join(f.options.Dir, name)
}

// listen starts both servers and remembers their ports.
func (f *Office) listen() error {
	pool := server.NewPool(f.path("messages"))
	oldBoxes, newBoxes := f.mailboxes(pool)
	var err error
	f.old, err = server.New(server.Options{Name: oldName, Separator: '/', Port: f.ports.Old, Pool: pool,
		Certificate: f.secrets.servers[0], Journal: f.path("old.journal")}, oldBoxes)
	if err != nil {
		return core.E(core.Internal, "practice old server", err)
	}
	f.new, err = server.New(server.Options{Name: newName, Separator: '.', Port: f.ports.New, Pool: pool, Directory: f.options.Directory,
		Fresh: freshFolders(), Key: f.key, Certificate: f.secrets.servers[1], Journal: f.path("new.journal")}, newBoxes)
	if err != nil {
		_ = f.old.Close()
		return core.E(core.Internal, "practice new server", err)
	}
	if f.submission, err = server.NewSubmission(f.new, newName, f.ports.SMTP, f.secrets.servers[1], f); err != nil {
		_, _ = f.old.Close(), f.new.Close()
		return core.E(core.Internal, "practice submission", err)
	}
	f.ports.Old, f.ports.New, f.ports.SMTP = f.old.Port(), f.new.Port(), f.submission.Port()
	if f.options.Dir == "" {
		return nil
	}
	data, err := json.Marshal(f.ports)
	if err == nil {
		err = os.WriteFile(f.path("office.json"), data, 0o600)
	}
	if err != nil {
		_ = f.stop()
		return core.E(core.ReadOnly, "practice folder", err, "file", f.path("office.json"))
	}
	return nil
}

// stop ends all servers.
func (f *Office) stop() error { return errors.Join(f.submission.Close(), f.old.Close(), f.new.Close()) }

// freshFolders are those of a new mailbox.
func freshFolders() []server.Folder {
	var folders []server.Folder
	for _, folder := range content.NewFolders() {
		folders = append(folders, server.Folder{Name: folder.Path, Attr: folder.Attr})
	}
	return folders
}

// mailboxes lays out what the two servers begin with.
func (f *Office) mailboxes(pool *server.Pool) (oldBoxes, newBoxes []server.Mailbox) {
	for i, p := range f.company.People {
		// UIDVALIDITY depends on the seed, so that a ledger never takes one office for another.
		validity := uint32(1_500_000_000 + (f.options.Seed%1000)*10_000 + uint64(i)*100)
		oldBox := server.Mailbox{Address: f.company.OldAddress(i), Password: p.Password, Validity: validity}
		for _, folder := range f.company.Mailboxes[i].Folders {
			made := server.Folder{Name: folder.Path, Attr: folder.Attr, Parent: folder.Parent, Messages: make([]server.Message, 0, len(folder.Letters))}
			for _, l := range folder.Letters {
				made.Messages = append(made.Messages, server.Message{Body: l, Sum: l.Sum(), Date: l.Date, Flags: l.Flags})
				pool.Know(l.Sum(), l)
			}
			oldBox.Folders = append(oldBox.Folders, made)
		}
		newBox := server.Mailbox{Address: f.company.NewAddress(i), Password: p.Password, Validity: validity + 50 + f.ports.Resets*10_000_000, Folders: freshFolders()}
		oldBoxes, newBoxes = append(oldBoxes, oldBox), append(newBoxes, newBox)
	}
	return oldBoxes, newBoxes
}

// Company is the invented company's name, Chinese and English.
func (f *Office) Company() (name, englishName string) {
	return f.company.Name, f.company.EnglishName
}

// People lists the employees, always in the same order.
func (f *Office) People() []Person {
	people := make([]Person, 0, len(f.company.People))
	for i, p := range f.company.People {
		messages, bytes := f.company.Mailboxes[i].Totals()
		people = append(people, Person{
			Name: p.Name, EnglishName: p.EnglishName, Title: p.Title, Department: p.Department, EnglishDepartment: p.EnglishDepartment,
			OldAddress: f.company.OldAddress(i), NewAddress: f.company.NewAddress(i), Password: p.Password, Messages: messages, Bytes: bytes,
		})
	}
	return people
}

// Old describes the server that the company leaves.
func (f *Office) Old() Side { return f.side(0, oldName, f.company.OldDomain) }

// New describes the server that it moves to.
func (f *Office) New() Side { return f.side(1, newName, f.company.NewDomain) }

func (f *Office) side(i int, name, domain string) Side {
	f.mu.Lock()
	defer f.mu.Unlock()
	port, smtp := [2]int{f.ports.Old, f.ports.New}[i], [2]int{0, f.ports.SMTP}[i]
	sum := sha256.Sum256(f.secrets.servers[i].Certificate[0])
	return Side{Name: name, Host: "127.0.0.1", Port: port, SMTP: smtp, CA: f.secrets.authority, Pin: hex.EncodeToString(sum[:]), Domain: domain}
}

// Key opens the mailboxes of the company's people at the new server like a provider's own
// access, whatever became of their passwords: a rehearsed move does not end because an
// administrator has changed one. It is another one at each start.
func (f *Office) Key() string { return f.key }

// Count returns what a mailbox holds now; address is an old or a new one.
func (f *Office) Count(address string) (messages, bytes int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if strings.HasSuffix(address, "@"+f.company.OldDomain) {
		return f.old.Count(address)
	}
	return f.new.Count(address)
}

// SetOldFaults makes the old server behave badly; the zero value ends it.
func (f *Office) SetOldFaults(faults Faults) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.old.SetFaults(faults)
}

// SetNewFaults makes the new server behave badly; the zero value ends it.
func (f *Office) SetNewFaults(faults Faults) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.new.SetFaults(faults)
}

// Reset puts both servers back to the beginning, on the same ports if these are still
// free; connections end.
func (f *Office) Reset(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.stop(); err != nil {
		return core.E(core.Internal, "practice reset", err)
	}
	for _, name := range []string{"old.journal", "new.journal", "messages"} {
		if path := f.path(name); path != "" {
			if err := os.RemoveAll(path); err != nil {
				return core.E(core.ReadOnly, "practice reset", err, "file", path)
			}
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// Its folders are not the ones that a ledger may remember (RFC 9051 section 2.3.1.1).
	f.ports.Resets++
	return f.listen()
}

// Close stops both servers and waits for their connections to end.
func (f *Office) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.stop(); err != nil {
		return fmt.Errorf("close practice office: %w", err)
	}
	return nil
}
