package find

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"

	"pointille/internal/casefolder"
	"pointille/internal/filekind"
)

// Facts are what a file's content says.
type Facts struct {
	Kind   filekind.Kind `json:"kind"`
	SHA256 string        `json:"sha256,omitempty"` // of a photo, and of what is named as one
}

// LookAt reads a file: all of it where it is a photo or named as one, else
// only its beginning.
func LookAt(path string) (Facts, error) {
	f, err := os.Open(path)
	if err != nil {
		return Facts{}, err
	}
	defer f.Close()
	head := make([]byte, filekind.HeadBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return Facts{}, err
	}
	facts := Facts{Kind: filekind.Of(head[:n])}
	if !facts.Kind.Photo() && !casefolder.NamedAsPhoto(path) {
		return facts, nil
	}
	sum := sha256.New()
	sum.Write(head[:n])
	if _, err := io.Copy(sum, f); err != nil {
		return Facts{}, err
	}
	facts.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return facts, nil
}
