package corpus

import (
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Big makes n messages with attachments of 1-25 MB in three folders, about 5.6 MB
// each on average (400 of them are 2.2 GB). They are streamed, never held.
func Big(n int, seed uint64) Corpus {
	folders := []Folder{
		{Levels: []string{"INBOX"}, Subscribed: true},
		{Levels: []string{"设计图"}, NoSelect: true},
		{Levels: []string{"设计图", "最终版"}, Subscribed: true},
		{Levels: []string{"Scans 2019"}},
	}
	places := [][]string{folders[0].Levels, folders[2].Levels, folders[3].Levels}
	g := generator{seed: seed}
	return Corpus{Name: "big", Folders: folders, Count: n, Messages: func(yield func(Message) bool) {
		for i := range n {
			m := g.outside(i, places[i%len(places)])
			r := random(seed^0x6269, i)
			f := r.Float64()
			size := int64(1_000_000 + 24_000_000*f*f*f*f)
			if !yield(huge(m, seed, i, size)) {
				return
			}
		}
	}}
}

// Huge makes n messages of a little over size bytes each, in the inbox.
func Huge(n int, size int64, seed uint64) Corpus {
	g := generator{seed: seed}
	inbox := Folder{Levels: []string{"INBOX"}, Subscribed: true}
	return Corpus{Name: "huge", Folders: []Folder{inbox}, Count: n, Messages: func(yield func(Message) bool) {
		for i := range n {
			if !yield(huge(g.outside(i, inbox.Levels), seed, i, size)) {
				return
			}
		}
	}}
}

// huge gives m a body of at least size bytes that is made while it is read.
func huge(m Message, seed uint64, i int, size int64) Message {
	boundary := "=_huge_" + strconv.Itoa(i)
	head := header(random(seed, i), i, m.Date, "multipart/mixed; boundary=\""+boundary+"\"", "7bit") +
		fmt.Sprintf("\r\n--%s\r\nContent-Type: text/plain\r\n\r\nSee attachment.\r\n--%s\r\n"+
			"Content-Type: application/zip; name=\"%d.zip\"\r\nContent-Transfer-Encoding: base64\r\n\r\n", boundary, boundary, i)
	tail := "--" + boundary + "--\r\n"
	lines := (size + 77) / 78
	m.Size = int64(len(head)) + lines*78 + int64(len(tail))
	m.open = func() io.Reader {
		return io.MultiReader(strings.NewReader(head), &noiseReader{r: random(seed^0x68756765, i), lines: lines}, strings.NewReader(tail))
	}
	return m
}

// noiseReader gives lines of base64 that do not compress.
type noiseReader struct {
	r     *rand.Rand
	lines int64
	rest  []byte
	buf   [78 * 64]byte
}

func (n *noiseReader) Read(p []byte) (int, error) {
	if len(n.rest) == 0 {
		if n.lines == 0 {
			return 0, io.EOF
		}
		count := min(n.lines, 64)
		n.lines -= count
		var raw [57]byte
		for i := range count {
			fillNoise(n.r, raw[:])
			line := n.buf[i*78 : i*78+78]
			base64.StdEncoding.Encode(line, raw[:])
			line[76], line[77] = '\r', '\n'
		}
		n.rest = n.buf[:count*78]
	}
	c := copy(p, n.rest)
	n.rest = n.rest[c:]
	return c, nil
}
