package flock_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"pointille/internal/flock"
)

func Example() {
	dir, err := os.MkdirTemp("", "flock")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	lock, err := flock.Take(filepath.Join(dir, "lock"), 0o600, flock.Note("pointille studio"))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = flock.Take(filepath.Join(dir, "lock"), 0o600, "")
	var held *flock.Held
	fmt.Println(errors.As(err, &held), lock.Release())
	// Output: true <nil>
}

func TestHeld(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := flock.Take(path, 0o600, flock.Note("pointille studio"))
	if err != nil {
		t.Fatal(err)
	}
	var held *flock.Held
	_, err = flock.Take(path, 0o600, "")
	if !errors.As(err, &held) || !regexp.MustCompile(`^pointille studio, process \d+ since \d\d:\d\d:\d\d$`).MatchString(held.Note) {
		t.Fatalf("%v, note %q", err, held.Note)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	second, err := flock.Take(path, 0o600, flock.Note(""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err = flock.Take(path, 0o600, ""); !errors.As(err, &held) || !regexp.MustCompile(`^process \d+ since `).MatchString(held.Note) {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(path, []byte("something else\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err = flock.Take(path, 0o600, ""); !errors.As(err, &held) || held.Note != "" {
		t.Errorf("a note that is none: %v", err)
	}
	if err := second.Release(); err != nil {
		t.Error(err)
	}
}

// TestUnnoted: without a note the file stays as it is, to the time of its last change.
func TestUnnoted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	long := time.Unix(1e9, 0)
	if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chtimes(path, long, long)); err != nil {
		t.Fatal(err)
	}
	l, err := flock.Take(path, 0o600, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || !info.ModTime().Equal(long) {
		t.Errorf("%v, %v", info, err)
	}
}

func TestNowhere(t *testing.T) {
	if _, err := flock.Take(filepath.Join(t.TempDir(), "none", "lock"), 0o600, ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	var none *flock.Lock
	if none.Release() != nil || none.File() != nil {
		t.Error("no lock is something")
	}
}
