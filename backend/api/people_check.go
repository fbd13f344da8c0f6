package api

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"mailroom/backend/core"
	"mailroom/backend/people"
	"mailroom/backend/report"
)

// PeopleCheck is a table of people to look at before anything is sent. It holds no
// passwords, only whether there is one.
type PeopleCheck struct {
	From    CheckedSide  `json:"from"`
	To      CheckedSide  `json:"to"`
	Rows    []CheckedRow `json:"rows"`
	Unknown []string     `json:"unknown"` // domains that Domains did not find
}

// CheckedSide is what all rows share on one side.
type CheckedSide struct {
	Host       string `json:"host"` // "" not known yet
	Port       int    `json:"port"`
	NoUser     bool   `json:"noUser"`     // an archive: nobody signs in
	NoPassword bool   `json:"noPassword"` // one sign-in opens all mailboxes
}

// CheckedRow is one person; Host is that of a server of the row's own, "" the side's.
type CheckedRow struct {
	FromUser     string `json:"fromUser"`
	ToUser       string `json:"toUser"`
	FromPassword bool   `json:"fromPassword"`
	ToPassword   bool   `json:"toPassword"`
	FromHost     string `json:"fromHost"`
	ToHost       string `json:"toHost"`
}

// RowFinding is one thing to look at, with the cell and, where one can be proposed,
// its correction.
type RowFinding struct {
	Row    int           `json:"row"` // 1-based place in PeopleCheck.Rows
	Column string        `json:"column"`
	Code   string        `json:"code"` // one of the list's codes
	Weight FindingWeight `json:"weight"`
	First  int           `json:"first"` // the row that came first; 0 none
	Fixed  string        `json:"fixed"` // the proposed cell; "" none
	Domain string        `json:"domain"`
}

// Check looks at every row and returns what is wrong, at most 20,000 findings in the
// order of rows. It asks no network.
func (p *People) Check(check PeopleCheck) ([]RowFinding, error) {
	return guard("check list", func() ([]RowFinding, error) {
		if len(check.Rows) > people.MaxRows {
			return []RowFinding{}, core.E(core.TooBig, "check list", nil, "limit", strconv.Itoa(people.MaxRows))
		}
		found := people.CheckRows(mapped(check.Rows, func(r CheckedRow) people.Row {
			return people.Row{
				FromUser: r.FromUser, ToUser: r.ToUser, FromPassword: r.FromPassword, ToPassword: r.ToPassword,
				FromURL: urlOf(r.FromHost, 0), ToURL: urlOf(r.ToHost, 0),
			}
		}), people.RowOptions{
			Options: people.Options{
				From: urlOf(check.From.Host, check.From.Port), To: urlOf(check.To.Host, check.To.Port),
				NoFromPassword: check.From.NoPassword || check.From.NoUser, NoToPassword: check.To.NoPassword || check.To.NoUser,
			},
			NoFromUser: check.From.NoUser, NoToUser: check.To.NoUser, Unknown: check.Unknown,
		})
		return mapped(found, func(f people.Finding) RowFinding {
			return RowFinding{
				Row: f.Row, Column: string(f.Column), Code: string(f.Code), Weight: FindingWeight(f.Weight),
				First: f.First, Fixed: f.Fixed, Domain: f.Domain,
			}
		}), nil
	})
}

// urlOf names a server for the comparison of mailboxes, where the usual ports are one place.
func urlOf(host string, port int) string {
	if host == "" {
		return ""
	}
	if port == 0 {
		return "imaps://" + host
	}
	return "imaps://" + net.JoinHostPort(host, strconv.Itoa(port))
}

// Bounds on the look-up of domains.
const (
	domainsAtOnce = 8
	domainLimit   = 5 * time.Second
	mostDomains   = 200
)

// resolver asks the DNS for a domain's mail servers.
type resolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
}

// Domains asks the DNS about the first 200 of the domains and returns those that do
// not exist. A DNS that does not answer says nothing about a domain.
func (p *People) Domains(domains []string) ([]string, error) {
	return with(p.api, "look up domains", func(root context.Context, _ *data) ([]string, error) {
		unknown := []string{}
		var mu sync.Mutex
		var group errgroup.Group
		group.SetLimit(domainsAtOnce)
		for _, domain := range domains[:min(len(domains), mostDomains)] {
			group.Go(func() error {
				ctx, cancel := context.WithTimeout(root, domainLimit)
				defer cancel()
				_, err := p.api.dns.LookupMX(ctx, domain+".")
				if missing, ok := errors.AsType[*net.DNSError](err); ok && missing.IsNotFound && !p.exists(ctx, domain) {
					mu.Lock()
					unknown = append(unknown, domain)
					mu.Unlock()
				}
				return nil
			})
		}
		return unknown, group.Wait()
	})
}

// exists says whether a domain without MX has an address: mail goes there then. "Not
// found" is also what the resolver says of a name that only lacks this record.
func (p *People) exists(ctx context.Context, domain string) bool {
	look, ok := p.api.dns.(interface {
		LookupHost(context.Context, string) ([]string, error)
	})
	if !ok {
		return false
	}
	_, err := look.LookupHost(ctx, domain+".")
	missing, notFound := errors.AsType[*net.DNSError](err)
	return err == nil || !notFound || !missing.IsNotFound
}

// SavedTable is a table that the page shows, to be saved for a spreadsheet.
type SavedTable struct {
	Name   string     `json:"name"` // proposed name of the file, without folder and extension
	Header []string   `json:"header"`
	Rows   [][]string `json:"rows"`
}

// maxSaved bounds a saved table in rows.
const maxSaved = 100_000

// SaveTable lets the person save a table as CSV. It returns the path; "" if they
// changed their mind.
func (p *People) SaveTable(table SavedTable) (string, error) {
	return guard("save table", func() (string, error) {
		if len(table.Rows) > maxSaved || len(table.Header) == 0 || len(table.Header) > 50 {
			return "", core.E(core.TooBig, "save table", nil, "limit", strconv.Itoa(maxSaved))
		}
		path, err := p.api.cfg.Desktop.PickNew(fileName(table.Name)+".csv", FileFilter{Name: "CSV", Patterns: "*.csv"})
		if err != nil || path == "" {
			return "", err
		}
		return path, writeFile(path, func(w io.Writer) error { return report.Table(w, table.Header, table.Rows) })
	})
}
