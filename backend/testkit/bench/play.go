package bench

import (
	"time"

	"mailroom/backend/testkit/corpus"
	"mailroom/backend/testkit/link"
	"mailroom/backend/testkit/servers"
)

// play is one situation that every program is put in: mail, a line and a destination.
type play struct {
	name    string
	what    string
	corpora func(scale float64) []corpus.Corpus
	line    link.Options  // to each side; zero: loopback
	plain   bool          // a destination with neither MULTIAPPEND nor LITERAL+
	atOnce  int           // mailboxes at a time
	rounds  int           // of the first, full run
	limit   time.Duration // a run that takes longer is stopped, and its rate counts
	again   []step        // what follows the full run
}

// step is a further run on an account that has been moved already.
type step struct {
	name   string
	rounds int
	delta  bool // the source changes before each round
}

// farLine is a line of 40 ms round trip and 100 Mbit/s to each side.
var farLine = link.Options{Delay: 20 * time.Millisecond, Rate: 100_000_000 / 8}

// withoutBatches is what the poorest common servers lack.
var withoutBatches = servers.Options{Without: []string{"MULTIAPPEND", "LITERAL+"}}

const seed = 20260101

func scaled(n int, scale float64) int { return max(1, int(float64(n)*scale)) }

func small(n int) func(float64) []corpus.Corpus {
	return func(scale float64) []corpus.Corpus { return []corpus.Corpus{corpus.Small(scaled(n, scale), seed)} }
}

// plays are all situations in their usual order: the quick ones first.
func plays() []play {
	return []play{
		{
			name: "lat40", what: "3,000 messages of 2-20 kB; 40 ms and 100 Mbit/s to each side",
			corpora: small(3000), line: farLine, rounds: 3, limit: 60 * time.Second,
			again: []step{{name: "noop40", rounds: 5}, {name: "delta40", rounds: 3, delta: true}},
		},
		{
			name: "plain", what: "3,000 messages; the destination has neither MULTIAPPEND nor LITERAL+",
			corpora: small(3000), plain: true, rounds: 3, limit: 3 * time.Minute,
		},
		{
			name: "plain40", what: "3,000 messages; neither MULTIAPPEND nor LITERAL+; 40 ms and 100 Mbit/s to each side",
			corpora: small(3000), plain: true, line: farLine, rounds: 1, limit: 60 * time.Second,
		},
		{
			name: "small", what: "20,000 messages of 2-20 kB in 12 folders; loopback",
			corpora: small(20_000), rounds: 1, limit: 10 * time.Minute,
			again: []step{{name: "noop", rounds: 5}, {name: "delta", rounds: 3, delta: true}},
		},
		{
			name: "memory", what: "3 messages of 100 MB", corpora: huge, rounds: 1, limit: 5 * time.Minute,
		},
		{
			name: "big", what: "400 messages of 1-25 MB, 2.2 GB; loopback", rounds: 1, limit: 10 * time.Minute,
			corpora: func(scale float64) []corpus.Corpus { return []corpus.Corpus{corpus.Big(scaled(400, scale), seed)} },
		},
		{
			name: "office", what: "10 mailboxes of 2,000 messages, 0.9 GB, 4 at a time; loopback", rounds: 1, limit: 10 * time.Minute, atOnce: 4,
			corpora: func(scale float64) []corpus.Corpus { return corpus.Office(10, scaled(2000, scale), seed) },
		},
		officeOfFifty(),
	}
}

// Cases names all cases, the further steps included.
func Cases() []string {
	names := []string{caseDirectory, caseImport, casePace, caseBulk}
	for _, p := range plays() {
		names = append(names, p.name)
		for _, s := range p.again {
			names = append(names, s.name)
		}
	}
	return names
}
