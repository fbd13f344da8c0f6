package report

// column is one column of a table on paper; width in millimetres.
type column struct {
	title string
	width float64
	right bool
}

var (
	bodyLook = look{size: 8}
	headLook = look{size: 7.5, bold: true}
)

// padding stands between the lines of a table and its text.
const padding = 1.1

// table writes rows under a head that is repeated on each page. foot is a last row in
// bold; nil: none. Columns shrink together where they are wider than the page.
func (p *paper) table(columns []column, rows [][]string, foot []string) {
	total := 0.0
	for _, c := range columns {
		total += c.width
	}
	for i := range columns {
		columns[i].width *= wide / total
	}
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = c.title
	}
	head := func() { p.row(columns, titles, headLook, true) }
	p.room(20)
	head()
	for _, cells := range rows {
		for _, part := range p.parts(columns, cells, bodyLook) {
			if p.y+p.tall(part, bodyLook) > bottom {
				p.newPage()
				head()
			}
			p.lines(columns, part, bodyLook, false)
		}
	}
	if foot != nil {
		l := bodyLook
		l.bold = true
		if p.y+10 > bottom {
			p.newPage()
			head()
		}
		p.row(columns, foot, l, false)
	}
	p.gap(2)
}

// mostLines is how many lines of a cell stand together; a longer cell is continued in
// the next row, which may stand on the next page.
const mostLines = 24

// parts wraps the cells of a row, and divides a row that is taller than a page.
func (p *paper) parts(columns []column, cells []string, l look) [][][]string {
	wrapped, most := p.cells(columns, cells, l)
	if most <= mostLines {
		return [][][]string{wrapped}
	}
	var all [][][]string
	for from := 0; from < most; from += mostLines {
		part := make([][]string, len(wrapped))
		for i, lines := range wrapped {
			part[i] = lines[min(from, len(lines)):min(from+mostLines, len(lines))]
		}
		all = append(all, part)
	}
	return all
}

func (p *paper) cells(columns []column, cells []string, l look) (wrapped [][]string, most int) {
	wrapped = make([][]string, len(columns))
	for i := range columns {
		if i < len(cells) {
			wrapped[i] = p.wrap(cells[i], columns[i].width-2*padding, l)
		}
		most = max(most, len(wrapped[i]))
	}
	return wrapped, most
}

func (p *paper) tall(wrapped [][]string, l look) float64 {
	most := 1
	for _, lines := range wrapped {
		most = max(most, len(lines))
	}
	return float64(most)*l.line() + 2*padding
}

func (p *paper) row(columns []column, cells []string, l look, ground bool) {
	wrapped, _ := p.cells(columns, cells, l)
	p.lines(columns, wrapped, l, ground)
}

func (p *paper) lines(columns []column, wrapped [][]string, l look, ground bool) {
	tall := p.tall(wrapped, l)
	if ground {
		p.file.SetFillColor(232, 238, 246)
		p.file.Rect(margin, p.y, wide, tall, "F")
	}
	x := margin
	for i, c := range columns {
		for j, line := range wrapped[i] {
			at := x + padding
			if c.right {
				p.use(l)
				at = x + c.width - padding - p.file.GetStringWidth(line)
			}
			p.put(at, p.y+padding+float64(j)*l.line()+l.line()*0.72, line, l)
		}
		x += c.width
	}
	p.y += tall
	p.file.SetDrawColor(208, 215, 222)
	p.file.SetLineWidth(0.15)
	p.file.Line(margin, p.y, pageWidth-margin, p.y)
}
