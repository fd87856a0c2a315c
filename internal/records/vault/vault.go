// Package vault keeps the contents of a record as encrypted files.
//
// Each content is one age file (age-encryption.org/v1) to the key of its client.
// Its name is a keyed hash of client and content: it reveals nothing without the
// key, the same content given twice is kept once, and the name proves what lies
// in it. With the client's key any age program opens it.
//
// A file is staged, flushed to the disk, before the database speaks of it, and
// moved to its place after; Settle ends what a crash left in between.
package vault

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"filippo.io/age"

	"pointille/internal/atomicfile"
	"pointille/internal/records/disk"
)

// Folders of a vault, in the folder of its record.
const (
	Files    = "files"    // in folders of the first two digits
	incoming = "incoming" // below Files: staged
)

// Vault is the files of a record.
type Vault struct {
	dir string // Files of the record
	key []byte // of names
}

// New returns the vault of the record in dir, with the key of its names.
func New(dir string, key []byte) *Vault { return &Vault{filepath.Join(dir, Files), key} }

// Create makes the folders.
func (v *Vault) Create() error {
	if err := os.MkdirAll(filepath.Join(v.dir, incoming), 0o700); err != nil {
		return fmt.Errorf("making the folders of a record: %w", err)
	}
	return nil
}

// Name is the name of a client's content.
func (v *Vault) Name(client string, content []byte) string {
	mac := hmac.New(sha256.New, v.key)
	fmt.Fprintf(mac, "%d:%s:", len(client), client)
	mac.Write(content)
	return hex.EncodeToString(mac.Sum(nil))
}

// IsName reports whether a file's name can be one of a vault.
func IsName(s string) bool {
	raw, err := hex.DecodeString(s)
	return err == nil && len(raw) == sha256.Size && hex.EncodeToString(raw) == s
}

// Path returns where a content lies.
func (v *Vault) Path(name string) string {
	if len(name) < 2 {
		return filepath.Join(v.dir, name)
	}
	return filepath.Join(v.dir, name[:2], name)
}

func (v *Vault) staged(name string) string { return filepath.Join(v.dir, incoming, name) }

// Stage encrypts a content to a client and flushes it to the disk.
func (v *Vault) Stage(name string, to age.Recipient, content []byte) error {
	return atomicfile.Write(v.staged(name), func(w io.Writer) error {
		enc, err := age.Encrypt(w, to)
		if err != nil {
			return err
		}
		if _, err := enc.Write(content); err != nil {
			return err
		}
		return enc.Close()
	})
}

// Keep moves a staged content to its place.
func (v *Vault) Keep(name string) error {
	to := v.Path(name)
	err := os.Mkdir(filepath.Dir(to), 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keeping a file: %w", err)
	}
	if err := os.Rename(v.staged(name), to); err != nil {
		return fmt.Errorf("keeping a file: %w", err)
	}
	return errors.Join(atomicfile.SyncDir(filepath.Dir(to)), atomicfile.SyncDir(v.dir))
}

// Drop takes a staged content away.
func (v *Vault) Drop(name string) error { return disk.Gone(os.Remove(v.staged(name))) }

// Remove takes a content away, staged or kept.
func (v *Vault) Remove(name string) error {
	if err := errors.Join(disk.Gone(os.Remove(v.Path(name))), v.Drop(name)); err != nil {
		return fmt.Errorf("removing a file: %w", err)
	}
	return atomicfile.SyncDir(filepath.Dir(v.Path(name)))
}

// Read returns a content. It is proven whole: age authenticates every piece, and
// the name is that of the client and content.
func (v *Vault) Read(client, name string, by age.Identity) ([]byte, error) {
	sealed, err := v.Sealed(name)
	if err != nil {
		return nil, err
	}
	return v.Open(client, name, sealed, by)
}

// Sealed returns a content as it lies on the disk.
func (v *Vault) Sealed(name string) ([]byte, error) {
	sealed, err := os.ReadFile(v.Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		sealed, err = os.ReadFile(v.staged(name)) // a crash, or a writer at work
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: the file is missing: %w", v.Path(name), fs.ErrNotExist)
	}
	return sealed, err
}

// Size is that of a content as it lies on the disk, bytes.
func (v *Vault) Size(name string) (int64, error) {
	info, err := os.Stat(v.Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		info, err = os.Stat(v.staged(name))
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Open opens a sealed content, and proves it as Read does.
func (v *Vault) Open(client, name string, sealed []byte, by age.Identity) ([]byte, error) {
	content, err := decrypt(sealed, by)
	if err != nil {
		return nil, fmt.Errorf("%s: the file is damaged (%w)", v.Path(name), err)
	}
	if v.Name(client, content) != name {
		return nil, fmt.Errorf("%s: the file holds another content than its name says", v.Path(name))
	}
	return content, nil
}

func decrypt(sealed []byte, by age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), by)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// Settle ends what a crash left half done: a staged content that the database
// knows is moved to its place, another is removed, and so is what was being
// written.
func (v *Vault) Settle(known func(name string) (bool, error)) error {
	entries, err := os.ReadDir(filepath.Join(v.dir, incoming))
	if errors.Is(err, fs.ErrNotExist) {
		return v.Create()
	}
	if err != nil {
		return fmt.Errorf("looking for unfinished files: %w", err)
	}
	for _, e := range entries {
		if err := v.SettleOne(e.Name(), known); err != nil {
			return fmt.Errorf("ending an unfinished write: %w", err)
		}
	}
	return nil
}

// SettleOne is Settle for one staged content.
func (v *Vault) SettleOne(name string, known func(name string) (bool, error)) error {
	if !IsName(name) {
		return v.Drop(name)
	}
	keep, err := known(name)
	switch {
	case err != nil:
		return err
	case keep:
		return v.Keep(name)
	}
	return v.Drop(name)
}

// All calls with every file below the vault: its name, or "" and its path where it
// is none of a vault's.
func (v *Vault) All(with func(name, path string) error) error {
	return filepath.WalkDir(v.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name := e.Name()
		if !IsName(name) || path != v.Path(name) && path != v.staged(name) {
			name = ""
		}
		return with(name, path)
	})
}
