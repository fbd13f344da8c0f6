package header

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// maxInstances is the largest number of ARC sets (RFC 8617 section 4.2.1).
const maxInstances = 50

// maxSigned bounds the fields that one signature names.
const maxSigned = 200

// Chain is what an authenticated received chain tells (RFC 8617).
type Chain struct {
	Result Result // none, pass, fail, or temperror where a key cannot be fetched
	Reason string // code of why it fails; "" it does not
	Sealed []Seal // one an instance, first forwarder first
}

// Seal is one forwarder's part of a chain.
type Seal struct {
	Instance int
	Domain   string
	Selector string
	Says     string // its cv=: none, pass, fail
	Auth     string // what it saw itself: ARC-Authentication-Results
}

// arcSet is one instance with its three fields.
type arcSet struct {
	aar, ams, seal   rawField
	amsTags, asTags  map[string]string
	hasAAR, hasAMS   bool
	hasSeal, doubled bool
}

// verifyARC validates a chain as RFC 8617 section 5.2 says. txt nil only reads it.
func verifyARC(ctx context.Context, m rawMail, txt TXT) Chain {
	sets, reason := collect(m)
	if len(sets) == 0 && reason == "" {
		return Chain{Result: None}
	}
	c := Chain{Result: Fail, Reason: reason, Sealed: sealed(sets)}
	if reason != "" {
		return c
	}
	if reason = cvReason(sets); reason != "" {
		c.Reason = reason
		return c
	}
	if txt == nil {
		c.Result = ""
		return c
	}
	keys := keyring{ctx: ctx, txt: txt, known: map[string]*rsa.PublicKey{}}
	if reason = verifyAMS(m, sets[len(sets)-1], &keys); reason == "" {
		for i := len(sets); i >= 1 && reason == ""; i-- {
			reason = verifySeal(sets, i, &keys)
		}
	}
	switch {
	case reason == "":
		c.Result, c.Reason = Pass, ""
	case keys.away:
		c.Result, c.Reason = TempError, "key-unreachable"
	default:
		c.Reason = reason
	}
	return c
}

func sealed(sets []*arcSet) []Seal {
	var all []Seal
	for i, s := range sets {
		if s != nil {
			_, auth, _ := strings.Cut(unfold(s.aar.value()), ";")
			all = append(all, Seal{Instance: i + 1, Domain: s.asTags["d"], Selector: s.asTags["s"], Says: s.asTags["cv"], Auth: strings.TrimSpace(squeeze(auth))})
		}
	}
	return all
}

// collect groups the fields by instance and checks their form; the index is i-1.
func collect(m rawMail) (sets []*arcSet, reason string) {
	byInstance := map[int]*arcSet{}
	top := 0
	at := func(i int) *arcSet {
		if byInstance[i] == nil {
			byInstance[i] = &arcSet{}
		}
		top = max(top, i)
		return byInstance[i]
	}
	for _, f := range m.fields {
		switch strings.ToLower(f.name) {
		case "arc-authentication-results":
			i := aarInstance(f)
			if i == 0 {
				return list(byInstance, top), "malformed"
			}
			s := at(i)
			s.doubled, s.hasAAR, s.aar = s.doubled || s.hasAAR, true, f
		case "arc-message-signature", "arc-seal":
			t := tags(f.value())
			i, err := strconv.Atoi(t["i"])
			if err != nil || i < 1 || i > maxInstances {
				return list(byInstance, top), "malformed"
			}
			s := at(i)
			if strings.EqualFold(f.name, "arc-seal") {
				s.doubled, s.hasSeal, s.seal, s.asTags = s.doubled || s.hasSeal, true, f, t
			} else {
				s.doubled, s.hasAMS, s.ams, s.amsTags = s.doubled || s.hasAMS, true, f, t
			}
		}
	}
	sets = list(byInstance, top)
	for _, s := range sets {
		if s == nil || s.doubled || !s.hasAAR || !s.hasAMS || !s.hasSeal {
			return sets, "incomplete"
		}
		if !soundAMS(s.amsTags) || !soundSeal(s.asTags) {
			return sets, "malformed"
		}
	}
	return sets, ""
}

func list(by map[int]*arcSet, top int) []*arcSet {
	all := make([]*arcSet, top)
	for i := range all {
		all[i] = by[i+1]
	}
	return all
}

// aarInstance reads the "i=N;" with which the field must begin; 0: it does not.
func aarInstance(f rawField) int {
	head, _, found := strings.Cut(strings.TrimSpace(unfold(f.value())), ";")
	name, value, isTag := strings.Cut(head, "=")
	i, err := strconv.Atoi(strings.TrimSpace(value))
	if !found || !isTag || strings.TrimSpace(name) != "i" || err != nil || i < 1 || i > maxInstances {
		return 0
	}
	return i
}

func cvReason(sets []*arcSet) string {
	for i, s := range sets {
		cv := s.asTags["cv"]
		switch {
		case cv == "fail" && i == len(sets)-1:
			return "forwarder-says-fail"
		case i == 0 && cv != "none", i > 0 && cv != "pass":
			return "wrong-cv"
		}
	}
	return ""
}

// digits says whether a tag is absent or a number.
func digits(t map[string]string, key string) bool {
	v, there := t[key]
	if !there {
		return true
	}
	_, err := strconv.ParseUint(v, 10, 63)
	return err == nil
}

func soundAMS(t map[string]string) bool {
	_, hasH := t["h"]
	for name := range strings.SplitSeq(strings.ToLower(t["h"]), ":") {
		if strings.TrimSpace(name) == "arc-seal" {
			return false
		}
	}
	return hasH && t["a"] == "rsa-sha256" && t["b"] != "" && t["bh"] != "" && domainName(t["d"]) && t["s"] != "" && digits(t, "t")
}

func soundSeal(t map[string]string) bool {
	_, hasH := t["h"]
	return !hasH && t["a"] == "rsa-sha256" && t["b"] != "" && t["cv"] != "" && domainName(t["d"]) && t["s"] != "" && digits(t, "t")
}

func domainName(d string) bool {
	if d == "" || len(d) > 253 || strings.ContainsAny(d, " \t/@:;,<>\"()^") {
		return false
	}
	for label := range strings.SplitSeq(d, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
	}
	return strings.Contains(d, ".")
}

// verifyAMS checks a message signature like DKIM's (RFC 8617 section 4.1.2); "" good.
// Without c= the default is simple/simple, but forwarders exist that mean relaxed: a
// signature that holds either way is one.
func verifyAMS(m rawMail, s *arcSet, keys *keyring) string {
	c, there := s.amsTags["c"]
	if !there {
		if reason := verifyCanonical(m, s, keys, "simple", "simple"); reason == "" || keys.away {
			return reason
		}
		return verifyCanonical(m, s, keys, "relaxed", "relaxed")
	}
	head, body, both := strings.Cut(c, "/")
	if !both {
		body = "simple"
	}
	if head != "simple" && head != "relaxed" || body != "simple" && body != "relaxed" {
		return "malformed"
	}
	return verifyCanonical(m, s, keys, head, body)
}

func verifyCanonical(m rawMail, s *arcSet, keys *keyring, headCanon, bodyCanon string) string {
	sum := sha256.Sum256(canonicalBody(m.body, bodyCanon == "relaxed"))
	if bh, err := base64.StdEncoding.DecodeString(noBlanks(s.amsTags["bh"])); err != nil || string(bh) != string(sum[:]) {
		return "body-changed"
	}
	var signed strings.Builder
	used := map[string]int{}
	if strings.Count(s.amsTags["h"], ":") > maxSigned {
		return "malformed"
	}
	for name := range strings.SplitSeq(s.amsTags["h"], ":") {
		name = strings.ToLower(strings.TrimSpace(unfold(name)))
		all := m.all(name)
		used[name]++
		if i := len(all) - used[name]; name != "" && i >= 0 {
			signed.WriteString(canonical(all[i].text, headCanon == "relaxed") + "\r\n")
		}
	}
	signed.WriteString(strings.TrimSuffix(canonical(withoutSignature(s.ams.text), headCanon == "relaxed"), "\r\n"))
	return keys.verify(s.amsTags, signed.String(), "header-changed")
}

func canonical(text string, relaxed bool) string {
	if relaxed {
		return relaxedField(text)
	}
	return strings.TrimSuffix(text, "\r\n")
}

// verifySeal checks the seal of instance n over all sets up to it (section 5.1.1).
func verifySeal(sets []*arcSet, n int, keys *keyring) string {
	var signed strings.Builder
	for i := range n {
		s := sets[i]
		signed.WriteString(relaxedField(s.aar.text) + "\r\n" + relaxedField(s.ams.text) + "\r\n")
		if i < n-1 {
			signed.WriteString(relaxedField(s.seal.text) + "\r\n")
		} else {
			signed.WriteString(relaxedField(withoutSignature(s.seal.text)))
		}
	}
	return keys.verify(sets[n-1].asTags, signed.String(), "seal-broken")
}

func noBlanks(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\r' || r == '\n' {
			return -1
		}
		return r
	}, s)
}

// keyring fetches public keys, each once.
type keyring struct {
	ctx   context.Context
	txt   TXT
	known map[string]*rsa.PublicKey
	away  bool // a key could not be asked for: nothing is proven
}

func (k *keyring) verify(t map[string]string, signed, otherwise string) string {
	sig, err := base64.StdEncoding.DecodeString(noBlanks(t["b"]))
	if err != nil {
		return "malformed"
	}
	key, err := k.get(t["s"] + "._domainkey." + t["d"])
	if err != nil {
		return "key-missing"
	}
	sum := sha256.Sum256([]byte(signed))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], sig) != nil {
		return otherwise
	}
	return ""
}

func (k *keyring) get(name string) (*rsa.PublicKey, error) {
	if key, ok := k.known[name]; ok {
		return key, nil
	}
	records, err := k.txt(k.ctx, name)
	if err != nil {
		k.away = true
		return nil, err
	}
	for _, r := range records {
		if key := rsaKey(tags(r)); key != nil {
			k.known[name] = key
			return key, nil
		}
	}
	return nil, fmt.Errorf("no usable key at %s", name)
}

// rsaKey reads a key record; keys under 1024 bits are none (RFC 8301 section 3.2).
func rsaKey(t map[string]string) *rsa.PublicKey {
	if t == nil || t["p"] == "" || t["k"] != "" && t["k"] != "rsa" || t["v"] != "" && t["v"] != "DKIM1" {
		return nil
	}
	der, err := base64.StdEncoding.DecodeString(noBlanks(t["p"]))
	if err != nil {
		return nil
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		parsed, err = x509.ParsePKCS1PublicKey(der)
	}
	key, ok := parsed.(*rsa.PublicKey)
	if err != nil || !ok || key.N.BitLen() < 1024 {
		return nil
	}
	return key
}
