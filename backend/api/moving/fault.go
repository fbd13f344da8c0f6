package moving

import (
	"encoding/base64"
	"errors"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate"
	"mailroom/backend/oauth"
	"mailroom/backend/preset"
)

// FaultOf flattens an error; nil for nil. A server's refusal gets its class by the
// dictionary of refusals.
func FaultOf(err error) *Fault {
	if err == nil {
		return nil
	}
	f := &Fault{Code: core.CodeOf(err), Args: core.ArgsOf(err)}
	f.Class = f.Args["class"]
	delete(f.Args, "class")
	if r, ok := errors.AsType[*oauth.Refusal](err); ok {
		f.Server = r.Error()
	}
	if r, ok := errors.AsType[*mailbox.Refusal](err); ok {
		f.Server = r.Text
		if f.Class == "" {
			f.Class = string(preset.Classify(preset.Reply{
				Status: r.Status, Code: r.Code, CodeArg: r.CodeArg, Text: r.Text, Command: r.Command, Family: r.Family,
			}).Class)
		}
	}
	return f
}

func remarks(troubles []migrate.Trouble) []Remark {
	all := make([]Remark, 0, len(troubles))
	for _, t := range troubles {
		all = append(all, Remark{Folder: t.Folder, Fault: Fault{Code: t.Code, Class: t.Class, Args: t.Args, Server: t.Server}})
	}
	return all
}

// FolderKey makes a text of a folder's raw name: names are bytes that need not be
// UTF-8, and the page hands keys back.
func FolderKey(raw string) string { return base64.RawURLEncoding.EncodeToString([]byte(raw)) }

// folderID is the reverse of [FolderKey]; "" for what is none.
func folderID(key string) string {
	raw, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil {
		return ""
	}
	return string(raw)
}
