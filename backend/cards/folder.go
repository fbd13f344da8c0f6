package cards

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"mailroom/backend/core"
	"mailroom/backend/report"
)

// Save writes everything into a folder of its own under dir and returns the folder's
// path: cards.html with all people, and per person a card and, where the format
// serves, an Apple profile; for the domain the files of Thunderbird and Outlook. An
// existing folder is never written into.
func Save(dir string, cards []Card, languages ...*report.Words) (string, error) {
	if len(cards) == 0 {
		return "", core.E(core.Invalid, "save cards", nil, "field", "people", "reason", "missing")
	}
	folder, err := freshFolder(dir, languages[0].T("cards.folder"))
	if err != nil {
		return "", err
	}
	write := func(name string, raw []byte) {
		if err == nil && raw != nil {
			err = os.WriteFile(filepath.Join(folder, name), raw, 0o600)
		}
	}
	htmlOf := func(some []Card) []byte {
		var b bytes.Buffer
		if e := HTML(&b, some, languages...); err == nil {
			err = e
		}
		return b.Bytes()
	}
	write("cards.html", htmlOf(cards))
	used := map[string]bool{"cards": true}
	for i, c := range cards {
		name := fileName(c.Address, used)
		write(name+".html", htmlOf(cards[i:i+1]))
		write(name+".mobileconfig", AppleProfile(c, languages[0].Language))
	}
	domain := cards[0].Address[strings.LastIndexByte(cards[0].Address, '@')+1:]
	write("thunderbird-config-v1.1.xml", Autoconfig(cards[0].Settings, domain))
	write("outlook-autodiscover.xml", Autodiscover(cards[0].Settings))
	if err != nil {
		return folder, core.E(core.ReadOnly, "save cards", err, "file", folder)
	}
	return folder, nil
}

func freshFolder(dir, name string) (string, error) {
	for i := 1; i < 1000; i++ {
		folder := filepath.Join(dir, name)
		if i > 1 {
			folder += " " + itoa(i)
		}
		err := os.Mkdir(folder, 0o700)
		if err == nil {
			return folder, nil
		}
		if !os.IsExist(err) {
			return "", core.E(core.ReadOnly, "save cards", err, "file", dir)
		}
	}
	return "", core.E(core.Conflict, "save cards", nil, "file", dir)
}

// fileName turns an address into a name that every system takes, once.
func fileName(address string, used map[string]bool) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@._-+", r) || r >= 0x80 {
			return r
		}
		return '_'
	}, address)
	name = strings.TrimLeft(name, ".")
	if runes := []rune(name); len(runes) > 80 {
		name = string(runes[:80])
	}
	base := name
	for i := 2; used[strings.ToLower(name)]; i++ {
		name = base + "-" + itoa(i)
	}
	used[strings.ToLower(name)] = true
	return name
}
