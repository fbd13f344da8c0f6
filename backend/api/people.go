package api

import (
	"context"
	"io"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/people"
	"mailroom/backend/secret"
)

// People reads lists of people for a move of many mailboxes.
type People struct{ api *API }

// PeopleList is a list as read from a file. Passwords in it are in the vault
// already; the page gets handles.
type PeopleList struct {
	Path     string       `json:"path"`
	Encoding string       `json:"encoding"` // utf-8, utf-16le, utf-16be, gb18030; "" for XLSX
	Rows     []PersonRow  `json:"rows"`
	Problems []RowProblem `json:"problems"`
	Ignored  []string     `json:"ignored"` // headings that mean nothing to Mailroom
}

// PersonRow is one mailbox to move.
type PersonRow struct {
	Row        int       `json:"row"` // line in the file, the heading is 1
	Name       string    `json:"name"`
	FromUser   string    `json:"fromUser"`
	FromSecret string    `json:"fromSecret"` // handle; "" no password given
	ToUser     string    `json:"toUser"`
	ToSecret   string    `json:"toSecret"`
	From       *Endpoint `json:"from,omitempty"` // set if the row names a server of its own, complete with user and secret
	To         *Endpoint `json:"to,omitempty"`
}

// RowProblem is something wrong in a file, with the row and column to look at. Its
// Problem has the code invalid and, in Args, problem: one of the list's codes
// (missing_column, empty, bad_address, duplicate_source …), and first, the row that
// came first.
type RowProblem struct {
	Row     int     `json:"row"`    // 0: the whole file
	Column  string  `json:"column"` // "" the whole row
	Fatal   bool    `json:"fatal"`  // the row was not read
	Problem Problem `json:"problem"`
}

var listFiles = FileFilter{Name: "CSV, Excel", Patterns: "*.csv;*.xlsx;*.txt"}

// Pick shows the computer's dialog for a CSV or XLSX file; "" if the person
// changed their mind.
func (p *People) Pick() (string, error) {
	return guard("pick list", func() (string, error) { return p.api.cfg.Desktop.PickFile(listFiles) })
}

// Read reads the file. What is wrong with single rows is in the result; a file
// that cannot be read at all is an error. If the vault is not open while the list
// holds passwords, it is a forbidden error of class vault-locked.
func (p *People) Read(path string) (PeopleList, error) {
	return with(p.api, "read list", func(ctx context.Context, d *data) (PeopleList, error) {
		result := PeopleList{Path: path, Rows: []PersonRow{}, Problems: []RowProblem{}, Ignored: []string{}}
		list, problems, err := people.ReadFile(path, people.Options{})
		if err != nil {
			return result, err
		}
		result.Problems = mapped(problems, func(bad people.Problem) RowProblem {
			return RowProblem{Row: bad.Row, Column: string(bad.Column), Fatal: true, Problem: *problemOf(bad.Err())}
		})
		if list == nil {
			return result, nil
		}
		result.Encoding, result.Ignored = list.Encoding, full(list.Ignored)
		for i := range list.People {
			row, err := d.row(ctx, &list.People[i])
			if err != nil {
				return result, err
			}
			result.Rows = append(result.Rows, row)
		}
		return result, nil
	})
}

// row puts a person's passwords into the vault.
func (d *data) row(ctx context.Context, p *people.Person) (PersonRow, error) {
	row := PersonRow{Row: p.Row, Name: p.Name, FromUser: p.FromUser, ToUser: p.ToUser}
	for _, side := range []struct {
		password people.Secret
		user     string
		url      string
		handle   *string
		own      **Endpoint
	}{
		{p.FromPassword, p.FromUser, p.FromURL, &row.FromSecret, &row.From},
		{p.ToPassword, p.ToUser, p.ToURL, &row.ToSecret, &row.To},
	} {
		if !side.password.IsZero() {
			handle, err := d.keep(ctx, secret.NewValue(side.password.Reveal()))
			if err != nil {
				return row, err
			}
			*side.handle = handle
		}
		if side.url == "" {
			continue
		}
		e, err := endpointOf(side.url, side.user)
		if err != nil {
			return row, err
		}
		e.Secret = *side.handle
		*side.own = &e
	}
	return row, nil
}

// SaveTemplate lets the person save an empty list with the right headings, to be
// filled in with a spreadsheet program. It returns the path; "" if they changed their mind.
func (p *People) SaveTemplate(language Language) (string, error) {
	return guard("save template", func() (string, error) {
		path, err := p.api.cfg.Desktop.PickNew("mailboxes.xlsx", FileFilter{Name: "Excel", Patterns: "*.xlsx"})
		if err != nil || path == "" {
			return "", err
		}
		return path, writeFile(path, func(w io.Writer) error {
			return people.WriteTemplate(w, people.XLSX, language == LanguageChinese)
		})
	})
}

var securityNames = map[imap.Security]Security{imap.TLS: SecurityTLS, imap.StartTLS: SecurityStartTLS, imap.Plain: SecurityPlain}

// endpointOf reads the URL of one row; its user wins over the list's column only
// where the column is empty.
func endpointOf(url, user string) (Endpoint, error) {
	if kind, path, ok := archiveURL(url); ok {
		return Endpoint{Kind: kind, Path: path}, nil
	}
	cfg, err := imap.ParseURL(url)
	if err != nil {
		return Endpoint{}, core.E(core.Invalid, "read list", err, "field", "url")
	}
	if user == "" {
		user = cfg.User
	}
	return Endpoint{
		Kind: KindIMAP, Host: cfg.Host, Port: cfg.Port, Security: securityNames[cfg.Security], User: user, Authz: cfg.Authz,
		Auth: authNames[cfg.Mechanism],
	}, nil
}

var authNames = map[imap.Mechanism]AuthMethod{
	imap.Auto: AuthAuto, imap.PlainAuth: AuthPlain, imap.Login: AuthLogin, imap.XOAuth2: AuthXOAuth2, imap.OAuthBearer: AuthOAuthBearer,
}
