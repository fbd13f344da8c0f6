package api

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailroom/backend/core"
)

func TestCardsAreMadeOfAMovesNewMailboxes(t *testing.T) {
	h := open(t, t.TempDir(), withKeychain(&keychain{}))
	handle := must(h.vault.Keep("secret"))(t)
	box := func(user, host string) MailboxInput {
		return MailboxInput{Label: "li", From: Endpoint{Kind: KindIMAP, Host: "imap.old.example", Security: SecurityTLS, User: user, Secret: handle}, To: Endpoint{Kind: KindIMAP, Host: host, Security: SecurityTLS, User: user, Secret: handle}}
	}
	m := must(h.moves.Create(MoveDraftInput{Options: h.practiceDraft(1).Options, Mailboxes: []MailboxInput{
		box("li.lei@new.example", "imap.exmail.qq.com"), box("han@new.example", "imap.exmail.qq.com"), box("nameless", "imap.exmail.qq.com"),
	}}))(t)
	plan := must(h.cards.Plan(m.ID))(t)
	if plan.Provider != "tencent-exmail" || len(plan.People) != 2 || plan.Nameless != 1 || plan.Server.Port != 993 {
		t.Errorf("%+v", plan)
	}
	dir := t.TempDir()
	h.w.picks = []string{dir, dir}
	folder := must(h.cards.Save(CardOrder{MoveID: m.ID, Provider: plan.Provider, Language: PaperBoth}))(t)
	raw, err := os.ReadFile(filepath.Join(folder, "cards.html"))
	if err != nil || strings.Count(string(raw), `<section class="card"`) != 4 || !strings.Contains(string(raw), "smtp.exmail.qq.com") {
		t.Errorf("%s: %v", folder, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "han@new.example.mobileconfig")); err != nil {
		t.Error(err)
	}
	own := must(h.cards.Save(CardOrder{MoveID: m.ID, SMTP: MailServer{Host: "mail.new.example", Port: 587, Security: SecurityStartTLS}, Language: PaperEnglish}))(t)
	raw, _ = os.ReadFile(filepath.Join(own, "cards.html"))
	if !strings.Contains(string(raw), "mail.new.example") || !strings.Contains(string(raw), "STARTTLS") || own == folder {
		t.Errorf("own servers: %s", own)
	}
	wantCode(t, "an unknown provider", second(h.cards.Save(CardOrder{MoveID: m.ID, Provider: "nobody", Language: PaperBoth})), core.NotFound)
	wantCode(t, "an unknown language", second(h.cards.Save(CardOrder{MoveID: m.ID, Provider: "qq", Language: "tlh"})), core.Invalid)
}
