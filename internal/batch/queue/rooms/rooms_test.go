package rooms_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"pointille/internal/batch/queue/rooms"
	"pointille/internal/batch/room"
	"pointille/internal/batch/seal"
	"pointille/internal/batch/step"
)

func open(t *testing.T, parent string) *rooms.Rooms {
	t.Helper()
	r, err := rooms.Open(parent)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRooms wants the folder of a worker that is there left alone, that of one which
// was killed removed, and nothing left of one that ends.
func TestRooms(t *testing.T) {
	t.Parallel()
	parent := filepath.Join(t.TempDir(), "work")
	here := open(t, parent)
	dir, leave, err := here.Take()
	if err != nil {
		t.Fatal(err)
	}
	killed := filepath.Join(parent, "pointille-worker-1", "step-1")
	others := filepath.Join(parent, "photos")
	for _, d := range []string{killed, others} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	another := open(t, parent)
	for path, want := range map[string]bool{dir: true, killed: false, filepath.Dir(killed): false, others: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others can look into a room: %v, %v", info, err)
	}
	leave()
	another.Close()
	here.Close()
	if left, err := os.ReadDir(parent); err != nil || len(left) != 1 {
		t.Errorf("left: %v, %v", left, err)
	}
}

// TestCannot wants a folder that cannot be worked in named.
func TestCannot(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := rooms.Open(file); err == nil || err.Error()[:len(file)] != file {
		t.Errorf("error %v", err)
	}
}

// TestKept wants what a step made to be laid into the next one's room without being
// fetched.
func TestKept(t *testing.T) {
	t.Parallel()
	r := open(t, t.TempDir())
	defer r.Close()
	made, leave, err := r.Take()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(made, "plan.json")
	if err := os.WriteFile(path, []byte("a plan"), 0o600); err != nil {
		t.Fatal(err)
	}
	kept := rooms.NewCache(r)
	kept.Keep("case.plan.1", []seal.File{{Name: "out/plan.json", Path: path}})
	leave()
	kept.Forget() // it was made just now
	dir, _, err := r.Take()
	if err != nil {
		t.Fatal(err)
	}
	next, err := room.New(dir, step.Task{Step: step.Guide, Out: "results"})
	if err == nil {
		err = kept.Lay(context.Background(), nil, "case.plan.1", next) // without a store there is nothing to fetch from
	}
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(next.Task().Out, "plan.json")); err != nil || string(text) != "a plan" {
		t.Errorf("%q, %v", text, err)
	}
}
