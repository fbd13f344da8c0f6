package api

// doctoring holds the doctor's services beside the examination itself.
type doctoring struct {
	readers *Readers
}

func newDoctoring(a *API) doctoring {
	return doctoring{readers: &Readers{api: a}}
}

// services lists the values to bind.
func (d doctoring) services() []any { return []any{d.readers} }
