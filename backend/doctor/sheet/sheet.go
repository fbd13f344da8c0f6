package sheet

import (
	"archive/zip"
	"embed"
	"html/template"
	"io"
	"strings"
	"time"

	"mailroom/backend/core"
)

// Section is one part of a sheet: a heading, facts, and texts such as evidence.
type Section struct {
	Title string
	Facts []Fact
	Texts []Text
}

// Fact is a name with its value.
type Fact struct{ Name, Value string }

// Text is evidence in its own words.
type Text struct{ Title, Body string }

// Sheet is everything that goes to support.
type Sheet struct {
	Language string // of the page: en or zh-CN
	Title    string
	Lead     string // what was taken out, in a sentence
	Made     time.Time
	Sections []Section
}

// Bounds of a sheet; what is beyond is left out.
const (
	maxSections = 100
	maxTexts    = 100
	maxBody     = 8_000 // bytes of one text
)

// Redacted returns the sheet with everything in it redacted and bounded. Only what it
// returns may be shown or saved.
func (s Sheet) Redacted(r *Redactor) Sheet {
	out := s
	out.Title, out.Lead = r.Text(s.Title), r.Text(s.Lead)
	out.Sections = nil
	for _, sec := range s.Sections[:min(len(s.Sections), maxSections)] {
		clean := Section{Title: r.Text(sec.Title)}
		for _, f := range sec.Facts {
			clean.Facts = append(clean.Facts, Fact{r.Text(f.Name), fact(r, f)})
		}
		for _, t := range sec.Texts[:min(len(sec.Texts), maxTexts)] {
			body := t.Body
			if len(body) > maxBody {
				body = strings.ToValidUTF8(body[:maxBody], "") + " …"
			}
			clean.Texts = append(clean.Texts, Text{r.Text(t.Title), r.Text(body)})
		}
		out.Sections = append(out.Sections, clean)
	}
	return out
}

// fact redacts a value in the light of its name: "password" with a bare value is a
// secret too.
func fact(r *Redactor, f Fact) string {
	joined := f.Name + ": " + f.Value
	if named := namedRule.FindString(joined); named != "" && strings.HasPrefix(joined, named) {
		return goneSecret
	}
	return r.Text(f.Value)
}

//go:embed sheet.html
var page embed.FS

var tmpl = template.Must(template.ParseFS(page, "sheet.html"))

// HTML writes the sheet as one page that needs nothing else. Call it on what
// [Sheet.Redacted] returned.
func (s Sheet) HTML(w io.Writer) error {
	if err := tmpl.Execute(w, s); err != nil {
		return core.E(core.CodeOf(err), "write support sheet", err)
	}
	return nil
}

// ZIP writes the page and each text as a file of its own.
func (s Sheet) ZIP(w io.Writer) error {
	z := zip.NewWriter(w)
	add := func(name string, write func(io.Writer) error) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: s.Made})
		if err != nil {
			return err
		}
		return write(f)
	}
	if err := add("support.html", s.HTML); err != nil {
		return err
	}
	var text strings.Builder
	for _, sec := range s.Sections {
		text.WriteString("== " + sec.Title + "\n")
		for _, f := range sec.Facts {
			text.WriteString(f.Name + ": " + f.Value + "\n")
		}
		for _, t := range sec.Texts {
			text.WriteString("-- " + t.Title + "\n" + t.Body + "\n")
		}
		text.WriteString("\n")
	}
	if err := add("support.txt", func(w io.Writer) error { _, err := io.WriteString(w, text.String()); return err }); err != nil {
		return err
	}
	return z.Close()
}
