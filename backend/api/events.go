package api

// Events maps every event's name to what it carries; the page's generated type of
// the same name makes its listeners typed. Events only tell that something is
// newer: the page asks for the state first, then listens, and drops what has a
// smaller Seq than it knows (events may overtake each other).
type Events struct {
	MoveProgress  MoveProgress  `json:"move:progress"` // at most 5 a second for each move, and always a last one
	MoveChanged   MoveChanged   `json:"move:changed"`  // state changed: ask Moves.Get again
	MoveRemoved   MoveRemoved   `json:"move:removed"`
	SwitchChanged SwitchChanged `json:"switch:changed"`
	MoveTold      MoveEvent     `json:"move:told"` // an entry of a move's time line was written
	VaultChanged  VaultStatus   `json:"vault:changed"`
	SignInStep    SignInStep    `json:"signin:step"`
	AppReady      Startup       `json:"app:ready"`    // the data is open, or cannot be
	AppClosing    CloseAsked    `json:"app:closing"`  // the window is to be closed while work runs: ask the person
	AppNavigate   Navigate      `json:"app:navigate"` // a menu entry was chosen

	Offered       FileOffered   `json:"invite:offered"` // the person opened a .mailroom file in the file manager
	ExamFound     ExamFound     `json:"exam:found"`     // findings of one check
	ExamEnded     ExamEnded     `json:"exam:ended"`     // ask Doctor.Get again
	AssistChanged AssistChanged `json:"assist:changed"` // a watched table was looked at again
	LetterStep    LetterStep    `json:"letter:step"`    // a test letter has come further
	MonitorTold   MonitorTold   `json:"monitor:told"`   // a watched domain was looked at

	OfficeChanged    OfficesChanged `json:"office:changed"`    // offices or the current one are other ones: ask Offices.List
	DirectoryChanged DirectoryState `json:"directory:changed"` // a directory is newer, or being read
	RunProgress      ChangeRun      `json:"run:progress"`      // changes are further, at most 5 a second, and always a last one

	RecordsProgress RecordsProgress `json:"records:progress"` // records are being fetched, or logs were read: at most 5 a second, and always a last one
	RecordsNews     RecordsNewer    `json:"records:news"`     // ask RecordReports.News

	Papers PapersProgress `json:"papers:progress"` // left-behind messages are being saved
}

// MoveChanged tells that a move's state is another one.
type MoveChanged struct {
	Seq    int64     `json:"seq"`
	MoveID string    `json:"moveId"`
	State  MoveState `json:"state"`
}

// MoveRemoved tells that a move is gone.
type MoveRemoved struct {
	MoveID string `json:"moveId"`
}

// FileOffered names a file that was opened with the program: ask Invites.Current.
type FileOffered struct {
	File string `json:"file"`
}

// PapersProgress tells how far Papers.Save is with the messages left behind.
type PapersProgress struct {
	RequestID string `json:"requestId"`
	Done      int    `json:"done"`
	Total     int    `json:"total"`
}

// OfficesChanged names the office that was connected, edited, chosen or removed.
type OfficesChanged struct {
	OfficeID string `json:"officeId"`
}

// CloseAsked tells how many moves and runs of changes are at work.
type CloseAsked struct {
	Running int `json:"running"`
}

// Navigate names the page to show: one of the routes, e.g. "settings".
type Navigate struct {
	To string `json:"to"`
}
