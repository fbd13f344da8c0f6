package corpus

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"
)

// keywords are the six of the corpora; 22 % of the messages carry one.
var keywords = []string{"$Forwarded", "$MDNSent", "$Label1", "$Label4", "NonJunk", "Projekt-X"}

// Small makes an ordinary mailbox of n messages of 2-20 kB in 12 folders, with 16
// years of dates, all system flags, 1 % without Message-ID, 0.5 % exact copies and
// 0.3 % with the header of another message and a body of their own.
func Small(n int, seed uint64) Corpus {
	g := generator{seed: seed, shares: filled(), sizes: smallSize}
	return g.corpus("small", n)
}

// Office makes the mailboxes of n people with `each` messages: most like Small, 18 %
// with 20-120 kB and 2 % with 0.3-1.5 MB of attachments.
func Office(n, each int, seed uint64) []Corpus {
	var out []Corpus
	for i := range n {
		g := generator{seed: seed + uint64(i)*7919, shares: filled(), sizes: officeSize}
		out = append(out, g.corpus(fmt.Sprintf("office%02d", i), each))
	}
	return out
}

// generator makes message number i from the seed alone.
type generator struct {
	seed   uint64
	shares []share
	sizes  func(*rand.Rand) int
}

func smallSize(r *rand.Rand) int {
	return 1400 + int(18_000*math.Pow(r.Float64(), 2.4))
}

func officeSize(r *rand.Rand) int {
	switch p := r.IntN(100); {
	case p < 2:
		return 300_000 + r.IntN(1_200_000)
	case p < 20:
		return 20_000 + r.IntN(100_000)
	}
	return smallSize(r)
}

func (g generator) corpus(name string, n int) Corpus {
	return Corpus{Name: name, Folders: officeFolders, Count: n, Messages: func(yield func(Message) bool) {
		for i := range n {
			if !yield(g.message(i)) {
				return
			}
		}
	}}
}

// The kinds of message by their number: chosen first, so that a copy can look for
// its original without making it.
func (g generator) folderOf(i int) (levels []string, kind int) {
	r := random(g.seed, i)
	p := r.IntN(100)
	kind = r.IntN(1000)
	for _, s := range g.shares {
		if p -= s.percent; p < 0 {
			return s.levels, kind
		}
	}
	return g.shares[0].levels, kind
}

const (
	copies   = 5 // per thousand
	twins    = 8 // per thousand, the copies included
	farthest = 400
)

// original finds an earlier ordinary message of the same folder.
func (g generator) original(i int, levels []string) (int, bool) {
	for j := i - 1; j >= 0 && j > i-farthest; j-- {
		if l, kind := g.folderOf(j); kind >= twins && Key(l) == Key(levels) {
			return j, true
		}
	}
	return 0, false
}

func (g generator) message(i int) Message {
	levels, kind := g.folderOf(i)
	m := g.outside(i, levels)
	j, ok := i, false
	if kind < twins {
		j, ok = g.original(i, levels)
	}
	switch {
	case ok && kind < copies:
		// Half of the copies are equal in everything, also from outside.
		if kind%2 == 0 {
			m = g.outside(j, levels)
			m.Name = strconv.Itoa(i)
		}
		return m.withBody(g.build(j, j))
	case ok:
		return m.withBody(g.build(j, i))
	}
	return m.withBody(g.build(i, i))
}

// outside chooses what is not in the bytes.
func (g generator) outside(i int, levels []string) Message {
	r := random(g.seed^0x6f757473, i)
	m := Message{Name: strconv.Itoa(i), Folder: levels, Date: someDate(r)}
	for _, f := range []struct {
		flag    string
		percent int
	}{{`\Seen`, 75}, {`\Answered`, 16}, {`\Flagged`, 6}, {`\Deleted`, 1}} {
		if r.IntN(100) < f.percent {
			m.Flags = append(m.Flags, f.flag)
		}
	}
	if levels[0] == "草稿箱" {
		m.Flags = append(m.Flags, `\Draft`)
	}
	if r.IntN(100) < 22 {
		m.Keywords = []string{pick(r, keywords)}
		if r.IntN(20) == 0 {
			m.Keywords = []string{keywords[0], keywords[4]}
		}
	}
	return m
}

// someDate lies in the sixteen years from 2008, in one of five zones.
func someDate(r *rand.Rand) time.Time {
	zone := pick(r, []int{0, 8, 8, 9, 1, -5})
	return time.Unix(1199145600+r.Int64N(16*365*86400), 0).In(time.FixedZone("", zone*3600))
}

// build makes the bytes with the header of one message and the body of another.
func (g generator) build(head, body int) []byte {
	r := random(g.seed^0x68656164, head)
	size := g.sizes(random(g.seed^0x73697a65, head))
	kind := r.IntN(4)
	if size > 20_000 {
		kind = 2
	}
	boundary := fmt.Sprintf("----=_Part_%d_%08x", head, r.Uint32())
	types := []string{"text/plain; charset=utf-8", "text/html; charset=\"utf-8\"",
		"multipart/mixed;\r\n\tboundary=\"" + boundary + "\"", "text/plain; charset=utf-8"}
	encodings := []string{"8bit", "8bit", "7bit", "base64"}
	date := someDate(random(g.seed^0x6f757473, head))
	out := append(make([]byte, 0, size+2048), header(r, head, date, types[kind], encodings[kind])+"\r\n"...)
	r = random(g.seed^0x626f6479, body)
	left := max(size-len(out), 300)
	switch kind {
	case 0:
		return append(out, letterText(r, left)...)
	case 1:
		out = append(out, "<html><body><pre>\r\n"...)
		out = append(out, letterText(r, left-40)...)
		return append(out, "</pre></body></html>\r\n"...)
	case 2:
		out = append(out, "--"+boundary+"\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"...)
		out = append(out, letterText(r, min(left/4, 4000))...)
		out = append(out, "--"+boundary+"\r\nContent-Type: application/octet-stream; name=\"a.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"...)
		out = append(out, noise(r, max(left*3/4, left-4000))...)
		return append(out, "--"+boundary+"--\r\n"...)
	}
	return append(out, noise(r, left)...)
}
