package lookup

import (
	"errors"
	"testing"

	"mailroom/backend/logs"
)

// Dovecot tells of a deletion and not of the arrival: nobody knows when that was.
func TestADeletedMailWhoseArrivalIsNotInTheLogDidNotArriveThen(t *testing.T) {
	b := shelf(t)
	a, err := b.Begin(t.Context(), "file")
	if err == nil {
		err = a.Add(t.Context(), []logs.Record{{Kind: logs.User, At: at(17, 11, 0), Person: people[2].Address, Subject: "Minutes", Action: logs.ActMailDelete, Outcome: logs.OK, MessageID: "<m@x.example>"}})
	}
	if err = errors.Join(err, a.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	got, err := Ask(t.Context(), b, "who deleted the minutes", people, now)
	if err != nil || got.Verdict != Gone || !got.Facts.At.IsZero() || !got.Facts.Then.Equal(at(17, 11, 0)) || got.Facts.By != people[2].Address {
		t.Errorf("%s %+v %v", got.Verdict, got.Facts, err)
	}
}
