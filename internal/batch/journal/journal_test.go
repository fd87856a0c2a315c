package journal_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/batch/journal"
)

func ExampleJournal() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "journal")
	j, err := journal.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(j.Put("anna/front.jpg", "key 1", map[string]int{"dots": 900}, true))
	j.Close() // or killed
	j, err = journal.Open(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer j.Close()
	var data map[string]int
	fmt.Println(j.Get("anna/front.jpg", &data))
	fmt.Println(data["dots"])
	// Output:
	// <nil>
	// key 1 true <nil>
	// 900
}

// TestCutAnywhere cuts a journal at every place, as a kill may: what was whole
// before is kept, and what is added afterwards is read again.
func TestCutAnywhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := open(t, path)
	for i := range 4 {
		put(t, j, fmt.Sprint("n", i%3), fmt.Sprint("k", i))
	}
	j.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(whole) + 1 {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		j := open(t, path)
		want := map[string]string{}
		for i := range strings.Count(string(whole[:cut]), "\n") {
			want[fmt.Sprint("n", i%3)] = fmt.Sprint("k", i)
		}
		same(t, j, want)
		put(t, j, "later", "k")
		j.Close()
		want["later"] = "k"
		j = open(t, path)
		same(t, j, want)
		if j.Damaged() != 0 {
			t.Fatalf("cut at %d: %d damaged lines", cut, j.Damaged())
		}
		j.Close()
	}
}

func TestDamagedLineIsPassedOver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(path, []byte("{\"name\":\"a\",\"key\":\"1\"}\n\x00\x00garbage\n{}\n{\"name\":\"b\",\"key\":\"2\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	same(t, j, map[string]string{"a": "1", "b": "2"})
	if j.Damaged() != 2 {
		t.Errorf("%d damaged lines, want 2", j.Damaged())
	}
	if err := j.Put("c", "3", nil, false); err == nil {
		t.Error("a journal that is only read was written")
	}
}

// TestCompacts wants a journal that says the same thing often to become short.
func TestCompacts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := open(t, path)
	for i := range 1100 {
		if err := j.Put(fmt.Sprint("n", i%5), fmt.Sprint("k", i), nil, false); err != nil {
			t.Fatal(err)
		}
	}
	j.Close()
	want := map[string]string{"n0": "k1095", "n1": "k1096", "n2": "k1097", "n3": "k1098", "n4": "k1099"}
	j = open(t, path)
	same(t, j, want)
	put(t, j, "n0", "new")
	j.Close()
	if data, err := os.ReadFile(path); err != nil || strings.Count(string(data), "\n") != 6 {
		t.Errorf("%d lines, %v", strings.Count(string(data), "\n"), err)
	}
	want["n0"] = "new"
	j = open(t, path)
	same(t, j, want)
	j.Close()
}

// TestLikeAMap compares a journal, closed and opened at will, with a map.
func TestLikeAMap(t *testing.T) {
	dir := t.TempDir()
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		path := filepath.Join(dir, fmt.Sprint(n))
		j := open(t, path)
		want := map[string]string{}
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			name := rapid.StringN(1, 4, -1).Draw(r, "name")
			key := rapid.String().Draw(r, "key")
			if strings.ToValidUTF8(name, "") != name || strings.ToValidUTF8(key, "") != key {
				continue
			}
			put(t, j, name, key)
			want[name] = key
			if rapid.Bool().Draw(r, "again") {
				j.Close()
				j = open(t, path)
			}
		}
		same(t, j, want)
		j.Close()
	})
}

func open(t *testing.T, path string) *journal.Journal {
	t.Helper()
	j, err := journal.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func put(t *testing.T, j *journal.Journal, name, key string) {
	t.Helper()
	if err := j.Put(name, key, []string{key}, true); err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, j *journal.Journal, want map[string]string) {
	t.Helper()
	var names []string
	j.Names(func(n string) { names = append(names, n) })
	sort.Strings(names)
	if len(names) != len(want) {
		t.Fatalf("names %q, want %v", names, want)
	}
	for name, key := range want {
		if got, ok, err := j.Get(name, nil); got != key || !ok || err != nil {
			t.Fatalf("%q: key %q %v %v, want %q", name, got, ok, err, key)
		}
	}
	if _, known := want["nobody"]; known {
		return
	}
	if _, ok, err := j.Get("nobody", nil); ok || err != nil {
		t.Fatalf("nobody: %v %v", ok, err)
	}
}

// FuzzOpen opens files of any content: what is read, and added, is read again.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("{\"name\":\"a\",\"key\":\"1\",\"data\":{}}\n{\"name\":\"b\""))
	f.Add([]byte("\x00\n\n{\"name\":\"a\",\"key\":1}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "journal")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		j := open(t, path)
		want := map[string]string{}
		j.Names(func(n string) {
			key, ok, err := j.Get(n, nil)
			if !ok || err != nil {
				t.Fatalf("%q: %v %v", n, ok, err)
			}
			want[n] = key
		})
		put(t, j, "added", "k")
		want["added"] = "k"
		j.Close()
		j = open(t, path)
		defer j.Close()
		same(t, j, want)
	})
}
