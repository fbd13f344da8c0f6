package mailboxtest

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"mailroom/backend/mailbox"
)

func testBytes(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	w := openWriter(t, ctx, a)
	id := c.folder(t, ctx, w, "Awkward")
	samples := c.awkward()
	uids := appendAll(t, ctx, w, id, samples...)
	c.compare(t, w, id, samples, uids)
	c.compare(t, c.again(t, ctx, a, w), id, samples, uids)
}

func (c Case) compare(t *testing.T, s mailbox.Session, id string, samples []sample, uids []mailbox.UID) {
	t.Helper()
	ctx := withDeadline(t)
	_, err := s.Examine(ctx, id)
	must(t, err)
	got := fetch(t, ctx, s, uids...)
	for i, sample := range samples {
		if want := c.expected(sample); !bytes.Equal(got[uids[i]], want) {
			t.Errorf("%s: appended %d bytes, fetched %d, first difference at %d", sample.name,
				len(want), len(got[uids[i]]), difference(want, got[uids[i]]))
		}
	}
}

func difference(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func testSingles(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	w := openWriter(t, ctx, a)
	id := c.folder(t, ctx, w, "Singles")
	samples := c.awkward()
	var uids []mailbox.UID
	for _, s := range samples {
		uids = append(uids, appendAll(t, ctx, w, id, s)...)
	}
	c.compare(t, c.again(t, ctx, a, w), id, samples, uids)
}

func testFlags(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	w := openWriter(t, ctx, a)
	id := c.folder(t, ctx, w, "Flags")
	sets := [][]string{
		nil, {`\Seen`}, {`\Answered`}, {`\Flagged`}, {`\Draft`}, {`\Deleted`},
		{`\Seen`, `\Answered`, `\Flagged`, `\Draft`, `\Deleted`},
	}
	if !c.DropsKeywords {
		sets = append(sets, []string{"$Forwarded"}, []string{`\Seen`, "$Label1", "NonJunk"}, []string{"project-x"})
	}
	samples := plains(len(sets))
	for i := range samples {
		samples[i].flags = sets[i]
	}
	uids := appendAll(t, ctx, w, id, samples...)
	for _, m := range list(t, ctx, c.again(t, ctx, a, w), id) {
		i := slices.Index(uids, m.UID)
		if i < 0 {
			t.Fatalf("unknown UID %d", m.UID)
		}
		if !sameFlags(m.Flags, sets[i]) {
			t.Errorf("appended with %q, listed with %q", sets[i], m.Flags)
		}
	}
}

// sameFlags compares without regard to order, case and \Recent.
func sameFlags(a, b []string) bool {
	fold := func(in []string) []string {
		var out []string
		for _, f := range in {
			if f = strings.ToLower(f); f != `\recent` {
				out = append(out, f)
			}
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(fold(a), fold(b))
}

func testStore(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	w := openWriter(t, ctx, a)
	id := c.folder(t, ctx, w, "Store")
	uids := appendAll(t, ctx, w, id, plains(3)...)
	_, err := w.Select(ctx, id)
	must(t, err)
	keyword := "$Forwarded"
	if c.DropsKeywords {
		keyword = `\Answered`
	}
	must(t, w.Store(ctx, uids[:2], true, []string{`\Seen`, `\Flagged`, keyword}))
	must(t, w.Store(ctx, uids[1:], false, []string{`\Flagged`}))
	want := map[mailbox.UID][]string{
		uids[0]: {`\Seen`, `\Flagged`, keyword}, uids[1]: {`\Seen`, keyword}, uids[2]: nil,
	}
	for _, m := range list(t, ctx, c.again(t, ctx, a, w), id) {
		if !sameFlags(m.Flags, want[m.UID]) {
			t.Errorf("UID %d: flags %q, want %q", m.UID, m.Flags, want[m.UID])
		}
	}
}

func testDates(t *testing.T, c Case) {
	ctx := withDeadline(t)
	a := c.New(t)
	w := openWriter(t, ctx, a)
	id := c.folder(t, ctx, w, "Dates")
	china, india := time.FixedZone("", 8*3600), time.FixedZone("", 5*3600+1800)
	dates := []time.Time{
		time.Date(2020, 2, 29, 23, 59, 59, 0, china),
		time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1999, 12, 31, 12, 0, 1, 0, india),
		time.Date(2015, 7, 4, 8, 30, 0, 0, time.FixedZone("", -7*3600)),
	}
	if !c.DropsExtremeDates {
		dates = append(dates, time.Date(1970, 1, 1, 0, 0, 1, 0, time.UTC), time.Date(2038, 1, 19, 3, 14, 8, 0, time.UTC))
	}
	samples := plains(len(dates))
	for i := range samples {
		samples[i].date = dates[i]
	}
	uids := appendAll(t, ctx, w, id, samples...)
	for _, m := range list(t, ctx, c.again(t, ctx, a, w), id) {
		want := dates[slices.Index(uids, m.UID)]
		_, gotZone := m.Date.Zone()
		_, wantZone := want.Zone()
		if !m.Date.Equal(want) || !c.DropsZone && gotZone != wantZone {
			t.Errorf("appended with date %v, listed with %v", want, m.Date)
		}
	}
}

func testHeaders(t *testing.T, c Case) {
	ctx := withDeadline(t)
	w := openWriter(t, ctx, c.New(t))
	id := c.folder(t, ctx, w, "Headers")
	folded := sample{name: "folded", body: []byte("Received: from a\r\nsubject: one\r\n two\r\nX-Other: no\r\n no\r\n" +
		"From: a@old.example\r\nMESSAGE-ID: <1@old.example>\r\nDate: Mon, 02 Mar 2020 10:11:12 +0800\r\n\r\nSubject: in the body\r\n")}
	uids := appendAll(t, ctx, w, id, plain(1), folded)
	_, err := w.Examine(ctx, id)
	must(t, err)
	got := map[mailbox.UID]string{}
	must(t, w.Headers(ctx, uids, func(u mailbox.UID, size int64, raw []byte) error {
		got[u] = string(raw)
		if want := []sample{plain(1), folded}[slices.Index(uids, u)]; size != int64(len(want.body)) {
			t.Errorf("%s: size %d, want %d", want.name, size, len(want.body))
		}
		return nil
	}))
	wants := []string{
		"Message-ID: <plain-1@old.example>\r\nDate: Mon, 02 Mar 2020 10:11:12 +0800\r\nFrom: Li Lei <li.lei@old.example>\r\nSubject: note 1\r\n\r\n",
		"subject: one\r\n two\r\nFrom: a@old.example\r\nMESSAGE-ID: <1@old.example>\r\nDate: Mon, 02 Mar 2020 10:11:12 +0800\r\n\r\n",
	}
	for i, want := range wants {
		if got[uids[i]] != want {
			t.Errorf("header %q, want %q", got[uids[i]], want)
		}
	}
}
