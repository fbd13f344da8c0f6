// Package people reads the office's list of mailboxes: who moves from where to where,
// as CSV or XLSX, in the shapes that spreadsheets in China and elsewhere really save.
// It also writes the empty list to be filled in.
//
// It leaves out connecting to anything and every sentence for people: what is wrong
// with a list comes as codes with row and column. Passwords stay in [Secret], which
// never prints.
package people

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"

	"mailroom/backend/core"
)

// Bounds on a list. More is refused, not cut.
const (
	MaxBytes    = 10 << 20 // of the file
	MaxRows     = 50_000   // with the header
	MaxCell     = 1024     // bytes of one cell
	maxProblems = 1000     // more would help nobody
)

// Column is one of the list's columns by its canonical name.
type Column string

// The columns. The first four are required, in any order and case.
const (
	FromUser     Column = "from_user"
	FromPassword Column = "from_password"
	ToUser       Column = "to_user"
	ToPassword   Column = "to_password"
	FromURL      Column = "from_url"
	ToURL        Column = "to_url"
	Name         Column = "name"
)

// Columns lists all columns in the template's order.
func Columns() []Column {
	return []Column{Name, FromUser, FromPassword, ToUser, ToPassword, FromURL, ToURL}
}

func (o Options) required() []Column {
	columns := []Column{FromUser}
	if !o.NoFromPassword {
		columns = append(columns, FromPassword)
	}
	columns = append(columns, ToUser)
	if !o.NoToPassword {
		columns = append(columns, ToPassword)
	}
	return columns
}

// Person is one mailbox to be moved.
type Person struct {
	Row          int // as the spreadsheet or an editor numbers it
	Name         string
	FromUser     string
	FromPassword Secret
	ToUser       string
	ToPassword   Secret
	FromURL      string // "": the move's own
	ToURL        string
}

// List is what was read. People holds the rows without a problem, in the file's order.
type List struct {
	People   []Person
	Format   Format
	Encoding string   // utf-8, utf-16le, utf-16be, gb18030; "" for XLSX
	Ignored  []string // headers that mean nothing to us, at most 100
}

// Format is how a list is stored.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Code says what is wrong with a list. The set is closed: the page has one text per
// code in each language.
type Code string

// The closed set of codes.
const (
	MissingColumn        Code = "missing_column"        // a required column is not there
	DuplicateColumn      Code = "duplicate_column"      // two columns mean the same
	Empty                Code = "empty"                 // a required cell is empty
	BadAddress           Code = "bad_address"           // no mail address or sign-in name
	BadURL               Code = "bad_url"               // no address of a server or archive
	PasswordInURL        Code = "password_in_url"       // passwords have their own columns
	DuplicateSource      Code = "duplicate_source"      // an earlier row moves that mailbox already
	DuplicateDestination Code = "duplicate_destination" // an earlier row moves into that mailbox already
	SameAsSource         Code = "same_as_source"        // the mailbox would move into itself
	ExtraCell            Code = "extra_cell"            // a cell without a header: a separator within a value?
	BadEncoding          Code = "bad_encoding"          // the bytes are no text in any known encoding
	BadQuote             Code = "bad_quote"             // a quotation mark is out of place or missing
	BadFile              Code = "bad_file"              // not a list at all, or a broken workbook
	OldWorkbook          Code = "old_workbook"          // .xls, or a workbook with a password
	TooLarge             Code = "too_large"             // more bytes, rows or text in a cell than allowed
	NoRows               Code = "no_rows"               // a header and nothing else, or nothing at all
	DuplicatePair        Code = "duplicate_pair"        // the same old mailbox into the same new one, twice
	FullWidth            Code = "full_width"            // full-width characters in an address
	StrayBlank           Code = "stray_blank"           // blanks or invisible characters in an address
	Wrapped              Code = "wrapped"               // a name, brackets or punctuation around an address
	UnknownDomain        Code = "unknown_domain"        // the domain does not exist in the DNS
)

// Codes lists the closed set.
func Codes() []Code {
	return []Code{
		MissingColumn, DuplicateColumn, Empty, BadAddress, BadURL, PasswordInURL, DuplicateSource, DuplicateDestination,
		SameAsSource, ExtraCell, BadEncoding, BadQuote, BadFile, OldWorkbook, TooLarge, NoRows,
		DuplicatePair, FullWidth, StrayBlank, Wrapped, UnknownDomain,
	}
}

// Problem is one thing wrong with a list. It never holds a cell's content: somebody
// may have swapped the columns.
type Problem struct {
	Code   Code
	Row    int    // 0: the whole file
	Column Column // "": the whole row
	First  int    // with duplicates: the row that came first
}

// Err makes an invalid [core.Error] of it, with problem, row, column and first as facts.
func (p Problem) Err() error {
	args := []string{"problem", string(p.Code)}
	if p.Row > 0 {
		args = append(args, "row", strconv.Itoa(p.Row))
	}
	if p.Column != "" {
		args = append(args, "column", string(p.Column))
	}
	if p.First > 0 {
		args = append(args, "first", strconv.Itoa(p.First))
	}
	return core.E(core.Invalid, "read the list of mailboxes", nil, args...)
}

// Options are what the list does not say itself.
type Options struct {
	From, To string // URLs of the servers for rows that name none; needed to see that a mailbox would move into itself
	// The password of that side comes from elsewhere (a master user's): its column may be
	// missing and its cells empty.
	NoFromPassword, NoToPassword bool
}

// ReadFile reads a list from a file; see [Read]. Errors about the file name it.
func ReadFile(path string, o Options) (*List, []Problem, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	l, problems, err := Read(f, o)
	if err != nil {
		return nil, nil, core.E(core.CodeOf(err), "read the list of mailboxes", err, "file", path)
	}
	return l, problems, nil
}

// ReadTableFile reads a list from a file; see [ReadTable]. Errors about the file name it.
func ReadTableFile(path string, o TableOptions) (*Table, []Problem, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	t, problems, err := ReadTable(f, o)
	if err != nil {
		return nil, nil, core.E(core.CodeOf(err), "read the list of mailboxes", err, "file", path)
	}
	return t, problems, nil
}

func openFile(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		code := core.Internal
		switch {
		case errors.Is(err, fs.ErrNotExist):
			code = core.NotFound
		case errors.Is(err, fs.ErrPermission):
			code = core.Forbidden
		}
		return nil, core.E(code, "open the list of mailboxes", err, "file", path)
	}
	return f, nil
}

// Read reads a list, telling CSV from XLSX by content. What is wrong with the list
// comes as problems, by row; the error is for trouble in reading from r alone. A caller
// that finds problems should not start on the rest without asking.
func Read(r io.Reader, o Options) (*List, []Problem, error) {
	c := &checker{list: &List{}, options: o, from: map[string]int{}, to: map[string]int{}}
	if err := c.read(r); err != nil {
		return nil, nil, err
	}
	if len(c.problems) == 0 && len(c.list.People) == 0 {
		c.problem(NoRows, 0, "")
	}
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return cmp.Compare(a.Row, b.Row) })
	return c.list, c.problems, nil
}

func readError(err error) error { return core.E(core.Internal, "read the list of mailboxes", err) }
