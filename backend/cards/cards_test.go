package cards

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"mailroom/backend/core"
	"mailroom/backend/preset"
	"mailroom/backend/report"
	"mailroom/frontend/src/i18n/locales"
)

func words(t *testing.T, language string) *report.Words {
	t.Helper()
	w, err := report.LoadWords(locales.FS, language)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func make1(t *testing.T, provider string, p Person) Card {
	t.Helper()
	s, err := Of(provider, "new.example")
	if err != nil {
		t.Fatal(err)
	}
	list, err := For(s, []Person{p})
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

// scan reads the picture with a reader of somebody else's.
func scan(t *testing.T, svg string) string {
	t.Helper()
	size := regexp.MustCompile(`viewBox="0 0 (\d+) `).FindStringSubmatch(svg)
	n, _ := strconv.Atoi(size[1])
	const zoom = 4
	img := image.NewGray(image.Rect(0, 0, n*zoom, n*zoom))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	black := svg[strings.LastIndex(svg, ` d="`):]
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1`).FindAllStringSubmatch(black, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		run, _ := strconv.Atoi(m[3])
		for dx := range run * zoom {
			for dy := range zoom {
				img.SetGray(x*zoom+dx, y*zoom+dy, color.Gray{})
			}
		}
	}
	bmp, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	got, err := qrcode.NewQRCodeReader().Decode(bmp, nil)
	if err != nil {
		t.Fatal(err)
	}
	return got.GetText()
}

func TestTheCodeHoldsWhatThePhoneNeeds(t *testing.T) {
	c := make1(t, "tencent-exmail", Person{Name: "李雷", Address: "li.lei@new.example"})
	svg, err := QR(c.Text(), "code")
	if err != nil {
		t.Fatal(err)
	}
	want := "li.lei@new.example\nIMAP imap.exmail.qq.com 993 SSL/TLS\nSMTP smtp.exmail.qq.com 465 SSL/TLS"
	if got := scan(t, string(svg)); got != want {
		t.Errorf("%q", got)
	}
}

func TestCardsTellTheProvidersOwnSettings(t *testing.T) {
	people := []Person{{Name: "李雷", Address: "li.lei@new.example"}, {Address: "han@new.example"}}
	s, _ := Of("netease-qiye", "new.example")
	list, err := For(s, people)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := HTML(&b, list, words(t, "zh-CN"), words(t, "en")); err != nil {
		t.Fatal(err)
	}
	html := b.String()
	if n := strings.Count(html, `<section class="card"`); n != 4 {
		t.Errorf("%d pages for two people in two languages", n)
	}
	for _, want := range []string{"李雷", "imap.qiye.163.com", "<code>993</code>", "填客户端授权码，不是网页登录密码", "Foxmail", "iPhone", "break-before: page", `lang="en"`} {
		if !strings.Contains(html, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(html, "cards.") || strings.Contains(html, "{{") || strings.Contains(html, "src=") {
		t.Error("a text is missing, or something is loaded from outside")
	}
}

func TestEveryProviderGivesACardOrSaysWhatIsMissing(t *testing.T) {
	w := words(t, "en")
	for _, p := range preset.Providers() {
		s, err := Of(p.ID, "new.example")
		if err != nil {
			t.Errorf("%s: %v", p.ID, err)
			continue
		}
		list, err := For(s, []Person{{Address: "li.lei@new.example"}})
		if err != nil {
			if p.ID != "workmail" { // its region is the office's own
				t.Errorf("%s: %v", p.ID, err)
			}
			continue
		}
		var b bytes.Buffer
		if err := HTML(&b, list, w); err != nil || strings.HasPrefix(list[0].IMAP.Host, "export.") || preset.Unfilled(list[0].IMAP.Host) {
			t.Errorf("%s: %v", p.ID, err)
		}
	}
	if c := make1(t, "exchange", Person{Address: "li.lei@new.example"}); c.User != `new.example\li.lei` || c.IMAP.Host != "mail.new.example" {
		t.Errorf("%+v", c)
	}
}

func TestFilesForProgramsAreWellFormedAndHoldNoPassword(t *testing.T) {
	c := make1(t, "aliyun-qiye", Person{Name: `Li & <Lei>`, Address: "li&lei@new.example"})
	profile := AppleProfile(c, "en")
	for name, raw := range map[string][]byte{"profile": profile, "autoconfig": Autoconfig(c.Settings, "new.example"), "autodiscover": Autodiscover(c.Settings)} {
		d := xml.NewDecoder(bytes.NewReader(raw))
		d.Strict = true
		for {
			if _, err := d.Token(); err != nil {
				if err.Error() != "EOF" {
					t.Errorf("%s: %v\n%s", name, err, raw)
				}
				break
			}
		}
		if !bytes.Contains(raw, []byte("imap.qiye.aliyun.com")) {
			t.Errorf("%s names no server", name)
		}
	}
	if !bytes.Contains(profile, []byte("<string>li&amp;lei@new.example</string>")) || bytes.Contains(profile, []byte("<key>IncomingPassword</key>")) {
		t.Errorf("%s", profile)
	}
	ids := regexp.MustCompile(`[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}`).FindAllString(string(profile), -1)
	if len(ids) != 2 || ids[0] == ids[1] || !bytes.Equal(profile, AppleProfile(c, "en")) {
		t.Errorf("UUIDs: %v", ids)
	}
	if m := make1(t, "m365", Person{Address: "li@new.example"}); AppleProfile(m, "en") != nil || Autodiscover(m.Settings) != nil {
		t.Error("a profile with a password for a provider that takes none")
	}
}

func TestAFolderIsMadeAnewAndNamesAreClean(t *testing.T) {
	s, _ := Of("qq", "qq.com")
	list, err := For(s, []Person{{Address: "a/../b@new.example"}, {Address: "A_.._b@new.example"}, {Address: "李雷@new.example"}})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	first, err := Save(dir, list, words(t, "en"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := Save(dir, list, words(t, "en"))
	if err != nil || first == second || filepath.Dir(second) != dir {
		t.Fatalf("%s, %s, %v", first, second, err)
	}
	for _, name := range []string{"cards.html", "a_.._b@new.example.html", "A_.._b@new.example-2.html", "李雷@new.example.mobileconfig", "thunderbird-config-v1.1.xml", "outlook-autodiscover.xml"} {
		if _, err := os.Stat(filepath.Join(first, name)); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []Person{{Address: "nobody"}, {Address: "@new.example"}, {Address: "a@"}, {Address: "a@b\r\nX: y"}} {
		if _, err := For(s, []Person{{Address: "ok@new.example"}, bad}); core.CodeOf(err) != core.Invalid || !strings.Contains(err.(*core.Error).Args["row"], "2") {
			t.Errorf("%q: %v", bad.Address, err)
		}
	}
}
