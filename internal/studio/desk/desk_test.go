package desk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"pointille/internal/studio/desk"
)

func ExampleRenderer() {
	r := desk.NewRenderer()
	for range 2 {
		picture, err := r.Do(context.Background(), "front healed", func() ([]byte, error) {
			fmt.Println("drawn")
			return []byte("a JPEG"), nil
		})
		fmt.Println(string(picture), err)
	}
	// Output:
	// drawn
	// a JPEG <nil>
	// a JPEG <nil>
}

// TestRendererDrawsOnce: two hundred who want the same picture wait for one drawing.
func TestRendererDrawsOnce(t *testing.T) {
	r := desk.NewRenderer()
	var drawn atomic.Int32
	begun, go_ := make(chan bool), make(chan bool)
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			got, err := r.Do(t.Context(), "same", func() ([]byte, error) {
				drawn.Add(1)
				close(begun)
				<-go_
				return []byte("x"), nil
			})
			if err != nil || !bytes.Equal(got, []byte("x")) {
				t.Errorf("%d: %q, %v", i, got, err)
			}
		})
	}
	<-begun
	close(go_)
	all.Wait()
	if drawn.Load() != 1 {
		t.Errorf("drawn %d times", drawn.Load())
	}
}

// TestRendererGivesUp: who hangs up while others draw takes no place, and who waits
// for a picture that was given up gets it all the same.
func TestRendererGivesUp(t *testing.T) {
	r := desk.NewRenderer()
	hold, busy := make(chan bool), make(chan bool, 64)
	var all sync.WaitGroup
	for i := range 64 { // all places are taken
		all.Go(func() {
			r.Do(t.Context(), fmt.Sprint(i), func() ([]byte, error) { busy <- true; <-hold; return nil, nil })
		})
	}
	<-busy
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Do(ctx, "late", func() ([]byte, error) { return []byte("late"), nil }); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	close(hold)
	all.Wait()
	if got, err := r.Do(t.Context(), "late", func() ([]byte, error) { return []byte("late"), nil }); err != nil || string(got) != "late" {
		t.Errorf("asked for again: %q, %v", got, err)
	}
}

// TestRendererForgets: what failed is drawn anew, and no more pictures are kept than
// is said.
func TestRendererForgets(t *testing.T) {
	r := desk.NewRenderer()
	broken := errors.New("broken")
	if _, err := r.Do(t.Context(), "x", func() ([]byte, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	drawn := 0
	draw := func() ([]byte, error) { drawn++; return []byte("x"), nil }
	for i := range 100 {
		if _, err := r.Do(t.Context(), fmt.Sprint("many", i), draw); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Do(t.Context(), "x", draw); err != nil || drawn != 101 {
		t.Errorf("drawn %d times, %v", drawn, err)
	}
	if _, err := r.Do(t.Context(), "many0", draw); err != nil || drawn != 102 {
		t.Errorf("a hundred pictures back one is still kept")
	}
}
