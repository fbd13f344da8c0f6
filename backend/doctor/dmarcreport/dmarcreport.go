// Package dmarcreport reads DMARC aggregate reports (RFC 9990, and RFC 7489 appendix C
// before it): XML alone, in gzip, in zip, or attached to a mail. It sums up who sends
// in a domain's name and advises whether its policy can be raised.
//
// It leaves out fetching the mail and every sentence.
package dmarcreport

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/text/encoding/htmlindex"

	"mailroom/backend/core"
)

// Bounds: a report of a large receiver has some thousand rows and a megabyte.
const (
	MaxFile    = 16 << 20 // bytes as handed in
	MaxXML     = 32 << 20 // bytes unpacked
	MaxRows    = 200_000
	MaxReports = 64 // in one zip or mail
)

// Report is one receiver's report about one domain.
type Report struct {
	Org     string // the receiver
	ID      string
	Domain  string
	Begin   time.Time
	End     time.Time
	Policy  string // p as the receiver saw it
	Rows    []Row
	Dropped int // rows that make no sense
}

// Row is mail from one address with one outcome.
type Row struct {
	IP          netip.Addr
	Count       int64
	Disposition string // what the receiver did: none, quarantine, reject, pass
	DKIM, SPF   bool   // aligned and passed
	From        string // domain in the From line
	Signed      []string
	Envelope    string
	Overridden  []string // reasons why the receiver did otherwise: forwarded, mailing_list …
}

// Passes says whether DMARC passed.
func (r Row) Passes() bool { return r.DKIM || r.SPF }

// feedback is the XML as far as we read it. Elements without a namespace and with the
// one of RFC 9990 are the same to us.
type feedback struct {
	XMLName  xml.Name
	Metadata struct {
		Org   string `xml:"org_name"`
		ID    string `xml:"report_id"`
		Range struct {
			Begin int64 `xml:"begin"`
			End   int64 `xml:"end"`
		} `xml:"date_range"`
	} `xml:"report_metadata"`
	Policy struct {
		Domain string `xml:"domain"`
		P      string `xml:"p"`
	} `xml:"policy_published"`
}

type record struct {
	Row struct {
		IP        string `xml:"source_ip"`
		Count     int64  `xml:"count"`
		Evaluated struct {
			Disposition string `xml:"disposition"`
			DKIM        string `xml:"dkim"`
			SPF         string `xml:"spf"`
			Reasons     []struct {
				Type string `xml:"type"`
			} `xml:"reason"`
		} `xml:"policy_evaluated"`
	} `xml:"row"`
	Identifiers struct {
		From     string `xml:"header_from"`
		Envelope string `xml:"envelope_from"`
	} `xml:"identifiers"`
	Auth struct {
		DKIM []struct {
			Domain string `xml:"domain"`
			Result string `xml:"result"`
		} `xml:"dkim"`
	} `xml:"auth_results"`
}

func malformed(err error) error { return core.E(core.Malformed, "read DMARC report", err) }

// Read reads every report in a file: XML, gzip, zip, or a mail that carries them.
// Errors: too_big beyond the bounds, malformed when there is no report in it.
func Read(raw []byte) ([]Report, error) {
	if len(raw) > MaxFile {
		return nil, core.E(core.TooBig, "read DMARC report", nil)
	}
	r := &reader{left: MaxXML}
	if err := r.any(raw, 0); err != nil {
		return r.found, err
	}
	if len(r.found) == 0 {
		return nil, malformed(errors.New("no report found"))
	}
	return r.found, nil
}

type reader struct {
	found []Report
	left  int64 // bytes that may still be unpacked
}

// unpack reads at most what is left, so that a bomb ends early.
func (r *reader) unpack(from io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(from, r.left+1))
	if int64(len(raw)) > r.left {
		return nil, core.E(core.TooBig, "read DMARC report", nil)
	}
	r.left -= int64(len(raw))
	return raw, err
}

func (r *reader) any(raw []byte, depth int) error {
	if depth > 3 || len(r.found) >= MaxReports {
		return core.E(core.TooBig, "read DMARC report", nil)
	}
	switch {
	case bytes.HasPrefix(raw, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return malformed(err)
		}
		inner, err := r.unpack(z)
		if err != nil {
			if core.CodeOf(err) == core.TooBig {
				return err
			}
			return malformed(err)
		}
		return r.any(inner, depth+1)
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		return r.zip(raw, depth)
	case looksLikeXML(raw):
		report, err := parse(raw)
		if err != nil {
			return malformed(err)
		}
		r.found = append(r.found, report)
		return nil
	}
	return r.mail(raw, depth)
}

func looksLikeXML(raw []byte) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), " \t\r\n")
	return bytes.HasPrefix(head, []byte("<"))
}

func (r *reader) zip(raw []byte, depth int) error {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return malformed(err)
	}
	for i, f := range z.File {
		if i >= MaxReports {
			return core.E(core.TooBig, "read DMARC report", nil)
		}
		if f.FileInfo().IsDir() {
			continue
		}
		in, err := f.Open()
		if err != nil {
			return malformed(err)
		}
		inner, err := r.unpack(in)
		_ = in.Close()
		if err != nil {
			if core.CodeOf(err) == core.TooBig {
				return err
			}
			return malformed(err)
		}
		if err := r.any(inner, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// mail looks for reports among the parts of a mail.
func (r *reader) mail(raw []byte, depth int) error {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return malformed(err)
	}
	return r.part(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, depth)
}

func (r *reader) part(kind, encoding string, body io.Reader, depth int) error {
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		return nil // a part without a type is no report
	}
	if strings.HasPrefix(media, "multipart/") {
		if depth > 3 {
			return nil
		}
		parts := multipart.NewReader(body, params["boundary"])
		for range 100 {
			p, err := parts.NextRawPart()
			if err != nil {
				return nil
			}
			if err := r.part(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	switch media {
	case "application/gzip", "application/x-gzip", "application/zip", "application/x-zip-compressed", "text/xml", "application/xml", "application/octet-stream":
	default:
		return nil
	}
	if strings.EqualFold(encoding, "base64") {
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	inner, err := r.unpack(body)
	if err != nil || len(inner) == 0 {
		return err
	}
	if !looksLikeXML(inner) && !bytes.HasPrefix(inner, []byte{0x1f, 0x8b}) && !bytes.HasPrefix(inner, []byte("PK\x03\x04")) {
		return nil
	}
	return r.any(inner, depth+1)
}

// parse reads one XML document record by record, so that memory stays bounded.
func parse(raw []byte) (Report, error) {
	dec := xml.NewDecoder(bytes.NewReader(raw))
	dec.Strict = false
	dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		enc, err := htmlindex.Get(label) // Chinese receivers send GB2312
		if err != nil {
			return nil, err
		}
		return enc.NewDecoder().Reader(in), nil
	}
	var head feedback
	var out Report
	root := false
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return out, err
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "feedback":
			root = true
		case "report_metadata":
			err = dec.DecodeElement(&head.Metadata, &start)
		case "policy_published":
			err = dec.DecodeElement(&head.Policy, &start)
		case "record":
			var rec record
			if err = dec.DecodeElement(&rec, &start); err == nil {
				if len(out.Rows) >= MaxRows {
					return out, core.E(core.TooBig, "read DMARC report", nil)
				}
				out.add(rec)
			}
		}
		if err != nil {
			return out, err
		}
		if !root {
			return out, errors.New("not a DMARC report")
		}
	}
	if !root || strings.TrimSpace(head.Policy.Domain) == "" {
		return out, errors.New("not a DMARC report")
	}
	out.Org, out.ID = clean(head.Metadata.Org), clean(head.Metadata.ID)
	out.Domain, out.Policy = strings.ToLower(clean(head.Policy.Domain)), strings.ToLower(clean(head.Policy.P))
	out.Begin, out.End = time.Unix(head.Metadata.Range.Begin, 0).UTC(), time.Unix(head.Metadata.Range.End, 0).UTC()
	return out, nil
}

// clean keeps a name short and on one line.
func clean(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return s[:min(len(s), 255)]
}

func (r *Report) add(rec record) {
	ip, err := netip.ParseAddr(strings.TrimSpace(rec.Row.IP))
	if err != nil || rec.Row.Count < 0 || rec.Row.Count > 1<<40 {
		r.Dropped++
		return
	}
	row := Row{IP: ip.Unmap(), Count: rec.Row.Count, Disposition: strings.ToLower(clean(rec.Row.Evaluated.Disposition)),
		DKIM: strings.EqualFold(strings.TrimSpace(rec.Row.Evaluated.DKIM), "pass"), SPF: strings.EqualFold(strings.TrimSpace(rec.Row.Evaluated.SPF), "pass"),
		From: strings.ToLower(clean(rec.Identifiers.From)), Envelope: strings.ToLower(clean(rec.Identifiers.Envelope))}
	for _, d := range rec.Auth.DKIM {
		if strings.EqualFold(strings.TrimSpace(d.Result), "pass") && len(row.Signed) < 8 {
			row.Signed = append(row.Signed, strings.ToLower(clean(d.Domain)))
		}
	}
	for _, why := range rec.Row.Evaluated.Reasons {
		if len(row.Overridden) < 8 {
			row.Overridden = append(row.Overridden, strings.ToLower(clean(why.Type)))
		}
	}
	r.Rows = append(r.Rows, row)
}
