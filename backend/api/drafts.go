package api

import (
	"context"
	"slices"

	"mailroom/backend/api/drafting"
	"mailroom/backend/core"
)

// Drafts keeps moves that are still being put together.
type Drafts struct{ api *API }

// DraftHead is what a list shows of a draft.
type DraftHead struct {
	ID      string `json:"id"`
	MoveID  string `json:"moveId"` // of the move that it has become or changes; "" none yet
	Step    int    `json:"step"`   // 1-based
	Steps   int    `json:"steps"`
	Title   string `json:"title"`
	People  int    `json:"people"`
	Updated int64  `json:"updated"`
}

// WizardDraft is a draft with the page's own document: a JSON object of at most
// 16 MiB. Typed passwords must not be in it; Handles lists those that it names, which
// the vault keeps as long as the draft is there.
type WizardDraft struct {
	Head     DraftHead `json:"head"`
	Handles  []string  `json:"handles"`
	Document string    `json:"document"`
}

// List tells all drafts, the latest first.
func (s *Drafts) List() ([]DraftHead, error) {
	return with(s.api, "list drafts", func(ctx context.Context, d *data) ([]DraftHead, error) {
		all, err := d.drafts.List(ctx)
		return mapped(all, wireDraft), err
	})
}

// Get reads a draft; not_found if there is none.
func (s *Drafts) Get(id string) (WizardDraft, error) {
	return with(s.api, "read draft", func(ctx context.Context, d *data) (WizardDraft, error) {
		draft, err := d.drafts.Get(ctx, id)
		return WizardDraft{Head: wireDraft(draft.Head), Handles: full(draft.Handles), Document: draft.Document}, err
	})
}

// Save keeps a draft, in place of what was kept under its ID, and returns its head.
func (s *Drafts) Save(draft WizardDraft) (DraftHead, error) {
	return with(s.api, "save draft", func(ctx context.Context, d *data) (DraftHead, error) {
		if slices.ContainsFunc(draft.Handles, func(h string) bool { return len(h) > 200 }) {
			return DraftHead{}, core.E(core.Invalid, "save draft", nil, "field", "handles", "reason", "malformed")
		}
		head, err := d.drafts.Save(ctx, drafting.Draft{
			Head:    drafting.Head{ID: draft.Head.ID, Move: draft.Head.MoveID, Step: draft.Head.Step, Steps: draft.Head.Steps, Title: draft.Head.Title, People: draft.Head.People},
			Handles: draft.Handles, Document: draft.Document,
		})
		return wireDraft(head), err
	})
}

// Remove forgets a draft and the passwords that nothing else needs.
func (s *Drafts) Remove(id string) error {
	_, err := with(s.api, "remove draft", func(ctx context.Context, d *data) (struct{}, error) {
		draft, err := d.drafts.Get(ctx, id)
		if core.CodeOf(err) == core.NotFound {
			return struct{}{}, nil
		}
		if err == nil {
			err = d.drafts.Remove(ctx, id)
		}
		if err != nil {
			return struct{}{}, err
		}
		d.forgetAll(ctx, draft.Handles)
		return struct{}{}, nil
	})
	return err
}

func wireDraft(h drafting.Head) DraftHead {
	return DraftHead{ID: h.ID, MoveID: h.Move, Step: h.Step, Steps: h.Steps, Title: h.Title, People: h.People, Updated: millis(h.Updated)}
}
