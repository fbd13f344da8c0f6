package checks

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/dmarc"
)

func bimiChecks() []doctor.Check {
	return []doctor.Check{
		define("transport.bimi", "draft-brand-indicators-for-message-identification", checkBIMI, "ok:p", "none:i", "policy:f", "wrong:f"),
		define("transport.bimi_logo", "draft-svg-tiny-ps-abrotman", checkBIMILogo, "ok:p", "unreachable:f", "not_svg:f", "unsafe:f"),
		define("transport.bimi_mark", "draft-fetch-validation-vmc-wchuang 5; RFC 9399", checkBIMIMark,
			"ok:p", "none:i", "soon:w", "unreachable:f", "expired:f", "chain:f", "purpose:f", "name:f", "logo:f"),
	}
}

type bimi struct {
	records []string
	logo    string
	mark    string
}

func isBIMI(t string) bool {
	return strings.HasPrefix(strings.ToUpper(strings.ReplaceAll(t, " ", "")), "V=BIMI1")
}

func bimiOf(ctx context.Context, x *doctor.Exam) (b bimi, none []doctor.Finding) {
	records, _, a := txtOf(ctx, x, "default._bimi."+x.Domain, isBIMI)
	if !a.Known() {
		return b, one(unsure(x.Domain, a))
	}
	b.records = records
	if len(records) == 0 {
		return b, nil
	}
	for _, t := range doctor.Tags(records[0]) {
		switch strings.ToLower(t.Name) {
		case "l":
			b.logo = t.Value
		case "a":
			b.mark = t.Value
		}
	}
	return b, nil
}

func checkBIMI(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	b, none := bimiOf(ctx, x)
	switch {
	case none != nil:
		return none
	case len(b.records) == 0:
		return doctor.One(x.Domain, "none")
	}
	f := doctor.F(x.Domain, "ok").Show(doctor.EvidenceRecord, "default._bimi."+x.Domain+" TXT", strings.Join(b.records, "\n"))
	if b.logo == "" && b.mark == "" {
		return one(f) // a record that declines
	}
	if len(b.records) > 1 || !strings.HasPrefix(b.logo, "https://") || (b.mark != "" && !strings.HasPrefix(b.mark, "https://")) {
		return one(because(f, "wrong").Act("", ""))
	}
	d, ok := dmarcOf(ctx, x)
	if ok && (d.Record.Effective() == dmarc.None || d.Record.Percent < 100) {
		f = because(f, "policy").With("policy", string(d.Record.Effective())).Act("", "")
	}
	return one(f)
}

func checkBIMILogo(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	b, none := bimiOf(ctx, x)
	if none != nil {
		return none
	}
	if !strings.HasPrefix(b.logo, "https://") {
		return doctor.One(x.Domain, "nothing")
	}
	f := doctor.F(x.Domain, "ok", "url", b.logo)
	page, err := x.Get(ctx, b.logo, 512<<10)
	if err != nil || page.Status != 200 {
		what := strconv.Itoa(page.Status)
		if err != nil {
			what = err.Error()
		}
		return one(because(f, "unreachable").Show(doctor.EvidenceHTTP, b.logo, what).Act("", ""))
	}
	profile, unsafe, err := readSVG(page.Body)
	f = f.Show(doctor.EvidenceHTTP, b.logo, page.Header.Get("Content-Type")+", "+strconv.Itoa(len(page.Body))+" bytes, baseProfile "+profile)
	switch {
	case err != nil || profile != "tiny-ps":
		f = because(f, "not_svg").Act("", "")
	case unsafe != "":
		f = because(f, "unsafe").With("element", unsafe).Act("", "")
	}
	return one(f)
}

// readSVG reads the profile of a picture and finds what the format forbids.
func readSVG(raw []byte) (profile, unsafe string, err error) {
	dec := xml.NewDecoder(bytes.NewReader(raw))
	dec.Strict = true
	first := true
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return profile, unsafe, nil
		}
		if err != nil {
			return profile, unsafe, err
		}
		start, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		if first {
			first = false
			if start.Name.Local != "svg" {
				return "", "", errors.New("not a picture of SVG")
			}
			for _, a := range start.Attr {
				if a.Name.Local == "baseProfile" {
					profile = a.Value
				}
			}
		}
		switch start.Name.Local {
		case "script", "image", "foreignObject", "animate":
			unsafe = start.Name.Local
		}
	}
}
