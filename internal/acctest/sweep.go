package acctest

import (
	"archive/zip"
	"bytes"
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
// configurations, where tests write some of them on purpose.
func sweep(dir string, secrets []string) error {
	stored := map[string]bool{}
	pieces := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || isConfiguration(path) || !entry.Type().IsRegular() {
			return err
		}
		if strings.HasPrefix(entry.Name(), "terraform-provider-") {
			return nil
		}
		return eachPiece(path, func(name string, text []byte) {
			pieces[name] = text
			for _, token := range storedTokens(text) {
				stored[token] = true
			}
		})
	})
	if err != nil {
		return err
	}
	var found []error
	for name, text := range pieces {
		for _, secret := range secrets {
			if !bytes.Contains(text, []byte(secret)) || stored[secret] && !strings.HasSuffix(name, ".log") {
				continue
			}
			found = append(found, fmt.Errorf("%s holds a secret: %.12s…", name, secret))
		}
	}
	return errors.Join(found...)
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
