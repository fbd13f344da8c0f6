package api

import (
	"context"
	"time"

	"mailroom/backend/core"
	testletter "mailroom/backend/doctor/letter"
	"mailroom/backend/report"
)

// TestLetter sends a letter from one mailbox to another, or to itself, and watches it
// arrive.
type TestLetter struct{ api *API }

// LetterSide is one end of the journey.
type LetterSide struct {
	Address  string         `json:"address"`
	Endpoint Endpoint       `json:"endpoint"`
	Outgoing OutgoingServer `json:"outgoing"` // counts for the sender
}

// LetterRequest asks for one letter.
type LetterRequest struct {
	From     LetterSide `json:"from"`
	To       LetterSide `json:"to"`
	Remove   bool       `json:"remove"` // take the letter away again; nothing else is
	Language Language   `json:"language"`
}

// LetterJudgement is what a journey amounts to, see [testletter.Judgement].
type LetterJudgement string

// LetterResult is what became of a letter. A refusal is a result, not a rejected call.
type LetterResult struct {
	Judgement     LetterJudgement  `json:"judgement"` // "" it was refused: Problem says why
	Times         map[string]int64 `json:"times"`     // milliseconds since the beginning, by step
	Folder        string           `json:"folder"`
	MessageID     string           `json:"messageId"`
	Header        *HeaderReport    `json:"header,omitempty"`
	Removed       bool             `json:"removed"`
	RemoveProblem *Problem         `json:"removeProblem,omitempty"` // it lies there still
	Problem       *Problem         `json:"problem,omitempty"`
	At            string           `json:"at"` // the step at which it was refused: ready, signedIn, accepted; "" it was not
}

// LetterStep tells how far a letter has come.
type LetterStep struct {
	RequestID string `json:"requestId"`
	Step      string `json:"step"`
}

// letterLimit bounds one journey: two minutes for the arrival, and the conversations.
const letterLimit = 4 * time.Minute

// Send sends one letter and waits for it, at most two minutes; letter:step tells each
// step. App.Cancel(requestID) stops it. Errors: invalid, canceled.
func (l *TestLetter) Send(requestID string, req LetterRequest) (LetterResult, error) {
	return with(l.api, "send test letter", func(root context.Context, _ *data) (LetterResult, error) {
		none := LetterResult{Times: map[string]int64{}}
		ctx, end := l.api.calls.begin(root, requestID, letterLimit)
		defer end()
		plan, err := l.plan(ctx, req)
		if err != nil {
			return none, err
		}
		last := ""
		result, err := testletter.Run(ctx, plan, func(s testletter.Step) {
			last = string(s)
			l.api.cfg.Desktop.Emit("letter:step", LetterStep{RequestID: requestID, Step: last})
		})
		if code := core.CodeOf(err); code == core.Canceled || code == core.Invalid {
			return none, err
		}
		return wireLetter(result, err, last), nil
	})
}

func (l *TestLetter) plan(ctx context.Context, req LetterRequest) (testletter.Plan, error) {
	outgoing, err := l.api.outgoing(req.From.Outgoing, req.From.Endpoint)
	if err != nil {
		return testletter.Plan{}, err
	}
	inbox, err := l.api.mailbox(ctx, req.To.Endpoint)
	if err != nil {
		return testletter.Plan{}, err
	}
	p := testletter.Plan{
		From: req.From.Address, To: req.To.Address, Outgoing: outgoing, Inbox: inbox, Remove: req.Remove, Subject: "Mailroom", Text: "Mailroom\n",
		TXT: l.api.doctoring.readers.txt(),
	}
	language := string(LanguageChinese)
	if req.Language == LanguageEnglish {
		language = string(LanguageEnglish)
	}
	if words, err := report.LoadWords(l.api.cfg.Words, language); err == nil {
		p.Subject, p.Text = words.T("testLetter.mail.subject"), words.T("testLetter.mail.text")+"\n"
	}
	return p, nil
}

func wireLetter(r testletter.Result, err error, last string) LetterResult {
	out := LetterResult{
		Judgement: LetterJudgement(r.Judgement), Times: map[string]int64{}, Folder: r.Folder, MessageID: r.MessageID, Removed: r.Removed,
		RemoveProblem: problemOf(r.RemoveErr),
	}
	for step, at := range r.Times {
		out.Times[string(step)] = at.Milliseconds()
	}
	if r.Header != nil {
		h := wireHeader(*r.Header)
		out.Header = &h
	}
	if err != nil {
		out.Judgement, out.Problem, out.At = "", problemOf(err), nextStep(last, r)
	}
	return out
}

// nextStep is the step that did not come about.
func nextStep(last string, r testletter.Result) string {
	switch {
	case last == "":
		return string(testletter.StepReady)
	case last == string(testletter.StepReady) && r.Times[testletter.StepSignedIn] == 0:
		return string(testletter.StepSignedIn)
	case last == string(testletter.StepReady):
		return string(testletter.StepAccepted)
	}
	return string(testletter.StepArrived)
}

var letterJudgements = []enum[LetterJudgement]{
	{"", "Refused"}, {LetterJudgement(testletter.Good), "Good"}, {LetterJudgement(testletter.Slow), "Slow"}, {LetterJudgement(testletter.Junk), "Junk"},
	{LetterJudgement(testletter.Lost), "Lost"},
}
