package report

import (
	"fmt"
	"strings"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
)

// Measures of a page in millimetres.
const (
	family    = "notosanssc"
	margin    = 14.0
	pageWidth = 210.0
	pageTall  = 297.0
	bottom    = pageTall - 16
	wide      = pageWidth - 2*margin
)

// paper writes down a page, and turns over where the page is full.
type paper struct {
	file    *fpdf.Fpdf
	letters *letters
	words   *Words
	number  string // the short check, at the foot of every page
	y       float64
}

// look is how a text is written; size in points.
type look struct {
	size float64
	bold bool
	grey bool
}

func (l look) line() float64 { return l.size * 0.3528 * 1.45 }

func (p *paper) newPage() {
	p.file.AddPage()
	p.y = margin
}

// room turns over unless so many millimetres are left.
func (p *paper) room(height float64) {
	if p.y+height > bottom {
		p.newPage()
	}
}

func (p *paper) gap(height float64) { p.y += height }

func (p *paper) use(l look) {
	p.file.SetFont(family, "", l.size)
	p.file.SetTextColor(27, 31, 36)
	if l.grey {
		p.file.SetTextColor(87, 96, 106)
	}
}

// put writes one line that fits. There is one weight of letters: bold is a thin line
// around each.
func (p *paper) put(x, baseline float64, text string, l look) {
	p.use(l)
	if l.bold {
		p.file.SetLineWidth(l.size * 0.012)
		p.file.SetDrawColor(27, 31, 36)
		p.file.SetTextRenderingMode(2)
	}
	p.file.Text(x, baseline, text)
	if l.bold {
		p.file.SetTextRenderingMode(0)
	}
}

// text writes a paragraph over the whole width.
func (p *paper) text(text string, l look) {
	for _, line := range p.wrap(text, wide, l) {
		p.room(l.line())
		p.put(margin, p.y+l.line()*0.72, line, l)
		p.y += l.line()
	}
	p.y += 0.8
}

func (p *paper) heading(text string) {
	l := look{size: 13, bold: true}
	for _, line := range p.wrap(text, wide, l) {
		p.put(margin, p.y+l.line()*0.72, line, l)
		p.y += l.line()
	}
	p.file.SetDrawColor(31, 95, 168)
	p.file.SetLineWidth(0.5)
	p.file.Line(margin, p.y, pageWidth-margin, p.y)
	p.y += 2
}

func (p *paper) small(text string) {
	p.gap(1.5)
	p.room(20)
	p.text(text, look{size: 10.5, bold: true})
}

// note is a text on a coloured ground.
func (p *paper) note(text string) {
	l := look{size: 9}
	lines := p.wrap(text, wide-6, l)
	tall := float64(len(lines))*l.line() + 3
	p.file.SetFillColor(255, 244, 214)
	p.file.Rect(margin, p.y, wide, tall, "F")
	for i, line := range lines {
		p.put(margin+3, p.y+1.5+float64(i)*l.line()+l.line()*0.72, line, l)
	}
	p.y += tall + 2
}

// facts writes names and values in two columns.
func (p *paper) facts(rows [][2]string) {
	const name = 38.0
	l := look{size: 9.5}
	quiet := look{size: 9.5, grey: true}
	for _, row := range rows {
		lines := p.wrap(row[1], wide-name, l)
		names := p.wrap(row[0], name-3, quiet)
		p.room(float64(max(len(lines), len(names))) * l.line())
		for i, line := range names {
			p.put(margin, p.y+float64(i)*l.line()+l.line()*0.72, line, quiet)
		}
		for i, line := range lines {
			p.put(margin+name, p.y+float64(i)*l.line()+l.line()*0.72, line, l)
		}
		p.y += float64(max(len(lines), len(names))) * l.line()
	}
	p.gap(2)
}

// signatures draws two lines to sign on.
func (p *paper) signatures(left, right string) {
	p.gap(16)
	l := look{size: 9, grey: true}
	half := (wide - 12) / 2
	p.file.SetDrawColor(27, 31, 36)
	p.file.SetLineWidth(0.2)
	for i, text := range []string{left, right} {
		x := margin + float64(i)*(half+12)
		p.file.Line(x, p.y, x+half, p.y)
		p.put(x, p.y+l.line(), text, l)
	}
	p.y += 2 * l.line()
}

// footers numbers the pages once it is known how many there are.
func (p *paper) footers() {
	l := look{size: 7.5, grey: true}
	all := p.file.PageCount()
	for n := 1; n <= all; n++ {
		p.file.SetPage(n)
		p.put(margin, pageTall-8, p.letters.shown("Mailroom 收发室 · "+p.number), l)
		page := fmt.Sprintf("%d / %d", n, all)
		p.use(l)
		p.put(pageWidth-margin-p.file.GetStringWidth(page), pageTall-8, page, l)
	}
}

// wrap breaks a text into lines of at most so many millimetres: between words, before
// and after Chinese characters, and within a word that is too long for a line.
func (p *paper) wrap(text string, width float64, l look) []string {
	p.use(l)
	var lines []string
	for part := range strings.SplitSeq(p.letters.shown(text), "\n") {
		line := []rune{}
		used, lastBreak := 0.0, 0
		for _, r := range strings.TrimSpace(part) {
			step := p.file.GetStringWidth(string(r))
			if len(line) > 0 && used+step > width {
				at := len(line)
				if lastBreak > 0 && !loose(line[len(line)-1]) && !loose(r) {
					at = lastBreak
				} else if closing(r) && len(line) > 1 {
					at-- // no line begins with a comma or a closing bracket
				}
				lines = append(lines, strings.TrimRight(string(line[:at]), " "))
				line = []rune(strings.TrimLeft(string(line[at:]), " "))
				used, lastBreak = p.file.GetStringWidth(string(line)), 0
			}
			line = append(line, r)
			used += step
			if r == ' ' || loose(r) || strings.ContainsRune("-/@_,;", r) {
				lastBreak = len(line)
			}
		}
		lines = append(lines, string(line))
	}
	return lines
}

// loose says whether a line may break beside a character: Chinese, Japanese, Korean.
func loose(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff65
}

func closing(r rune) bool {
	return strings.ContainsRune("，。、；：！？）】」』》〉”’,.;:!?)]}%", r)
}
