package studio_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pointille/internal/studio"
)

// TestRun starts a studio as the command does, finds it, is refused a second one in
// the same folder, and stops it while a tablet listens for events.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	said, ended := make(chan studio.Announcement, 1), make(chan error, 1)
	s, _ := started(t, options(t, dir)) // makes the record
	s.Close()
	s.Close() // does nothing
	o := studio.RunOptions{Dir: dir, Work: t.TempDir(), Passphrase: passphrase, NewPIN: true, Listen: "127.0.0.1", Worker: []string{os.Args[0], "studio-worker"}, Announce: func(a studio.Announcement) { said <- a }}
	go func() { ended <- studio.Run(ctx, o) }()
	a := <-said
	if !strings.HasPrefix(a.Address, "http://localhost:") || len(a.PIN) != 6 || a.Trust != "" || !a.Open || a.Record != filepath.Join(dir, "record") {
		t.Fatalf("%+v", a)
	}
	b := stranger(t, strings.Replace(a.Address, "localhost", "127.0.0.1", 1))
	b.want(http.StatusOK, "GET", "/pair", "")
	b.want(http.StatusNoContent, "POST", "/pair", `{"pin":"`+a.PIN+`"}`)
	id := b.begin("A")
	r, err := b.client.Get(b.url + "/api/clients/" + id + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if err := studio.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "another studio works in this folder (pointille studio, process ") {
		t.Errorf("a second one: %v", err)
	}
	start := time.Now()
	stop()
	if err := <-ended; err != nil {
		t.Errorf("stopped: %v", err)
	}
	if d := time.Since(start); d > 4*time.Second {
		t.Errorf("it took %v to stop", d)
	}
}
