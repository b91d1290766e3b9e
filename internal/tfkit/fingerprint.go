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

// Fingerprint recognizes a secret without containing it. It is salted and slow to compute, so
// that it cannot be reversed, and two fingerprints of one secret differ. Private state contains
// it as JSON, an attribute as text.
type Fingerprint struct {
	Salt []byte `json:"salt"`
	Hash []byte `json:"hash"`
}

// fingerprintRounds are rounds of PBKDF2. Bcrypt would ignore all after 72 bytes of a secret.
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

// Matches reports whether this is the fingerprint of the secret.
func (f Fingerprint) Matches(secret string) bool {
	hash, err := pbkdf2.Key(sha256.New, secret, f.Salt, fingerprintRounds, sha256.Size)
	return err == nil && subtle.ConstantTimeCompare(hash, f.Hash) == 1
}

// DecodeFingerprint reads a fingerprint in JSON. It returns nil if data does not contain one.
func DecodeFingerprint(data []byte) *Fingerprint {
	var f Fingerprint
	if len(data) == 0 || json.Unmarshal(data, &f) != nil || len(f.Hash) == 0 {
		return nil
	}
	return &f
}

// String returns the fingerprint as text for an attribute.
func (f Fingerprint) String() string {
	return base64.RawURLEncoding.EncodeToString(f.Salt) + "." + base64.RawURLEncoding.EncodeToString(f.Hash)
}

// ParseFingerprint reads what [Fingerprint.String] returned. It returns nil for other text.
func ParseFingerprint(text string) *Fingerprint {
	saltText, hashText, found := strings.Cut(text, ".")
	salt, saltErr := base64.RawURLEncoding.DecodeString(saltText)
	hash, hashErr := base64.RawURLEncoding.DecodeString(hashText)
	if !found || saltErr != nil || hashErr != nil || len(hash) == 0 {
		return nil
	}
	return &Fingerprint{Salt: salt, Hash: hash}
}
