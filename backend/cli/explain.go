package cli

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate"
	"mailroom/backend/oauth"
)

// language is one of the two languages: an index into the table of words.
type language int

const (
	chinese language = iota
	english
)

// languageOf reads the language as POSIX programs do: LC_ALL, LC_MESSAGES, LANG.
func languageOf(getenv func(string) string) language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			if strings.HasPrefix(strings.ToLower(v), "zh") {
				return chinese
			}
			return english
		}
	}
	return english
}

var placeholder = regexp.MustCompile(`\{[a-z0-9_]+\}`)

// say is the text for a key, its placeholders filled from name, value pairs.
func (w language) say(key string, pairs ...string) string {
	facts := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		facts[pairs[i]] = pairs[i+1]
	}
	return w.fill(key, facts)
}

// fill is the text for a key; a fact that is missing gets a plain word for it, so that
// a sentence stays a sentence. Of one thing a text under "one." tells, if there is one.
func (w language) fill(key string, facts map[string]string) string {
	text, ok := texts[key]
	if !ok {
		return key
	}
	if single, ok := texts["one."+key]; ok && facts["n"] == "1" {
		text = single
	}
	return placeholder.ReplaceAllStringFunc(text[w], func(mark string) string {
		name := mark[1 : len(mark)-1]
		if v := facts[name]; v != "" {
			return printable(v)
		}
		if plain, ok := texts["plain."+name]; ok {
			return plain[w]
		}
		return "?"
	})
}

func has(key string) bool { _, ok := texts[key]; return ok }

// explain is the sentence for an error: what happened and what to do next.
func (w language) explain(err error) string {
	return w.sentence(core.CodeOf(err), core.ArgsOf(err), serverWords(err))
}

// trouble is the sentence for what a finished move tells.
func (w language) trouble(t migrate.Trouble) string {
	args := map[string]string{"class": t.Class}
	for k, v := range t.Args {
		args[k] = v
	}
	text := w.sentence(t.Code, args, t.Server)
	if t.Folder != "" {
		text = printable(t.Folder) + ": " + text
	}
	return text
}

// sentence looks for the most particular text that there is.
func (w language) sentence(code core.Code, facts map[string]string, server string) string {
	if facts["file"] == "" {
		facts["file"] = facts["path"]
	}
	key := "error.internal"
	for _, k := range []string{
		"problem." + facts["problem"], "field." + facts["field"], "class." + facts["class"], "error." + string(code) + "." + facts["why"], "error." + string(code),
	} {
		if has(k) {
			key = k
			break
		}
	}
	text := w.fill(key, facts)
	if facts["row"] != "" && !strings.Contains(texts[key][w], "{row}") {
		text = w.fill("where.row", facts) + text
	}
	if server != "" {
		text += " " + w.say("server", "words", server)
	}
	return text
}

// class is a short reason, for messages left behind and for waiting.
func (w language) class(class string) string {
	if has("reason." + class) {
		return w.say("reason." + class)
	}
	return printable(class)
}

// reason says why a folder is left out.
func (w language) reason(code string) string {
	if has("skip." + code) {
		return w.say("skip." + code)
	}
	return printable(code)
}

// serverWords are the other side's own words, if any.
func serverWords(err error) string {
	if r, ok := errors.AsType[*mailbox.Refusal](err); ok {
		return strings.TrimSpace(r.Text)
	}
	if r, ok := errors.AsType[*oauth.Refusal](err); ok {
		return r.Error()
	}
	return ""
}

// fillHelp puts the help texts where the grammar has their names. Variables of kong's
// would do the same, but it expands every one of them again for every flag.
func (w language) fillHelp(n *kong.Node) error {
	if err := w.helpText(&n.Help); err != nil {
		return err
	}
	for _, f := range n.Flags {
		if f.Name == "help" {
			f.Help = "help_help" // kong's own sentence is English
		}
		if err := w.helpText(&f.Help); err != nil {
			return err
		}
	}
	for _, v := range n.Positional {
		if err := w.helpText(&v.Help); err != nil {
			return err
		}
	}
	for _, child := range n.Children {
		if err := w.fillHelp(child); err != nil {
			return err
		}
	}
	return nil
}

func (w language) helpText(help *string) error {
	name, ok := strings.CutPrefix(*help, "help_")
	if !ok {
		return nil
	}
	text, ok := texts["help."+name]
	if !ok {
		return fmt.Errorf("no help text %q", name)
	}
	*help = text[w]
	return nil
}
