package bench

import (
	"time"

	"mailroom/backend/testkit/corpus"
)

// officeOfFifty is the move of a whole office: fifty people, eight at a time in every
// program that takes part, so that imapsync runs eight times beside itself.
func officeOfFifty() play {
	return play{
		name: "office50", what: "50 mailboxes of 1,000 messages, 8 at a time; loopback",
		rounds: 1, limit: 20 * time.Minute, atOnce: 8,
		corpora: func(scale float64) []corpus.Corpus { return corpus.Office(50, scaled(1000, scale), seed) },
	}
}

// officeMemory is the largest resident set that the office of fifty may take, all of
// Mailroom together.
const officeMemory = 200 << 20

// officeGoal is what an office is promised.
func officeGoal() target {
	return target{cases: []string{"office50"}, other: nameImapsync, faster: 4}
}
