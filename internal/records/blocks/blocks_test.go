package blocks_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"pointille/internal/records/blocks"
)

func key() []byte { return []byte("a key of the record") }

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// made is a database of n blocks that is in step with its copy.
func made(t testing.TB, n int) (blocks.Set, string) {
	dir := t.TempDir()
	s := blocks.New(dir, key())
	data := make([]byte, n*blocks.Size)
	for i := range data {
		data[i] = byte(rand.Uint32())
	}
	check(t, os.WriteFile(filepath.Join(dir, blocks.Data), data, 0o600))
	check(t, s.Begin())
	check(t, s.Sync(t.Context()))
	return s, dir
}

func Example() {
	dir, err := os.MkdirTemp("", "blocks")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	data := filepath.Join(dir, blocks.Data)
	_ = os.WriteFile(data, make([]byte, 3*blocks.Size), 0o600)
	s := blocks.New(dir, []byte("a key of the record"))
	ctx := context.Background()
	_ = s.Begin()
	_ = s.Sync(ctx)
	f, _ := os.OpenFile(data, os.O_RDWR, 0)
	_, _ = f.WriteAt([]byte{1}, 5000)
	f.Close()
	found, _ := s.Check(ctx)
	fmt.Println(len(found), found[0].File, found[0].What())
	left, err := s.Repair(ctx)
	fmt.Println(len(left), err)
	// Output:
	// 1 data.db block 1 (bytes 4096 to 8191) is damaged
	// 0 <nil>
}

// TestMended damages blocks of either file.
func TestMended(t *testing.T) {
	s, dir := made(t, 7)
	before, err := os.ReadFile(filepath.Join(dir, blocks.Data))
	check(t, err)
	for _, name := range []string{blocks.Data, blocks.Copy} {
		for _, change := range []func([]byte) []byte{
			func(b []byte) []byte { b[3*blocks.Size+7] ^= 4; return b },
			func(b []byte) []byte { return b[:2*blocks.Size] },
			func(b []byte) []byte { return append(b, 1, 2, 3) },
			func(b []byte) []byte { return nil },
		} {
			check(t, os.WriteFile(filepath.Join(dir, name), change(bytes.Clone(before)), 0o600))
			found, err := s.Check(t.Context())
			check(t, err)
			if len(found) == 0 || found[0].File != name {
				t.Errorf("%s: %v", name, found)
			}
			if left, err := s.Repair(t.Context()); err != nil || len(left) != 0 {
				t.Errorf("%s: %v, %v", name, left, err)
			}
			for _, n := range []string{blocks.Data, blocks.Copy} {
				if after, err := os.ReadFile(filepath.Join(dir, n)); err != nil || !bytes.Equal(before, after) {
					t.Errorf("%s is not as it was: %v", n, err)
				}
			}
		}
	}
}

func TestBothDamaged(t *testing.T) {
	s, dir := made(t, 3)
	for _, name := range []string{blocks.Data, blocks.Copy} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		check(t, err)
		data[5] ^= 1
		check(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
	}
	if left, err := s.Repair(t.Context()); err != nil || len(left) != 1 || left[0].Block != 0 {
		t.Errorf("%v, %v", left, err)
	}
}

// TestSyncAfterAnything wants Sync to make a right copy whatever the copy was.
func TestSyncAfterAnything(t *testing.T) {
	s, dir := made(t, 5)
	for i := range 40 {
		n := rand.IntN(8)
		data := make([]byte, n*blocks.Size)
		if n > 1 && rand.IntN(2) == 0 {
			data[5000] = byte(i)
		}
		check(t, os.WriteFile(filepath.Join(dir, blocks.Data), data, 0o600))
		check(t, s.Begin())
		switch rand.IntN(4) {
		case 0:
			check(t, os.Remove(filepath.Join(dir, blocks.Copy)))
		case 1:
			check(t, s.DropCopy())
		case 2:
			check(t, os.WriteFile(filepath.Join(dir, blocks.Sums), []byte("pointille.sums/1\nx"), 0o600))
		}
		check(t, s.Sync(t.Context()))
		if found, err := s.Check(t.Context()); err != nil || len(found) != 0 {
			t.Fatalf("%v, %v", found, err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, blocks.Copy)); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("the copy is another: %v", err)
		}
	}
}

func TestBehind(t *testing.T) {
	s, _ := made(t, 1)
	if behind, err := s.Behind(); err != nil || behind {
		t.Error("in step and said to be behind")
	}
	if err := s.DropCopy(); err == nil {
		t.Error("a copy that is in step was dropped")
	}
	check(t, s.Begin())
	if behind, err := s.Behind(); err != nil || !behind {
		t.Error("behind and not said to be")
	}
}

// FuzzSums wants any file of sums to be taken only where its own sum fits, and
// damage in it never to damage the database.
func FuzzSums(f *testing.F) {
	s, dir := made(f, 2)
	path := filepath.Join(dir, blocks.Sums)
	whole, err := os.ReadFile(path)
	check(f, err)
	database, err := os.ReadFile(filepath.Join(dir, blocks.Data))
	check(f, err)
	f.Add(whole)
	f.Add([]byte("pointille.sums/2\n"))
	f.Add(whole[:60])
	f.Fuzz(func(t *testing.T, data []byte) {
		check(t, os.WriteFile(path, data, 0o600))
		found, err := s.Check(t.Context())
		check(t, err)
		if len(found) == 0 && !bytes.Equal(data, whole) {
			t.Fatal("damaged sums were taken")
		}
		_, err = s.Repair(t.Context())
		check(t, err)
		if got, err := os.ReadFile(filepath.Join(dir, blocks.Data)); err != nil || !bytes.Equal(got, database) {
			t.Fatal("the database was changed")
		}
	})
}
