package seal_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/batch/seal"
)

func ExampleKey() {
	key, err := seal.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	sealed, err := key.Message("greeting", "hello")
	var text string
	fmt.Println(err, key.Open(sealed, "greeting", &text), text)
	fmt.Println(key.Open(sealed, "farewell", &text))
	// Output:
	// <nil> <nil> hello
	// opening farewell: it was sealed for "greeting"
}

func newKey(t testing.TB) *seal.Key {
	t.Helper()
	k, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeyFile(t *testing.T) {
	k, path := newKey(t), filepath.Join(t.TempDir(), "key")
	if err := k.Write(path); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := newKey(t).Write(path); !errors.Is(err, os.ErrExist) {
		t.Errorf("a key was replaced: %v", err)
	}
	other, err := seal.Read(path)
	if err != nil || other.Print() != k.Print() || k.Print() == newKey(t).Print() {
		t.Fatalf("read %v, %v", other, err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), k.Print()) {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{"", "# nothing", "AGE-SECRET-KEY-1ABC", "secret"} {
		if _, err := seal.Parse(strings.NewReader(bad)); err == nil || strings.Contains(err.Error(), "ABC") {
			t.Errorf("%q: error %v", bad, err)
		}
	}
	if _, err := seal.Read(path + "?"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// files writes some of sizes around those of pieces and blocks.
func files(t testing.TB) (out []seal.File, content map[string]string) {
	t.Helper()
	dir, content := t.TempDir(), map[string]string{}
	for i, size := range []int{0, 1, 511, 512, 64 << 10, 300_001} {
		f := seal.File{Name: fmt.Sprintf("out/file %d.png", i), Path: filepath.Join(dir, fmt.Sprint(i))}
		content[f.Name] = strings.Repeat("pointillé\x00", size/11) + strings.Repeat("x", size%11)
		if err := os.WriteFile(f.Path, []byte(content[f.Name]), 0o600); err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out, content
}

func bundle(t testing.TB, k *seal.Key, files []seal.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := k.Bundle(&b, "case/1", files); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func unbundle(k *seal.Key, data []byte, purpose string) (map[string]string, error) {
	got := map[string]string{}
	err := k.Unbundle(bytes.NewReader(data), purpose, func(name string, r io.Reader) error {
		text, err := io.ReadAll(r)
		got[name] = string(text)
		return err
	})
	return got, err
}

func TestBundle(t *testing.T) {
	k := newKey(t)
	in, want := files(t)
	data := bundle(t, k, in)
	got, err := unbundle(k, data, "case/1")
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d files, %v", len(got), err)
	}
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s: %d bytes, want %d", name, len(got[name]), len(want[name]))
		}
	}
	if bytes.Contains(data, []byte("pointill")) || bytes.Contains(data, []byte("file 1")) {
		t.Error("it can be read")
	}
	if _, err := unbundle(k, data, "case/2"); err == nil || !strings.Contains(err.Error(), `sealed for "case/1"`) {
		t.Errorf("another purpose: %v", err)
	}
	if _, err := unbundle(newKey(t), data, "case/1"); !errors.Is(err, seal.ErrKey) {
		t.Errorf("another key: %v", err)
	}
	stop := errors.New("stop")
	if err := k.Unbundle(bytes.NewReader(data), "case/1", func(string, io.Reader) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error %v", err)
	}
	var file *seal.FileError
	err = k.Bundle(io.Discard, "case/1", []seal.File{{Name: "a", Path: "nowhere"}})
	if !errors.As(err, &file) || !errors.Is(err, os.ErrNotExist) || file.Path != "nowhere" {
		t.Errorf("error %v", err)
	}
	if err = k.Bundle(refusing{}, "case/1", in); !errors.Is(err, errRefused) || errors.As(err, &file) {
		t.Errorf("nowhere to write: error %v", err)
	}
}

var errRefused = errors.New("refused")

// refusing takes the head of a bundle and no more.
type refusing struct{}

func (refusing) Write(p []byte) (int, error) {
	if len(p) > 4096 {
		return 0, errRefused
	}
	return len(p), nil
}

// TestDamage wants every bundle and message that was cut or changed anywhere to be
// refused.
func TestDamage(t *testing.T) {
	k := newKey(t)
	in, _ := files(t)
	whole := bundle(t, k, in[:4])
	message, err := k.Message("m", []string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		data := bytes.Clone(rapid.SampledFrom([][]byte{whole, message}).Draw(t, "which"))
		if at := rapid.IntRange(0, len(data)-1).Draw(t, "at"); rapid.Bool().Draw(t, "cut") {
			data = data[:at]
		} else {
			data[at] ^= byte(1 << rapid.IntRange(0, 7).Draw(t, "bit"))
		}
		var v []string
		if err := k.Open(data, "m", &v); err == nil {
			t.Fatalf("opened %q", v)
		}
		if got, err := unbundle(k, data, "case/1"); err == nil {
			t.Fatalf("opened %d files", len(got))
		}
	})
}

// TestNames wants no file to be laid outside of where it belongs, though it was
// sealed with the right key.
func TestNames(t *testing.T) {
	k := newKey(t)
	in, _ := files(t)
	for _, name := range []string{"../out", "/etc/passwd", "a/../../b", "a//b", ".", `..\b`} {
		data := bundle(t, k, []seal.File{{Name: name, Path: in[1].Path}})
		if got, err := unbundle(k, data, "case/1"); err == nil {
			t.Errorf("%q was opened: %q", name, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("# key\nAGE-SECRET-KEY-1QQQQ\n")
	f.Add("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := seal.Parse(strings.NewReader(text))
		if (k == nil) == (err == nil) {
			t.Errorf("%v, %v", k, err)
		}
		if k == nil {
			return
		}
		path := filepath.Join(t.TempDir(), "key")
		if err := k.Write(path); err != nil {
			t.Fatal(err)
		}
		if again, err := seal.Read(path); err != nil || again.Print() != k.Print() {
			t.Errorf("%v, %v", again, err)
		}
	})
}

// FuzzUnbundle hands what was opened with the right key but is no bundle of ours.
func FuzzUnbundle(f *testing.F) {
	k := newKey(f)
	in, _ := files(f)
	f.Add(bundle(f, k, in[:2]))
	f.Add([]byte("age-encryption.org/v1\n-> X25519 \n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := unbundle(k, data, "case/1")
		for name := range got {
			if err == nil && !filepath.IsLocal(name) {
				t.Errorf("%q", name)
			}
		}
	})
}
