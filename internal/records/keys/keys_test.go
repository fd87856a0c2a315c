package keys_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointille/internal/document"
	"pointille/internal/records/keys"
)

const passphrase = "violet harbour nine candle"

func cheap() keys.Cost { return keys.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1} }

func made(t testing.TB) (*keys.Header, *keys.Ring, string) {
	h, r, recovery, err := keys.Create(passphrase, cheap(), time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	return h, r, recovery
}

func ExampleCreate() {
	h, ring, recovery, err := keys.Create("violet harbour nine candle", keys.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}, time.Unix(0, 0))
	if err != nil {
		fmt.Println(err)
		return
	}
	again, err := h.OpenRecovery(recovery)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(bytes.Equal(ring.Derive("names"), again.Derive("names")))
	_, err = h.Open("violet harbour nine candles")
	fmt.Println(err)
	// Output:
	// true
	// the passphrase does not open this record
}

func TestPassphraseHoweverItIsTyped(t *testing.T) {
	h, _, _, err := keys.Create("Ķekava-ezers-Ādaži", cheap(), time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	decomposed := "K\u0327ekava-ezers-A\u0304daz\u030ci"
	if _, err := h.Open(decomposed); err != nil {
		t.Error(err)
	}
}

func TestPassphraseRefused(t *testing.T) {
	for _, p := range []string{"", "eleven char", "ķķķķķķķķķķķ", "two lines\nof it all", "nul \x00 in the middle"} {
		if _, _, _, err := keys.Create(p, cheap(), time.Unix(0, 0)); err == nil {
			t.Errorf("%q was taken", p)
		}
	}
}

// TestCosts wants the cost of a header bounded: a file must not take all memory.
func TestCosts(t *testing.T) {
	for _, c := range []keys.Cost{{MemoryKiB: 1 << 30}, {Passes: 1000}, {MemoryKiB: 8, Lanes: 4}} {
		if _, _, _, err := keys.Create(passphrase, c, time.Unix(0, 0)); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
	h, _, _ := made(t)
	h.KDF.MemoryKiB = 1 << 31
	if err := h.Validate(); err == nil {
		t.Error("a header that asks for 2 TB was taken")
	}
}

// TestChangedHeader wants every member bound: what was changed by hand, with a check
// that fits, opens no more.
func TestChangedHeader(t *testing.T) {
	for name, change := range map[string]func(*keys.Header){
		"id":         func(h *keys.Header) { h.ID = strings.Repeat("0", 32) },
		"generation": func(h *keys.Header) { h.Generation++ },
		"memory":     func(h *keys.Header) { h.KDF.MemoryKiB++ },
		"swapped":    func(h *keys.Header) { h.ByPassphrase, h.ByRecovery = h.ByRecovery, h.ByPassphrase },
		"no base64":  func(h *keys.Header) { h.KDF.Salt = "*" },
		"empty":      func(h *keys.Header) { h.ByPassphrase = "" },
	} {
		h, _, _ := made(t)
		change(h)
		if _, err := h.Open(passphrase); !errors.Is(err, keys.ErrWrong) || err.Error() != keys.ErrWrong.Error() {
			t.Errorf("%s: %v", name, err)
		}
		if err := h.Validate(); err == nil {
			t.Errorf("%s: was not noticed", name)
		}
	}
}

func TestRecoveryKeyAsPeopleWriteIt(t *testing.T) {
	h, _, recovery := made(t)
	for _, text := range []string{recovery, strings.ToLower(recovery), strings.ReplaceAll(recovery, "-", " "), strings.ReplaceAll(recovery, "0", "O"), " " + strings.ReplaceAll(recovery, "1", "l") + "\n"} {
		if _, err := h.OpenRecovery(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := h.OpenRecovery(recovery[:40]); err == nil {
		t.Error("a short one was taken")
	}
	other := []byte(recovery)
	other[0] = map[bool]byte{true: '2', false: '3'}[other[0] == '3']
	if _, err := h.OpenRecovery(string(other)); err == nil || !strings.Contains(err.Error(), "slip") {
		t.Errorf("%v", err)
	}
	_, _, foreign := made(t)
	if _, err := h.OpenRecovery(foreign); !errors.Is(err, keys.ErrWrong) {
		t.Errorf("%v", err)
	}
}

// TestHeaderOnDisk wants the newest whole copy read.
func TestHeaderOnDisk(t *testing.T) {
	dir := t.TempDir()
	h, r, _ := made(t)
	if err := h.Write(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(filepath.Join(dir, keys.HeaderFile))
	if err != nil {
		t.Fatal(err)
	}
	next, _, err := h.Change(r, "another passphrase altogether", cheap())
	if err != nil || next.Write(t.Context(), dir) != nil {
		t.Fatal(err)
	}
	for _, name := range []string{keys.HeaderFile, keys.CopyFile} {
		whole, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, data := range [][]byte{old, nil, []byte("{}"), whole[:100], bytes.Replace(whole, []byte("\n"), []byte(" "), 1)} {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
				t.Fatal(err)
			}
			got, faults, err := keys.Read(dir)
			if err != nil || got.Generation != 1 || len(faults) != 1 {
				t.Errorf("%s: %v, %q", name, err, faults)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name), whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSeal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(rapid.Byte(), keys.Size, keys.Size).Draw(t, "key")
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		sealed, err := keys.Seal(key, plain, "this")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := keys.Open(key, sealed, "this"); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%v", err)
		}
		if _, err := keys.Open(key, sealed, "that"); !errors.Is(err, keys.ErrSealed) {
			t.Fatal("opened for something else")
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(t, "at")] ^= 1
		if _, err := keys.Open(key, sealed, "this"); !errors.Is(err, keys.ErrSealed) {
			t.Fatal("opened though changed")
		}
	})
}

// FuzzHeader wants any file to be a header that is whole, or an error.
func FuzzHeader(f *testing.F) {
	h, _, _ := made(f)
	data, err := document.Marshal(h)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"schema":"pointille.record/2"}`))
	f.Add([]byte(`{"schema":"pointille.record/1","kdf":{"memory_kib":4294967295,"passes":1,"lanes":255}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := keys.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		if again, err := document.Marshal(h); err != nil {
			t.Fatalf("a header was read that cannot be written: %v", err)
		} else if _, err := keys.Decode(bytes.NewReader(again)); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzRecovery wants any text to be a recovery key or an error.
func FuzzRecovery(f *testing.F) {
	h, _, recovery := made(f)
	f.Add(recovery)
	f.Add("OOOO-1111")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := h.OpenRecovery(text); err == nil && !strings.EqualFold(strings.NewReplacer("-", "", " ", "").Replace(text), strings.ReplaceAll(recovery, "-", "")) && len(text) < 44 {
			t.Fatalf("%q opens the record", text)
		}
	})
}
