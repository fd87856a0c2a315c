package atomicfile_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pointille/internal/atomicfile"
)

func ExampleWrite() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "note.txt")
	err = atomicfile.Write(path, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, "8 cm above the glabella")
		return err
	})
	data, _ := os.ReadFile(path)
	fmt.Print(string(data), err)
	// Output:
	// 8 cm above the glabella
	// <nil>
}

func TestWriteReplacesAndKeepsPermissions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	check(t, os.WriteFile(path, []byte("old"), 0o640))
	check(t, os.Chmod(path, 0o640))
	check(t, atomicfile.WriteBytes(path, []byte("new")))
	want(t, path, "new")
	info, err := os.Stat(path)
	check(t, err)
	if info.Mode().Perm() != 0o640 {
		t.Errorf("permissions are %v", info.Mode().Perm())
	}
	wantNames(t, filepath.Dir(path), "a.txt")
}

func TestFailedWriteLeavesTheOldFile(t *testing.T) {
	boom := errors.New("boom")
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	tests := []struct {
		name string
		ctx  context.Context
		fill func(io.Writer) error
		want error
	}{
		{"error after a part", context.Background(), func(w io.Writer) error {
			_, _ = w.Write(make([]byte, 1<<20))
			return boom
		}, boom},
		{"cancelled before", cancelled, func(io.Writer) error { return nil }, context.Canceled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.txt")
			check(t, os.WriteFile(path, []byte("old"), 0o600))
			err := atomicfile.WriteContext(tt.ctx, path, tt.fill)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error is %v", err)
			}
			want(t, path, "old")
			wantNames(t, filepath.Dir(path), "a.txt")
		})
	}
}

func TestCancelWhileWriting(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	err := atomicfile.WriteContext(ctx, filepath.Join(dir, "a"), func(w io.Writer) error {
		for i := 0; ; i++ {
			if i == 10 {
				cancel()
			}
			if _, err := w.Write([]byte("x")); err != nil {
				return err
			}
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	wantNames(t, dir)
}

func TestCancelIgnoredByFill(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	err := atomicfile.WriteContext(ctx, filepath.Join(dir, "a"), func(io.Writer) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	wantNames(t, dir)
}

func TestPanicLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = atomicfile.Write(filepath.Join(dir, "a"), func(io.Writer) error { panic("boom") })
	}()
	wantNames(t, dir)
}

func TestBadPlaces(t *testing.T) {
	dir := t.TempDir()
	check(t, os.Mkdir(filepath.Join(dir, "folder"), 0o755))
	check(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	tests := []struct{ name, path, want string }{
		{"missing folder", "missing/a.txt", "no such file"},
		{"folder of the name", "folder", "a folder has this name"},
		{"file as folder", "file/a.txt", "not a directory"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(dir, tt.path)
			err := atomicfile.WriteBytes(path, []byte("x"))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error is %v", err)
			}
			if err != nil && strings.Contains(err.Error(), ".tmp") {
				t.Errorf("error shows the hidden name: %v", err)
			}
		})
	}
}

func TestSet(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	check(t, os.WriteFile(a, []byte("old"), 0o600))
	var s atomicfile.Set
	defer s.Discard()
	check(t, s.WriteBytes(a, []byte("new a")))
	check(t, s.WriteBytes(b, []byte("new b")))
	want(t, a, "old")
	if _, err := os.Stat(b); err == nil {
		t.Error("b is there before the commit")
	}
	check(t, s.Commit(context.Background()))
	want(t, a, "new a")
	want(t, b, "new b")
	wantNames(t, dir, "a", "b")
}

func TestSetTakesBack(t *testing.T) {
	dir := t.TempDir()
	a, b, c := filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "c")
	check(t, os.WriteFile(a, []byte("old"), 0o600))
	var s atomicfile.Set
	for _, p := range []string{a, b, c} {
		check(t, s.WriteBytes(p, []byte("new")))
	}
	check(t, os.Mkdir(c, 0o755)) // now c cannot be renamed over
	if err := s.Commit(context.Background()); err == nil || !strings.Contains(err.Error(), c) {
		t.Errorf("error is %v", err)
	}
	want(t, a, "old")
	wantNames(t, dir, "a", "c")
}

func TestSetDiscards(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	var s atomicfile.Set
	check(t, s.WriteBytes(filepath.Join(dir, "a"), nil))
	if err := s.WriteBytes(filepath.Join(dir, ".", "a"), nil); err == nil {
		t.Error("the same file was staged twice")
	}
	cancel()
	if err := s.Commit(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	wantNames(t, dir)
}

func want(t *testing.T, path, content string) {
	t.Helper()
	data, err := os.ReadFile(path)
	check(t, err)
	if string(data) != content {
		t.Errorf("%s holds %q, want %q", filepath.Base(path), data, content)
	}
}

func wantNames(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	check(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("folder holds %v, want %v", got, names)
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSyncDir(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(atomicfile.SyncDir(dir), atomicfile.SyncDir(filepath.Join(dir, "none"))); err != nil {
		t.Error(err)
	}
}

// TestUnfinished wants the names known under which files are filled, and no others.
func TestUnfinished(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	seen := 0
	check(t, atomicfile.Write(path, func(w io.Writer) error {
		names, err := os.ReadDir(dir)
		for _, e := range names {
			if atomicfile.Unfinished(e.Name()) {
				seen++
			}
		}
		return err
	}))
	if seen != 1 {
		t.Errorf("%d files were being filled", seen)
	}
	for name, want := range map[string]bool{".pointille-1.tmp": true, ".pointille-1.tmp.old": true, "a.txt": false, ".pointille-export-1": false, "a.tmp": false} {
		if got := atomicfile.Unfinished(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
