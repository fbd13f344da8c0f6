package recognise

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// Bounds on what a page for mail programs may be.
const (
	longestPage  = 128 << 10
	deepestXML   = 24
	mostElements = 2000
)

var errPage = errors.New("not a page for mail programs")

// careful makes a client that follows few redirects, and those to https only: what a
// page says about servers decides where a password is sent later.
func careful(given *http.Client) *http.Client {
	client := http.Client{}
	if given != nil {
		client = *given
	}
	if client.Timeout == 0 {
		client.Timeout = 10 * time.Second
	}
	client.Jar = nil
	client.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if req.URL.Scheme != "https" || len(via) > 4 {
			return errPage
		}
		return nil
	}
	return &client
}

// page fetches an XML document of bounded size; only https addresses are asked.
func (r *Recogniser) page(ctx context.Context, method, url, body string, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	if req.URL.Scheme != "https" {
		return errPage
	}
	if body != "" {
		req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	}
	req.Header.Set("Accept", "text/xml, application/xml")
	resp, err := r.cfg.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return errPage
	}
	if kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type")); err == nil && kind == "text/html" {
		return errPage // a web site that answers every address with its front page
	}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, longestPage+1))
	if err != nil {
		return err
	}
	return decodeXML(raw, into)
}

// decodeXML reads a document after checking its size and depth, so that no page can
// make us work for long. Entities of the document's own are not expanded.
func decodeXML(raw []byte, into any) error {
	if len(raw) > longestPage {
		return errPage
	}
	scan := xml.NewDecoder(strings.NewReader(string(raw)))
	depth, elements := 0, 0
	for {
		token, err := scan.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
			elements++
		case xml.EndElement:
			depth--
		case xml.Directive:
			return errPage // a DOCTYPE: nothing that we read has one
		}
		if depth > deepestXML || elements > mostElements {
			return errPage
		}
	}
	return xml.Unmarshal(raw, into)
}
