package cli

import (
	"context"
	"net"
	"slices"
	"strconv"

	"mailroom/backend/core"
	"mailroom/backend/mailbox"
	"mailroom/backend/mailbox/imap"
	"mailroom/backend/mailbox/pop3"
	"mailroom/backend/migrate/numbering"
)

// access is how one mailbox on a server is opened, the same for both protocols.
type access struct {
	host, user, authz, separator, password string
	port                                   int
	make                                   func(access, func(context.Context) (string, error)) (mailbox.Account, error)
}

// server reads a server's address; POP3 is for the source.
func (r *run) server(a *addressing, side, raw string) (access, error) {
	if !pop3.IsURL(raw) {
		cfg, err := imap.ParseURL(raw)
		return access{
			host: cfg.Host, user: cfg.User, authz: cfg.Authz, separator: cfg.Separator, port: cfg.Port,
			make: func(x access, token func(context.Context) (string, error)) (mailbox.Account, error) {
				cfg.User, cfg.Authz, cfg.Password = x.user, x.authz, x.password
				cfg.CAFile, cfg.PinnedSHA256, cfg.AllowPlaintext = a.CA, a.Pin, a.AllowPlaintext
				cfg.ID = imap.Identity{Name: "Mailroom", Version: r.env.Version, Vendor: "Mailroom"}
				if token != nil {
					cfg.Mechanism, cfg.Secret = imap.Bearer, token
				}
				return imap.New(cfg)
			},
		}, err
	}
	if side == sideTo {
		return access{}, core.E(core.Invalid, "arguments", nil, "problem", "pop3_destination")
	}
	cfg, err := pop3.ParseURL(raw)
	return access{
		host: cfg.Host, user: cfg.User, authz: cfg.Authz, separator: cfg.Separator, port: cfg.Port,
		make: func(x access, token func(context.Context) (string, error)) (mailbox.Account, error) {
			cfg.User, cfg.Authz, cfg.Password = x.user, x.authz, x.password
			cfg.CAFile, cfg.PinnedSHA256, cfg.AllowPlaintext, cfg.Numbers = a.CA, a.Pin, a.AllowPlaintext, r.numbers
			if token != nil {
				cfg.Mechanism, cfg.Secret = pop3.Bearer, token
			}
			return pop3.New(cfg)
		},
	}, err
}

// place names where mailboxes are the same: one host listens on the usual ports, any
// other port may lead elsewhere.
func (x access) place() string {
	if slices.Contains([]int{0, 143, 993, 110, 995}, x.port) {
		return x.host
	}
	return net.JoinHostPort(x.host, strconv.Itoa(x.port))
}

// numbers are remembered in the state folder, which is opened when the work begins.
type numbers struct{ book *numbering.Book }

func (n *numbers) Number(ctx context.Context, account string, names []string) (uint32, []mailbox.UID, mailbox.UID, error) {
	if n.book == nil {
		return 0, nil, 0, core.E(core.Internal, "number messages", nil)
	}
	return n.book.Number(ctx, account, names)
}
