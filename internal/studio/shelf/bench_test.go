package shelf_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"pointille/internal/studio/record"
	"pointille/internal/studio/shelf"
	"pointille/planner/wishes"
)

// noise is a content that does not get smaller.
func noise(size int, seed byte) []byte {
	b := make([]byte, size)
	rand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}

// BenchmarkPhoto keeps photos of 4 MB with 2 MB of work each; TMPDIR says where.
func BenchmarkPhoto(b *testing.B) {
	s, id := benched(b)
	c, err := s.Take(context.Background(), id)
	fatal(b, err)
	n := byte(0)
	for b.Loop() {
		n++
		keepPhoto(b, c, "front", n)
	}
}

// BenchmarkTake lays out a client with six photos and a hundred edits.
func BenchmarkTake(b *testing.B) {
	s, id := benched(b)
	ctx := context.Background()
	c, err := s.Take(ctx, id)
	fatal(b, err)
	for i, slot := range record.Slots()[:6] {
		keepPhoto(b, c, slot, byte(i))
	}
	for i := range 100 {
		_, err := c.Log.Edit(fmt.Sprint(i), record.Wish, wishes.Wishes{Age: 20 + i%60})
		fatal(b, err)
	}
	fatal(b, c.PutAway())
	for b.Loop() {
		c, err := s.Take(ctx, id)
		fatal(b, err)
		fatal(b, c.PutAway())
	}
}

// BenchmarkList lists 100 clients of 10 edits and reads each, as the first look at the
// list does; later ones read only who was edited since.
func BenchmarkList(b *testing.B) {
	s, _ := benched(b)
	ctx := context.Background()
	for k := range 100 {
		id, err := s.Create(ctx, fmt.Sprint("c-", k))
		fatal(b, err)
		c, err := s.Take(ctx, id)
		fatal(b, err)
		for i := range 9 {
			_, err := c.Log.Edit(fmt.Sprint(i), record.Wish, wishes.Wishes{Age: 20 + i})
			fatal(b, err)
		}
		fatal(b, c.PutAway())
	}
	for b.Loop() {
		all, err := s.List(ctx)
		fatal(b, err)
		for _, c := range all {
			_, err := s.State(ctx, c.ID)
			fatal(b, err)
		}
	}
}

func fatal(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func benched(b *testing.B) (*shelf.Shelf, string) {
	store, err := made(filepath.Join(b.TempDir(), "record"))
	fatal(b, err)
	s, err := shelf.Open(store, shelf.Options{})
	fatal(b, err)
	b.Cleanup(func() { s.Close() })
	id, err := s.Create(context.Background(), "A")
	fatal(b, err)
	return s, id
}

func keepPhoto(b *testing.B, c *shelf.Case, slot string, n byte) {
	b.Helper()
	dir := b.TempDir()
	photo := noise(4<<20, n)
	fatal(b, os.WriteFile(filepath.Join(dir, slot+".jpg"), photo, 0o600))
	fatal(b, os.WriteFile(filepath.Join(dir, slot+".screen.jpg"), noise(2<<20, n), 0o600))
	files, err := shelf.Pack(dir, slot, slot+".jpg", photo)
	fatal(b, err)
	_, err = c.Log.EditWith(record.NewID(), record.AddPhoto, record.Photo{Slot: slot, File: slot + ".jpg", SHA256: shelf.HashOf(photo)}, record.With{Files: files})
	fatal(b, err)
}
