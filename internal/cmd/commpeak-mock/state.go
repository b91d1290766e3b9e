package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/commpeak/terraform-provider-commpeak/internal/mockserver"
)

// stateFile keeps an account on disk. Without a path it keeps nothing.
type stateFile struct {
	path    string
	account *mockserver.Server

	mu sync.Mutex // of the file: a snapshot taken later is written later
}

// plant fills the account from a seed. It never writes the file.
func plant(account *mockserver.Server, path string) error {
	if path == "" {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the seed: %w", err)
	}
	if err := account.Seed(text); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// version returns the version of this program, as the linker or the module system has set it.
func version() string {
	if linked != "" {
		return linked
	}
	if info, found := debug.ReadBuildInfo(); found && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}

// linked is set with -ldflags "-X main.linked=1.2.3".
var linked string

// load fills the account from the file, if there is one, and remembers it for save.
func (f *stateFile) load(account *mockserver.Server) error {
	if f.path == "" {
		return nil
	}
	text, err := os.ReadFile(f.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the state: %w", err)
	}
	if err == nil {
		if err := account.Restore(text); err != nil {
			return fmt.Errorf("%s: %w", f.path, err)
		}
	}
	f.account = account
	return nil
}

// save writes the account to the file. After a crash, or for a concurrent reader, the file is the old one or the new one.
func (f *stateFile) save() error {
	if f.account == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	text, err := f.account.Snapshot()
	if err != nil {
		return err
	}
	if err := writeAtomically(f.path, text); err != nil {
		return fmt.Errorf("write the state: %w", err)
	}
	return nil
}

// writeAtomically puts text at path, readable for its owner alone.
func writeAtomically(path string, text []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	_, err = temp.Write(text)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(temp.Name()))
	}
	return err
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9._~:/@%+=-]+$`)

// shellQuote quotes a word for a POSIX shell, if it must be.
func shellQuote(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
