package moving

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"mailroom/backend/job/schedule"
)

// governor holds all mailboxes of a move together to the schedule's pace and to its
// budget of a day. It is safe for concurrent use.
type governor struct {
	bytes *rate.Limiter
	book  func(day string, bytes int64) (int64, error) // adds to what is spent on a day and tells the sum
	now   func() time.Time

	mu     sync.Mutex
	plan   schedule.Plan
	day    string
	spent  int64 // of day, booked or not
	unsaid int64 // not booked yet
}

// leastBurst lets small messages pass in one go at slow paces.
const leastBurst = 64 << 10

func newGovernor(p schedule.Plan, book func(string, int64) (int64, error)) *governor {
	g := &governor{bytes: rate.NewLimiter(rate.Inf, leastBurst), book: book, now: time.Now, plan: p}
	g.follow(p, 0)
	return g
}

// needed says whether messages must ask at all.
func needed(p *schedule.Plan) bool { return p.Mode == schedule.Gentle || p.BytesPerDay > 0 }

// follow takes over a plan and the pace of this moment; 0: any.
func (g *governor) follow(p schedule.Plan, pace int64) {
	g.mu.Lock()
	g.plan = p
	g.mu.Unlock()
	if pace <= 0 {
		g.bytes.SetLimit(rate.Inf)
		return
	}
	g.bytes.SetBurst(int(max(min(pace, 1<<30), leastBurst)))
	g.bytes.SetLimit(rate.Limit(pace))
}

// admit waits until a message may pass; errBudget: not today.
func (g *governor) admit(ctx context.Context, size int64) error {
	for rest := size; rest > 0; {
		part := min(rest, int64(g.bytes.Burst()))
		if err := g.bytes.WaitN(ctx, int(part)); err != nil {
			return err
		}
		rest -= part
	}
	if g.spend(size) {
		return nil
	}
	return errBudget
}

// bookEvery is how many bytes may pass before the disk hears of them.
const bookEvery = 8 << 20

// spend takes from today's budget; false if it does not suffice. A message that is
// larger than a whole day's budget passes as the first of its day.
func (g *governor) spend(size int64) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.turn()
	if b := g.plan.BytesPerDay; b > 0 && g.spent > 0 && g.spent+size > b {
		return false
	}
	g.spent += size
	if g.unsaid += size; g.unsaid >= bookEvery {
		g.tell()
	}
	return true
}

// left says whether the day's budget leaves anything.
func (g *governor) left() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.turn()
	return g.plan.BytesPerDay == 0 || g.spent < g.plan.BytesPerDay
}

// turn begins a new day when there is one.
func (g *governor) turn() {
	today := g.plan.Day(g.now())
	if today == g.day {
		return
	}
	g.tell()
	g.day = today
	if sum, err := g.book(today, 0); err == nil { // a disk that cannot be read must not stop the mail
		g.spent = sum
	}
}

func (g *governor) tell() {
	if g.unsaid == 0 || g.day == "" {
		return
	}
	if _, err := g.book(g.day, g.unsaid); err == nil {
		g.unsaid = 0
	}
}

// close books what is left.
func (g *governor) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tell()
}
