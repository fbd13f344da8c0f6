package cards

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"mailroom/backend/core"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Text is the card in a few plain lines, as the QR code holds it: a phone shows it for
// copying, so that nothing has to be typed.
func (c Card) Text() string {
	var b strings.Builder
	line := func(name string, s *Server) {
		if s != nil {
			fmt.Fprintf(&b, "%s %s %d %s\n", name, s.Host, s.Port, secure(s.Security))
		}
	}
	fmt.Fprintf(&b, "%s\n", c.Address)
	if c.User != c.Address {
		fmt.Fprintf(&b, "%s\n", c.User)
	}
	line("IMAP", c.IMAP)
	line("SMTP", c.SMTP)
	return strings.TrimRight(b.String(), "\n")
}

func secure(security string) string {
	if security == "starttls" {
		return "STARTTLS"
	}
	return "SSL/TLS"
}

// quiet is the white border that a reader needs, in modules (ISO/IEC 18004).
const quiet = 4

// QR draws text as an SVG picture; label says what it is for those who cannot see it.
func QR(text, label string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		return "", core.E(core.TooBig, "draw QR code", err)
	}
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := 0; x < size; {
			run := 0
			for x+run < size && dark(code, x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
			}
			x += run + 1
		}
	}
	whole := size + 2*quiet
	return template.HTML(fmt.Sprintf(`<svg class="qr" role="img" aria-label="%s" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dh-%dz"/><path fill="#000" d="%s"/></svg>`, //nolint:gosec // only numbers and an escaped label
		template.HTMLEscapeString(label), whole, whole, whole, whole, whole, path.String())), nil
}

func dark(code barcode.Barcode, x, y int) bool {
	r, _, _, _ := code.At(x, y).RGBA()
	return r < 0x8000
}
