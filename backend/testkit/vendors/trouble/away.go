package trouble

import (
	"net/http"
	"time"
)

// Away lets a client stand at a distance from a server on this computer.
type Away struct {
	There time.Duration // how long the way takes, there and back
	Next  *http.Transport
}

// RoundTrip carries one request over the way and back; a canceled one does not wait.
func (a Away) RoundTrip(r *http.Request) (*http.Response, error) {
	way := time.NewTimer(a.There)
	defer way.Stop()
	select {
	case <-way.C:
		return a.Next.RoundTrip(r)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// CloseIdleConnections ends what is kept open.
func (a Away) CloseIdleConnections() { a.Next.CloseIdleConnections() }
