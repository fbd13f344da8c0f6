package mox

import (
	"bufio"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"mailroom/backend/core"
	"mailroom/backend/provider"
	"mailroom/backend/provider/providertest"
	"mailroom/backend/secret"
	"mailroom/backend/testkit/leak"
	"mailroom/backend/testkit/servers"
)

// server is the one mox that all tests but the suite share: it takes a thousand
// requests a minute, and the suite alone makes most of them.
var server *servers.MoxServer

func TestMain(m *testing.M) {
	var err error
	if server, err = servers.StartMox(context.Background()); err != nil {
		panic(err)
	}
	leak.Main(m, server.Stop)
}

func config() provider.Config { return configOf(server) }

func configOf(m *servers.MoxServer) provider.Config {
	return provider.Config{
		Domain: m.Domain, Pace: 1e6, Values: map[string]string{"address": m.URL + "/admin/"},
		Secret: map[string]secret.Value{"password": secret.NewValue(m.Password)},
	}
}

func connect(t *testing.T, c provider.Config) *Office {
	t.Helper()
	p, err := Maker().New(c)
	if err != nil {
		t.Fatal(err, core.ArgsOf(err))
	}
	o := p.(*Office)
	t.Cleanup(func() { _ = o.Close() })
	return o
}

// signIn tries a password over IMAP.
func signIn(ctx context.Context, m *servers.MoxServer, address, password string) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", m.IMAP)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := conn.Write([]byte("a LOGIN \"" + address + "\" \"" + password + "\"\r\n")); err != nil {
		return err
	}
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "a OK") {
			_, _ = conn.Write([]byte("b LOGOUT\r\n"))
			return nil
		}
		if strings.HasPrefix(lines.Text(), "a ") {
			return errors.New(lines.Text())
		}
	}
	return errors.New("the connection ended")
}

func TestSuite(t *testing.T) {
	m := servers.Mox(t)
	says := func(code, message string) providertest.Answer {
		return providertest.Answer{Status: 200, Body: `{"result":null,"error":{"code":"` + code + `","message":"` + message + `: ECHO"}}`}
	}
	providertest.Run(t, providertest.Case{
		Maker: Maker(), Domain: m.Domain, Secrets: []string{m.Password}, NoPages: true,
		New: func(t *testing.T, o *providertest.Outlet) provider.Provider {
			c := configOf(m)
			c.HTTP, c.Wait = o.Client(), o.Wait
			return connect(t, c)
		},
		Adjust: func(p *provider.NewPerson) { p.Name = "" }, // it costs five requests of the few, and is tried where values are
		SignIn: func(ctx context.Context, address, password string) error { return signIn(ctx, m, address, password) },
		Answers: map[providertest.Trouble]providertest.Answer{
			providertest.KeyRefused: says("user:badAuth", "no such session"),
			providertest.Missing:    says("user:error", "looking up account: no such account"),
			providertest.Exists:     says("user:error", "bad request: address not available: address in use as alias"),
			providertest.TooMany:    says("user:error", "too many authentication attempts"),
		},
		// A page that is missing is told by JSON; plain words come from another server.
		Differs: map[providertest.Trouble]core.Code{providertest.Missing: core.Malformed},
	})
}
