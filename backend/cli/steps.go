package cli

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"mailroom/backend/core"
	"mailroom/backend/migrate"
	"mailroom/backend/office"
)

// changing are the flags of every verb that changes something at the provider.
type changing struct {
	DryRun bool `help:"help_office_dry"`
	Yes    bool `help:"help_office_yes"`
}

// stepLine is one change on the wire, before or after it is sent.
type stepLine struct {
	Event     string           `json:"event"` // step, result
	Number    int              `json:"number"`
	Kind      string           `json:"kind"`
	Target    string           `json:"target"`
	Label     string           `json:"label"`
	Row       int              `json:"row,omitempty"`
	Diffs     []diffLine       `json:"diffs"`
	Danger    string           `json:"danger"` // none, confirm, typed
	Undoable  bool             `json:"undoable"`
	KeepsBack string           `json:"keepsBack,omitempty"`
	Lists     []string         `json:"lists,omitempty"`     // that somebody who is deleted is on
	ListsStay bool             `json:"listsStay,omitempty"` // nothing proves that the provider takes them off
	Refusal   *refusalLine     `json:"refusal,omitempty"`
	Outcome   string           `json:"outcome,omitempty"` // done, there, failed, refused, unsure, waiting
	NewID     string           `json:"newId,omitempty"`
	Error     *migrate.Trouble `json:"error,omitempty"`
}

type diffLine struct {
	Attr   string   `json:"attr"`
	Part   string   `json:"part,omitempty"`
	Before []string `json:"before"`
	After  []string `json:"after"`
	Secret bool     `json:"secret,omitempty"`
	Untold bool     `json:"untold,omitempty"` // the provider does not tell what was before
}

type refusalLine struct {
	Code    string            `json:"code"`
	Attr    string            `json:"attr,omitempty"`
	Why     string            `json:"why,omitempty"`
	Key     string            `json:"key,omitempty"`
	Console string            `json:"console,omitempty"`
	Args    map[string]string `json:"args,omitempty"`
	Clash   []diffLine        `json:"clash,omitempty"` // before: as it was seen; after: as the provider has it
}

// runLine tells how far a run is, and at last what it came to.
type runLine struct {
	Event   string           `json:"event"` // progress, summary
	Run     string           `json:"run"`   // "" for a dry run
	State   string           `json:"state"` // planned, running, done, partly, stopped, interrupted
	Total   int              `json:"total"`
	Done    int              `json:"done"`
	Failed  int              `json:"failed"`
	Refused int              `json:"refused"` // of the plan: not sent at all
	Error   *migrate.Trouble `json:"error,omitempty"`
}

func stepOf(event string, s office.Step) stepLine {
	line := stepLine{
		Event: event, Number: s.Number, Kind: string(s.Kind), Target: s.Target, Label: s.Label, Row: s.Row, Diffs: diffsOf(s.Diffs),
		Danger: string(s.Danger), Undoable: s.Undoable, KeepsBack: string(s.KeepsBack), Lists: s.Lists, ListsStay: s.ListsStay,
	}
	if r := s.Refusal; r != nil {
		line.Refusal = &refusalLine{string(r.Code), string(r.Attr), string(r.Why), r.Key, r.Console, r.Args, nil}
		if len(r.Clash) > 0 {
			line.Refusal.Clash = diffsOf(r.Clash)
		}
	}
	return line
}

func diffsOf(diffs []office.Diff) []diffLine {
	out := make([]diffLine, len(diffs))
	for i, d := range diffs {
		out[i] = diffLine{string(d.Attr), d.Part, some(d.Before), some(d.After), d.Secret, d.Untold}
	}
	return out
}

func resultOf(res office.Result) stepLine {
	line := stepOf("result", res.Step)
	line.Outcome, line.NewID = string(res.Outcome), res.NewID
	if res.Trouble != nil {
		t := troubleOf(res.Trouble)
		line.Error = &t
	}
	return line
}

func runOf(event string, res office.Run, refused int) runLine {
	line := runLine{Event: event, Run: res.ID, State: string(res.State), Total: res.Total, Done: res.Done, Failed: res.Failed, Refused: refused}
	if res.Trouble != nil {
		t := troubleOf(res.Trouble)
		line.Error = &t
	}
	return line
}

// carryOut previews changes and, unless it is a dry run, does them and tells what became
// of each.
func (b *bureau) carryOut(ctx context.Context, changes []office.Change, how changing) (int, error) {
	if len(changes) == 0 {
		return b.nothing()
	}
	plan, err := b.desk.Preview(ctx, b.office.ID, changes)
	if err != nil {
		return 0, err
	}
	if how.DryRun || plan.Ready == 0 {
		return b.showPlan(plan, how.DryRun), nil
	}
	if err := b.confirmed(plan, how); err != nil {
		return 0, err
	}
	b.told = func(r office.Run) {
		if b.r.json != nil && r.State == office.Running {
			b.r.json.send(runOf("progress", r, plan.Refused))
		}
	}
	res, err := b.desk.Apply(ctx, plan.ID, plan.Typed)
	if err != nil {
		return 0, err
	}
	return b.follow(ctx, res, plan.Refused)
}

func (b *bureau) nothing() (int, error) {
	if b.r.json != nil {
		b.r.json.send(runLine{Event: "summary", State: "done"})
	} else {
		fmt.Fprintln(b.r.stdout, b.r.words.say("step.nothing"))
	}
	return exitOK, nil
}

// showPlan prints the exact changes; none is sent.
func (b *bureau) showPlan(plan office.Plan, dry bool) int {
	exit := exitOK
	for _, s := range plan.Steps {
		if s.Refusal != nil {
			exit = exitLeft
		}
		if b.r.json != nil {
			b.r.json.send(stepOf("step", s))
		} else {
			b.printStep(s, "")
		}
	}
	if b.r.json != nil {
		b.r.json.send(runLine{Event: "summary", State: "planned", Total: len(plan.Steps), Refused: plan.Refused})
		return exit
	}
	key := "step.planned"
	if !dry {
		key = "step.none_ready"
	}
	fmt.Fprintln(b.r.stdout, b.r.words.say(key, "n", itoa(plan.Ready), "refused", itoa(plan.Refused)))
	return exit
}

// confirmed asks before what is dangerous, unless --yes was given.
func (b *bureau) confirmed(plan office.Plan, how changing) error {
	if plan.Danger == office.DangerNone || how.Yes {
		return nil
	}
	f, ok := b.r.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return core.E(core.Invalid, "confirm", nil, "problem", "not_confirmed")
	}
	for _, s := range plan.Steps {
		b.printStep(s, "")
	}
	want := plan.Typed
	if want == "" {
		want = "yes"
	}
	fmt.Fprint(b.r.stderr, b.r.words.say("step.confirm", "value", want))
	typed, _ := bufio.NewReader(f).ReadString('\n')
	if !strings.EqualFold(strings.TrimSpace(typed), want) {
		return core.E(core.Canceled, "confirm", nil, "problem", "not_typed")
	}
	return nil
}

// follow waits for a run and tells what became of it. When ctx ends it stops after the
// change at hand.
func (b *bureau) follow(ctx context.Context, res office.Run, refused int) (int, error) {
	whole := context.WithoutCancel(ctx)
	res, err := b.desk.Wait(ctx, res.ID)
	if ctx.Err() != nil {
		_, _ = b.desk.Stop(whole, res.ID) // it may have ended by itself
		res, err = b.desk.Wait(whole, res.ID)
	}
	if err != nil {
		return 0, err
	}
	results, err := b.desk.Results(whole, res.ID, 0, 0)
	if err != nil {
		return 0, err
	}
	for _, one := range results {
		if b.r.json != nil {
			b.r.json.send(resultOf(one))
			continue
		}
		text := b.r.words.say("outcome." + string(one.Outcome))
		switch {
		case core.ArgsOf(one.Trouble)["reason"] == "handle":
			text = b.r.words.say("outcome.follows")
		case one.Trouble != nil:
			text = b.r.words.say("step.about", "name", text, "why", b.undone(one.Trouble))
		}
		b.printStep(one.Step, text)
	}
	if b.r.json != nil {
		b.r.json.send(runOf("summary", res, refused))
	} else {
		fmt.Fprintln(b.r.stdout, b.r.words.say("step.ended", "done", itoa(res.Done), "total", itoa(res.Total), "failed", itoa(res.Failed)))
		if res.Trouble != nil {
			fmt.Fprintln(b.r.stderr, "mailroom: "+b.r.explain(officeError(res.Trouble, b.office.Title())))
		}
	}
	switch {
	case res.Trouble != nil:
		return exitOf(core.CodeOf(res.Trouble)), nil
	case res.State == office.Stopped:
		return exitInterrupted, nil
	case res.State != office.Done:
		return exitLeft, nil
	}
	return exitOK, nil
}

// printStep prints one change in a few lines.
func (b *bureau) printStep(s office.Step, outcome string) {
	w := b.r.words
	head := w.say("kind."+string(s.Kind)) + " " + printable(s.Label)
	if s.Row > 0 {
		head += " " + w.say("step.row", "row", itoa(s.Row))
	}
	if outcome != "" {
		head = w.say("step.about", "name", head, "why", outcome)
	}
	fmt.Fprintln(b.r.stdout, head)
	for _, d := range s.Diffs {
		name := w.attr(string(d.Attr), d.Part)
		if d.Secret {
			fmt.Fprintln(b.r.stdout, "  "+w.say("step.secret", "name", name))
			continue
		}
		if d.Untold {
			fmt.Fprintln(b.r.stdout, "  "+w.say("step.untold", "name", name, "after", w.values(string(d.Attr), d.After)))
			continue
		}
		fmt.Fprintln(b.r.stdout, "  "+w.say("step.diff", "name", name, "before", w.values(string(d.Attr), d.Before), "after", w.values(string(d.Attr), d.After)))
	}
	if len(s.Lists) > 0 {
		key := "step.lists"
		if s.ListsStay {
			key = "step.lists_stay"
		}
		fmt.Fprintln(b.r.stdout, "  "+w.say(key, "lists", w.values("", s.Lists)))
	}
	if key := "refusal.unsupported.keeps_back." + string(s.KeepsBack); s.Refusal == nil && !s.Undoable && outcome == "" && has(key) {
		fmt.Fprintln(b.r.stdout, "  "+w.say("step.about", "name", w.say("step.final"), "why", w.say(key)))
	}
	if r := s.Refusal; r != nil {
		fmt.Fprintln(b.r.stdout, "  "+b.r.refusal(r))
		for _, d := range r.Clash {
			fmt.Fprintln(b.r.stdout, "    "+w.say("step.clash", "name", w.attr(string(d.Attr), d.Part), "before", w.values(string(d.Attr), d.Before), "after", w.values(string(d.Attr), d.After)))
		}
	}
}

// attr names a value.
func (w language) attr(name, part string) string {
	if part != "" && has("attr."+name+"."+part) {
		return w.say("attr." + name + "." + part)
	}
	if has("attr." + name) {
		return w.say("attr." + name)
	}
	return name
}
