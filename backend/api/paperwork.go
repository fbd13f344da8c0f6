package api

import "sync"

// paperwork holds the services for what is handed over and kept.
type paperwork struct {
	papers *Papers
	audit  *Audit
	guests *Invites

	files *sync.Mutex
	file  string // an invitation or result that the person opened in the file manager
}

func newPaperwork(a *API) paperwork {
	return paperwork{papers: &Papers{api: a}, audit: &Audit{api: a}, guests: &Invites{api: a}, files: &sync.Mutex{}}
}

func (p paperwork) services() []any { return []any{p.papers, p.audit, p.guests} }
