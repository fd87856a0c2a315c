package erasure_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lukechampine.com/adiantum"

	"pointille/internal/records/blocks"
	"pointille/internal/records/erasure"
)

func key() []byte { return []byte("a key of 32 bytes from the ring.") }

// sealed is a database file of blocks with a text at a place.
func sealed(text string, at int) []byte {
	data := make([]byte, 300*blocks.Size) // more than one window of the search
	copy(data[at:], text)
	cipher := adiantum.New(key())
	for i := 0; i < len(data); i += blocks.Size {
		cipher.Encrypt(data[i:i+blocks.Size], binary.LittleEndian.AppendUint64(nil, uint64(i)))
	}
	return data
}

func Example() {
	dir, err := os.MkdirTemp("", "record")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	_ = os.WriteFile(filepath.Join(dir, blocks.Data), sealed("left of Anna", 123456), 0o600)
	r, err := erasure.Search(context.Background(), dir, key(), erasure.Traces{Bytes: [][]byte{[]byte("Anna")}})
	fmt.Println(len(r.Found), strings.HasSuffix(r.Found[0], "data.db: something of the client is left"), err)
	// Output: 1 true <nil>
}

// TestFoundWhereverItLies puts a word at the seams of windows and blocks.
func TestFoundWhereverItLies(t *testing.T) {
	const word = "something to be found"
	for _, at := range []int{0, 4090, 1<<20 - 10, 1<<20 - 1, 1 << 20, 299 * 4096, 300*4096 - len(word)} {
		for _, name := range []string{blocks.Data, blocks.Copy} {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, name), sealed(word, at), 0o600); err != nil {
				t.Fatal(err)
			}
			r, err := erasure.Search(t.Context(), dir, key(), erasure.Traces{Bytes: [][]byte{[]byte("not there"), []byte(word)}})
			if err != nil || len(r.Found) != 1 {
				t.Errorf("at %d: %v, %v", at, r, err)
			}
			if r, err = erasure.Search(t.Context(), dir, bytes.Repeat([]byte{1}, 32), erasure.Traces{Bytes: [][]byte{[]byte(word)}}); err != nil || len(r.Found) != 0 {
				t.Errorf("found without the key: %v, %v", r, err)
			}
		}
	}
}

func TestNamesAndPlainFiles(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "files", "ab"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"files/ab/abcd": "", "note": "of Anna"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := erasure.Search(t.Context(), dir, key(), erasure.Traces{Files: []string{"abcd", "ef"}, Bytes: [][]byte{[]byte("Anna")}})
	if err != nil || len(r.Found) != 2 || r.Traces != 3 {
		t.Errorf("%+v, %v", r, err)
	}
}
