package corpus

import (
	"encoding/base64"
	"strings"
)

// structureShapes are odd in their MIME structure, or hold what no program but the
// sender's understands. Signatures and keys are not valid: their bytes count.
func structureShapes() []shape {
	mixed := "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
	blob := wrapped([]byte(strings.Repeat("\x30\x82\x01\x0a not a real signature ", 40)))
	inner := string(plain("Message-ID: <inner@old.example>\r\nSubject: =?utf-8?B?6L2s5Y+R?=\r\n", "inner\r\n"))
	return []shape{
		{name: "nested-message", body: plain(mixed, "--b\r\nContent-Type: message/rfc822\r\n\r\n"+inner+"\r\n--b--\r\n")},
		{name: "nested-50-deep", body: nested(50)},
		{name: "multipart-100-deep", body: deep(100)},
		{name: "parts-1000", body: plain(known("parts-1000")+mixed, strings.Repeat("--b\r\nContent-Type: text/plain\r\n\r\npart\r\n", 1000)+"--b--\r\n")},
		{name: "mime-without-end", body: plain(mixed, "--b\r\nContent-Type: text/plain\r\n\r\nthe closing line is missing\r\n")},
		{name: "mime-without-boundary", body: plain("MIME-Version: 1.0\r\nContent-Type: multipart/mixed\r\n", "no boundary\r\n")},
		{name: "mime-empty-boundary", body: plain("MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"\"\r\n", "--\r\n\r\nx\r\n----\r\n")},
		{name: "mime-boundary-never-used", body: plain(mixed, "the boundary never comes\r\n")},
		{name: "mime-broken-base64", body: plain("MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n", "!!!! not base64 ====\r\nQUJD=\r\n")},
		{name: "mime-broken-content-type", body: plain("Content-Type: ; ; =;charset=\"unclosed\r\n", "x\r\n")},
		{name: "attachment-name-rfc2231", body: plain(mixed, "--b\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8''%E5%90%88;\r\n filename*1*=%E5%90%8C.pdf\r\n\r\nx\r\n--b--\r\n")},
		{name: "attachment-name-raw-gbk", body: plain(mixed, "--b\r\nContent-Disposition: attachment; filename=\"\xba\xcf\xcd\xac.doc\"\r\n\r\nx\r\n--b--\r\n")},
		{name: "smime-signed", body: plain("MIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=b\r\n",
			"--b\r\nContent-Type: text/plain\r\n\r\ntrailing spaces count   \r\n\r\n--b\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n"+blob+"--b--\r\n")},
		{name: "smime-encrypted", body: plain("MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n", blob)},
		{name: "pgp-mime", body: plain("MIME-Version: 1.0\r\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\r\n",
			"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\n"+blob+"-----END PGP MESSAGE-----\r\n--b--\r\n")},
		{name: "pgp-inline", body: plain("Subject: signed\r\n", "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n- -dash escaped\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\n"+blob+"-----END PGP SIGNATURE-----\r\n")},
		{name: "winmail-dat", body: plain(mixed, "--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"+
			wrapped([]byte("\x78\x9f\x3e\x22\x01\x00\x01\x06\x90\x08\x00\x04\x00\x00\x00\x00\x00\x01\x00\x01\x00\x01\x07\x90\x06\x00\x08\x00\x00\x00"))+"--b--\r\n")},
		{name: "calendar-invitation", body: plain("MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\n", "BEGIN:VCALENDAR\r\nSUMMARY:会议\r\nEND:VCALENDAR\r\n")},
		{name: "delivery-report", body: plain("MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
			"--b\r\n\r\nfailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; x@new.example\r\nAction: failed\r\nStatus: 5.1.1\r\n--b--\r\n")},
		{name: "message-partial", body: plain("MIME-Version: 1.0\r\nContent-Type: message/partial; number=1; total=2; id=\"p@old.example\"\r\n", "Subject: half\r\n\r\nhalf of it\r\n")},
		{name: "binary-encoding", body: plain("MIME-Version: 1.0\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n", "\x89PNG\r\n\x1a\r\n\xff\xfe\x01\r\n")},
		{name: "uuencoded", body: plain("Subject: old\r\n", "begin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n")},
	}
}

func wrapped(b []byte) string {
	var out strings.Builder
	for text := base64.StdEncoding.EncodeToString(b); text != ""; {
		n := min(76, len(text))
		out.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
	return out.String()
}

// nested makes a message within a message, n times.
func nested(n int) []byte {
	body := string(plain("Subject: the innermost\r\n", "x\r\n"))
	for range n {
		body = string(plain("MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n", body))
	}
	return []byte(body)
}

// deep makes multiparts within multiparts, n times.
func deep(n int) []byte {
	body := "Content-Type: text/plain\r\n\r\nx\r\n"
	for i := range n {
		b := "b" + strings.Repeat("x", i%40) + string(rune('a'+i%26))
		body = "Content-Type: multipart/mixed; boundary=" + b + "\r\n\r\n--" + b + "\r\n" + body + "--" + b + "--\r\n"
	}
	return append([]byte(sender+known("multipart-100-deep")+"MIME-Version: 1.0\r\n"), body...)
}
