package checks

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/doctor"
)

func lineChecks() []doctor.Check {
	return []doctor.Check{
		define("ports.line", "RFC 2681; RFC 2680", checkLine, "ok:p", "far:w", "lossy:w"),
		define("ports.tunnel", "RFC 7230 2.3", checkTunnel, "ok:p", "vpn:i", "proxy:i"),
	}
}

const (
	lineTries = 5
	farAfter  = 300 * time.Millisecond
)

// checkLine connects to a server of the mailboxes several times: the fastest tells how
// far it is, and attempts that fail while others do not, that packets get lost.
func checkLine(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	all, ok := servicesOf(ctx, x)
	if !ok {
		return nil
	}
	for _, s := range all {
		first, ok := ask(ctx, x, s)
		if !ok || first.ConnectErr != nil {
			continue
		}
		fastest, lost, evidence := first.Connected, 0, ""
		for range lineTries {
			begin := time.Now()
			conn, _, err := x.Connect(ctx, s.host, s.port.Number)
			if ctx.Err() != nil {
				return nil
			}
			if err != nil {
				lost++
				evidence += "-\n"
				continue
			}
			took := time.Since(begin)
			_ = conn.Close()
			fastest = min(fastest, took)
			evidence += fmt.Sprintf("%.1f ms\n", float64(took.Microseconds())/1000)
		}
		f := doctor.F(s.String(), "ok", "host", s.String(), "ms", strconv.FormatInt(fastest.Milliseconds(), 10), "lost", strconv.Itoa(lost), "tries", strconv.Itoa(lineTries)).
			Show(doctor.EvidenceBanner, s.String(), strings.TrimSuffix(evidence, "\n"))
		switch {
		case lost > 0 && lost < lineTries:
			f = because(f, "lossy").Act("", "")
		case fastest > farAfter:
			f = because(f, "far").Act("", "")
		}
		return one(f)
	}
	return doctor.One(x.Domain, "nothing")
}

func checkTunnel(_ context.Context, x *doctor.Exam) []doctor.Finding {
	switch {
	case x.Machine == nil:
		return doctor.One(x.Domain, "not_asked")
	case len(x.Machine.Tunnels) > 0:
		return doctor.One(x.Domain, "vpn", "names", listed(x.Machine.Tunnels))
	case x.Machine.Proxy != "":
		return doctor.One(x.Domain, "proxy", "host", x.Machine.Proxy)
	}
	return doctor.One(x.Domain, "ok")
}

// tunnelNames are how systems and programs name interfaces of virtual private networks:
// Linux (tun, tap, ppp, wg), macOS (utun, ipsec), Windows by the makers' words.
var tunnelNames = []string{"tun", "tap", "ppp", "wg", "utun", "ipsec", "vpn", "wireguard", "openvpn", "easyconnect", "sangfor", "anyconnect", "zerotier", "tailscale"}

// thisMachine looks at the interfaces and the environment. macOS keeps utun interfaces
// without an IPv4 address for itself: those do not count.
func thisMachine() *doctor.Machine {
	m := &doctor.Machine{}
	interfaces, _ := net.Interfaces()
	for _, i := range interfaces {
		name := strings.ToLower(i.Name)
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 || !slices.ContainsFunc(tunnelNames, func(t string) bool { return tunnelName(name, t) }) {
			continue
		}
		addresses, _ := i.Addrs()
		if slices.ContainsFunc(addresses, func(a net.Addr) bool {
			n, ok := a.(*net.IPNet)
			return ok && n.IP.To4() != nil
		}) {
			m.Tunnels = append(m.Tunnels, i.Name)
		}
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: "mail.example"}})
	if err == nil && proxy != nil {
		m.Proxy = proxy.Host
	}
	return m
}

// tunnelName: short words stand at the beginning with a number behind them, long ones
// anywhere.
func tunnelName(name, word string) bool {
	if len(word) > 5 || word == "vpn" {
		return strings.Contains(name, word)
	}
	rest, ok := strings.CutPrefix(name, word)
	return ok && strings.Trim(rest, "0123456789") == ""
}
