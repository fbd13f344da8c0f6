package api

import (
	"mailroom/backend/job/schedule"
	"mailroom/backend/store"
)

// ScheduleMode says when a move may run, see [schedule.Mode].
type ScheduleMode string

// Brake says what makes a move take as long as it does, see [schedule.Brake].
type Brake string

var scheduleModes = []enum[ScheduleMode]{
	{ScheduleMode(schedule.Now), "Now"}, {ScheduleMode(schedule.At), "At"},
	{ScheduleMode(schedule.Nights), "Nights"}, {ScheduleMode(schedule.Gentle), "Gentle"},
}

var brakes = []enum[Brake]{
	{Brake(schedule.BrakeNone), "None"}, {Brake(schedule.BrakeHours), "Hours"},
	{Brake(schedule.BrakeBudget), "Budget"}, {Brake(schedule.BrakeProvider), "Provider"},
}

// MoveSchedule says when a move may run. Times of day are minutes after midnight.
type MoveSchedule struct {
	Mode        ScheduleMode `json:"mode"`
	At          int64        `json:"at"`          // not before; 0: at once
	Zone        string       `json:"zone"`        // IANA name; "" this computer's
	From        int          `json:"from"`        // nights: the hours to work in; gentle: those to be slow in
	To          int          `json:"to"`          // not after From: on the next day
	Days        []int        `json:"days"`        // weekdays (0 Sunday) on which the hours begin; empty: all
	Slow        int64        `json:"slow"`        // gentle: bytes a second during the hours, of the whole move
	BytesPerDay int64        `json:"bytesPerDay"` // of the whole move; 0: any
}

// MoveRepeat asks for further runs that bring what is new, until the watch ends.
type MoveRepeat struct {
	Hours int `json:"hours"` // 0: none; 24: every day at At
	At    int `json:"at"`    // minutes after midnight
}

// MoveForecast is when a move will have ended.
type MoveForecast struct {
	At    int64 `json:"at"` // 0: not known
	Brake Brake `json:"brake"`
}

func wireForecast(f schedule.Forecast) MoveForecast {
	return MoveForecast{At: millis(f.At), Brake: Brake(f.Brake)}
}

func wireSchedule(p schedule.Plan) MoveSchedule {
	mode := p.Mode
	if mode == "" {
		mode = schedule.Now
	}
	return MoveSchedule{
		Mode: ScheduleMode(mode), At: millis(p.Start), Zone: p.Zone, From: p.From, To: p.To, Days: full(p.Days),
		Slow: p.Slow, BytesPerDay: p.BytesPerDay,
	}
}

func scheduleOf(s MoveSchedule) schedule.Plan {
	return schedule.Plan{
		Mode: schedule.Mode(s.Mode), Start: store.Time(s.At), Zone: s.Zone, From: s.From, To: s.To, Days: s.Days,
		Slow: s.Slow, BytesPerDay: s.BytesPerDay,
	}
}
