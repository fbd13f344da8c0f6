package api

import (
	"context"

	"mailroom/backend/core"
	"mailroom/backend/explain"
	"mailroom/backend/preset"
	"mailroom/backend/report"
)

// ExplainThen is a [preset.Then] on the wire.
type ExplainThen string

// Explanation is what to tell about a refused sign-in: the likely causes in order.
// Their texts are explain.cause.ID of the language files.
type Explanation struct {
	Class    string           `json:"class"`
	Provider string           `json:"provider"` // id; "" unknown
	NameZh   string           `json:"nameZh"`
	NameEn   string           `json:"nameEn"`
	SecretZh string           `json:"secretZh"`
	SecretEn string           `json:"secretEn"`
	Causes   []ExplainedCause `json:"causes"` // never empty
}

// ExplainedCause is one likely cause.
type ExplainedCause struct {
	ID      string         `json:"id"`
	Who     string         `json:"who"`   // person, admin, wait or nobody
	Own     int            `json:"own"`   // steps s1, s2 … of the language files
	Steps   []ProviderStep `json:"steps"` // the provider's own, before ours
	Same    bool           `json:"same"`  // the provider's steps stand with an earlier cause
	Servers []MailServer   `json:"servers"`
	Link    string         `json:"link"`   // what Page is: mail, console, help
	Page    string         `json:"page"`   // for App.OpenLink; "" none
	Then    ExplainThen    `json:"change"` // what has to change before another try
}

// ExplainedMail is the explanation as a text for the person.
type ExplainedMail struct {
	Subject string `json:"subject"`
	Body    string `json:"body"`
}

// Explain tells the likely causes of a refusal. provider may be "": then the one that
// the server belongs to, or the server's family, counts.
func (p *Providers) Explain(class, provider, family, host string) (Explanation, error) {
	return guard("explain refusal", func() (Explanation, error) {
		e := preset.Explain(preset.Class(class), providerOf(provider, host), family, host)
		return Explanation{
			Class: class, Provider: e.Provider.ID, NameZh: e.Provider.Name.Zh, NameEn: e.Provider.Name.En,
			SecretZh: e.Provider.SignIn.Secret.Zh, SecretEn: e.Provider.SignIn.Secret.En,
			Causes: mapped(e.Causes, func(c preset.ExplainedCause) ExplainedCause {
				return ExplainedCause{
					ID: c.ID, Who: c.Who, Own: c.Own, Steps: mapped(c.Steps, providerStep), Same: c.Same, Link: c.Link, Page: c.Page, Then: ExplainThen(c.Then),
					Servers: mapped(c.Servers, func(s preset.Server) MailServer {
						return MailServer{Host: s.Host, Port: s.Port, Security: Security(s.Security), Place: s.Place}
					}),
				}
			}),
		}, nil
	})
}

// ExplainMail writes the explanation as a mail to the person, in a language.
func (p *Providers) ExplainMail(class, provider, family, host string, language Language) (ExplainedMail, error) {
	return guard("explain refusal", func() (ExplainedMail, error) {
		if language != LanguageEnglish {
			language = LanguageChinese
		}
		words, err := report.LoadWords(p.api.cfg.Words, string(language))
		if err != nil {
			return ExplainedMail{}, err
		}
		m := explain.Text(words, preset.Class(class), providerOf(provider, host), family, host)
		return ExplainedMail{Subject: m.Subject, Body: m.Body}, nil
	})
}

// providerOf is the provider that was named, else the one that the server belongs to.
func providerOf(provider, host string) string {
	if provider != "" {
		return provider
	}
	known, _ := preset.ByServer(host)
	return known.ID
}

// StepsDone lets a sign-in be tried once more with a password that was refused twice,
// after the person did the steps at the provider.
func (e *Endpoints) StepsDone(endpoint Endpoint) error {
	_, err := with(e.api, "steps done", func(ctx context.Context, d *data) (struct{}, error) {
		target := record(endpoint)
		if err := target.Check(); err != nil {
			return struct{}{}, err
		}
		password, err := d.reveal(ctx, target.Secret)
		if err != nil {
			return struct{}{}, core.E(core.CodeOf(err), "steps done", err)
		}
		return struct{}{}, d.refusals.oneMore(ctx, e.tries.mark(ctx, d, target, password))
	})
	return err
}

var explainThens = func() []enum[ExplainThen] {
	names := map[preset.Then]string{
		preset.ThenPassword: "Password", preset.ThenSteps: "Steps", preset.ThenServer: "Server",
		preset.ThenOAuth: "OAuth", preset.ThenWait: "Wait", preset.ThenNothing: "Nothing",
	}
	var all []enum[ExplainThen]
	for _, t := range preset.Thens() {
		all = append(all, enum[ExplainThen]{ExplainThen(t), names[t]})
	}
	return all
}()
