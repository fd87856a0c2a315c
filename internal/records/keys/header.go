package keys

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pointille/internal/atomicfile"
	"pointille/internal/document"
)

// The header's two copies in the folder of a record: without one of them nothing
// of the record can be read, so one flipped bit must not cost it.
const (
	HeaderFile = "record.json"
	CopyFile   = "record.copy.json"
)

// Schema is the version of records that this program reads and writes.
const Schema = "pointille.record/1"

// Header is the document at the root of a record: all that is needed to open
// it but the passphrase.
type Header struct {
	Schema       string `json:"schema"`
	ID           string `json:"id"`         // random
	Created      string `json:"created"`    // time, RFC 3339
	Generation   int    `json:"generation"` // counts changes of passphrase
	KDF          KDF    `json:"kdf"`
	ByPassphrase string `json:"by_passphrase"` // master key, sealed, base64
	ByRecovery   string `json:"by_recovery"`   // the same under the recovery key
	Check        string `json:"check"`         // SHA-256 of the header with this member empty
}

// KDF says how the passphrase is stretched.
type KDF struct {
	Name      string `json:"name"` // argon2id
	MemoryKiB uint32 `json:"memory_kib"`
	Passes    uint32 `json:"passes"`
	Lanes     uint8  `json:"lanes"`
	Salt      string `json:"salt"` // base64
}

func (k KDF) cost() Cost { return Cost{k.MemoryKiB, k.Passes, k.Lanes} }

func kind() document.Kind {
	return document.Kind{Name: "record", Schema: "pointille.record", Version: 1}
}

// Create makes a header and its keys. The recovery key is for the person who
// owns the record; it is kept nowhere.
func Create(passphrase string, cost Cost, now time.Time) (h *Header, r *Ring, recovery string, err error) {
	h = &Header{Schema: Schema, ID: hex.EncodeToString(New(16)), Created: now.UTC().Format(time.RFC3339)}
	r = &Ring{master: New(Size)}
	recovery, err = h.seal(r, passphrase, cost)
	return h, r, recovery, err
}

// Change returns a header of the same record under a new passphrase and a new
// recovery key; the old ones open it no longer.
func (h *Header) Change(r *Ring, passphrase string, cost Cost) (changed *Header, recovery string, err error) {
	changed = &Header{Schema: Schema, ID: h.ID, Created: h.Created, Generation: h.Generation + 1}
	recovery, err = changed.seal(r, passphrase, cost)
	return changed, recovery, err
}

func (h *Header) seal(r *Ring, passphrase string, cost Cost) (recovery string, err error) {
	cost = cost.applyDefaults()
	if err := cost.validate(); err != nil {
		return "", err
	}
	if err := CheckPassphrase(passphrase); err != nil {
		return "", err
	}
	salt, secret := New(16), New(recoveryBytes)
	h.KDF = KDF{"argon2id", cost.MemoryKiB, cost.Passes, cost.Lanes, base64.StdEncoding.EncodeToString(salt)}
	byPassphrase, err := Seal(cost.derive(passphrase, salt), r.master, h.binding("passphrase"))
	if err != nil {
		return "", err
	}
	byRecovery, err := Seal(Derive(secret, "recovery"), r.master, h.binding("recovery"))
	if err != nil {
		return "", err
	}
	h.ByPassphrase = base64.StdEncoding.EncodeToString(byPassphrase)
	h.ByRecovery = base64.StdEncoding.EncodeToString(byRecovery)
	h.Check, err = h.sum()
	return recoveryText(secret), err
}

// binding ties a sealed master key to everything else that stands in the header.
func (h *Header) binding(by string) string {
	return fmt.Sprintf("%s %s %s %d %s %d %d %d %s", Schema, by, h.ID, h.Generation, h.KDF.Name, h.KDF.MemoryKiB, h.KDF.Passes, h.KDF.Lanes, h.KDF.Salt)
}

func (h *Header) sum() (string, error) {
	bare := *h
	bare.Check = ""
	data, err := json.Marshal(bare) // members in the order of the struct
	if err != nil {
		return "", fmt.Errorf("summing the header: %w", err)
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// Open opens the header with its passphrase.
func (h *Header) Open(passphrase string) (*Ring, error) {
	salt, err := base64.StdEncoding.DecodeString(h.KDF.Salt)
	if err != nil {
		return nil, ErrWrong
	}
	return h.open(h.KDF.cost().derive(passphrase, salt), h.ByPassphrase, "passphrase")
}

// OpenRecovery opens the header with the recovery key.
func (h *Header) OpenRecovery(text string) (*Ring, error) {
	secret, err := parseRecovery(text)
	if err != nil {
		return nil, err
	}
	return h.open(Derive(secret, "recovery"), h.ByRecovery, "recovery")
}

func (h *Header) open(key []byte, sealed, by string) (*Ring, error) {
	defer clear(key)
	box, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, ErrWrong
	}
	master, err := Open(key, box, h.binding(by))
	if err != nil || len(master) != Size {
		return nil, ErrWrong
	}
	return &Ring{master: master}, nil
}

// Validate refuses a header that was changed or cannot be.
func (h *Header) Validate() error {
	var c document.Check
	c.OneOf("kdf.name", h.KDF.Name, "argon2id")
	if err := h.KDF.cost().validate(); err != nil {
		c.Failf("kdf", "%v", err)
	}
	if raw, err := hex.DecodeString(h.ID); err != nil || len(raw) != 16 {
		c.Failf("id", "%q is no id of a record", h.ID)
	}
	if err := c.Err(); err != nil {
		return err
	}
	sum, err := h.sum()
	if err != nil {
		return err
	}
	if sum != h.Check {
		return &document.Error{Path: "check", Cause: "is not that of the file: it is damaged"}
	}
	return nil
}

// Decode reads a header.
func Decode(r io.Reader) (*Header, error) {
	h := new(Header)
	if err := kind().Decode(r, h); err != nil {
		return nil, err
	}
	return h, nil
}

// Read reads the header of the record in dir: the newest of its copies that is
// whole. Faults are what is wrong with the other.
func Read(dir string) (h *Header, faults []error, err error) {
	for _, name := range []string{HeaderFile, CopyFile} {
		one, err := readOne(filepath.Join(dir, name))
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if h != nil && (one.Generation != h.Generation || one.Check != h.Check) {
			faults = append(faults, fmt.Errorf("%s: is not the same as %s", filepath.Join(dir, CopyFile), HeaderFile))
		}
		if h == nil || one.Generation > h.Generation {
			h = one
		}
	}
	if h == nil {
		return nil, faults, unreadable(dir, faults)
	}
	return h, faults, nil
}

// unreadable is the error for a folder without a header.
func unreadable(dir string, faults []error) error {
	for _, f := range faults {
		if !errors.Is(f, fs.ErrNotExist) {
			return f
		}
	}
	return fmt.Errorf("%s: there is no record here; pointille record init makes one", dir)
}

func readOne(path string) (*Header, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	h, err := Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	written, err := document.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if !bytes.Equal(data, written) {
		return nil, fmt.Errorf("%s: is not as it was written: it is damaged", path)
	}
	return h, nil
}

// Write writes both copies of the header.
func (h *Header) Write(ctx context.Context, dir string) error {
	data, err := document.Marshal(h)
	if err != nil {
		return fmt.Errorf("writing the header: %w", err)
	}
	for _, name := range []string{HeaderFile, CopyFile} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := atomicfile.WriteBytes(filepath.Join(dir, name), data); err != nil {
			return err
		}
	}
	return nil
}
