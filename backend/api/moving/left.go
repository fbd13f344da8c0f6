package moving

import (
	"context"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/migrate"
)

// Recover reads messages that a mailbox left behind from the old mailbox again; see
// [migrate.Recover].
func (d *Desk) Recover(ctx context.Context, id, box string, left []migrate.LeftBehind, yield func(int, mailbox.Message) error) error {
	d.mu.Lock()
	var at *Mailbox
	if m, ok := d.moves[id]; ok {
		for i := range m.Mailboxes {
			if m.Mailboxes[i].ID == box {
				mb := m.Mailboxes[i]
				at = &mb
			}
		}
	}
	d.mu.Unlock()
	if at == nil {
		return core.E(core.NotFound, "recover", nil, "id", id)
	}
	from, err := d.connect(ctx, at.From, false)
	if err != nil {
		return sided(err, "from")
	}
	if at.FromKey != "" && at.FromKey != from.Key() {
		return core.E(core.Conflict, "recover", nil, "reason", "other_mailbox")
	}
	return migrate.Recover(ctx, d.led, from, at.ToKey, left, yield)
}
