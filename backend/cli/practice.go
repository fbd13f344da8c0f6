package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/migrate"
	"mailroom/backend/provider/practice"
)

// run starts the practice office, moves everybody, compares every byte and prints the
// certificate.
func (v *practiceVerb) run(ctx context.Context, r *run) int {
	closeLog, err := r.openLog(v.Log)
	if err != nil {
		return r.fail(err)
	}
	defer closeLog()
	if v.Parallel < 1 || v.Parallel > 64 || v.Size < 0 || v.Size > 1_000_000 {
		return r.fail(core.E(core.Invalid, "arguments", nil, "problem", "number"))
	}
	state, dir := v.State, ""
	if state != "" {
		dir = filepath.Join(state, "office") // both servers remember, so that a second run goes on
	} else {
		if state, err = os.MkdirTemp("", "mailroom-practice-"); err != nil {
			return r.fail(core.E(core.ReadOnly, "practice folder", err, "file", os.TempDir()))
		}
		defer os.RemoveAll(state)
	}
	office, err := practice.Start(ctx, practice.Options{Seed: v.Seed, Size: v.Size, Dir: dir})
	if core.CodeOf(err) == core.Conflict {
		err = core.E(core.Invalid, "practice folder", err, "problem", "other_practice", "file", dir)
	}
	if err != nil {
		return r.fail(err)
	}
	defer office.Close()
	all, err := r.rehearsal(office)
	if err != nil {
		return r.fail(err)
	}
	results, err := r.each(ctx, all, state, v.Parallel, migrate.Options{Verify: migrate.VerifyBytes}, func(ctx context.Context, m *migrate.Mover) (migrate.Result, *migrate.Estimate, error) {
		res, err := m.Run(ctx)
		return res, nil, err
	})
	if err != nil {
		return r.fail(err)
	}
	exit := exitOK
	for _, res := range results {
		exit = worse(exit, exitOfResult(res))
	}
	if r.json != nil {
		r.json.summary(results, nil)
		return exit
	}
	r.certificate(results, exit)
	return exit
}

// rehearsal makes one errand per employee of the office.
func (r *run) rehearsal(office *practice.Office) ([]*errand, error) {
	var all []*errand
	var messages, total int64
	people := office.People()
	for _, p := range people {
		e := &errand{name: p.Name}
		if r.words == english {
			e.name = p.EnglishName
		}
		var err error
		if e.from, err = r.practicePlace(office.Old(), p.OldAddress, p.Password); err != nil {
			return nil, err
		}
		if e.to, err = r.practicePlace(office.New(), p.NewAddress, p.Password); err != nil {
			return nil, err
		}
		all = append(all, e)
		messages, total = messages+p.Messages, total+p.Bytes
	}
	if r.json == nil {
		name, englishName := office.Company()
		if r.words == english {
			name = englishName
		}
		fmt.Fprintln(r.stderr, r.words.say("practice.start", "company", name, "people", fmt.Sprint(len(people)), "messages", count(messages), "bytes", size(total)))
	}
	return all, nil
}

func (r *run) practicePlace(side practice.Side, address, password string) (place, error) {
	account, err := imap.New(imap.Config{Host: side.Host, Port: side.Port, User: address, Password: password, PinnedSHA256: side.Pin, ServerName: side.Name,
		ID: imap.Identity{Name: "Mailroom", Version: r.env.Version, Vendor: "Mailroom"}})
	return place{account: account, shown: address, host: side.Host, user: address}, err
}

// certificate prints a table with one line per person and what it proves.
func (r *run) certificate(results []*outcome, exit int) {
	w := r.words
	rows := [][]string{strings.Split(w.say("practice.head"), "|")}
	var sum migrate.Counts
	for _, res := range results {
		rows = append(rows, []string{res.errand.name, res.errand.to.shown, count(res.Messages), count(res.Copied), count(res.AlreadyThere), count(res.LeftBehind),
			w.say("level." + string(res.Verified)), w.say("state." + string(res.State))})
		sum.Messages += res.Messages
		sum.Copied += res.Copied
		sum.AlreadyThere += res.AlreadyThere
		sum.LeftBehind += res.LeftBehind
		sum.Bytes += res.Bytes
	}
	rows = append(rows, []string{w.say("practice.total"), size(sum.Bytes), count(sum.Messages), count(sum.Copied), count(sum.AlreadyThere), count(sum.LeftBehind), "", ""})
	fmt.Fprintln(r.stdout, w.say("practice.title"))
	table(r, rows)
	if exit == exitOK {
		fmt.Fprintln(r.stdout, w.say("practice.proved"))
		return
	}
	for _, res := range results {
		if exitOfResult(res) != exitOK {
			r.reportOne(res, "move")
		}
	}
	fmt.Fprintln(r.stdout, w.say("practice.failed"))
}

// table prints rows in columns.
func table(r *run, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(pad(printable(cell), widths[i]+2))
		}
		fmt.Fprintln(r.stdout, strings.TrimRight(line.String(), " "))
	}
}
