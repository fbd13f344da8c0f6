// Command vendors runs an emulated vendor, or a real mox, with an invented office, for
// tests of the window and for trying things by hand. It prints one line of JSON, which is an office
// file that the program connects with, and ends when its input does:
//
//	vendors --vendor tencent|alimail|netease|netease-classic|mox [--people 40] [--departments 8] [--domain office.example]
//	        [--days 3] [--file OFFICE.json]
//
// On its input it takes one request a line and answers each with a line of JSON:
//
//	count PATH             how many requests came whose path ends so; "" all
//	show ADDRESS           what the vendor keeps of a person, null for nobody
//	fail {"path":…, …}     a fault for the next request, as package trouble has them:
//	                       path, method, pass, times, status, body, hang, lose, cut
//	edit ADDRESS {…}       somebody else changes a person there: Tencent's emulator only
//	heal                   no more faults
//	expire                 every token ends now
//
// Of mox show works, and what people and an administrator do there (mox.go): nothing
// stands before a real server.
package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"mailroom/backend/testkit/vendors/alimail"
	"mailroom/backend/testkit/vendors/netease"
	"mailroom/backend/testkit/vendors/tencent"
	"mailroom/backend/testkit/vendors/trouble"
)

// vendor is an emulator that runs, or a server.
type vendor struct {
	host   *trouble.Host     // nil: a real server
	office map[string]string // the office file
	show   func(address string) (any, bool)
	expire func()
	stop   func()                                    // of a real server
	do     func(verb, rest string) any               // of a real server
	edit   func(address string, values []byte) error // nil: not here
}

func (v vendor) close() {
	if v.host != nil {
		v.host.Close()
		return
	}
	v.stop()
}

// order is the office that is wanted.
type order struct {
	domain                    string
	people, departments, days int
}

// kinds are the vendors that can be run.
var kinds = map[string]func(order) (vendor, error){
	"tencent": runTencent, "alimail": runAlimail, "netease": runNetease, "netease-classic": runNeteaseClassic, "mox": runMox,
}

func main() {
	kind := flag.String("vendor", "tencent", "tencent, alimail, netease, netease-classic or mox")
	file := flag.String("file", "", "write the office file here, too")
	var o order
	flag.StringVar(&o.domain, "domain", "office.example", "the office's mail domain")
	flag.IntVar(&o.people, "people", 40, "people in the office")
	flag.IntVar(&o.departments, "departments", 8, "departments")
	flag.IntVar(&o.days, "days", 3, "days of logs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *kind, *file, o, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "vendors:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, kind, file string, o order, in io.Reader, out io.Writer) error {
	start, ok := kinds[kind]
	if !ok {
		return errors.New("no such vendor: " + kind)
	}
	v, err := start(o)
	if err != nil {
		return err
	}
	defer v.close()
	if file != "" {
		raw, err := json.MarshalIndent(v.office, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, append(raw, '\n'), 0o600); err != nil {
			return err
		}
	}
	answers := json.NewEncoder(out)
	if err := answers.Encode(v.office); err != nil {
		return err
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(in); s.Scan(); {
			lines <- s.Text()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case line, more := <-lines:
			if !more {
				return nil
			}
			if err := answers.Encode(v.answer(line)); err != nil {
				return err
			}
		}
	}
}

// answer does what a line asks for.
func (v vendor) answer(line string) any {
	verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	if v.host == nil && verb != "show" {
		return v.do(verb, rest)
	}
	switch verb {
	case "count":
		return v.host.Count(rest)
	case "show":
		if what, ok := v.show(rest); ok {
			return what
		}
		return nil
	case "edit":
		address, values, _ := strings.Cut(rest, " ")
		if v.edit == nil {
			return "error: nobody is changed here"
		}
		if err := v.edit(address, []byte(values)); err != nil {
			return "error: " + err.Error()
		}
		return "ok"
	case "heal":
		v.host.Heal()
		return "ok"
	case "expire":
		v.expire()
		return "ok"
	case "fail":
		var f struct {
			Path, Method, Body       string
			Pass, Times, Status, Cut int
			Hang, Lose               bool
		}
		if err := json.Unmarshal([]byte(rest), &f); err != nil {
			return "error: " + err.Error()
		}
		v.host.Fail(trouble.Fault{
			Path: f.Path, Method: f.Method, Pass: f.Pass, Times: f.Times, Status: cmp.Or(f.Status, 200), Body: f.Body, Hang: f.Hang, Lose: f.Lose, Cut: f.Cut,
		})
		return "ok"
	}
	return "error: no such request: " + verb
}

func runTencent(o order) (vendor, error) {
	s := tencent.New(o.domain)
	s.Fill(o.people, o.departments)
	s.FillLogs(time.Now(), o.days, 2*o.people)
	return vendor{
		host: s.Host, expire: s.EndTokens,
		edit: func(address string, values []byte) error {
			m, ok := s.Member(address)
			if !ok {
				return errors.New("there is nobody " + address)
			}
			if err := json.Unmarshal(values, &m); err != nil {
				return err
			}
			s.AddMember(m)
			return nil
		},
		office: map[string]string{
			"provider": "tencent", "domain": o.domain, "baseUrl": s.BaseURL(), "corpId": tencent.CorpID,
			"contactSecret": s.Secret(tencent.Contacts), "logSecret": s.Secret(tencent.Logs), "optionSecret": s.Secret(tencent.Options),
			"noticeSecret": s.Secret(tencent.NewMail), "signInSecret": s.Secret(tencent.SignOn),
		},
		show: func(address string) (any, bool) {
			if m, ok := s.Member(address); ok {
				return m, true
			}
			g, ok := s.Group(address)
			return g, ok
		},
	}, nil
}

func runAlimail(o order) (vendor, error) {
	s := alimail.New(o.domain)
	s.Fill(o.people, o.departments)
	return vendor{
		host: s.Host, expire: s.EndTokens,
		office: map[string]string{
			"provider": "alimail", "domain": o.domain, "baseUrl": s.BaseURL(), "clientId": alimail.ClientID, "clientSecret": s.Secret(),
		},
		show: func(address string) (any, bool) { return s.User(address) },
	}, nil
}

func runNeteaseClassic(o order) (vendor, error) {
	s := netease.NewClassic(o.domain)
	s.Fill(o.people, o.departments)
	s.FillLogs(time.Now(), o.days, 2*o.people)
	return vendor{
		host: s.Host, expire: s.ForgetKey, // nothing here lives for a time but the key
		office: map[string]string{
			"provider": "netease-classic", "domain": o.domain, "baseUrl": s.BaseURL(), "region": "north", "product": s.Product, "key": s.PrivateKeyPEM(),
		},
		show: func(address string) (any, bool) { return s.Account(local(address)) },
	}, nil
}

func runNetease(o order) (vendor, error) {
	s := netease.NewOpen(o.domain)
	s.Fill(o.people, o.departments)
	s.FillLogs(time.Now(), o.days, 2*o.people)
	return vendor{
		host: s.Host, expire: func() { s.EndTokens(false) },
		office: map[string]string{
			"provider": "netease", "domain": o.domain, "baseUrl": s.BaseURL(), "appId": s.AppID, "authCode": s.AuthCode(), "orgOpenId": s.OrgOpenID,
		},
		show: func(address string) (any, bool) { return s.Account(local(address)) },
	}, nil
}

// local is the part of an address before the @, which is NetEase's name of an account.
func local(address string) string {
	name, _, _ := strings.Cut(address, "@")
	return name
}
