package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/disintegration/imaging"

	"pointille/internal/treetest"
)

// TestBatchKilled kills a batch with SIGKILL again and again, its workers too at
// times, and wants what it ends in to be, to the byte, what an undisturbed run
// makes, and no step to have been done twice. POINTILLE_KILLS, POINTILLE_PHOTOS
// and POINTILLE_DO make it larger: see "make kills".
func TestBatchKilled(t *testing.T) {
	kills, photos := setting(t, "POINTILLE_KILLS", 3), setting(t, "POINTILLE_PHOTOS", 5)
	do := os.Getenv("POINTILLE_DO")
	if do == "" {
		do = "survey"
	}
	demo, err := filepath.Abs("../../testdata/demo")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	many(t, demo, "photos", photos)
	args := func(out string) []string { return []string{"batch", "--jobs", "2", "--do", do, "--out", out, "photos"} }
	if out, err := program(args("quiet")...).CombinedOutput(); err != nil {
		t.Fatalf("undisturbed: %v\n%s", err, out)
	}
	done, dead := 0, 0
	random := rand.New(rand.NewPCG(1, 1))
	for ended := false; !ended; {
		if ended = struck(t, args("killed"), dead < kills, random); !ended {
			dead++
		}
		now := finished(t, "killed")
		if now < done {
			t.Fatalf("%d steps done after %d", now, done)
		}
		done = now
	}
	if dead < kills {
		t.Fatalf("killed only %d times", dead)
	}
	t.Logf("killed %d times; %d steps", dead, done)
	if _, err := treetest.Same("quiet", "killed"); err != nil {
		t.Error(err)
	}
	if n := finished(t, "quiet"); n != done {
		t.Errorf("%d steps, undisturbed %d", done, n)
	}
}

func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// many makes a tree of small photos, three of each client, no two the same.
func many(t *testing.T, demo, dir string, photos int) {
	t.Helper()
	views := []string{"crown", "top", "front"}
	for i := range photos {
		img, err := imaging.Open(filepath.Join(demo, views[i%3]+".jpg"))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, fmt.Sprintf("client-%03d", i/3), views[i%3]+".jpg")
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		side := 220 + i/3%40
		if err := imaging.Save(imaging.Fit(img, side, side, imaging.Box), path, imaging.JPEGQuality(80+i/120)); err != nil {
			t.Fatal(err)
		}
	}
}

// program is this test binary as pointille: see TestMain.
func program(args ...string) *exec.Cmd {
	c := exec.Command("/proc/self/exe", args...)
	c.Args[0] = "pointille"
	return c
}

// struck runs a batch, kills it after it has done a little, and reports whether
// it came to its end before.
func struck(t *testing.T, args []string, kill bool, random *rand.Rand) (ended bool) {
	t.Helper()
	var said bytes.Buffer
	c := program(args...)
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { over <- c.Wait() }()
	if kill {
		before := lines("killed/.pointille/journal")
		for lines("killed/.pointille/journal") <= before {
			select {
			case err := <-over:
				over <- err
			case <-time.After(5 * time.Millisecond):
				continue
			}
			break
		}
		time.Sleep(time.Duration(random.IntN(400)) * time.Millisecond)
		if random.IntN(3) == 0 {
			for _, pid := range children(c.Process.Pid) {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		_ = c.Process.Kill()
	}
	err := <-over
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == -1 {
		return false
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, said.Bytes())
	}
	return true
}

func lines(path string) int {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	return bytes.Count(data, []byte("\n"))
}

// children are the processes that a process has started.
func children(pid int) (out []int) {
	found, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, f := range found {
		data, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			if child, err := strconv.Atoi(filepath.Base(filepath.Dir(f))); err == nil {
				out = append(out, child)
			}
		}
	}
	return out
}

// finished is how many steps a journal holds as done; one that stands there
// twice was done twice.
func finished(t *testing.T, out string) int {
	t.Helper()
	f, err := os.Open(filepath.Join(out, ".pointille", "journal"))
	if err != nil {
		return 0
	}
	defer f.Close()
	seen := map[string]bool{}
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var r struct{ Name, Key string }
		if json.Unmarshal(s.Bytes(), &r) != nil || r.Key == "" || strings.HasPrefix(r.Name, "file") || strings.HasPrefix(r.Name, "case") {
			continue
		}
		if seen[r.Name] {
			t.Errorf("%q was done twice", r.Name)
		}
		seen[r.Name] = true
	}
	return len(seen)
}
