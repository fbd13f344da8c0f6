// Package trouble stands in front of an emulated vendor's API and makes go wrong what
// goes wrong out there: answers of other statuses and texts, answers that never come,
// that break off, or that are lost although the thing was done. It also counts what
// was asked.
//
// It leaves out everything that a vendor itself would say: each emulator has its own
// refusals.
package trouble

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// Fault is one thing that goes wrong.
type Fault struct {
	Path   string      // the end of the paths that it meets, "user/create"; "" meets all
	Method string      // "" meets all
	Pass   int         // so many requests that it would meet go through unharmed first
	Times  int         // how often it strikes; 0: once; -1: always
	Status int         // nothing is done; the answer has this status …
	Header http.Header // … these headers …
	Body   string      // … and this body
	Done   bool        // what was asked is done before that answer all the same
	Hang   bool        // nothing is done, and no answer ever comes
	Lose   bool        // what was asked is done, and the connection ends without an answer
	Cut    int         // what was asked is done, and the answer ends after so many bytes
	Before func()      // called before the request goes on as usual
}

// Host serves an emulator on this computer.
type Host struct {
	URL string

	server *httptest.Server
	done   chan struct{}
	once   sync.Once

	mu     sync.Mutex
	faults []*Fault
	count  map[string]int
}

// New serves a handler at a port of 127.0.0.1; the caller closes it.
func New(handler http.Handler) *Host {
	h := &Host{done: make(chan struct{}), count: map[string]int{}}
	h.server = httptest.NewServer(h.front(handler))
	h.URL = h.server.URL
	return h
}

// Close ends the server and every answer that hangs.
func (h *Host) Close() {
	h.once.Do(func() { close(h.done) })
	h.server.Close()
}

// Fail adds faults; of several that meet a request the first one strikes.
func (h *Host) Fail(faults ...Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range faults {
		if f.Times == 0 {
			f.Times = 1
		}
		h.faults = append(h.faults, &f)
	}
}

// Heal takes all faults away.
func (h *Host) Heal() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = nil
}

// Count tells how many requests came for a path's end; "" all.
func (h *Host) Count(path string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for p, k := range h.count {
		if strings.HasSuffix(p, path) {
			n += k
		}
	}
	return n
}

// Counts tells how many requests came for each "METHOD /path".
func (h *Host) Counts() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return maps.Clone(h.count)
}

// struck is the fault that meets a request; nil for none.
func (h *Host) struck(r *http.Request) *Fault {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count[r.Method+" "+r.URL.Path]++
	for _, f := range h.faults {
		if f.Times == 0 || !strings.HasSuffix(r.URL.Path, f.Path) || (f.Method != "" && f.Method != r.Method) {
			continue
		}
		if f.Pass > 0 {
			f.Pass--
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		return f
	}
	return nil
}

// largest is the most that a request's body may hold.
const largest = 8 << 20

func (h *Host) front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Read to the end first: only then does the server notice a client that goes.
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
		if err != nil {
			http.Error(w, "body", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		f := h.struck(r)
		switch {
		case f == nil:
			next.ServeHTTP(w, r)
		case f.Hang:
			select {
			case <-r.Context().Done():
			case <-h.done:
			}
			panic(http.ErrAbortHandler)
		case f.Lose, f.Cut > 0:
			breakOff(w, r, next, f.Cut)
		case f.Before != nil:
			f.Before()
			next.ServeHTTP(w, r)
		default:
			if f.Done {
				next.ServeHTTP(httptest.NewRecorder(), r)
			}
			for name, values := range f.Header {
				w.Header()[name] = values
			}
			w.WriteHeader(f.Status)
			_, _ = io.WriteString(w, f.Body)
		}
	})
}

// breakOff does what was asked, says so many bytes of the answer and hangs up.
func breakOff(w http.ResponseWriter, r *http.Request, next http.Handler, after int) {
	kept := httptest.NewRecorder()
	next.ServeHTTP(kept, r)
	if after > 0 {
		maps.Copy(w.Header(), kept.Header())
		w.WriteHeader(kept.Code)
		_, _ = w.Write(kept.Body.Bytes()[:min(after, kept.Body.Len())])
		_ = http.NewResponseController(w).Flush()
	}
	panic(http.ErrAbortHandler) // net/http's own way to end a connection at once
}
