package objects_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pointille/internal/batch/queue/line"
	"pointille/internal/batch/queue/objects"
	"pointille/internal/batch/seal"
	"pointille/internal/bench"
)

// within opens a store on a server in this process.
func within(tb testing.TB) *objects.Store {
	tb.Helper()
	s, err := line.Embed(filepath.Join(tb.TempDir(), "store"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	key, err := seal.New()
	if err != nil {
		tb.Fatal(err)
	}
	l, err := line.Within(s, line.Identity{Program: "test", Key: key})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(l.Close)
	if err := l.Ready(context.Background()); err != nil {
		tb.Fatal(err)
	}
	store, err := objects.Open(context.Background(), l, "b1", true)
	if err != nil {
		tb.Fatal(err)
	}
	return store
}

// files of some sizes, and what they hold.
func files(tb testing.TB, sizes ...int) (out []seal.File, text map[string]string) {
	tb.Helper()
	dir := tb.TempDir()
	text = map[string]string{}
	for i, n := range sizes {
		f := seal.File{Name: fmt.Sprint("f", i), Path: filepath.Join(dir, fmt.Sprint(i))}
		text[f.Name] = strings.Repeat("0123456789abcde\n", n/16+1)[:n]
		if err := os.WriteFile(f.Path, []byte(text[f.Name]), 0o600); err != nil {
			tb.Fatal(err)
		}
		out = append(out, f)
	}
	return out, text
}

func get(s *objects.Store, name string) (map[string]string, error) {
	got := map[string]string{}
	err := s.Get(context.Background(), name, func(file string, data io.Reader) error {
		b, err := io.ReadAll(data)
		got[file] = string(b)
		return err
	})
	return got, err
}

// TestStore wants what was stored back, and nothing of what was removed.
func TestStore(t *testing.T) {
	t.Parallel()
	s, ctx := within(t), context.Background()
	var names []string
	for _, sizes := range [][]int{{}, {0}, {1}, {100_000, 7}, {3_000_001}, {512 << 10, 512 << 10, 512 << 10}} {
		in, want := files(t, sizes...)
		name := objects.Name("case"+fmt.Sprint(len(names)%2), "photo")
		if err := s.Put(ctx, name, in); err != nil {
			t.Fatal(err)
		}
		got, err := get(s, name)
		if err != nil || len(got) != len(want) {
			t.Fatalf("sizes %v: %d files, %v", sizes, len(got), err)
		}
		for file := range want {
			if got[file] != want[file] {
				t.Errorf("sizes %v: %s came back with %d bytes", sizes, file, len(got[file]))
			}
		}
		names = append(names, name)
	}
	if err := s.Remove(ctx, "case1"); err != nil {
		t.Fatal(err)
	}
	if err := s.Remove(ctx, names[0]); err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		_, err := get(s, name)
		if removed := i == 0 || i%2 == 1; (err == nil) == removed || removed && !line.Gone(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.Delete(ctx); err != nil {
		t.Fatal(err)
	}
}

// TestFileGone wants the fault of a file told from those of the server, and what was
// begun of it not taken for a whole.
func TestFileGone(t *testing.T) {
	t.Parallel()
	s := within(t)
	in, _ := files(t, 2_000_000)
	name := objects.Name("case", "photo")
	err := s.Put(context.Background(), name, append(in, seal.File{Name: "gone", Path: filepath.Join(t.TempDir(), "gone")}))
	if err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := get(s, name); err == nil {
		t.Error("half of a bundle was taken for a whole")
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := s.Put(ctx, name, in); err == nil {
		t.Error("stored though it was given up")
	}
}

// BenchmarkStore puts and gets a photo of 3 MB; cpu-ms is all processor time, of both
// sides and the server.
func BenchmarkStore(b *testing.B) {
	s, ctx := within(b), context.Background()
	in, _ := files(b, 3_000_000)
	b.SetBytes(6_000_000)
	used, n := bench.CPU(), 0
	for b.Loop() {
		name := objects.Name("case", "photo")
		if err := s.Put(ctx, name, in); err != nil {
			b.Fatal(err)
		}
		if err := s.Get(ctx, name, func(_ string, data io.Reader) error { _, err := io.Copy(io.Discard, data); return err }); err != nil {
			b.Fatal(err)
		}
		if err := s.Remove(ctx, name); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64((bench.CPU()-used).Microseconds())/1000/float64(n), "cpu-ms")
}
