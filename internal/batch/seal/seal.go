// Package seal encrypts what a batch and its workers on other machines hand each
// other: messages, and bundles of files.
//
// Both sides have one key, an age identity in a file. Whoever keeps what is
// sealed, a queue's server and its disk, can neither read nor make it. Each sealed
// thing is bound to a purpose, so that one cannot be taken for another. Files
// are read and written as streams; a bundle needs no memory of its size.
//
// Errors: ErrKey where the key is another, else what is wrong, with the purpose
// or the file.
package seal

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
)

// ErrKey is the error of what was sealed with another key.
var ErrKey = errors.New("sealed with another key")

// Key seals and opens.
type Key struct{ identity *age.X25519Identity }

// New makes a key that nobody else has.
func New() (*Key, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	return &Key{id}, nil
}

// mostKeyBytes is more than a key file with comments has.
const mostKeyBytes = 64 << 10

// Read reads a key file: an age identity (AGE-SECRET-KEY-1...) on a line of its
// own; lines that begin with # are comments.
func Read(path string) (*Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the key: %w", err)
	}
	defer f.Close()
	key, err := Parse(io.LimitReader(f, mostKeyBytes))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

// Parse reads what Write writes.
func Parse(r io.Reader) (*Key, error) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		id, err := age.ParseX25519Identity(line)
		if err != nil {
			break // the error would show the line, which may be half of a secret
		}
		return &Key{id}, nil
	}
	return nil, errors.New("no key: it should hold a line AGE-SECRET-KEY-1..., as pointille queue-key makes it")
}

// Write writes the key into a new file that only its owner can read. A file that
// is there is never replaced: what was sealed with it could not be opened again.
func (k *Key) Write(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("writing the key: %w", err)
	}
	_, err = fmt.Fprintf(f, "# The key of a batch and its workers. Whoever has it can read the photos in the queue.\n%s\n", k.identity)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing the key %s: %w", path, errors.Join(err, os.Remove(path)))
	}
	return nil
}

// Print tells two keys apart and says nothing else about them.
func (k *Key) Print() string {
	h := hmac.New(sha256.New, []byte(k.identity.String()))
	h.Write([]byte("pointille queue key"))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// seal begins a sealed stream; what is written to it is for the purpose.
func (k *Key) seal(w io.Writer, purpose string) (io.WriteCloser, error) {
	sealed, err := age.Encrypt(w, k.identity.Recipient())
	if err == nil {
		_, err = io.WriteString(sealed, purpose+"\n")
	}
	if err != nil {
		return nil, fmt.Errorf("sealing %s: %w", purpose, err)
	}
	return sealed, nil
}

// mostPurpose is longer than any purpose.
const mostPurpose = 512

// open reads a sealed stream up to what was written for the purpose.
func (k *Key) open(r io.Reader, purpose string) (io.Reader, error) {
	plain, err := age.Decrypt(r, k.identity)
	var none *age.NoIdentityMatchError
	switch {
	case errors.As(err, &none):
		return nil, fmt.Errorf("opening %s: %w", purpose, ErrKey)
	case err != nil:
		return nil, fmt.Errorf("opening %s: %w", purpose, err)
	}
	in := bufio.NewReaderSize(plain, mostPurpose)
	line, err := in.ReadSlice('\n')
	if err != nil {
		return nil, fmt.Errorf("opening %s: damaged: %w", purpose, err)
	}
	if got := string(line[:len(line)-1]); got != purpose {
		return nil, fmt.Errorf("opening %s: it was sealed for %q", purpose, got)
	}
	return in, nil
}

// Message seals a value as JSON.
func (k *Key) Message(purpose string, value any) ([]byte, error) {
	var b bytes.Buffer
	w, err := k.seal(&b, purpose)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(json.NewEncoder(w).Encode(value), w.Close()); err != nil {
		return nil, fmt.Errorf("sealing %s: %w", purpose, err)
	}
	return b.Bytes(), nil
}

// Open opens a sealed value.
func (k *Key) Open(data []byte, purpose string, value any) error {
	r, err := k.open(bytes.NewReader(data), purpose)
	if err != nil {
		return err
	}
	plain, err := io.ReadAll(r) // all of it: its end proves that nothing is missing
	if err == nil {
		err = json.Unmarshal(plain, value)
	}
	if err != nil {
		return fmt.Errorf("opening %s: %w", purpose, err)
	}
	return nil
}
