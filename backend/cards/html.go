package cards

import (
	_ "embed"
	"html/template"
	"io"

	"mailroom/backend/core"
	"mailroom/backend/report"
)

//go:embed card.html
var page string

// Programs are the mail programs that a card tells about, in order.
func Programs() []string {
	return []string{"outlook", "foxmail", "apple", "thunderbird", "ios", "android"}
}

// programSteps is how many steps a program's text has (cards.app.NAME.s1 …).
const programSteps = 3

// HTML writes the cards as one page that needs nothing from outside: one printed page
// a person and language.
func HTML(out io.Writer, cards []Card, languages ...*report.Words) error {
	type sheet struct {
		Card
		Words *report.Words
		QR    template.HTML
	}
	var sheets []sheet
	for _, c := range cards {
		for _, w := range languages {
			code, err := QR(c.Text(), w.T("cards.qr"))
			if err != nil {
				return err
			}
			sheets = append(sheets, sheet{c, w, code})
		}
	}
	t, err := template.New("cards").Funcs(template.FuncMap{
		"t":        func(w *report.Words, key string, args ...any) string { return w.T("cards."+key, args...) },
		"secure":   secure,
		"programs": Programs,
		"steps": func(w *report.Words, program string) []string {
			var all []string
			for i := range programSteps {
				all = append(all, w.T("cards.app."+program+".s"+itoa(i+1)))
			}
			return all
		},
	}).Parse(page)
	if err != nil {
		return core.E(core.Internal, "card page", err)
	}
	return t.Execute(out, struct {
		Words  *report.Words
		Sheets []sheet
	}{languages[0], sheets})
}
