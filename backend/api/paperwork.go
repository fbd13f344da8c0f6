package api

// paperwork holds the services for what is handed over and kept.
type paperwork struct {
	papers *Papers
	audit  *Audit
}

func newPaperwork(a *API) paperwork {
	return paperwork{papers: &Papers{api: a}, audit: &Audit{api: a}}
}

func (p paperwork) services() []any { return []any{p.papers, p.audit} }
