package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"

	"mailroom/backend/core"
)

// attempt makes a call once. told is true where the vendor answered: then the outcome
// is known.
func (c *Client) attempt(ctx context.Context, call Call) (told bool, err error) {
	if err := c.turn(ctx, call.Op); err != nil {
		return false, err
	}
	call.Query, call.Form, call.Header = clone(call.Query), clone(call.Form), http.Header(clone(url.Values(call.Header)))
	if c.o.Prepare != nil {
		if err := c.o.Prepare(&call); err != nil {
			return true, err
		}
	}
	limited, cancel := context.WithTimeout(ctx, c.o.Limit)
	defer cancel()
	req, err := c.request(limited, call)
	if err != nil {
		return true, err
	}
	res, twice, err := c.send(req)
	if err != nil {
		return false, c.broken(ctx, call, err)
	}
	defer res.Body.Close()
	most := call.Most
	if most <= 0 {
		most = usualMost
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, int64(most)+1))
	if err != nil {
		return false, c.broken(ctx, call, err)
	}
	if len(raw) > most {
		return true, core.E(core.Malformed, call.Op, nil, "host", c.o.Base.Hostname(), "reason", "answer_too_long")
	}
	told, err = c.read(call, Answer{Status: res.StatusCode, Header: res.Header, Body: bytes.TrimPrefix(raw, []byte("\ufeff"))})
	return told && !twice, err
}

// send makes a request. The transport repeats a GET by itself where a kept connection
// turns out to be gone; twice tells that it did.
func (c *Client) send(req *http.Request) (res *http.Response, twice bool, err error) {
	var connections atomic.Int64
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connections.Add(1) }}
	res, err = c.o.HTTP.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	n := max(connections.Load(), 1)
	c.sent.Add(n)
	return res, n > 1, err
}

// read judges an answer and decodes it. A vendor that is out of order may have done
// the work before it said so.
func (c *Client) read(call Call, a Answer) (told bool, err error) {
	if r := c.o.Judge(a); r != nil {
		return r.Code != core.Unreachable, c.refused(call, a, r)
	}
	if call.Into == nil {
		return true, nil
	}
	if err := json.Unmarshal(a.Body, call.Into); err != nil {
		// The decoder's words may hold what was sent to us: only the place is told.
		return true, core.E(core.Malformed, call.Op, nil, "host", c.o.Base.Hostname(), "reason", "not_json", "place", place(err))
	}
	return true, nil
}

// place names the field that could not be decoded.
func place(err error) string {
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return t.Field
	}
	return ""
}

func clone(v url.Values) url.Values {
	if v == nil {
		return url.Values{}
	}
	return maps.Clone(v)
}

func (c *Client) request(ctx context.Context, call Call) (*http.Request, error) {
	var body io.Reader
	kind := ""
	switch {
	case call.Body != nil:
		raw, err := encode(call.Body)
		if err != nil {
			return nil, core.E(core.Internal, call.Op, err)
		}
		body, kind = bytes.NewReader(raw), "application/json"
	case len(call.Form) > 0:
		body, kind = strings.NewReader(call.Form.Encode()), "application/x-www-form-urlencoded"
	}
	address := c.o.Base.String() + call.Path
	if len(call.Query) > 0 {
		address += "?" + call.Query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, address, body)
	if err != nil { // it would repeat the address with its secrets
		return nil, core.E(core.Internal, call.Op, nil, "reason", "address")
	}
	maps.Copy(req.Header, call.Header)
	req.Header.Set("Accept", "application/json")
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	return req, nil
}

// encode writes JSON with its characters as they are: some vendors refuse the \u
// form, which Go's own encoding has for <, > and &.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// broken codes a connection that failed. The address stays out: it may hold a token;
// and of the cause only its words are kept, cleaned.
func (c *Client) broken(ctx context.Context, call Call, err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	args := []string{"host", c.o.Base.Hostname()}
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	dns, isDNS := errors.AsType[*net.DNSError](err)
	timed, isNet := errors.AsType[net.Error](err)
	code := core.Unreachable
	switch {
	case ctx.Err() != nil:
		return ended(ctx, call.Op, ctx.Err())
	case untrusted:
		code = core.UntrustedCert
	case isDNS && dns.IsNotFound:
		args = append(args, "why", "no_such_host")
	case errors.Is(err, context.DeadlineExceeded), isNet && timed.Timeout():
		code = core.Timeout
	}
	return core.E(code, call.Op, errors.New(c.clean(call, err.Error())), args...)
}
