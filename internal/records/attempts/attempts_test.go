package attempts_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointille/internal/records/attempts"
)

func noon() time.Time { return time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC) }

func ExampleState_Delay() {
	for failed := range 6 {
		fmt.Print(attempts.State{Failed: failed}.Delay(), " ")
	}
	fmt.Println(attempts.State{Failed: 1000}.Delay())
	// Output: 0s 0s 0s 2s 4s 8s 15m0s
}

func TestGuesses(t *testing.T) {
	dir, now := t.TempDir(), noon()
	for i := range 3 {
		if n, err := attempts.Begin(t.Context(), dir, now); err != nil || n != i {
			t.Fatalf("%d, %v", n, err)
		}
	}
	var wait *attempts.WaitError
	if _, err := attempts.Begin(t.Context(), dir, now); !errors.As(err, &wait) || wait.Wait != 2*time.Second || err.Error() != "3 attempts with a wrong passphrase: wait 2s before the next" {
		t.Fatal(err)
	}
	if n, err := attempts.Begin(t.Context(), dir, now.Add(2*time.Second)); err != nil || n != 3 {
		t.Fatalf("%d, %v", n, err)
	}
	if err := attempts.Succeed(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if n, err := attempts.Begin(t.Context(), dir, now); err != nil || n != 0 {
		t.Errorf("%d, %v", n, err)
	}
}

// TestClock wants no setting of the clock back to shorten the wait, and none to make
// it longer than the delay.
func TestClock(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			r.Fatal(err)
		}
		for range 3 {
			if _, err := attempts.Begin(t.Context(), dir, noon()); err != nil {
				r.Fatal(err)
			}
		}
		back := noon().Add(-time.Duration(rapid.Int64Range(0, 1<<50).Draw(r, "back")))
		var wait *attempts.WaitError
		if _, err := attempts.Begin(t.Context(), dir, back); !errors.As(err, &wait) || wait.Wait != 2*time.Second {
			r.Fatalf("%v", err)
		}
		if _, err := attempts.Begin(t.Context(), dir, back.Add(2*time.Second)); err != nil {
			r.Fatalf("after the delay: %v", err)
		}
	})
}

// TestTogether wants attempts at the same time counted each.
func TestTogether(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	var mu sync.Mutex
	passed := 0
	for range 20 {
		all.Go(func() {
			if _, err := attempts.Begin(t.Context(), dir, noon()); err == nil {
				mu.Lock()
				passed++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if passed != 3 {
		t.Errorf("%d attempts passed where 3 may", passed)
	}
}

// FuzzDecode wants any file to be a state that delays at most as long as the longest
// delay, and a damaged one to delay after the next failure.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "{}", `{"failed":3,"last":"2026-11-27T12:00:00Z"}`, `{"failed":-1}`, `{"failed":9e99}`, "\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := attempts.Decode(data)
		if err != nil || s.Failed < 0 || s.Delay() < 0 || s.Delay() > 15*time.Minute {
			t.Fatalf("%+v, %v", s, err)
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, attempts.File), data, 0o600); err != nil {
			t.Fatal(err)
		}
		var wait *attempts.WaitError
		if _, err := attempts.Begin(t.Context(), dir, noon()); err != nil && !errors.As(err, &wait) {
			t.Fatal(err)
		}
	})
}
