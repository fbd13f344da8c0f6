package api

import (
	"context"
	"encoding/base64"
	"io"
	"mime"
	"strings"
	"time"

	"mailroom/backend/cards"
	"mailroom/backend/core"
	"mailroom/backend/preset"
	"mailroom/backend/provider"
	"mailroom/backend/provider/practice/server"
)

// Joiner makes the papers for somebody who is new: the card for mail programs and the
// welcome letter. The account itself is made through [Changes].
type Joiner struct{ api *API }

// JoinerServer is what a mail program enters.
type JoinerServer struct {
	Name string     `json:"name"` // imap, pop3, smtp
	At   MailServer `json:"at"`
}

// JoinerSettings are what everybody of an office enters into mail programs.
type JoinerSettings struct {
	Servers []JoinerServer `json:"servers"` // none: they are not known
	WebMail string         `json:"webMail"` // "" not known
}

// JoinerLetter is a text for somebody who is new. It never holds a password.
type JoinerLetter struct {
	To      string `json:"to"` // "" nobody yet
	Subject string `json:"subject"`
	Text    string `json:"text"`
	EML     bool   `json:"eml"` // as a mail; otherwise as plain text
}

// limits of a letter.
const (
	maxSubject = 300
	maxLetter  = 100_000
)

func (j *Joiner) settings(ctx context.Context, d *data, officeID string) (cards.Settings, error) {
	o, err := d.house.Book().Office(ctx, officeID)
	if err != nil {
		return cards.Settings{}, err
	}
	maker, err := j.api.cfg.Adapters.Maker(o.Provider)
	if err != nil {
		return cards.Settings{}, err
	}
	if len(maker.Presets) > 0 {
		return cards.Of(maker.Presets[0], o.Domain)
	}
	live, err := d.house.Live(ctx, officeID)
	if err != nil {
		return cards.Settings{}, err
	}
	var told []provider.MailServer
	if _, ok := live.Provider.(server.Directory); ok {
		told, err = j.api.practice.mailServers(ctx)
	} else if teller, ok := live.Provider.(provider.MailServerTeller); ok && live.Capabilities.Can(provider.CanTellServers) {
		told, err = teller.MailServers(ctx, o.Domain)
	} else {
		err = core.E(core.Unsupported, "settings for mail programs", nil, "provider", string(o.Provider))
	}
	if err != nil {
		return cards.Settings{}, err
	}
	s := cards.Settings{Provider: preset.Words{En: maker.Name, Zh: maker.ChineseName}}
	for _, one := range told {
		at := &cards.Server{Host: one.Host, Port: one.Port, Security: one.Security}
		for protocol, to := range map[string]**cards.Server{"imap": &s.IMAP, "pop3": &s.POP3, "smtp": &s.SMTP} {
			if one.Protocol == protocol && *to == nil {
				*to = at
			}
		}
	}
	return s, nil
}

// Settings tells what people of an office enter into mail programs; nothing for a
// provider whose servers are not known.
func (j *Joiner) Settings(officeID string) (JoinerSettings, error) {
	return with(j.api, "settings for mail programs", func(ctx context.Context, d *data) (JoinerSettings, error) {
		out := JoinerSettings{Servers: []JoinerServer{}}
		s, err := j.settings(ctx, d, officeID)
		if core.CodeOf(err) == core.Unsupported {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		for _, server := range []struct {
			name string
			at   *cards.Server
		}{{"imap", s.IMAP}, {"pop3", s.POP3}, {"smtp", s.SMTP}} {
			if server.at != nil {
				at := MailServer{Host: server.at.Host, Port: server.at.Port, Security: Security(server.at.Security)}
				out.Servers = append(out.Servers, JoinerServer{Name: server.name, At: at})
			}
		}
		out.WebMail = s.WebMail
		return out, nil
	})
}

// SaveCard shows the computer's dialog for a folder and writes the card of one person
// there; it returns the folder, "" if the person changed their mind. Errors:
// unsupported where the provider's servers are not known.
func (j *Joiner) SaveCard(officeID, name, address string) (string, error) {
	return with(j.api, "save card", func(ctx context.Context, d *data) (string, error) {
		s, err := j.settings(ctx, d, officeID)
		if err != nil {
			return "", err
		}
		list, err := cards.For(s, []cards.Person{{Name: name, Address: address}})
		if err != nil {
			return "", err
		}
		words, err := j.api.paperWords(CertificateOrder{Format: CertificateHTML, Language: PaperBoth})
		if err != nil {
			return "", err
		}
		dir, err := j.api.cfg.Desktop.PickFolder()
		if err != nil || dir == "" {
			return "", err
		}
		return cards.Save(dir, list, words...)
	})
}

// SaveLetter shows the computer's dialog and writes a letter as a mail that any program
// opens, or as plain text; path as in Staff.SaveRows.
func (j *Joiner) SaveLetter(letter JoinerLetter) (string, error) {
	return with(j.api, "save letter", func(context.Context, *data) (string, error) {
		if letter.Text == "" || len(letter.Text) > maxLetter || len(letter.Subject) > maxSubject || strings.ContainsAny(letter.Subject+letter.To, "\r\n\x00") {
			return "", core.E(core.Invalid, "save letter", nil, "field", "text")
		}
		ending := "txt"
		if letter.EML {
			ending = "eml"
		}
		path, err := j.api.cfg.Desktop.PickNew("welcome."+ending, FileFilter{Name: strings.ToUpper(ending), Patterns: "*." + ending})
		if err != nil || path == "" {
			return "", err
		}
		return path, writeFile(path, letter.write)
	})
}

func (l JoinerLetter) write(w io.Writer) error {
	text := strings.ReplaceAll(strings.ToValidUTF8(l.Text, "\uFFFD"), "\r\n", "\n")
	if !l.EML {
		_, err := io.WriteString(w, "\ufeff"+l.Subject+"\r\n\r\n"+strings.ReplaceAll(text, "\n", "\r\n"))
		return err
	}
	var head strings.Builder
	if l.To != "" {
		head.WriteString("To: <" + l.To + ">\r\n")
	}
	// X-Unsent lets Outlook open it as a draft.
	head.WriteString("Subject: " + mime.BEncoding.Encode("utf-8", l.Subject) + "\r\nDate: " + time.Now().Format(time.RFC1123Z) +
		"\r\nX-Unsent: 1\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	if _, err := io.WriteString(w, head.String()); err != nil {
		return err
	}
	return wrapped(w, []byte(strings.ReplaceAll(text, "\n", "\r\n")))
}

// wrapped writes base64 in lines of 76 characters (RFC 2045 section 6.8).
func wrapped(w io.Writer, raw []byte) error {
	encoded := base64.StdEncoding.EncodeToString(raw)
	for len(encoded) > 0 {
		n := min(len(encoded), 76)
		if _, err := io.WriteString(w, encoded[:n]+"\r\n"); err != nil {
			return err
		}
		encoded = encoded[n:]
	}
	return nil
}
