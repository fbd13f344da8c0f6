package api

import "mailroom/backend/office/intake"

// IntakeWeight is an [intake.Weight] on the wire.
type IntakeWeight string

// IntakeSource says which list of new people to read, and how.
type IntakeSource struct {
	Path            string `json:"path"`
	Base64          string `json:"base64"` // the file itself, where Path is ""
	Sheet           string `json:"sheet"`  // of a workbook; "" the one that looks like a list
	Hidden          bool   `json:"hidden"`
	MakePasswords   bool   `json:"makePasswords"`
	MustChange      bool   `json:"mustChange"`
	MakeDepartments bool   `json:"makeDepartments"`
	Department      string `json:"department"` // ID, for rows that name none; "" none
	Umlaut          string `json:"umlaut"`     // how ü is written in an address: v, yu, u; "" v
	// Existing is what becomes of rows whose person is there, Chosen of single rows.
	Existing IntakeExisting `json:"existing"`
	Chosen   []IntakeChoice `json:"chosen"`
}

// IntakeExisting is an [intake.Existing] on the wire.
type IntakeExisting string

// IntakeChoice is what becomes of one row whose person is there.
type IntakeChoice struct {
	Row      int            `json:"row"`
	Existing IntakeExisting `json:"existing"`
}

// IntakeThere is a row whose person is there and of whom cells say something else.
type IntakeThere struct {
	Row      int            `json:"row"`
	Name     string         `json:"name"` // in the file
	Address  string         `json:"address"`
	Now      string         `json:"now"`   // the name at the provider
	Other    bool           `json:"other"` // the names differ: perhaps it is somebody else
	Existing IntakeExisting `json:"existing"`
	Cells    []ChangeDiff   `json:"cells"`
}

// IntakeResult is what a list comes to. Nothing has been sent.
type IntakeResult struct {
	Path        string          `json:"path"`
	Encoding    string          `json:"encoding"` // "" for XLSX
	Sheets      []string        `json:"sheets"`
	Sheet       string          `json:"sheet"`
	Hidden      int             `json:"hidden"` // hidden rows with content
	Total       int             `json:"total"`
	Stopped     int             `json:"stopped"` // rows that are not sent
	Already     int             `json:"already"` // rows whose person is there and stays as they are
	Changed     int             `json:"changed"` // rows whose person is there and is updated
	There       []IntakeThere   `json:"there"`
	People      []IntakePerson  `json:"people"`
	Departments []string        `json:"departments"` // paths of those that will be created
	Problems    []IntakeProblem `json:"problems"`
}

// IntakePerson is one person who would be created.
type IntakePerson struct {
	Row         int      `json:"row"`
	Name        string   `json:"name"`
	Address     string   `json:"address"`
	Departments []string `json:"departments"` // paths
	Aliases     []string `json:"aliases"`
	Made        bool     `json:"made"` // the password was made by Mailroom
}

// IntakeProblem is one thing about a list. The page has a text for each code, see
// [intake.Code] and the list's own, [people.Code].
type IntakeProblem struct {
	Code   string       `json:"code"`
	Weight IntakeWeight `json:"weight"`
	Row    int          `json:"row"`    // 0: the whole file
	Column string       `json:"column"` // name of a value; "" the whole row
	Cell   string       `json:"cell"`   // "C7"; "" the whole row or file
	Value  string       `json:"value"`  // what stands there; never a password
	First  int          `json:"first"`
	Fixed  string       `json:"fixed"` // what is taken instead
	Use    string       `json:"use"`   // what a taken address is used for
	Who    string       `json:"who"`
	Facts  []string     `json:"facts"`
}

// AddressProposal is a free address made from a name.
type AddressProposal struct {
	Address string `json:"address"`
	Pattern string `json:"pattern"`
	Umlaut  bool   `json:"umlaut"` // the name has a ü, which can be written in other ways
}

// PasswordCheck is what of the provider's demands a password does not meet, and the
// password itself where it was made.
type PasswordCheck struct {
	Password string   `json:"password"` // to be shown once; "" where one was only checked
	Broken   []string `json:"broken"`
}

var intakeExistings = []enum[IntakeExisting]{{IntakeExisting(intake.Leave), "Leave"}, {IntakeExisting(intake.Update), "Update"}}

var intakeWeights = []enum[IntakeWeight]{{IntakeWeight(intake.Stop), "Stop"}, {IntakeWeight(intake.Look), "Look"}}

func wireIntakeProblem(p intake.Problem) IntakeProblem {
	return IntakeProblem{
		Code: string(p.Code), Weight: IntakeWeight(p.Weight), Row: p.Row, Column: string(p.Column), Cell: p.Cell, Value: p.Value,
		First: p.First, Fixed: p.Fixed, Use: string(p.Use), Who: p.Who, Facts: full(p.Facts),
	}
}

func wireThere(e intake.There, path func(string) string) IntakeThere {
	w := IntakeThere{Row: e.Number, Name: e.Called, Address: e.Person.Address, Now: e.Person.Name, Other: e.Other, Existing: IntakeExisting(e.Chosen), Cells: []ChangeDiff{}}
	for _, c := range e.Cells {
		before, after := full(c.Before), full(c.After)
		if c.Column == intake.Departments {
			before, after = mapped(before, path), mapped(after, path)
		}
		w.Cells = append(w.Cells, ChangeDiff{Attr: string(c.Column), Before: before, After: after})
	}
	return w
}
