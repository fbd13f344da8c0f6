package report

import (
	"io"
	"strconv"

	"codeberg.org/go-pdf/fpdf"

	"mailroom/backend/core"
)

// maxLeftPDF bounds the list of messages on paper, for each mailbox; the sheets have
// them all.
const maxLeftPDF = 500

// PDF writes the certificate on pages of A4, with the characters that it needs
// embedded. Several languages follow each other, each on pages of its own.
func PDF(out io.Writer, c *Certificate, languages ...*Words) error {
	letters, err := openLetters()
	if err != nil {
		return err
	}
	file := fpdf.New("P", "mm", "A4", "")
	file.SetCatalogSort(true)
	file.SetCreationDate(c.Issued)
	file.SetModificationDate(c.Issued)
	file.SetProducer("Mailroom "+c.Version, true)
	file.SetTitle(languages[0].T("certificate.title"), true)
	file.SetLang(languages[0].Language)
	file.AddUTF8FontFromBytes(family, "", letters.font)
	file.SetMargins(margin, margin, margin)
	file.SetAutoPageBreak(false, 0)
	p := &paper{file: file, letters: letters, number: c.ShortCheck()}
	for _, w := range languages {
		p.words = w
		p.certificate(c)
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

func (p *paper) t(key string, args ...any) string { return p.words.T("certificate."+key, args...) }

// certificate writes one language.
func (p *paper) certificate(c *Certificate) {
	p.newPage()
	total := c.Sum()
	p.text(p.t("title"), look{size: 18, bold: true})
	p.text(p.t("intro"), look{size: 9, grey: true})
	p.gap(1.5)
	if c.Practice {
		p.note(p.t("practice"))
	}
	p.facts([][2]string{
		{p.t("state"), p.words.state(c.State)}, {p.t("started"), moment(c.Started)}, {p.t("ended"), moment(c.Ended)},
		{p.t("issued"), moment(c.Issued) + " · " + p.t("program", "version", c.Version)}, {p.t("check"), p.number},
		{p.t("mailboxes"), strconv.Itoa(len(c.Mailboxes))}, {p.t("size"), size(total.Bytes)},
	})
	p.overview(c, total)
	if total.Pending == 0 {
		p.text(p.sum(total), look{size: 10, bold: true})
		p.text(p.t("sumText"), look{size: 9, grey: true})
	}
	p.text(p.t("untouched"), look{size: 9, grey: true})
	for i := range c.Mailboxes {
		p.mailbox(&c.Mailboxes[i])
	}
	p.gap(4)
	p.room(38)
	p.text(p.t("check")+"  "+p.number, look{size: 11, bold: true})
	p.text(p.t("checkText"), look{size: 9, grey: true})
	p.text("SHA-256 "+c.Check(), look{size: 7, grey: true})
	p.signatures(p.t("responsible")+" · "+p.t("signature"), p.t("received")+" · "+p.t("signature"))
}

func (p *paper) sum(c Counts) string {
	text := p.t("sum", "messages", number(c.Messages), "copied", number(c.Copied), "alreadyThere", number(c.AlreadyThere),
		"excluded", number(c.Excluded), "leftBehind", number(c.LeftBehind))
	if c.Pending > 0 {
		text += " + " + number(c.Pending) + " (" + p.t("pending") + ")"
	}
	return text
}

func cells(c Counts) []string {
	return []string{number(c.Messages), number(c.Copied), number(c.AlreadyThere), number(c.Excluded), number(c.LeftBehind)}
}

func (p *paper) countColumns(wide float64, first ...column) []column {
	all := first
	for _, key := range []string{"messages", "copied", "alreadyThere", "excluded", "leftBehind"} {
		all = append(all, column{title: p.t(key), width: wide, right: true})
	}
	return all
}

func (p *paper) overview(c *Certificate, total Counts) {
	columns := append(p.countColumns(19, column{title: p.t("mailbox"), width: 46}), column{title: p.t("state"), width: 33})
	rows := make([][]string, 0, len(c.Mailboxes)+1)
	for i := range c.Mailboxes {
		mb := &c.Mailboxes[i]
		rows = append(rows, append(append([]string{mb.Label}, cells(mb.Counts)...), p.words.state(mb.State)))
	}
	p.table(columns, rows, append(append([]string{p.t("total")}, cells(total)...), ""))
}

func (p *paper) mailbox(mb *Mailbox) {
	p.gap(3)
	p.room(40)
	p.heading(mb.Label)
	proof := p.words.level(mb.Verified)
	if mb.Compared > 0 {
		proof += " · " + p.t("compared", "count", number(mb.Compared))
	}
	if !mb.ComparedAt.IsZero() {
		proof += " · " + moment(mb.ComparedAt)
	}
	facts := [][2]string{{p.t("from"), mb.From}, {p.t("to"), mb.To}, {p.t("state"), p.words.state(mb.State)}, {p.t("proof"), proof}}
	if how := p.words.method(mb.Verified); how != "" {
		facts = append(facts, [2]string{"", how})
	}
	p.facts(facts)
	p.text(p.sum(mb.Counts), look{size: 10})
	p.folders(mb)
	p.differences(mb)
	p.left(mb)
	if len(mb.Notes) > 0 {
		p.small(p.t("notes"))
		for _, n := range mb.Notes {
			p.text("– "+p.words.note(n), look{size: 8.5})
		}
	}
}

func (p *paper) folders(mb *Mailbox) {
	if len(mb.Folders) == 0 {
		return
	}
	p.small(p.t("folders"))
	columns := p.countColumns(18.4, column{title: p.t("folder"), width: 44}, column{title: p.t("target"), width: 44})
	rows := make([][]string, 0, len(mb.Folders))
	for _, f := range mb.Folders {
		target := f.Target
		if target == "" {
			target = p.words.rule(f.Reason)
		}
		rows = append(rows, append([]string{f.Source, target}, cells(f.Counts)...))
	}
	p.table(columns, rows, nil)
}

func (p *paper) differences(mb *Mailbox) {
	if len(mb.Differences) == 0 {
		return
	}
	p.small(p.t("differences"))
	rows := make([][]string, 0, len(mb.Differences))
	for _, d := range mb.Differences {
		rows = append(rows, []string{d.Folder, uid(d.UID), p.words.kind(d.Kind), d.Detail})
	}
	p.table([]column{
		{title: p.t("folder"), width: 55}, {title: "UID", width: 20, right: true}, {title: p.t("differenceKind"), width: 35}, {title: p.t("detail"), width: 70},
	}, rows, nil)
}

func (p *paper) left(mb *Mailbox) {
	p.small(p.t("left"))
	if len(mb.Left) == 0 {
		text := p.t("leftNone")
		if mb.Counts.LeftBehind > 0 {
			text = p.t("leftUnlisted", "count", number(mb.Counts.LeftBehind))
		}
		p.text(text, look{size: 9})
		return
	}
	shown := mb.Left[:min(len(mb.Left), maxLeftPDF)]
	rows := make([][]string, 0, len(shown))
	for _, l := range shown {
		subject := l.Subject
		if subject == "" {
			subject = p.t("noSubject")
		}
		why := p.words.reason(l.Class)
		if l.Server != "" {
			why += "\n" + l.Server
		}
		if l.File != "" {
			why += "\n" + l.File
		}
		rows = append(rows, []string{l.Folder, day(l.Date), l.From, subject, size(l.Size), why})
	}
	p.table([]column{
		{title: p.t("folder"), width: 24}, {title: p.t("date"), width: 19}, {title: p.t("sender"), width: 30}, {title: p.t("subject"), width: 40},
		{title: p.t("size"), width: 17, right: true}, {title: p.t("reason"), width: 50},
	}, rows, nil)
	if more := len(mb.Left) - len(shown); more > 0 {
		p.text(p.t("leftMore", "count", more), look{size: 9, grey: true})
	}
}
