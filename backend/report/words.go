package report

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"mailroom/backend/core"
)

// Words are one language's texts by key, e.g. "certificate.title".
type Words struct {
	Language string // as in HTML's lang: zh-CN, en
	texts    map[string]string
}

// LoadWords reads the files of the folder LANGUAGE: each one nested object of texts
// with {{placeholders}}. Errors: not_found, malformed.
func LoadWords(files fs.FS, language string) (*Words, error) {
	names, err := fs.Glob(files, language+"/*.json")
	if err != nil || len(names) == 0 {
		return nil, core.E(core.NotFound, "read language files", err, "file", language)
	}
	w := &Words{Language: language, texts: map[string]string{}}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, core.E(core.NotFound, "read language files", err, "file", name)
		}
		var tree map[string]any
		if err := json.Unmarshal(raw, &tree); err != nil {
			return nil, core.E(core.Malformed, "read language files", err, "file", name)
		}
		w.flatten("", tree)
	}
	return w, nil
}

func (w *Words) flatten(prefix string, tree map[string]any) {
	for key, v := range tree {
		switch v := v.(type) {
		case string:
			w.texts[prefix+key] = v
		case map[string]any:
			w.flatten(prefix+key+".", v)
		}
	}
}

// Both joins two languages, each text as "first / second", for sheets that have room
// for one text only. The language is the first one's.
func Both(first, second *Words) *Words {
	w := &Words{Language: first.Language, texts: make(map[string]string, len(first.texts))}
	for key, text := range first.texts {
		if other := second.texts[key]; other != "" && other != text {
			text += " / " + other
		}
		w.texts[key] = text
	}
	return w
}

// Has says whether there is a text.
func (w *Words) Has(key string) bool { _, ok := w.texts[key]; return ok }

// T is the text for a key with its placeholders filled in from name, value pairs. A
// key without a text gives the key: better than nothing on a certificate.
func (w *Words) T(key string, args ...any) string {
	text, ok := w.texts[key]
	if !ok {
		return key
	}
	for i := 0; i+1 < len(args); i += 2 {
		text = strings.ReplaceAll(text, fmt.Sprintf("{{%v}}", args[i]), fmt.Sprint(args[i+1]))
	}
	return text
}

// first is the text of the first key that has one, else fallback.
func (w *Words) first(fallback string, keys ...string) string {
	for _, k := range keys {
		if w.Has(k) {
			return w.T(k)
		}
	}
	return fallback
}

var stateKeys = map[string]string{
	"done": "stateDone", "left_behind": "stateLeftBehind", "failed": "stateFailed", "canceled": "stateCanceled",
	"undone": "stateUndone", "paused": "statePaused", "interrupted": "stateInterrupted",
}

func (w *Words) state(s string) string { return w.first(s, "certificate."+stateKeys[s]) }

var levelKeys = map[string]string{
	"": "verifiedNone", "none": "verifiedNone", "counts": "verifiedCounts", "fingerprint": "verifiedFingerprint", "bytes": "verifiedBytes",
}

func (w *Words) level(l string) string { return w.first(l, "certificate."+levelKeys[l]) }

// method says how the messages were compared, in a sentence; "" if they were not.
func (w *Words) method(l string) string { return w.first("", "certificate.method."+l) }

var kindKeys = map[string]string{
	"missing": "missing", "size": "sizeDiffers", "header": "headerDiffers", "bytes": "bytesDiffer", "count": "countDiffers", "line_ends": "lineEnds",
}

func (w *Words) kind(k string) string { return w.first(k, "certificate."+kindKeys[k]) }

func (w *Words) role(r core.Role) string {
	if r == core.RoleNone {
		return ""
	}
	return w.first(string(r), "role."+string(r))
}

// reason is why a message stayed behind.
func (w *Words) reason(class string) string {
	return w.first(class, "trouble.class."+class+".what", "trouble.code."+class+".what", "folder.reason."+class)
}

// rule is why a folder was left out.
func (w *Words) rule(code string) string {
	if code == "" {
		return ""
	}
	return w.first(code, "folder.reason."+code)
}

// note is a code with facts behind a colon or space; the facts stay as they are.
func (w *Words) note(n string) string {
	code, facts, _ := strings.Cut(n, ":")
	text := w.first("", "folder.change."+code, "certificate.note."+code)
	switch {
	case text == "":
		return n
	case facts == "":
		return text
	}
	return text + " (" + strings.TrimSpace(facts) + ")"
}
