package tfkit

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// Fingerprint recognises a secret without holding it. It is salted and slow to
// compute, so that it cannot be reversed or compared with another's. It has two
// forms: JSON for private state, which takes nothing else, and text for an
// attribute.
type Fingerprint struct {
	Salt []byte `json:"salt"`
	Hash []byte `json:"hash"`
}

// Secrets are of any length: bcrypt, which stops at 72 bytes, would take two
// long tokens of one beginning for the same.
const fingerprintRounds = 20_000

// NewFingerprint returns the fingerprint of a secret, with a fresh salt.
func NewFingerprint(secret string) (Fingerprint, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return Fingerprint{}, fmt.Errorf("drawing a salt: %w", err)
	}
	hash, err := pbkdf2.Key(sha256.New, secret, salt, fingerprintRounds, sha256.Size)
	if err != nil {
		return Fingerprint{}, fmt.Errorf("computing a fingerprint: %w", err)
	}
	return Fingerprint{Salt: salt, Hash: hash}, nil
}

// Of reports whether this is the fingerprint of the secret.
func (f Fingerprint) Of(secret string) bool {
	hash, err := pbkdf2.Key(sha256.New, secret, f.Salt, fingerprintRounds, sha256.Size)
	return err == nil && subtle.ConstantTimeCompare(hash, f.Hash) == 1
}

// JSON is the form for private state.
func (f Fingerprint) JSON() ([]byte, error) {
	return json.Marshal(f)
}

// ParseFingerprint reads what [Fingerprint.JSON] wrote; nil for nothing, or
// for what is no fingerprint.
func ParseFingerprint(data []byte) *Fingerprint {
	var f Fingerprint
	if len(data) == 0 || json.Unmarshal(data, &f) != nil || len(f.Hash) == 0 {
		return nil
	}
	return &f
}

// Text is the form for an attribute.
func (f Fingerprint) Text() string {
	return base64.RawURLEncoding.EncodeToString(f.Salt) + "." + base64.RawURLEncoding.EncodeToString(f.Hash)
}

// ParseFingerprintText reads what [Fingerprint.Text] wrote; nil for nothing, or
// for what is no fingerprint.
func ParseFingerprintText(text string) *Fingerprint {
	saltText, hashText, found := strings.Cut(text, ".")
	salt, saltErr := base64.RawURLEncoding.DecodeString(saltText)
	hash, hashErr := base64.RawURLEncoding.DecodeString(hashText)
	if !found || saltErr != nil || hashErr != nil || len(hash) == 0 {
		return nil
	}
	return &Fingerprint{Salt: salt, Hash: hash}
}
