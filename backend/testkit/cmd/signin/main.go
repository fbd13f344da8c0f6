// Command signin runs, for the end-to-end tests, a sign-in page with its token server
// and a Dovecot that asks it what tokens are worth. It prints one line of JSON with
// their addresses and ends when its input does:
//
//	signin --vendor google
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"mailroom/backend/oauth"
	"mailroom/backend/testkit/corpus"
	"mailroom/backend/testkit/oauthtest"
	"mailroom/backend/testkit/servers"
)

// told is what the tests must know.
type told struct {
	Services     []oauth.Service `json:"services"` // for MAILROOM_SIGN_IN
	ClientID     string          `json:"clientId"`
	ClientSecret string          `json:"clientSecret"`
	Host         string          `json:"host"`
	Port         int             `json:"port"`
	User         string          `json:"user"`
	Other        string          `json:"other"`    // somebody else, who has no mail yet
	Password     string          `json:"password"` // of the other, who may also sign in with it
	Messages     int             `json:"messages"`
}

func main() {
	vendor := flag.String("vendor", string(oauth.Google), "google, microsoft or microsoft-cn")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, oauth.Vendor(*vendor)); err != nil {
		fmt.Fprintln(os.Stderr, "signin:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, vendor oauth.Vendor) (err error) {
	const messages = 25
	page := oauthtest.New(vendor)
	defer page.Close()
	user := servers.User{Name: "li.lei@old.example", Password: "never asked for"}
	other := servers.User{Name: oauthtest.OtherUser, Password: "rosenrot-7"}
	mail, err := servers.StartDovecot(ctx, servers.Options{TokenInfo: page.TokenInfo(), Users: []servers.User{user, other}})
	if err != nil {
		return err
	}
	defer func() {
		if stopErr := mail.Stop(); err == nil {
			err = stopErr
		}
	}()
	if _, err := corpus.Fill(ctx, mail, user, corpus.Small(messages, 1)); err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(told{
		Services: page.Services(), ClientID: oauthtest.ClientID, ClientSecret: oauthtest.ClientSecret,
		Host: mail.Host, Port: mail.Port, User: user.Name, Other: other.Name, Password: other.Password, Messages: messages,
	}); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()
	select {
	case <-ctx.Done():
	case <-ended:
	}
	return nil
}
