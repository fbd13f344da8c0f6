package invite

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"os"
	"path/filepath"

	"mailroom/backend/core"
)

// maxAuthority bounds the certificates of one server, in bytes.
const maxAuthority = 256 << 10

// Authority keeps what is public of a PEM file: its certificates, and nothing of what
// else may stand there. Errors: invalid with class invite-authority.
func Authority(raw []byte) (string, error) {
	var out bytes.Buffer
	for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			continue
		}
		_ = pem.Encode(&out, &pem.Block{Type: block.Type, Bytes: block.Bytes}) // a buffer takes everything
	}
	if out.Len() == 0 || out.Len() > maxAuthority {
		return "", core.E(core.Invalid, "read authority", nil, "class", "invite-authority")
	}
	return out.String(), nil
}

// AuthorityFile lays a server's certificates into a folder, for who needs them as a
// file, and returns its path; "" if the server has none. The same certificates have the
// same file.
func (s *Server) AuthorityFile(dir string) (string, error) {
	if s.CA == "" {
		return "", nil
	}
	sum := sha256.Sum256([]byte(s.CA))
	path, err := filepath.Abs(filepath.Join(dir, "authority-"+hex.EncodeToString(sum[:8])+".pem"))
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err == nil {
		err = os.WriteFile(path, []byte(s.CA), 0o600)
	}
	if err != nil {
		return "", core.E(core.ReadOnly, "keep authority", err, "path", dir)
	}
	return path, nil
}
