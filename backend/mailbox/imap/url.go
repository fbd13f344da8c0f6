package imap

import "mailroom/backend/core/dialing"

// ParseURL reads imaps://user%40old.example@host:993, imap+starttls://… or imap://…
// (plain text), with what [dialing.ParseURL] allows. Errors: invalid with Args field.
func ParseURL(raw string) (Config, error) {
	a, err := dialing.ParseURL("imap", raw)
	if err != nil {
		return Config{}, err
	}
	return Config{Security: a.Security, Host: a.Host, Port: a.Port, User: a.User,
		Authz: a.Authz, Separator: a.Separator, Mechanism: Mechanism(a.Mechanism)}, nil
}
