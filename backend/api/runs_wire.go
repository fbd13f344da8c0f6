package api

import "mailroom/backend/api/moving"

// EventKind is what happened to a move, see [moving.EventKind].
type EventKind string

// EventNone means nothing happened.
const EventNone EventKind = ""

var eventKinds = []enum[EventKind]{
	{EventNone, "None"}, {EventKind(moving.EventStarted), "Started"}, {EventKind(moving.EventHours), "Hours"},
	{EventKind(moving.EventBudget), "Budget"}, {EventKind(moving.EventWentOn), "WentOn"}, {EventKind(moving.EventPaused), "Paused"},
	{EventKind(moving.EventCanceled), "Canceled"}, {EventKind(moving.EventCut), "Cut"}, {EventKind(moving.EventSlower), "Slower"},
	{EventKind(moving.EventOffline), "Offline"}, {EventKind(moving.EventServerAway), "ServerAway"},
	{EventKind(moving.EventOnline), "Online"}, {EventKind(moving.EventSlept), "Slept"}, {EventKind(moving.EventFinished), "Finished"},
	{EventKind(moving.EventArrived), "Arrived"}, {EventKind(moving.EventTrouble), "Trouble"}, {EventKind(moving.EventHeld), "Held"},
	{EventKind(moving.EventFreed), "Freed"}, {EventKind(moving.EventLeftOut), "LeftOut"}, {EventKind(moving.EventTakenBack), "TakenBack"},
	{EventKind(moving.EventPassword), "Password"}, {EventKind(moving.EventVerified), "Verified"}, {EventKind(moving.EventUndone), "Undone"},
	{EventKind(moving.EventWatchOn), "WatchOn"}, {EventKind(moving.EventWatchOff), "WatchOff"},
}

// MoveEvent is one entry of a move's time line.
type MoveEvent struct {
	ID        int64             `json:"id"` // grows
	MoveID    string            `json:"moveId"`
	At        int64             `json:"at"`
	Kind      EventKind         `json:"kind"`
	MailboxID string            `json:"mailboxId"` // "" the whole move
	Mailbox   string            `json:"mailbox"`   // its name
	Facts     map[string]string `json:"facts"`     // see [moving.EventKind]; never nil
}

func wireEvent(e moving.Event) MoveEvent {
	return MoveEvent{
		ID: e.ID, MoveID: e.Move, At: millis(e.At), Kind: EventKind(e.Kind), MailboxID: e.Mailbox, Mailbox: e.Label, Facts: e.Facts,
	}
}

// ResumePolicy says which moves go on by themselves after the program was ended in
// the middle of them.
type ResumePolicy string

// The policies.
const (
	ResumeScheduled ResumePolicy = "scheduled" // those with hours, a budget or repeated runs
	ResumeAll       ResumePolicy = "all"
	ResumeNone      ResumePolicy = "none"
)

var resumePolicies = []enum[ResumePolicy]{{ResumeScheduled, "Scheduled"}, {ResumeAll, "All"}, {ResumeNone, "None"}}
