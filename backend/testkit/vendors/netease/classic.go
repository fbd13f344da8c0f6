package netease

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailroom/backend/testkit/vendors/trouble"
)

// Classic is one emulated company behind the classic API.
type Classic struct {
	*trouble.Host
	*company

	// Product is the code that the vendor gave the company.
	Product string

	key     *rsa.PrivateKey
	public  *rsa.PublicKey
	window  time.Duration
	foreign bool
	denied  map[string]bool
}

// classicPath is where the calls begin.
const classicPath = "/qiyeservice/api/"

// keyBits is the length of the keys in every public sample.
const keyBits = 1024

// NewClassic runs the classic API of an empty company whose mail domain is given; the
// caller closes it. The company's key pair is made here: the vendor would get the
// public half of one that the company made.
func NewClassic(domain string) *Classic {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		panic(err) // the system has no randomness
	}
	s := &Classic{
		company: newCompany(domain), Product: strings.ReplaceAll(domain, ".", "_"), key: key, public: &key.PublicKey,
		window: 15 * time.Minute, denied: map[string]bool{},
	}
	s.Host = trouble.New(s)
	return s
}

// BaseURL is what an office file's baseUrl has to be: the host that stands for the
// region's.
func (s *Classic) BaseURL() string { return s.URL }

// PrivateKeyPEM is the company's key as PHP programs keep it: PKCS#8 in PEM.
func (s *Classic) PrivateKeyPEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: s.der()}))
}

// PrivateKeyHex is the company's key as the vendor's Java sample takes it: PKCS#8 in
// hexadecimal.
func (s *Classic) PrivateKeyHex() string { return hex.EncodeToString(s.der()) }

func (s *Classic) der() []byte {
	raw, err := x509.MarshalPKCS8PrivateKey(s.key)
	if err != nil {
		panic(err) // an RSA key always has the form
	}
	return raw
}

// ForgetKey makes the vendor hold another public key than the company's.
func (s *Classic) ForgetKey() {
	other, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		panic(err)
	}
	s.set(func() { s.public = &other.PublicKey })
}

// WrongRegion makes this host the one of the region in which the company is not.
func (s *Classic) WrongRegion(on bool) { s.set(func() { s.foreign = on }) }

// Deny takes the right to a call, "account/createAccount", away, or gives it back.
func (s *Classic) Deny(call string, denied bool) { s.set(func() { s.denied[call] = denied }) }

// SetWindow changes by how much a request's time may be off. The vendor's is not known.
func (s *Classic) SetWindow(d time.Duration) { s.set(func() { s.window = d }) }

// ServeHTTP answers one request.
func (s *Classic) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/domain/oa/Entry" {
		s.entry(w, r)
		return
	}
	call, ours := strings.CutPrefix(r.URL.Path, classicPath)
	answer, known := classicCalls[call]
	switch {
	case !ours || !known:
		http.NotFound(w, r)
		return
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST", http.StatusMethodNotAllowed)
		return
	}
	p, ok := classicParameters(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !ok {
		classicAnswer(w, nil, badParam)
		return
	}
	if no := s.admit(call, p); no != "" {
		classicAnswer(w, nil, no)
		return
	}
	for _, common := range []string{"domain", "product", "time", "sign"} {
		delete(p, common)
	}
	con, no := answer(s, p)
	classicAnswer(w, con, no)
}

// classicParameters reads parameters from the address, or from a form in UTF-8; one
// that comes twice is none.
func classicParameters(r *http.Request) (parameters, bool) {
	kind := r.Header.Get("Content-Type")
	if r.ContentLength != 0 && !strings.HasPrefix(kind, "application/x-www-form-urlencoded") {
		return nil, false
	}
	if r.ParseForm() != nil {
		return nil, false
	}
	p := parameters{}
	for name, values := range r.Form {
		if len(values) != 1 {
			return nil, false
		}
		p[name] = values[0]
	}
	return p, true
}

// admit checks what every request has: the domain, the product, a time that is not far
// off, and the signature over all of that.
func (s *Classic) admit(call string, p parameters) refusal {
	ms, err := strconv.ParseInt(p["time"], 10, 64)
	off := s.now().Sub(time.UnixMilli(ms))
	switch {
	case s.foreign || p["domain"] != s.domain:
		return noDomain
	case p["product"] != s.Product:
		return wrong("product")
	case err != nil || len(p["time"]) != 13 || max(off, -off) > s.window:
		return badTime
	case !s.signed(p):
		return badSign
	case s.denied[call]:
		return "PERMISSION.DENIED"
	}
	return ""
}

// signed checks "sign": SHA1withRSA over name=value of all other parameters, sorted by
// name and joined with "&", values raw, in lower-case hexadecimal.
func (s *Classic) signed(p parameters) bool {
	sign := p["sign"]
	raw, err := hex.DecodeString(sign)
	if err != nil || sign != strings.ToLower(sign) {
		return false
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(p)) {
		if name != "sign" {
			parts = append(parts, name+"="+p[name])
		}
	}
	return s.proven(strings.Join(parts, "&"), raw)
}

func (s *Classic) proven(text string, signature []byte) bool {
	sum := sha1.Sum([]byte(text)) // the vendor's choice, not ours
	return rsa.VerifyPKCS1v15(s.public, crypto.SHA1, sum[:], signature) == nil
}

// classicAnswer writes the envelope. Failures come with status 200: clients look at
// "suc" alone.
func classicAnswer(w http.ResponseWriter, con any, no refusal) {
	reply := struct {
		Suc   bool    `json:"suc"`
		Con   any     `json:"con"`
		Error *string `json:"error_code"`
		Ver   int     `json:"ver"`
	}{Suc: no == "", Con: con}
	if no != "" {
		word := string(no)
		reply.Error, reply.Con = &word, nil
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	_ = json.NewEncoder(w).Encode(reply)
}

// entry is the sign-in page of the classic API: it opens a mailbox for whoever holds the
// company's key.
func (s *Classic) entry(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	defer s.mu.Unlock()
	ms, err := strconv.ParseInt(q.Get("time"), 10, 64)
	off := s.now().Sub(time.UnixMilli(ms))
	enc, encErr := hex.DecodeString(q.Get("enc"))
	good := err == nil && encErr == nil && max(off, -off) <= s.window && q.Get("domain") == s.domain &&
		s.proven(q.Get("account_name")+q.Get("domain")+q.Get("time"), enc)
	if a := s.live(q.Get("account_name")); !good || a == nil || a.Status != Normal {
		http.Error(w, "refused", http.StatusForbidden)
		return
	}
	http.Redirect(w, r, "/mailbox?"+url.Values{"account": {q.Get("account_name")}}.Encode(), http.StatusFound)
}
