// Package intake reads a list of people who are to get a mailbox, and holds every row
// against the office's directory before anything is sent: what comes out are exact
// changes, and a table of problems that names the cell.
//
// It leaves out reading and changing the office (backend/office) and every sentence for
// people: problems are codes with facts.
package intake

import (
	"mailroom/backend/office/naming"
	"mailroom/backend/people"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// MaxPeople bounds a list; more is refused, not cut.
const MaxPeople = 10_000

// Directory is what is known of the office.
type Directory struct {
	Domains      []provider.Domain // the main one first
	People       []provider.Person
	Departments  []provider.Department
	Lists        []provider.List
	Capabilities provider.Capabilities
	Rule         provider.PasswordRule
}

// Options are what the list does not say itself.
type Options struct {
	// MakePasswords gives a password to every row that has none.
	MakePasswords bool
	// MustChange asks for a new password at the first sign-in, where the list does not
	// say and the office can.
	MustChange bool
	// MakeDepartments creates departments that do not exist; otherwise their rows stay.
	MakeDepartments bool
	// Department is where people without a department go: an ID; "" nowhere.
	Department string
	// Existing is what becomes of rows whose person is there; "": [Leave]. Rows chooses for
	// single rows of the file.
	Existing Existing
	Rows     map[int]Existing
	// Umlaut is how ü is written in addresses that are made from names; "": v.
	Umlaut Umlaut
}

// Umlaut is how ü is written, see [naming.Umlaut].
type Umlaut = naming.Umlaut

// Weight says how much a problem matters.
type Weight string

// The weights.
const (
	Stop Weight = "stop" // the row is not sent
	Look Weight = "look" // it is sent, in the way that is told
)

// Code says what is wrong. The set is closed: the page has a text for each.
type Code string

// The codes, beside those of [people.Codes] for the file as a whole.
const (
	MissingColumn       Code = "missing_column"
	DuplicateColumn     Code = "duplicate_column"
	Empty               Code = "empty"
	Proposed            Code = "proposed"      // no address in the row: one was made from the name
	Corrected           Code = "corrected"     // full-width characters, blanks, brackets were taken away
	Duplicate           Code = "duplicate"     // an earlier row has the address
	Taken               Code = "taken"         // a person, an alias or a list has it
	AlreadyThere        Code = "already_there" // the same person is there: the row is done
	BadAddress          Code = "bad_address"
	OddAddress          Code = "odd_address" // allowed, but many providers refuse the characters
	WrongDomain         Code = "wrong_domain"
	NewDepartment       Code = "new_department" // will be created
	UnknownDepartment   Code = "unknown_department"
	AmbiguousDepartment Code = "ambiguous_department"
	ManyDepartments     Code = "many_departments"
	UnknownList         Code = "unknown_list"
	TooManyAliases      Code = "too_many_aliases"
	NotTheirs           Code = "not_theirs"   // an address to be hidden that the row does not have
	BadPassword         Code = "bad_password" // Facts: the demands that are broken
	BadCharacter        Code = "bad_character"
	BadValue            Code = "bad_value" // not a number, yes or no, gender, phone …
	TooLong             Code = "too_long"
	Formula             Code = "formula" // the cell is calculated; its value was taken, or it has none
	MergedCells         Code = "merged"
	HiddenRows          Code = "hidden_rows"
	NotSupported        Code = "not_supported" // the office cannot take the column
	NotChanged          Code = "not_changed"   // the column's values of those who are there stay
	IgnoredColumn       Code = "ignored_column"
	ExtraCell           Code = "extra_cell"
	TooMany             Code = "too_many"
)

// Problem is one thing about the list. Value is never that of a password.
type Problem struct {
	Code   Code
	Weight Weight
	Row    int    // 0: the whole file
	Column Column // "": the whole row
	Cell   string // as a spreadsheet names it: "C7"; "" the whole row or file
	Value  string // what stands there, at most 60 characters
	First  int    // with Duplicate: the row that came first
	Fixed  string // what is taken instead
	Use    provider.Use
	Who    string // with Taken and AlreadyThere: whose address it is
	Facts  []string
}

// Row is one person to be created.
type Row struct {
	Number int    // of the file
	Called string // the name in the file, also where the office has no place for it
	Person provider.Person
	// Person.Departments holds IDs, or handles of [Result.New].
	Password   secret.Value
	Made       bool // the password was made here
	MustChange bool
	Lists      []string // IDs
}

// NewUnit is a department that has to be created first.
type NewUnit struct {
	Handle string // "@d1"
	Parent string // ID or handle
	Name   string
	Path   string
}

// Result is what a list comes to.
type Result struct {
	Rows     []Row
	New      []NewUnit
	Problems []Problem
	Total    int // rows with content, the heading not counted
	Stopped  int // rows that are not sent
	Already  int // rows whose person is there and stays as they are
	Changed  int // rows whose person is there and is updated
	// There are the rows whose person is there and of whom a cell says something else.
	There   []There
	Columns []Column
	Sheet   string
	Sheets  []string
	Hidden  int
}

// Read reads a list and checks it; see [Check].
func Read(g *people.Grid, d Directory, o Options) Result {
	c := newCheck(d, o)
	c.file(g)
	return c.result
}
