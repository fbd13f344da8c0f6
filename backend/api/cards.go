package api

import (
	"context"
	"strings"

	"mailroom/backend/api/moving"
	"mailroom/backend/cards"
	"mailroom/backend/core"
	"mailroom/backend/preset"
)

// Cards makes what people need to set up their mail programs with the new provider.
type Cards struct{ api *API }

// CardPlan is what the cards of a move would say.
type CardPlan struct {
	Provider string       `json:"provider"` // id of the new provider, "" not known
	Server   MailServer   `json:"server"`   // where the move goes; host "" none
	People   []CardPerson `json:"people"`
	Nameless int          `json:"nameless"` // people whose new mailbox has no address, and so no card
}

// CardPerson is whose card it is.
type CardPerson struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// CardOrder says which cards to make.
type CardOrder struct {
	MoveID   string        `json:"moveId"`
	Provider string        `json:"provider"` // "" the servers below
	SMTP     MailServer    `json:"smtp"`     // with no provider; host "" not known: the card says to ask
	Language PaperLanguage `json:"language"`
}

// Plan tells whose cards a move has and for which provider.
func (c *Cards) Plan(moveID string) (CardPlan, error) {
	return with(c.api, "plan cards", func(_ context.Context, d *data) (CardPlan, error) {
		v, err := d.desk.Get(moveID)
		if err != nil {
			return CardPlan{People: []CardPerson{}}, err
		}
		return cardPlan(v), nil
	})
}

func cardPlan(v moving.View) CardPlan {
	plan := CardPlan{People: []CardPerson{}, Server: MailServer{Security: SecurityTLS}}
	for _, m := range v.Mailboxes {
		if m.Out {
			continue
		}
		address := m.To.User
		if m.To.Authz != "" {
			address = m.To.Authz
		}
		if !strings.Contains(address, "@") {
			plan.Nameless++
			continue
		}
		name := m.Label
		if name == m.From.User {
			name = ""
		}
		plan.People = append(plan.People, CardPerson{Name: name, Address: address})
		if plan.Server.Host == "" && m.To.Host != "" {
			plan.Server = MailServer{Host: m.To.Host, Port: m.To.Port, Security: Security(m.To.Security)}
			if plan.Server.Port == 0 {
				plan.Server.Port = map[Security]int{SecurityTLS: 993}[plan.Server.Security]
				if plan.Server.Port == 0 {
					plan.Server.Port = 143
				}
			}
		}
	}
	if p, ok := preset.ByServer(plan.Server.Host); ok {
		plan.Provider = p.ID
	}
	return plan
}

// Save shows the computer's dialog for a folder and writes the cards into a new
// folder there; it returns the folder, "" if the person changed their mind.
func (c *Cards) Save(order CardOrder) (string, error) {
	return with(c.api, "save cards", func(_ context.Context, d *data) (string, error) {
		v, err := d.desk.Get(order.MoveID)
		if err != nil {
			return "", err
		}
		list, err := cardsOf(cardPlan(v), order)
		if err != nil {
			return "", err
		}
		words, err := c.api.paperWords(CertificateOrder{Format: CertificateHTML, Language: order.Language})
		if err != nil {
			return "", err
		}
		dir, err := c.api.cfg.Desktop.PickFolder()
		if err != nil || dir == "" {
			return "", err
		}
		folder, err := cards.Save(dir, list, words...)
		if err == nil {
			err = c.api.cfg.Desktop.ShowFolder(folder)
		}
		return folder, err
	})
}

func cardsOf(plan CardPlan, order CardOrder) ([]cards.Card, error) {
	if len(plan.People) == 0 {
		return nil, core.E(core.Invalid, "save cards", nil, "field", "people", "reason", "missing")
	}
	first := plan.People[0].Address
	domain := first[strings.LastIndexByte(first, '@')+1:]
	settings := cards.Settings{Provider: preset.Words{Zh: domain, En: domain}}
	if order.Provider != "" {
		var err error
		if settings, err = cards.Of(order.Provider, domain); err != nil {
			return nil, err
		}
	} else if plan.Server.Host != "" {
		settings.IMAP = &cards.Server{Host: plan.Server.Host, Port: plan.Server.Port, Security: string(plan.Server.Security)}
		if order.SMTP.Host != "" {
			settings.SMTP = &cards.Server{Host: order.SMTP.Host, Port: order.SMTP.Port, Security: string(order.SMTP.Security)}
		}
	}
	people := make([]cards.Person, len(plan.People))
	for i, p := range plan.People {
		people[i] = cards.Person{Name: p.Name, Address: p.Address}
	}
	return cards.For(settings, people)
}
