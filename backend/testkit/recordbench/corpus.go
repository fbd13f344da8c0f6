// Package recordbench measures the book of records on millions of mails: how fast they
// go in, how soon the first rows of a question are there, what room and memory it
// takes; beside SQLite's own trigram index and plain LIKE on the same records.
package recordbench

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/netip"
	"time"

	"mailroom/backend/logs"
)

// The office of the corpus: 300 people who write with 20,000 others, few of whom write
// most.
const (
	people  = 300
	others  = 20_000
	names   = 20_000 // of people, firms and goods in subjects
	perDay  = 13_700 // ten million are two years
	newYear = 2024
)

// office generates mail records in the order of time.
type office struct {
	r       *rand.Rand
	staff   []string
	outside []string
	words   []string
	n, of   int
}

// nouns and heads make Chinese subjects; a part of each subject is drawn from characters
// at random, as names of people, places and goods are.
var (
	heads = []string{"关于", "回复：", "转发：", "Re: ", "Fwd: ", "", "", "", "【通知】", "请查收"}
	nouns = []string{
		"发票", "报价", "合同", "会议纪要", "采购订单", "付款申请", "出货通知", "样品确认", "人事通知", "周报", "月度报表", "对账单", "客户投诉", "技术方案", "培训安排",
		"出差申请", "年度预算", "物流信息", "询价单", "生产计划", "质检报告", "设计图纸", "税务资料", "社保缴纳", "考勤统计", "放假安排", "系统维护", "项目进度", "招标文件", "展会邀请",
	}
	english = []string{"invoice", "quotation", "contract", "meeting", "order", "shipment", "payment", "sample", "report", "schedule", "delivery", "update", "request", "drawing", "weekly", "monthly"}
)

// rare is in one of 2000 subjects.
const rare = "催款"

func newOffice(seed uint64, of int) *office {
	o := &office{r: rand.New(rand.NewPCG(seed, 0x5ec0)), of: of}
	for i := range people {
		o.staff = append(o.staff, fmt.Sprintf("%s.%s@office.example.com", syllables[i%len(syllables)], syllables[(i*7+i/len(syllables))%len(syllables)]+suffix(i)))
	}
	for i := range others {
		o.outside = append(o.outside, fmt.Sprintf("%s%d@%s%d.example.net", syllables[o.r.IntN(len(syllables))], i%977, syllables[o.r.IntN(len(syllables))], i%1733))
	}
	for range names {
		name := make([]rune, 2+o.r.IntN(3))
		for i := range name {
			name[i] = rune(0x4e00 + o.r.IntN(3500))
		}
		o.words = append(o.words, string(name))
	}
	return o
}

func suffix(i int) string {
	if i < len(syllables) {
		return ""
	}
	return fmt.Sprint(i / len(syllables))
}

var syllables = []string{
	"zhang", "wei", "wang", "fang", "li", "na", "liu", "yang", "chen", "jing", "zhao", "min", "huang", "lei", "zhou", "jie", "wu", "xu", "sun", "hao",
	"ma", "lin", "zhu", "guo", "he", "gao", "luo", "zheng", "liang", "xie", "song", "tang", "deng", "han", "feng", "cao", "peng", "zeng", "xiao", "tian",
}

// someone is an outsider; the probability falls with the rank.
func (o *office) someone() string {
	return o.outside[int(math.Pow(float64(others), o.r.Float64()))%others]
}

func (o *office) subject() string {
	r := o.r
	s := heads[r.IntN(len(heads))]
	switch r.IntN(4) {
	case 0:
		s += english[r.IntN(len(english))] + " " + english[r.IntN(len(english))]
	default:
		s += o.words[int(math.Pow(float64(len(o.words)), r.Float64()))%len(o.words)] + nouns[r.IntN(len(nouns))]
	}
	if r.IntN(3) == 0 {
		s += fmt.Sprintf(" %s%d-%05d", []string{"PO", "INV", "NO."}[r.IntN(3)], 2024+r.IntN(3), r.IntN(100_000))
	}
	if r.IntN(2000) == 0 {
		s += rare
	}
	return s
}

// next is the next mail; false: that was all.
func (o *office) next(rec *logs.Record) bool {
	if o.n == o.of {
		return false
	}
	r := o.r
	at := moment(o.n)
	me, other := o.staff[r.IntN(people)], o.someone()
	if r.IntN(4) == 0 {
		other = o.staff[r.IntN(people)]
	}
	*rec = logs.Record{
		Kind: logs.Received, At: at, Zone: "+08:00", Person: me, From: other, To: []string{me}, Subject: o.subject(), Size: 2000 + int64(r.ExpFloat64()*60_000),
		IP: netip.AddrFrom4([4]byte{198, 51, byte(r.IntN(40)), byte(r.IntN(256))}), Outcome: logs.Delivered, Said: "13",
		MessageID: fmt.Sprintf("<%08x.%d@mail.example.net>", r.Uint32(), o.n),
	}
	switch n := r.IntN(20); {
	case n == 0:
		rec.Outcome, rec.Said = logs.Junk, "12"
	case n == 1:
		rec.Outcome, rec.Said = logs.Blocked, "11"
	case n < 8:
		rec.Kind, rec.From, rec.To, rec.IP, rec.Said = logs.Sent, me, []string{other}, netip.Addr{}, "3"
	}
	o.n++
	return true
}

// moment is when the nth mail is, to the second.
func moment(n int) time.Time {
	return time.Date(newYear, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(float64(n) / perDay * 24 * float64(time.Hour))).Truncate(time.Second)
}

// write writes the corpus as one object a line and returns its bytes.
func (o *office) write(out io.Writer) (bytes int64, err error) {
	w := bufio.NewWriterSize(out, 1<<20)
	var rec logs.Record
	for o.next(&rec) {
		raw, err := json.Marshal(&rec)
		if err != nil {
			return bytes, err
		}
		_, _ = w.Write(raw)
		_ = w.WriteByte('\n')
		bytes += int64(len(raw)) + 1
	}
	return bytes, w.Flush()
}
