package acctest

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// driven are the accounts of this package that a CLI works on.
var driven struct {
	mu       sync.Mutex
	accounts map[*Account]bool
}

// drive notes that a CLI works on the account.
func drive(account *Account) {
	driven.mu.Lock()
	defer driven.mu.Unlock()
	if driven.accounts == nil {
		driven.accounts = map[*Account]bool{}
	}
	driven.accounts[account] = true
}

// sweepAll looks for every secret of every account that a CLI worked on in all
// that the CLI left behind: the TRACE logs of all tests, and the states, saved
// plans and everything else in the folders it ran in.
func sweepAll(dir string) error {
	driven.mu.Lock()
	defer driven.mu.Unlock()
	var secrets []string
	for account := range driven.accounts {
		if account.exposed {
			continue
		}
		secrets = append(secrets, slices.Concat(account.Secrets(), account.guarded)...)
	}
	return sweep(dir, secrets)
}

// sweep looks for the secrets in every file below the folder, apart from
// configurations, where tests write some of them on purpose. A token that a
// state holds because its configuration asks for it may be in plans, too.
func sweep(dir string, secrets []string) error {
	stored := map[string]bool{}
	err := walk(dir, func(name string, text []byte) {
		if strings.Contains(name, "tfstate") {
			for _, token := range storedTokens(text) {
				stored[token] = true
			}
		}
	})
	if err != nil {
		return err
	}
	var found []error
	all := needlesOf(secrets)
	err = walk(dir, func(name string, text []byte) {
		for secret := range all.in(text) {
			if !stored[secret] || strings.HasSuffix(name, ".log") {
				found = append(found, fmt.Errorf("%s holds a secret: %.12s…", name, secret))
			}
		}
	})
	return errors.Join(append(found, err)...)
}

// walk reads every file below the folder that a CLI may have written. The testing
// library copies what stands in testdata.
func walk(dir string, use func(name string, text []byte)) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && entry.Name() == "testdata" {
			return fs.SkipDir
		}
		if err != nil || isConfiguration(path) || !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), "terraform-provider-") {
			return err
		}
		if entry.Name() == requestLog {
			return nil // not written by a CLI.
		}
		return eachPiece(path, use)
	})
}

// ending is how many bytes of a secret's end are looked for first.
const ending = 8

// needles are secrets by their endings: looking for them takes as long for a
// thousand as for one.
type needles struct {
	byEnding map[uint64][]string
	// maybe tells by a part of the ending whether it is worth a look.
	maybe [1 << 16]bool
	short []string
}

func needlesOf(secrets []string) *needles {
	all := &needles{byEnding: map[uint64][]string{}}
	for _, secret := range secrets {
		if len(secret) < ending {
			all.short = append(all.short, secret)
			continue
		}
		end := binary.LittleEndian.Uint64([]byte(secret[len(secret)-ending:]))
		all.byEnding[end] = append(all.byEnding[end], secret)
		all.maybe[uint16(end>>16)] = true
	}
	return all
}

// in returns the secrets that the text holds.
func (n *needles) in(text []byte) map[string]bool {
	found := map[string]bool{}
	for end := ending; end <= len(text); end++ {
		key := binary.LittleEndian.Uint64(text[end-ending : end])
		if !n.maybe[uint16(key>>16)] {
			continue
		}
		for _, secret := range n.byEnding[key] {
			if bytes.HasSuffix(text[:end], []byte(secret)) {
				found[secret] = true
			}
		}
	}
	for _, secret := range n.short {
		if bytes.Contains(text, []byte(secret)) {
			found[secret] = true
		}
	}
	return found
}

// isConfiguration tells what people write from what a CLI does.
func isConfiguration(path string) bool {
	for _, ending := range []string{".tf", ".tf.json", ".tfvars", ".tfvars.json", ".hcl", ".tfrc"} {
		if strings.HasSuffix(path, ending) {
			return true
		}
	}
	return false
}

// eachPiece reads a file; a saved plan is an archive of several.
func eachPiece(path string, use func(name string, text []byte)) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(text, []byte("PK\x03\x04")) {
		use(path, text)
		return nil
	}
	archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, packed := range archive.File {
		if strings.HasPrefix(packed.Name, "tfconfig/") {
			continue // the configuration, as it was written.
		}
		piece, err := unpack(packed)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		use(path+"/"+packed.Name, piece)
	}
	return nil
}

func unpack(packed *zip.File) ([]byte, error) {
	reader, err := packed.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = reader.Close() }()
	return io.ReadAll(reader)
}

// storedTokens are the tokens in a state whose configuration asks for that.
func storedTokens(state []byte) []string {
	var document struct {
		Resources []struct {
			Type      string
			Instances []struct {
				Attributes struct {
					StoreToken bool   `json:"store_token"`
					Token      string `json:"token"`
				}
			}
		}
	}
	if json.Unmarshal(state, &document) != nil {
		return nil
	}
	var tokens []string
	for _, resource := range document.Resources {
		for _, instance := range resource.Instances {
			if resource.Type == "commpeak_stream_token" && instance.Attributes.StoreToken {
				tokens = append(tokens, instance.Attributes.Token)
			}
		}
	}
	return tokens
}
