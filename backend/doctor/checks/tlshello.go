package checks

import (
	"context"
	"fmt"

	"mailroom/backend/doctor"
	"mailroom/backend/doctor/hello"
	"mailroom/backend/doctor/probe"
)

// helloOf asks a port for a hello of TLS 1.2, once for an examination; ok is false where
// none came: whether TLS works at all is for tls.version to tell.
func helloOf(ctx context.Context, x *doctor.Exam, r probe.Result) (hello.Server, bool) {
	type outcome struct {
		server hello.Server
		ok     bool
	}
	o, _ := doctor.Once(ctx, x, "hello "+r.Host+":"+r.Port.Number, func(ctx context.Context) outcome {
		conn, err := probe.Bare(ctx, target(x, r.Host, r.Port))
		if err != nil {
			return outcome{}
		}
		defer conn.Close()
		s, err := hello.Ask(conn, r.Host)
		return outcome{s, err == nil}
	})
	return o.server, o.ok
}

// eachHello judges the hello of every port with TLS.
func eachHello(ctx context.Context, x *doctor.Exam, bad string, judge func(hello.Server) bool) []doctor.Finding {
	return eachSecured(ctx, x, func(r probe.Result) (doctor.Finding, bool) {
		s, ok := helloOf(ctx, x, r)
		if !ok {
			return doctor.Finding{}, false
		}
		at := r.Host + ":" + r.Port.Number
		words := fmt.Sprintf("compression: %d, renegotiation_info: %v, extended_master_secret: %v", s.Compression, s.Renegotiation, s.MasterSecret)
		if s.Only13 {
			words = "TLS 1.3 only"
		}
		f := doctor.F(at, "ok", "host", at).Show(doctor.EvidenceBanner, at, words)
		if !s.Only13 && !judge(s) {
			f = because(f, bad).Act("", "")
		}
		return f, true
	})
}

func checkCompression(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachHello(ctx, x, "on", func(s hello.Server) bool { return s.Compression == 0 })
}

func checkRenegotiation(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachHello(ctx, x, "loose", func(s hello.Server) bool { return s.Renegotiation })
}

func checkMasterSecret(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachHello(ctx, x, "none", func(s hello.Server) bool { return s.MasterSecret })
}

// checkEarlyData looks at ports that speak TLS from the first byte and greet by
// themselves: there the tickets come without anything being said.
func checkEarlyData(ctx context.Context, x *doctor.Exam) []doctor.Finding {
	return eachSecured(ctx, x, func(r probe.Result) (doctor.Finding, bool) {
		if !r.Port.TLS {
			return doctor.Finding{}, false
		}
		conn, err := probe.Bare(ctx, target(x, r.Host, r.Port))
		if err != nil {
			return doctor.Finding{}, false
		}
		defer conn.Close()
		most, err := hello.EarlyData(ctx, conn, r.Host)
		if err != nil {
			return doctor.Finding{}, false
		}
		at := r.Host + ":" + r.Port.Number
		f := doctor.F(at, "ok", "host", at)
		if most > 0 {
			f = because(f, "taken").Show(doctor.EvidenceBanner, at, fmt.Sprintf("max_early_data_size: %d", most)).Act("", "")
		}
		return f, true
	})
}
