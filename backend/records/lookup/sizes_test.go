package lookup

import (
	"path/filepath"
	"testing"

	"mailroom/backend/logs"
	"mailroom/backend/records"
)

func TestSizesAreUnderstoodInBothLanguages(t *testing.T) {
	for text, want := range map[string][2]int64{
		"bigger than 5 MB":                   {5 << 20, 0},
		"mails over 1.5GB from zhou":         {3 << 29, 0},
		"大于5M":                               {5 << 20, 0},
		"超过 20 兆的邮件":                         {20 << 20, 0},
		"５Ｍ以上的邮件":                            {5 << 20, 0},
		"10MB or more":                       {10 << 20, 0},
		">300k":                              {300 << 10, 0},
		"mails smaller than 10 kb last week": {0, 10 << 10},
		"不超过2M的邮件":                           {0, 2 << 20},
		"大于1M小于3M":                           {1 << 20, 3 << 20},
		"more than 5 mails":                  {0, 0},
		"over 40 miles":                      {0, 0},
		"5 Monate":                           {0, 0},
	} {
		if q := Understand(text, people, now); q.Larger != want[0] || q.Smaller != want[1] {
			t.Errorf("%s: %d %d, want %v (%+v)", text, q.Larger, q.Smaller, want, q)
		}
	}
	if q := Understand("韩梅梅昨天收到的大于5M的报价单", people, now); q.Words != "报价单" || len(q.Who) != 1 || !q.HasTime {
		t.Errorf("%+v", q)
	}
}

func TestMailIsFoundByItsSizeWhereThatIsTold(t *testing.T) {
	b, err := records.Open(t.Context(), filepath.Join(t.TempDir(), "b"), now.Location())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	add := func(all ...logs.Record) {
		t.Helper()
		a, err := b.Begin(t.Context(), "test")
		if err == nil {
			err = a.Add(t.Context(), all)
		}
		if err == nil {
			err = a.Flush(t.Context())
		}
		if err == nil {
			err = b.Covered(t.Context(), "test", logs.Received, records.Span{From: at(1, 0, 0), To: now}, now)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	mail := func(day int, subject string, size int64) logs.Record {
		return logs.Record{Kind: logs.Received, At: at(day, 9, 0), Person: people[0].Address, Subject: subject, Size: size, Outcome: logs.Delivered}
	}
	ask := func(text string) Answer {
		t.Helper()
		a, err := Ask(t.Context(), b, text, people, now)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	add(mail(10, "untold", 0))
	if a := ask("bigger than 5 MB"); a.Verdict != NoSizes {
		t.Errorf("where no size is told: %+v", a)
	}
	add(mail(11, "small", 900), mail(12, "plan", 6<<20), mail(13, "video", 30<<20))
	if a := ask("大于5M的邮件"); a.Verdict != Counted || a.Facts.Count != 2 || a.Facts.Bytes != 36<<20 {
		t.Errorf("larger: %+v", a)
	}
	if a := ask("smaller than 1k"); a.Facts.Count != 1 || a.Facts.Subject != "small" {
		t.Errorf("smaller: %+v", a)
	}
	if a := ask("plan over 5 MB"); a.Verdict != Arrived || a.Facts.Subject != "plan" {
		t.Errorf("with a word: %+v", a)
	}
	if a := ask("超过100M的邮件"); a.Verdict == NoSizes || len(a.Line)+len(a.Others) > 0 {
		t.Errorf("none so large: %+v", a)
	}
}
