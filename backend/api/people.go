package api

import (
	"context"
	"io"
	neturl "net/url"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/pop3"
	"mailroom/backend/people"
	"mailroom/backend/secret"
)

// People reads and checks lists of people for a move of many mailboxes.
type People struct{ api *API }

// PeopleSource says what to read: a file, or text that was copied from a spreadsheet.
type PeopleSource struct {
	Path   string `json:"path"`
	Text   string `json:"text"`   // used where Path is ""
	Sheet  string `json:"sheet"`  // of a workbook; "" the one that looks like a list
	Hidden bool   `json:"hidden"` // take hidden rows too
}

// PeopleList is a list as read. Every row is there, with its mistakes. Passwords in
// it are in the vault already; the page gets handles.
type PeopleList struct {
	Path     string       `json:"path"`
	Encoding string       `json:"encoding"` // utf-8, utf-16le, utf-16be, gb18030; "" for XLSX
	Rows     []PersonRow  `json:"rows"`
	Problems []RowProblem `json:"problems"` // of the file as a whole; cells are for Check
	Ignored  []string     `json:"ignored"`  // headings that mean nothing to Mailroom
	Sheets   []string     `json:"sheets"`   // of a workbook
	Sheet    string       `json:"sheet"`    // the one that was read
	Hidden   int          `json:"hidden"`   // hidden rows with content
	Formula  string       `json:"formula"`  // first calculated cell; its value was taken
	Empty    string       `json:"empty"`    // first calculated cell without a value
	Merged   []string     `json:"merged"`   // merged ranges over several rows: all of them got the value
	Guessed  bool         `json:"guessed"`  // no heading: the columns were told by their content
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
	Problem Problem `json:"problem"`
}

var listFiles = FileFilter{Name: "CSV, Excel", Patterns: "*.csv;*.xlsx;*.txt"}

// Pick shows the computer's dialog for a CSV or XLSX file; "" if the person
// changed their mind.
func (p *People) Pick() (string, error) {
	return guard("pick list", func() (string, error) { return p.api.cfg.Desktop.PickFile(listFiles) })
}

// Read reads a list. A file that cannot be read at all is an error. If the vault is
// not open while the list holds passwords, it is a forbidden error of class vault-locked.
func (p *People) Read(source PeopleSource) (PeopleList, error) {
	return with(p.api, "read list", func(ctx context.Context, d *data) (PeopleList, error) {
		none := PeopleList{Rows: []PersonRow{}, Problems: []RowProblem{}, Ignored: []string{}, Sheets: []string{}, Merged: []string{}}
		table, problems, err := readTable(source)
		if err != nil {
			return none, err
		}
		rows, err := d.rows(ctx, table.People)
		if err != nil {
			return none, err
		}
		return PeopleList{
			Path: source.Path, Encoding: table.Encoding, Rows: rows, Ignored: full(table.Ignored), Sheets: full(table.Sheets),
			Sheet: table.Sheet, Hidden: table.Hidden, Formula: table.Formula, Empty: table.Empty, Merged: full(table.Merged), Guessed: table.Guessed,
			Problems: mapped(problems, func(bad people.Problem) RowProblem {
				return RowProblem{Row: bad.Row, Column: string(bad.Column), Problem: *problemOf(bad.Err())}
			}),
		}, nil
	})
}

func readTable(source PeopleSource) (*people.Table, []people.Problem, error) {
	options := people.TableOptions{Sheet: source.Sheet, Hidden: source.Hidden}
	if source.Path != "" {
		return people.ReadTableFile(source.Path, options)
	}
	return people.ReadTable(strings.NewReader(source.Text), options)
}

// rows puts everybody's passwords into the vault, in one write.
func (d *data) rows(ctx context.Context, all []people.Person) ([]PersonRow, error) {
	passwords := make([]secret.Value, 0, 2*len(all))
	for i := range all {
		passwords = append(passwords, secret.NewValue(all[i].FromPassword.Reveal()), secret.NewValue(all[i].ToPassword.Reveal()))
	}
	handles, err := d.keepAll(ctx, passwords)
	if err != nil {
		return nil, err
	}
	rows := make([]PersonRow, len(all))
	for i := range all {
		p := &all[i]
		row := PersonRow{Row: p.Row, Name: p.Name, FromUser: p.FromUser, ToUser: p.ToUser, FromSecret: handles[2*i], ToSecret: handles[2*i+1]}
		row.From, row.FromUser = ownServer(p.FromURL, p.FromUser, row.FromSecret)
		row.To, row.ToUser = ownServer(p.ToURL, p.ToUser, row.ToSecret)
		rows[i] = row
	}
	return rows, nil
}

// ownServer makes the endpoint of a row that names a server. An address that cannot
// be read gives none: then the move's own server counts, as for the other rows.
func ownServer(url, user, handle string) (own *Endpoint, shown string) {
	if url == "" {
		return nil, user
	}
	if scheme, rest, ok := strings.Cut(url, "://"); ok && !strings.Contains(rest, "@") {
		url = scheme + "://" + neturl.User(user).String() + "@" + rest
	}
	e, err := endpointOf(url, user)
	if err != nil {
		return nil, user
	}
	e.Secret = handle
	if user == "" {
		user = e.User
	}
	return &e, user
}

// SaveTemplate lets the person save an empty list with the right headings, to be
// filled in with a spreadsheet program. It returns the path; "" if they changed their mind.
func (p *People) SaveTemplate(language Language, format ListFormat) (string, error) {
	return guard("save template", func() (string, error) {
		if !has(listFormats, format) {
			return "", core.E(core.Invalid, "save template", nil, "field", "format", "reason", "unknown")
		}
		filter := FileFilter{Name: strings.ToUpper(string(format)), Patterns: "*." + string(format)}
		path, err := p.api.cfg.Desktop.PickNew("mailboxes."+string(format), filter)
		if err != nil || path == "" {
			return "", err
		}
		return path, writeFile(path, func(w io.Writer) error {
			return people.WriteTemplate(w, people.Format(format), language == LanguageChinese)
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
	if pop3.IsURL(url) {
		return pop3Endpoint(url, user)
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
		Separator: cfg.Separator, Auth: authNames[cfg.Mechanism],
	}, nil
}

var authNames = map[imap.Mechanism]AuthMethod{
	imap.Auto: AuthAuto, imap.PlainAuth: AuthPlain, imap.Login: AuthLogin, imap.XOAuth2: AuthXOAuth2, imap.OAuthBearer: AuthOAuthBearer,
}
