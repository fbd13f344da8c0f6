package api

// People reads lists of people for a move of many mailboxes.
type People struct{}

// PeopleList is a list as read from a file. Passwords in it are in the vault
// already; the page gets handles.
type PeopleList struct {
	Path     string       `json:"path"`
	Encoding string       `json:"encoding"` // utf-8, utf-16, gb18030; "" for XLSX
	Rows     []PersonRow  `json:"rows"`
	Problems []RowProblem `json:"problems"`
}

// PersonRow is one mailbox to move.
type PersonRow struct {
	Row        int    `json:"row"` // line in the file, the heading is 1
	Name       string `json:"name"`
	FromUser   string `json:"fromUser"`
	FromSecret string `json:"fromSecret"` // handle; "" no password given
	ToUser     string `json:"toUser"`
	ToSecret   string `json:"toSecret"`
}

// RowProblem is something wrong in a file, with the row and column to look at.
type RowProblem struct {
	Row     int     `json:"row"`    // 0: the whole file
	Column  string  `json:"column"` // "" the whole row
	Fatal   bool    `json:"fatal"`  // the row was not read
	Problem Problem `json:"problem"`
}

// Pick shows the computer's dialog for a CSV or XLSX file; "" if the person
// changed their mind.
func (p *People) Pick() (string, error) { return "", errUnwired }

// Read reads the file. What is wrong with single rows is in the result; a file
// that cannot be read at all is an error.
func (p *People) Read(path string) (PeopleList, error) {
	return PeopleList{Rows: []PersonRow{}, Problems: []RowProblem{}}, errUnwired
}

// SaveTemplate lets the person save an empty list with the right headings, to be
// filled in with a spreadsheet program. It returns the path; "" if they changed their mind.
func (p *People) SaveTemplate(language Language) (string, error) { return "", errUnwired }
