package header

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

// Signature is one DKIM-Signature field (RFC 6376).
type Signature struct {
	Domain    string // d=
	Selector  string // s=
	Algorithm string // a=
	Signed    []string
	At        time.Time // t=; zero: not told
	Expires   time.Time // x=; zero: never
	Notes     []string  // codes: length-tag, from-not-oversigned, old-algorithm, test-key, expired
	// Claimed is the receiver's word; "" nothing is said.
	Claimed Result
	// Verified is our own outcome; "" not verified (header only, or no DNS).
	Verified Result
	Reason   string // code of why it does not verify
	Detail   string // the library's words
}

// Outcome is what counts: our own verification, else the receiver's word.
func (s Signature) Outcome() Result {
	if s.Verified != "" && s.Verified != TempError {
		return s.Verified
	}
	return s.Claimed
}

// signatures reads the DKIM signatures, topmost first, and verifies them where the
// whole mail is there.
func signatures(ctx context.Context, m rawMail, r Report, o Options) []Signature {
	var all []Signature
	for _, f := range m.all("DKIM-Signature") {
		if len(all) == maxSignatures {
			break
		}
		all = append(all, readSignature(f, o.Now()))
	}
	for i := range all {
		for _, c := range r.Claims {
			if c.Top && c.Method == "dkim" && strings.EqualFold(c.Domain, all[i].Domain) && (c.Props["header.s"] == "" || c.Props["header.s"] == all[i].Selector) {
				all[i].Claimed = c.Result
				break
			}
		}
	}
	if len(all) == 0 || !r.Whole || r.Cut || o.TXT == nil {
		return all
	}
	lookup := func(name string) ([]string, error) {
		records, err := o.TXT(ctx, strings.TrimSuffix(name, "."))
		if err != nil {
			return nil, away{err}
		}
		return records, nil
	}
	// The header must be free of what is no field, or the library stops there.
	verified, _ := dkim.VerifyWithOptions(io.MultiReader(bytes.NewReader(m.bytes()), bytes.NewReader(m.body)), &dkim.VerifyOptions{LookupTXT: lookup, MaxVerifications: maxSignatures})
	for i := range all {
		if i < len(verified) {
			all[i].Verified, all[i].Reason = outcome(verified[i].Err)
			if verified[i].Err != nil {
				all[i].Detail = clip(verified[i].Err.Error(), 300)
			}
		}
	}
	return all
}

// bytes is the header again, with the empty line.
func (m rawMail) bytes() []byte {
	var b bytes.Buffer
	for _, f := range m.fields {
		b.WriteString(f.text)
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// away marks a question that could not be answered as temporary for the library.
type away struct{ error }

func (away) Temporary() bool { return true }
func (away) Timeout() bool   { return true }

func outcome(err error) (Result, string) {
	if err == nil {
		return Pass, ""
	}
	words := err.Error()
	for _, known := range []struct {
		part, code string
		result     Result
	}{
		{"key unavailable", "key-unreachable", TempError},
		{"no key for signature: ", "key-missing", PermError},
		{"no valid key found", "key-missing", PermError},
		{"key revoked", "key-revoked", PermError},
		{"multiple TXT", "key-broken", PermError},
		{"key syntax", "key-broken", PermError},
		{"key record", "key-broken", PermError},
		{"too short", "key-short", PermError},
		{"body hash did not verify", "body-changed", Fail},
		{"signature did not verify", "header-changed", Fail},
		{"insecure body length", "length-tag", Fail},
		{"has expired", "expired", PermError},
		{"too weak", "old-algorithm", PermError},
		{"From field not signed", "from-not-signed", PermError},
		{"domain mismatch", "malformed", PermError},
	} {
		if strings.Contains(words, known.part) {
			return known.result, known.code
		}
	}
	if dkim.IsTempFail(err) {
		return TempError, "key-unreachable"
	}
	return PermError, "malformed"
}

func readSignature(f rawField, now time.Time) Signature {
	t := looseTags(f.value())
	s := Signature{Domain: strings.ToLower(t["d"]), Selector: t["s"], Algorithm: strings.ToLower(t["a"])}
	from := 0
	for name := range strings.SplitSeq(t["h"], ":") {
		if name = strings.TrimSpace(name); name != "" && len(s.Signed) < 100 {
			s.Signed = append(s.Signed, name)
			if strings.EqualFold(name, "from") {
				from++
			}
		}
	}
	s.At, s.Expires = unix(t["t"]), unix(t["x"])
	if _, there := t["l"]; there {
		s.Notes = append(s.Notes, "length-tag")
	}
	if from == 1 {
		s.Notes = append(s.Notes, "from-not-oversigned")
	}
	if s.Algorithm == "rsa-sha1" {
		s.Notes = append(s.Notes, "old-algorithm")
	}
	if !s.Expires.IsZero() && now.After(s.Expires) {
		s.Notes = append(s.Notes, "expired")
	}
	return s
}

// looseTags reads a tag list as far as it can be read.
func looseTags(v string) map[string]string {
	all := map[string]string{}
	for piece := range strings.SplitSeq(unfold(v), ";") {
		key, value, found := strings.Cut(piece, "=")
		if key = strings.TrimSpace(key); found && all[key] == "" {
			all[key] = strings.TrimSpace(value)
		}
	}
	return all
}

func unix(v string) time.Time {
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n <= 0 || n > 4_102_444_800 {
		return time.Time{}
	}
	return time.Unix(n, 0)
}
