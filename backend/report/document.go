package report

import (
	"html/template"
	"io"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"mailroom/backend/core"
)

// Document is a paper of tables and bars in one language: a monthly report, a list.
type Document struct {
	Language string // as in HTML's lang
	Title    string
	Intro    string
	Notes    []string    // to be seen first, on a coloured ground
	Facts    [][2]string // names and values
	Sections []Section
	Made     time.Time
	Producer string
	Foot     string // at the foot of every page
}

// Section is a heading with bars and a table; either may be missing.
type Section struct {
	Heading string
	Text    string
	Bars    []Bar
	Columns []Column
	Rows    [][]string
	Total   []string // a last row; nil none
}

// Bar is one bar of a chart: what it stands for, how long it is beside the longest,
// and its figure.
type Bar struct {
	Label string
	Value int64
	Shown string
}

// Column is a column of a section's table.
type Column struct {
	Title  string
	Width  float64 // beside the others
	Figure bool    // numbers: right-aligned
}

// WriteDocument writes a document in one or several languages, one after the other.
func WriteDocument(out io.Writer, f Format, docs ...*Document) error {
	if len(docs) == 0 {
		return core.E(core.Invalid, "write document", nil, "field", "language", "reason", "missing")
	}
	switch f {
	case FormatPDF:
		return documentPDF(out, docs)
	case FormatHTML:
		for i, d := range docs {
			if err := documentPage.Execute(out, struct {
				*Document
				First, Last bool
			}{d, i == 0, i == len(docs)-1}); err != nil {
				return err
			}
		}
		return nil
	case FormatXLSX:
		return documentXLSX(out, docs)
	case FormatCSV:
		return documentCSV(out, docs)
	}
	return core.E(core.Invalid, "write document", nil, "field", "format", "reason", "unknown", "value", string(f))
}

func documentPDF(out io.Writer, docs []*Document) error {
	letters, err := openLetters()
	if err != nil {
		return err
	}
	file := fpdf.New("P", "mm", "A4", "")
	file.SetCatalogSort(true)
	file.SetCreationDate(docs[0].Made)
	file.SetModificationDate(docs[0].Made)
	file.SetProducer(docs[0].Producer, true)
	file.SetTitle(docs[0].Title, true)
	file.SetLang(docs[0].Language)
	file.AddUTF8FontFromBytes(family, "", letters.font)
	file.SetMargins(margin, margin, margin)
	file.SetAutoPageBreak(false, 0)
	p := &paper{file: file, letters: letters, number: docs[0].Foot}
	for _, d := range docs {
		p.document(d)
	}
	p.footers()
	if file.Err() {
		return core.E(core.Internal, "write PDF", file.Error())
	}
	if err := file.Output(out); err != nil {
		return core.E(core.Internal, "write PDF", err)
	}
	return nil
}

func (p *paper) document(d *Document) {
	p.newPage()
	p.text(d.Title, look{size: 18, bold: true})
	if d.Intro != "" {
		p.text(d.Intro, look{size: 9, grey: true})
	}
	p.gap(1.5)
	for _, n := range d.Notes {
		p.note(n)
	}
	p.facts(d.Facts)
	for _, s := range d.Sections {
		p.gap(3)
		p.room(40)
		p.heading(s.Heading)
		if s.Text != "" {
			p.text(s.Text, look{size: 9, grey: true})
		}
		p.bars(s.Bars)
		if len(s.Columns) > 0 {
			columns := make([]column, len(s.Columns))
			for i, c := range s.Columns {
				columns[i] = column{c.Title, c.Width, c.Figure}
			}
			p.table(columns, s.Rows, s.Total)
		}
	}
}

// bars draws lying bars with their labels before and their figures behind.
func (p *paper) bars(bars []Bar) {
	longest := int64(1)
	for _, b := range bars {
		longest = max(longest, b.Value)
	}
	const label, figure, tall = 46.0, 26.0, 4.4
	l := look{size: 8}
	for _, b := range bars {
		p.room(tall)
		p.put(margin, p.y+3, p.wrap(b.Label, label-2, l)[0], l)
		length := (wide - label - figure) * float64(b.Value) / float64(longest)
		p.file.SetFillColor(31, 95, 168)
		p.file.Rect(margin+label, p.y+0.6, max(length, 0.2), tall-1.6, "F")
		p.put(margin+label+length+1.5, p.y+3, b.Shown, l)
		p.y += tall
	}
	if len(bars) > 0 {
		p.gap(2)
	}
}

var documentPage = template.Must(template.New("document").Funcs(template.FuncMap{
	"width": func(b Bar, all []Bar) string {
		longest := int64(1)
		for _, each := range all {
			longest = max(longest, each.Value)
		}
		return strconv.FormatFloat(float64(b.Value)/float64(longest), 'f', 4, 64)
	},
	"figure": func(columns []Column, i int) bool { return i < len(columns) && columns[i].Figure },
}).Parse(`{{if .First}}<!doctype html>
<html lang="{{.Language}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{{.Title}}</title>
<style>
body{font:15px/1.55 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;color:#1b1f24;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.7rem}h2{font-size:1.15rem;border-bottom:2px solid #1f5fa8;margin-top:2rem}
.quiet,dt{color:#57606a}.note{background:#fff4d6;padding:.5rem .8rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1.2rem}dd{margin:0}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.6rem 0}th,td{padding:.25rem .5rem;border-bottom:1px solid #d0d7de;text-align:left;overflow-wrap:anywhere}
th{background:#e8eef6}.n{text-align:right}tfoot td{font-weight:600}
.bar{display:grid;grid-template-columns:13rem 1fr;gap:.5rem;font-size:.85rem;align-items:center}.bar span:first-child{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.track{display:flex;align-items:center;gap:.4rem}.fill{background:#1f5fa8;height:.7rem;flex:none;min-width:1px}
@media print{body{margin:0}h2{break-after:avoid}tr,.bar{break-inside:avoid}}
</style>
</head>
<body>
{{end}}<main lang="{{.Language}}">
<h1>{{.Title}}</h1>
<p class="quiet">{{.Intro}}</p>
{{range .Notes}}<p class="note">{{.}}</p>
{{end}}<dl>{{range .Facts}}<dt>{{index . 0}}</dt><dd>{{index . 1}}</dd>{{end}}</dl>
{{range .Sections}}{{$s := .}}<h2>{{.Heading}}</h2>
{{if .Text}}<p class="quiet">{{.Text}}</p>{{end}}
{{range .Bars}}<div class="bar"><span>{{.Label}}</span><span class="track"><span class="fill" style="width:calc((100% - 6rem)*{{width . $s.Bars}})"></span>{{.Shown}}</span></div>
{{end}}{{if .Columns}}<table><thead><tr>{{range $i, $c := .Columns}}<th{{if figure $s.Columns $i}} class="n"{{end}}>{{$c.Title}}</th>{{end}}</tr></thead>
<tbody>{{range .Rows}}<tr>{{range $i, $c := .}}<td{{if figure $s.Columns $i}} class="n"{{end}}>{{$c}}</td>{{end}}</tr>{{end}}</tbody>
{{if .Total}}<tfoot><tr>{{range $i, $c := .Total}}<td{{if figure $s.Columns $i}} class="n"{{end}}>{{$c}}</td>{{end}}</tr></tfoot>{{end}}</table>{{end}}
{{end}}</main>
{{if .Last}}</body></html>
{{end}}`))

func documentCSV(out io.Writer, docs []*Document) error {
	columns := 2
	for _, s := range docs[0].Sections {
		columns = max(columns, len(s.Columns))
	}
	sheet := NewSheet(out, append([]string{docs[0].Title}, make([]string, columns-1)...))
	for _, d := range docs {
		for _, f := range d.Facts {
			sheet.Row(f[:])
		}
		for _, s := range d.Sections {
			sheet.Row(nil)
			for _, r := range tableOf(s) {
				sheet.Row(r)
			}
		}
	}
	return sheet.Close()
}

func titles(columns []Column) []string {
	all := make([]string, len(columns))
	for i, c := range columns {
		all[i] = c.Title
	}
	return all
}

// Number groups digits by three with a thin space, which both languages read.
func Number(n int64) string { return number(n) }

// Size shows bytes on 1024-byte steps.
func Size(n int64) string { return size(n) }
