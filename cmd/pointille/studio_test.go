package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// served is a studio in a process of its own, with a paired tablet.
type served struct {
	t      *testing.T
	c      *exec.Cmd
	url    string
	tablet *http.Client
	errs   bytes.Buffer
}

// serve starts a studio; jar has its tablet's cookie, nil for a new one.
func serve(t *testing.T, jar http.CookieJar) *served {
	t.Helper()
	s := &served{t: t, c: program("studio", "--json", "--dir", "studio", "--port", "0", "--work", ".")}
	s.c.Stderr = &s.errs
	out, err := s.c.StdoutPipe()
	if err == nil {
		err = s.c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.c.Process.Kill() })
	var said struct {
		Data struct {
			Address, PIN string
			Open         bool
		}
	}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &said)
	}
	if err != nil || !said.Data.Open {
		t.Fatalf("%s %v %s", line, err, s.errs.String())
	}
	s.url = strings.Replace(said.Data.Address, "localhost", "127.0.0.1", 1)
	if jar == nil {
		if jar, err = cookiejar.New(nil); err != nil {
			t.Fatal(err)
		}
	}
	s.tablet = &http.Client{Jar: jar}
	if said.Data.PIN != "" {
		s.want("/pair", `{"pin":"`+said.Data.PIN+`"}`)
	}
	return s
}

// post sends something and returns what is answered.
func (s *served) post(path, body string) (string, error) {
	r, err := s.tablet.Post(s.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode >= 300 {
		err = fmt.Errorf("%s: %d: %s", path, r.StatusCode, data)
	}
	return string(data), err
}

func (s *served) want(path, body string) string {
	s.t.Helper()
	said, err := s.post(path, body)
	if err != nil {
		s.t.Fatal(err, s.errs.String())
	}
	return said
}

// edits sends edits until the studio is gone; it returns how many were acknowledged.
func (s *served) edits(client string, from int) int {
	for n := from; ; n++ {
		if _, err := s.post("/api/clients/"+client+"/edits", fmt.Sprintf(`[{"id":"e%d","kind":"wishes","data":{"age":%d}}]`, n, 20+n%60)); err != nil {
			return n
		}
	}
}

// TestStudioKilled kills a studio while a tablet edits, again and again, and wants every
// edit that was acknowledged to be there. Beside it the record is read, backed up, and
// refused to a second writer by a sentence; nothing of the client is on the disk in
// plain. POINTILLE_KILLS makes it larger.
func TestStudioKilled(t *testing.T) {
	kills := setting(t, "POINTILLE_KILLS", 3)
	t.Chdir(t.TempDir())
	t.Setenv("POINTILLE_RECORD", "record")
	t.Setenv("POINTILLE_PASSPHRASE", "violet harbour nine candle")
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	command(t, 0, "", "record", "init", "--memory", "8")
	s := serve(t, nil)
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(s.want("/api/clients", `{"code":"PLANTED-17"}`)), &made); err != nil {
		t.Fatal(err)
	}
	done := 0
	for range kills {
		over := make(chan int)
		go func() { over <- s.edits(made.ID, done) }()
		time.Sleep(time.Duration(30+rand.IntN(300)) * time.Millisecond)
		if err := s.c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		acknowledged := <-over
		_ = s.c.Wait() // killed
		s = serve(t, s.tablet.Jar)
		var whole struct {
			State struct {
				N, Undo int
				Wishes  struct{ Age int }
			}
		}
		if err := json.Unmarshal([]byte(s.want("/api/clients/"+made.ID+"/edits", "[]")), &whole); err != nil {
			t.Fatal(err)
		}
		// the one that was on its way when the studio died may be there too
		if got := whole.State.Undo; got != acknowledged && got != acknowledged+1 || got > 0 && whole.State.Wishes.Age != 20+(got-1)%60 {
			t.Fatalf("%d edits acknowledged, then there are %+v", acknowledged, whole.State)
		}
		done = whole.State.Undo
	}
	t.Logf("%d edits acknowledged, killed %d times", done, kills)
	if done < kills {
		t.Error("it was killed before it did anything: the test shows nothing")
	}
	if data, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", s.c.Process.Pid)); err == nil && !regexp.MustCompile(`Max core file size +0 +0 `).Match(data) {
		t.Errorf("a crash would write the memory to the disk: %s", data)
	}
	beside(t)
	if err := s.c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := s.c.Wait(); err != nil {
		t.Errorf("stopped: %v %s", err, s.errs.String())
	}
	if left, err := filepath.Glob("pointille-*"); err != nil || len(left) > 0 {
		t.Errorf("left of what was worked on: %v, %v", left, err)
	}
	noPlain(t, "PLANTED", `"age"`)
	command(t, 0, "everything is in order", "record", "verify")
	command(t, 0, "1 document", "client", "export", "--out", "out", "planted-17")
	if data, err := os.ReadFile("out/documents/journal.jsonl"); err != nil || bytes.Count(data, []byte("\n")) != done+1 {
		t.Errorf("the journal that is handed out: %d bytes, %v", len(data), err)
	}
	command(t, 0, "none is left", "client", "delete", "--yes", "PLANTED-17")
}

// beside does what may be done while a studio has the record, and what may not.
func beside(t *testing.T) {
	command(t, 0, "PLANTED-17  0 photo", "client", "list")
	command(t, 0, "client new  PLANTED-17\n", "client", "show", "PLANTED-17")
	command(t, 0, "backup: 0 file", "record", "backup", "--to", "backup")
	command(t, 0, "everything is in order", "record", "verify", "--record", "backup")
	for _, args := range [][]string{{"client", "new", "B"}, {"client", "delete", "--yes", "PLANTED-17"}, {"client", "export", "--out", "no", "PLANTED-17"}} {
		command(t, 1, "record: the record is being written by another pointille (pointille studio, process ", args...)
	}
	command(t, 1, "studio: another studio works in this folder (pointille studio, process ", "studio", "--dir", "studio", "--port", "0")
}

// command runs a command to its end and wants its code and something of what it says.
func command(t *testing.T, code int, want string, args ...string) {
	t.Helper()
	out, err := program(args...).CombinedOutput()
	var ended *exec.ExitError
	got := 0
	if errors.As(err, &ended) {
		got = ended.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if got != code || !strings.Contains(string(out), want) {
		t.Errorf("pointille %s: %d, want %d and %q: %s", strings.Join(args, " "), got, code, want, out)
	}
}

// noPlain searches all that is on the disk for words.
func noPlain(t *testing.T, words ...string) {
	t.Helper()
	searched := 0
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		searched += len(data)
		for _, w := range words {
			if bytes.Contains(data, []byte(w)) || strings.Contains(path, w) {
				t.Errorf("%s stands in %s", w, path)
			}
		}
		return err
	})
	if err != nil || searched < 10_000 {
		t.Errorf("searched %d bytes: %v", searched, err)
	}
}
