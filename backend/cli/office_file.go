package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/term"

	"mailroom/backend/core"
	"mailroom/backend/office"
	"mailroom/backend/provider"
	"mailroom/backend/secret"
)

// maxOfficeFile is more than any description of an office has, in bytes.
const maxOfficeFile = 256 << 10

// officeDescription is an office as a file describes it.
type officeDescription struct {
	office  office.Office
	secrets map[string]secret.Value
}

// described is how a secret may be given instead of standing in the file.
type described struct {
	Env    string `json:"env"`    // a variable of the environment
	File   string `json:"file"`   // a file that holds nothing else
	Prompt bool   `json:"prompt"` // the person is asked
}

// officeKeys is the file of an office while it is read: what of it is still to be understood, by its
// keys in small letters.
type officeKeys struct {
	path string
	keys map[string]json.RawMessage
}

// wrong says what is wrong with the file.
func (f officeKeys) wrong(problem string, facts ...string) error {
	return core.E(core.Invalid, "office file", nil, append([]string{"file", f.path, "problem", problem}, facts...)...)
}

// take reads the value of a key, if it is there.
func (f officeKeys) take(key string, to any) error {
	value, ok := f.keys[strings.ToLower(key)]
	delete(f.keys, strings.ToLower(key))
	if ok && json.Unmarshal(value, to) != nil {
		return f.wrong("office_value", "value", key)
	}
	return nil
}

func openOfficeKeys(path string) (officeKeys, error) {
	f := officeKeys{path, map[string]json.RawMessage{}}
	file, err := os.Open(path)
	if err != nil {
		return f, core.E(core.NotFound, "office file", err, "file", path, "problem", "office_file")
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, maxOfficeFile+1))
	if err != nil {
		return f, core.E(core.Invalid, "office file", err, "file", path, "problem", "office_json")
	}
	var keys map[string]json.RawMessage
	if len(raw) > maxOfficeFile || json.Unmarshal(raw, &keys) != nil {
		return f, f.wrong("office_json") // its text may hold a secret
	}
	for key, value := range keys {
		f.keys[strings.ToLower(key)] = value
	}
	return f, nil
}

// readOfficeFile reads the description of an office: "provider", "domain", "name",
// "baseUrl", "readOnly" and the adapter's own fields. Upper and lower case of keys do not
// matter. A secret may be given as {"env":"NAME"}, {"file":"PATH"} or {"prompt":true}.
func readOfficeFile(r *run, path string) (officeDescription, error) {
	d := officeDescription{secrets: map[string]secret.Value{}}
	d.office.Values, d.office.Secrets = map[string]string{}, map[string]string{}
	f, err := openOfficeKeys(path)
	if err != nil {
		return d, err
	}
	var id string
	for key, to := range map[string]any{"provider": &id, "domain": &d.office.Domain, "name": &d.office.Name, "baseUrl": &d.office.BaseURL, "readOnly": &d.office.ReadOnly} {
		if err := f.take(key, to); err != nil {
			return d, err
		}
	}
	d.office.Provider = provider.ID(id)
	maker, err := r.adapter(d.office.Provider)
	if err != nil {
		return d, err
	}
	for key := range f.keys {
		if !slices.ContainsFunc(maker.Fields, func(f provider.Field) bool { return strings.EqualFold(f.Key, key) }) {
			return d, f.wrong("office_key", "value", key, "known", fieldKeys(maker))
		}
	}
	shown := false
	for _, field := range maker.Fields {
		value, ok := f.keys[strings.ToLower(field.Key)]
		if !ok {
			continue
		}
		if field.Kind != provider.FieldSecret && field.Kind != provider.FieldKey {
			var text string
			if err := f.take(field.Key, &text); err != nil {
				return d, err
			}
			d.office.Values[field.Key] = text
			continue
		}
		text, inFile, err := r.secretOf(path, field.Key, value)
		if err != nil {
			return d, err
		}
		shown = shown || inFile
		d.secrets[field.Key] = secret.NewValue(text)
	}
	if shown && openToOthers(path) {
		fmt.Fprintln(r.stderr, "mailroom: "+r.words.say("office.file_open", "file", path))
	}
	return d, nil
}

func fieldKeys(m provider.Maker) string {
	keys := []string{"provider", "domain", "name", "baseUrl", "readOnly"}
	for _, f := range m.Fields {
		keys = append(keys, f.Key)
	}
	return strings.Join(keys, ", ")
}

// secretOf reads one secret of an office's file; inFile says that it stands there.
func (r *run) secretOf(path, key string, value json.RawMessage) (text string, inFile bool, err error) {
	if json.Unmarshal(value, &text) == nil {
		return text, true, nil
	}
	missing := func(where string) (string, bool, error) {
		return "", false, core.E(core.Invalid, "office file", nil, "file", path, "problem", "office_secret", "value", key, "where", where)
	}
	var d described
	if json.Unmarshal(value, &d) != nil {
		return missing("")
	}
	switch {
	case d.Env != "":
		if text = r.env.Getenv(d.Env); text == "" {
			return missing(d.Env)
		}
	case d.File != "":
		raw, err := os.ReadFile(d.File)
		if err != nil || len(raw) > maxOfficeFile {
			return missing(d.File)
		}
		text = strings.TrimRight(string(raw), "\r\n")
	case d.Prompt:
		f, ok := r.stdin.(*os.File)
		if !ok || !term.IsTerminal(int(f.Fd())) {
			return missing("")
		}
		fmt.Fprint(r.stderr, r.words.say("office.prompt", "value", key))
		typed, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(r.stderr)
		if err != nil || len(typed) == 0 {
			return missing("")
		}
		text = string(typed)
	default:
		return missing("")
	}
	return text, false, nil
}

// openToOthers says whether other users of the computer can read a file. Windows keeps
// a person's files to themselves unless they were put elsewhere.
func openToOthers(path string) bool {
	info, err := os.Stat(path)
	return err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o044 != 0
}
