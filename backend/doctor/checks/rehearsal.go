package checks

import (
	"crypto/x509"
	"encoding/json"
	"os"

	"mailroom/backend/core"
	"mailroom/backend/doctor"
)

// Rehearsal is a file that leads an examination to servers on this computer, for tests
// and demonstrations. [Prepare] refuses addresses elsewhere, and its trust counts only
// together with such a map, so it cannot weaken an examination of the real world.
type Rehearsal struct {
	Map      map[string]string `json:"map"`   // "192.0.2.25:25" → "127.0.0.1:2525"
	Roots    string            `json:"roots"` // PEM text of trusted certificates
	Endpoint doctor.Endpoints  `json:"endpoints"`
}

// ReadRehearsal applies the file to a setup; "" changes nothing. Errors: not_found,
// malformed.
func ReadRehearsal(path string, s *Setup) error {
	if path == "" {
		return nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return core.E(core.NotFound, "read rehearsal", err, "file", path)
	}
	var r Rehearsal
	if err := json.Unmarshal(raw, &r); err != nil || len(r.Map) == 0 {
		return core.E(core.Malformed, "read rehearsal", err, "file", path)
	}
	s.Map, s.Endpoint = r.Map, &r.Endpoint
	if r.Roots != "" {
		s.Roots = x509.NewCertPool()
		s.Roots.AppendCertsFromPEM([]byte(r.Roots))
	}
	return nil
}
