package api

// Moves are the moves of mailboxes: made, planned, run, proven and undone here.
// Every act returns the move as it is then; what happens later comes by events.
type Moves struct{}

// List tells all moves, the newest first, without folders.
func (m *Moves) List() ([]Move, error) { return []Move{}, errUnwired }

// Get tells one move.
func (m *Moves) Get(id string) (Move, error) { return Move{}, errUnwired }

// Create makes a draft. Errors: invalid with Args row (1-based), field and reason
// (missing, same_mailbox, duplicate, not_loopback …).
func (m *Moves) Create(draft MoveDraftInput) (Move, error) { return Move{}, errUnwired }

// Edit replaces a move's mailboxes and options; mailboxes that stay as they were
// keep their folder choices. A conflict while it is at work.
func (m *Moves) Edit(id string, draft MoveDraftInput) (Move, error) { return Move{}, errUnwired }

// Plan starts the dry run: sign in on both sides, list, map and weigh. Nothing is changed.
func (m *Moves) Plan(id string) (Move, error) { return Move{}, errUnwired }

// Folders tells the folder map of one mailbox: after Plan what will happen, after
// a run what did.
func (m *Moves) Folders(id, mailboxID string) ([]MoveFolder, error) {
	return []MoveFolder{}, errUnwired
}

// ChooseFolders changes the folder map of one mailbox and returns the new map. An
// empty list goes back to the proposal. Two sources may share a target: they are
// merged, and Changes says so.
func (m *Moves) ChooseFolders(id, mailboxID string, choices []FolderChoice) ([]MoveFolder, error) {
	return []MoveFolder{}, errUnwired
}

// Start begins the move (or a later run that brings what is new since).
func (m *Moves) Start(id string) (Move, error) { return Move{}, errUnwired }

// Pause stops after the messages now in flight.
func (m *Moves) Pause(id string) (Move, error) { return Move{}, errUnwired }

// GoOn continues after a pause, an interruption or a failure.
func (m *Moves) GoOn(id string) (Move, error) { return Move{}, errUnwired }

// Cancel ends the work; what has arrived stays. Undo takes it back.
func (m *Moves) Cancel(id string) (Move, error) { return Move{}, errUnwired }

// Retry tries again what was left behind.
func (m *Moves) Retry(id string) (Move, error) { return Move{}, errUnwired }

// Verify compares both sides again.
func (m *Moves) Verify(id string, level VerifyLevel) (Move, error) { return Move{}, errUnwired }

// Undo deletes exactly what this move stored at the destination. stored must be
// the number of messages that the person was shown (Move.Stored):
// if it is another by now, nothing happens and the error is conflict.
func (m *Moves) Undo(id string, stored int64) (Move, error) { return Move{}, errUnwired }

// Remove forgets a move that is not at work. The mail on both sides stays.
func (m *Moves) Remove(id string) error { return errUnwired }

// LeftBehind tells a page of the messages left behind; mailboxID "" means all,
// limit at most 500.
func (m *Moves) LeftBehind(id, mailboxID string, offset, limit int) (LeftPage, error) {
	return LeftPage{Rows: []LeftMessage{}}, errUnwired
}

// Differences tells what the last verification found, at most 1,000.
func (m *Moves) Differences(id, mailboxID string) ([]Difference, error) {
	return []Difference{}, errUnwired
}

// SaveCertificate shows the computer's save dialog and writes the certificate. It
// returns the path; "" if the person changed their mind.
func (m *Moves) SaveCertificate(id string, format CertificateFormat, language Language) (string, error) {
	return "", errUnwired
}
