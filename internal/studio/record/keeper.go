package record

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Keeper is where consultations are kept. While one is worked on it is laid out
// as a plain folder, because every step of the work reads and writes files; a
// keeper that encrypts lays it out in a private place and takes it back.
type Keeper interface {
	// List returns the ids of all consultations.
	List() ([]string, error)
	// Create makes an empty consultation under an id that NewID gave.
	Create(id string) error
	// Folder lays a consultation out and returns where. ErrUnknown if there is none.
	Folder(id string) (string, error)
	// Saved is called after each edit, so that a keeper can take the folder back.
	Saved(id string) error
	// Remove deletes a consultation with all its photos.
	Remove(id string) error
}

// ErrUnknown is returned for an id that no consultation has.
var ErrUnknown = errors.New("there is no such client")

// idBytes make ids that cannot be guessed.
const idBytes = 15

// NewID returns an id that nobody can guess and that is a plain file name.
func NewID() string {
	b := make([]byte, idBytes)
	rand.Read(b) // never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(b))
}

// validID keeps everything out of paths that NewID did not make.
func validID(id string) bool {
	return len(id) == idBytes*8/5 && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// Folders keeps consultations as plain folders in Root, readable by their owner
// only.
type Folders struct{ Root string }

// List returns the ids of all consultations.
func (k Folders) List() ([]string, error) {
	entries, err := os.ReadDir(k.Root)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing clients: %w", err)
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() && validID(e.Name()) {
			ids = append(ids, e.Name())
		}
	}
	slices.Sort(ids)
	return ids, nil
}

// Create makes the folder.
func (k Folders) Create(id string) error {
	if !validID(id) {
		return fmt.Errorf("%q: %w", id, ErrUnknown)
	}
	if err := os.MkdirAll(k.Root, 0o700); err != nil {
		return fmt.Errorf("making the folder of clients: %w", err)
	}
	if err := os.Mkdir(filepath.Join(k.Root, id), 0o700); err != nil {
		return fmt.Errorf("making the client's folder: %w", err)
	}
	return nil
}

// Folder returns the folder.
func (k Folders) Folder(id string) (string, error) {
	if !validID(id) {
		return "", ErrUnknown
	}
	dir := filepath.Join(k.Root, id)
	if info, err := os.Lstat(dir); err != nil || !info.IsDir() {
		return "", ErrUnknown
	}
	return dir, nil
}

// Saved has nothing to do: the folder is where it is kept.
func (k Folders) Saved(string) error { return nil }

// Remove deletes the folder.
func (k Folders) Remove(id string) error {
	dir, err := k.Folder(id)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("deleting the client: %w", err)
	}
	return nil
}
