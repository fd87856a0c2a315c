package vault_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"pointille/internal/records/vault"
)

func made(t testing.TB) (*vault.Vault, *age.X25519Identity, string) {
	dir := t.TempDir()
	v := vault.New(dir, bytes.Repeat([]byte{7}, 32))
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Create(); err != nil {
		t.Fatal(err)
	}
	return v, id, dir
}

func put(t testing.TB, v *vault.Vault, id *age.X25519Identity, client, content string) string {
	name := v.Name(client, []byte(content))
	if err := v.Stage(name, id.Recipient(), []byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := v.Keep(name); err != nil {
		t.Fatal(err)
	}
	return name
}

func Example() {
	dir, err := os.MkdirTemp("", "vault")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	id, _ := age.GenerateX25519Identity()
	v := vault.New(dir, []byte("a key of 32 bytes from the ring."))
	_ = v.Create()
	name := v.Name("client", []byte("a photo"))
	_ = v.Stage(name, id.Recipient(), []byte("a photo")) // on the disk; now the database may speak of it
	_ = v.Keep(name)
	data, err := v.Read("client", name, id)
	fmt.Println(string(data), err)
	// Output: a photo <nil>
}

func TestNames(t *testing.T) {
	v, _, _ := made(t)
	other := vault.New(t.TempDir(), bytes.Repeat([]byte{8}, 32))
	a := v.Name("1", []byte("x"))
	if a != v.Name("1", []byte("x")) || a == v.Name("2", []byte("x")) || a == other.Name("1", []byte("x")) || v.Name("1", []byte("2:x")) == v.Name("1:2", []byte("x")) {
		t.Error("a name does not stand for client, content and key")
	}
	if !vault.IsName(a) || vault.IsName(strings.ToUpper(a)) || vault.IsName(a[1:]) || vault.IsName("") {
		t.Error("names are not told from others")
	}
}

func TestSettle(t *testing.T) {
	v, id, dir := made(t)
	kept, dropped := v.Name("c", []byte("kept")), v.Name("c", []byte("dropped"))
	for name, content := range map[string]string{kept: "kept", dropped: "dropped"} {
		if err := v.Stage(name, id.Recipient(), []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	half := filepath.Join(dir, "files", "incoming", ".pointille-half.tmp")
	if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if data, err := v.Read("c", kept, id); err != nil || string(data) != "kept" {
		t.Errorf("a staged file cannot be read: %v", err)
	}
	if err := v.Settle(func(name string) (bool, error) { return name == kept, nil }); err != nil {
		t.Fatal(err)
	}
	var all []string
	if err := v.All(func(name, path string) error { all = append(all, name); return nil }); err != nil || len(all) != 1 || all[0] != kept {
		t.Errorf("%q, %v", all, err)
	}
}

// TestChanged wants anything but the content that was put to be an error.
func TestChanged(t *testing.T) {
	v, id, _ := made(t)
	one, two := put(t, v, id, "c", strings.Repeat("one", 40000)), put(t, v, id, "c", "two")
	data, err := os.ReadFile(v.Path(one))
	if err != nil {
		t.Fatal(err)
	}
	for _, changed := range [][]byte{nil, data[:len(data)-1], data[:70000], append(bytes.Clone(data), 0), bytes.ToUpper(data)} {
		if err := os.WriteFile(v.Path(one), changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Read("c", one, id); err == nil || !strings.Contains(err.Error(), one) {
			t.Errorf("%v", err)
		}
	}
	if err := os.Rename(v.Path(two), v.Path(one)); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Read("c", one, id); err == nil || !strings.Contains(err.Error(), "another content than its name says") {
		t.Errorf("swapped: %v", err)
	}
	stranger, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Read("c", one, stranger); err == nil {
		t.Error("another client's key opens it")
	}
}

// FuzzRead wants any bytes under a name to be the content or an error.
func FuzzRead(f *testing.F) {
	v, id, _ := made(f)
	name := put(f, v, id, "c", "content")
	data, err := os.ReadFile(v.Path(name))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("age-encryption.org/v1\n-> X25519 a\nb\n--- c\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(v.Path(name), data, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := v.Read("c", name, id); err == nil && string(got) != "content" {
			t.Fatalf("%q was taken", got)
		}
	})
}
