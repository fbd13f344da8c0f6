package api

// Practice is the built-in rehearsal office: a small company with an old and a new
// mail server inside the program.
type Practice struct{}

// PracticeOffice describes the rehearsal office.
type PracticeOffice struct {
	Company  string           `json:"company"`
	People   []PracticePerson `json:"people"`
	Messages int64            `json:"messages"`
	Bytes    int64            `json:"bytes"`
}

// PracticePerson is one of its people. From and To are ready endpoints.
type PracticePerson struct {
	Name     string   `json:"name"`
	Address  string   `json:"address"`
	Messages int64    `json:"messages"`
	Bytes    int64    `json:"bytes"`
	From     Endpoint `json:"from"`
	To       Endpoint `json:"to"`
}

// Office starts the two servers if they do not run yet (a few seconds) and
// describes the office.
func (p *Practice) Office() (PracticeOffice, error) {
	return PracticeOffice{People: []PracticePerson{}}, errUnwired
}

// Reset empties the new server, so that the rehearsal can begin again. It is a
// conflict while a move of the practice office is at work.
func (p *Practice) Reset() error { return errUnwired }
