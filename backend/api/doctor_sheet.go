package api

import (
	"io"
	"runtime"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/doctor/sheet"
)

// SupportSheet puts what was found out onto one page for a provider's support, without
// secrets and personal content.
type SupportSheet struct{ api *API }

// SheetRequest is what goes onto the sheet. The page's own words are in it; the program
// redacts them and adds facts about itself.
type SheetRequest struct {
	Language Language       `json:"language"`
	Title    string         `json:"title"`
	Lead     string         `json:"lead"`
	Keep     []string       `json:"keep"` // domains whose name stays
	Sections []SheetSection `json:"sections"`
}

// SheetSection is one part.
type SheetSection struct {
	Title string      `json:"title"`
	Facts []SheetFact `json:"facts"`
	Texts []SheetText `json:"texts"`
}

// SheetFact is a name with its value.
type SheetFact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// SheetText is evidence in its own words.
type SheetText struct {
	Title string `json:"title"`
	Body  string `json:"body"`
}

// SheetFormat is a file format.
type SheetFormat string

// The formats.
const (
	SheetHTML SheetFormat = "html"
	SheetZIP  SheetFormat = "zip"
)

var sheetFormats = []enum[SheetFormat]{{SheetHTML, "HTML"}, {SheetZIP, "ZIP"}}

// Preview returns the sheet as it would be saved: redacted.
func (s *SupportSheet) Preview(req SheetRequest) (SheetRequest, error) {
	return guard("preview support sheet", func() (SheetRequest, error) {
		clean := s.redacted(req)
		out := SheetRequest{Language: req.Language, Title: clean.Title, Lead: clean.Lead, Keep: some(req.Keep)}
		out.Sections = mapped(clean.Sections, func(x sheet.Section) SheetSection {
			return SheetSection{
				Title: x.Title, Facts: mapped(x.Facts, func(f sheet.Fact) SheetFact { return SheetFact(f) }),
				Texts: mapped(x.Texts, func(t sheet.Text) SheetText { return SheetText(t) }),
			}
		})
		return out, nil
	})
}

// Save asks for a place and writes the sheet there; "" if the person changed their mind.
func (s *SupportSheet) Save(req SheetRequest, format SheetFormat) (string, error) {
	return guard("save support sheet", func() (string, error) {
		if !has(sheetFormats, format) {
			return "", core.E(core.Invalid, "save support sheet", nil, "field", "format", "reason", "unknown")
		}
		path, err := s.api.cfg.Desktop.PickNew("mailroom-support."+string(format), FileFilter{Name: string(format), Patterns: "*." + string(format)})
		if err != nil || path == "" {
			return "", err
		}
		clean := s.redacted(req)
		return path, writeFile(path, func(w io.Writer) error {
			if format == SheetZIP {
				return clean.ZIP(w)
			}
			return clean.HTML(w)
		})
	})
}

func (s *SupportSheet) redacted(req SheetRequest) sheet.Sheet {
	language := "zh-CN"
	if req.Language == LanguageEnglish {
		language = "en"
	}
	x := sheet.Sheet{Language: language, Title: req.Title, Lead: req.Lead, Made: time.Now()}
	for _, sec := range req.Sections {
		x.Sections = append(x.Sections, sheet.Section{
			Title: sec.Title, Facts: mapped(sec.Facts, func(f SheetFact) sheet.Fact { return sheet.Fact(f) }),
			Texts: mapped(sec.Texts, func(t SheetText) sheet.Text { return sheet.Text(t) }),
		})
	}
	x.Sections = append(x.Sections, sheet.Section{Title: "Mailroom", Facts: []sheet.Fact{
		{Name: "version", Value: s.api.cfg.Version}, {Name: "system", Value: runtime.GOOS + "/" + runtime.GOARCH},
		{Name: "made", Value: x.Made.Format(time.RFC3339)},
	}})
	return x.Redacted(&sheet.Redactor{Keep: req.Keep})
}
