package auth_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pointille/internal/studio/auth"
)

// clock is a time that tests move.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func opened(t *testing.T, file string, c *clock) *auth.Gate {
	t.Helper()
	g, err := auth.Open(auth.Options{File: file, Now: c.now, MemoryKiB: 64})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func gate(t *testing.T) (g *auth.Gate, pin, file string, c *clock) {
	t.Helper()
	file, c = filepath.Join(t.TempDir(), "entry.json"), &clock{time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)}
	g = opened(t, file, c)
	if g.HasPIN() {
		t.Fatal("there is a PIN before one was made")
	}
	pin, err := g.NewPIN()
	if err != nil {
		t.Fatal(err)
	}
	return g, pin, file, c
}

// wrong is a PIN that is not pin.
func wrong(pin string) string {
	if pin == "000000" {
		return "000001"
	}
	return "000000"
}

func ExampleGate_Pair() {
	dir, err := os.MkdirTemp("", "entry")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	g, err := auth.Open(auth.Options{File: filepath.Join(dir, "entry.json")})
	if err != nil {
		fmt.Println(err)
		return
	}
	pin, err := g.NewPIN()
	if err != nil {
		fmt.Println(err)
		return
	}
	token, err := g.Pair(pin, "192.168.1.20")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = g.Enter(token, true)
	fmt.Println(len(pin), err)
	// Output: 6 <nil>
}

func TestPairing(t *testing.T) {
	g, pin, file, c := gate(t)
	if _, err := g.Enter("", true); !errors.Is(err, auth.ErrNoSession) {
		t.Errorf("no token: %v", err)
	}
	if _, err := g.Pair(wrong(pin), "a"); !errors.Is(err, auth.ErrWrongPIN) {
		t.Errorf("wrong PIN: %v", err)
	}
	token, err := g.Pair(pin, "a")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), token) || strings.Contains(string(data), pin) {
		t.Error("the file holds a token or the PIN itself")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read it: %v, %v", info.Mode(), err)
	}
	again := opened(t, file, c)
	if _, err := again.Enter(token, true); err != nil {
		t.Errorf("after another start: %v", err)
	}
	c.at = c.at.Add(31 * 24 * time.Hour)
	if _, err := again.Enter(token, true); !errors.Is(err, auth.ErrNoSession) {
		t.Errorf("after a month: %v", err)
	}
}

func TestNewPINForgetsTablets(t *testing.T) {
	g, pin, _, _ := gate(t)
	token, err := g.Pair(pin, "a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.NewPIN(); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Enter(token, true); !errors.Is(err, auth.ErrNoSession) {
		t.Errorf("got %v", err)
	}
}

func TestGuessingTakesLonger(t *testing.T) {
	g, pin, _, c := gate(t)
	var often auth.TooOften
	tries := 0
	for ; tries < 30; tries++ {
		if _, err := g.Pair(wrong(pin), "a"); errors.As(err, &often) {
			break
		}
	}
	if tries > 5 || often.Wait <= 0 {
		t.Fatalf("%d wrong PINs at once, then %v", tries, often)
	}
	if _, err := g.Pair(pin, "a"); !errors.As(err, &often) {
		t.Errorf("the right one while it has to wait: %v", err)
	}
	if _, err := g.Pair(pin, "b"); err != nil {
		t.Errorf("another address: %v", err)
	}
	for range 8 { // each wait is longer
		last := often.Wait
		c.at = c.at.Add(often.Wait + time.Second)
		if _, err := g.Pair(wrong(pin), "a"); !errors.Is(err, auth.ErrWrongPIN) {
			t.Fatal(err)
		}
		if _, err := g.Pair(wrong(pin), "a"); !errors.As(err, &often) || often.Wait <= last {
			t.Fatalf("then %v after %v", often.Wait, last)
		}
	}
}

func TestGuessingFromManyAddresses(t *testing.T) {
	g, pin, _, _ := gate(t)
	var often auth.TooOften
	for i := range 60 {
		if _, err := g.Pair(wrong(pin), fmt.Sprint(i)); errors.As(err, &often) {
			return
		}
	}
	t.Error("60 addresses guess without waiting")
}

func TestLockedWhenNobodyIsThere(t *testing.T) {
	g, pin, file, c := gate(t)
	token, err := g.Pair(pin, "a")
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // events come, but nobody touches it
		c.at = c.at.Add(6 * time.Minute)
		_, err = g.Enter(token, false)
	}
	if !errors.Is(err, auth.ErrLocked) {
		t.Fatalf("got %v", err)
	}
	if _, err := opened(t, file, c).Enter(token, true); !errors.Is(err, auth.ErrLocked) {
		t.Errorf("another start opened it: %v", err)
	}
	if err := g.Unlock(token, wrong(pin), "a"); !errors.Is(err, auth.ErrWrongPIN) {
		t.Errorf("wrong PIN: %v", err)
	}
	if err := g.Unlock(token, pin, "a"); err != nil {
		t.Fatal(err)
	}
	for range 4 { // touched, it stays open
		c.at = c.at.Add(14 * time.Minute)
		if _, err := g.Enter(token, true); err != nil {
			t.Fatal(err)
		}
	}
}

func TestHandedOver(t *testing.T) {
	g, pin, _, _ := gate(t)
	token, err := g.Pair(pin, "a")
	if err != nil {
		t.Fatal(err)
	}
	if err := g.HandOver(token, "client"); err != nil {
		t.Fatal(err)
	}
	if s, err := g.Enter(token, true); err != nil || s.Scope != "client" {
		t.Errorf("%+v, %v", s, err)
	}
	if err := g.Unlock(token, pin, "a"); err != nil {
		t.Fatal(err)
	}
	if s, err := g.Enter(token, true); err != nil || s.Scope != "" {
		t.Errorf("taken back: %+v, %v", s, err)
	}
	if err := g.Lock(token); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Enter(token, true); !errors.Is(err, auth.ErrLocked) {
		t.Errorf("locked: %v", err)
	}
	if err := g.HandOver("nobody", "x"); !errors.Is(err, auth.ErrNoSession) {
		t.Errorf("nobody: %v", err)
	}
}

func TestDamagedFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "entry.json")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := auth.Open(auth.Options{File: file}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v", err)
	}
}
