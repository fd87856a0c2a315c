package records_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pointille/internal/records"
)

// Variables by which this test binary is started as a victim, and by which a person
// asks for more crashes than a quick test has.
const (
	victimVariable  = "POINTILLE_TEST_VICTIM"
	crashesVariable = "POINTILLE_CRASHES"
	fewCrashes      = 4
)

// TestMain lets this binary be the program that is killed, or the one whose disk is
// full.
func TestMain(m *testing.M) {
	kind, dir, _ := strings.Cut(os.Getenv(victimVariable), ":")
	switch kind {
	case "":
		// Memory, where the system has such a disk: flushing to a busy real one is most of
		// the time of these tests, and to a process that is killed it makes no difference.
		if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() && os.Getenv("TMPDIR") == "" {
			os.Setenv("TMPDIR", "/dev/shm")
		}
		os.Exit(m.Run())
	case "write":
		victim(dir)
	case "create":
		_, _, err := records.Create(context.Background(), dir, passphrase, options())
		fmt.Println("done", err)
	case "read":
		v, err := records.Verify(context.Background(), dir, passphrase, records.VerifyOptions{})
		fmt.Println(err, v.Clients, v.Problems)
	case "full":
		if err := fillDisk(dir); err != nil {
			fmt.Println("FAILED", err)
			os.Exit(1)
		}
		fmt.Println("ok")
	}
}

// contentOf is what a victim stores under a name.
func contentOf(name string) []byte {
	n, _ := strconv.Atoi(name)
	return bytes.Repeat([]byte("planted "+name+"\n"), 1+n%977*13)
}

// victim changes a record without end and says what is acknowledged.
func victim(dir string) {
	ctx := context.Background()
	s, err := records.Open(ctx, dir, passphrase, options())
	if err != nil {
		fmt.Println("FAILED", err)
		return
	}
	fmt.Println("open")
	for n := 0; ; n++ {
		if err := changeOnce(ctx, s, rand.IntN(1<<30), n); err != nil {
			fmt.Println("FAILED", err)
			return
		}
	}
}

// changeOnce adds a client with items, takes one away, and now and then a client.
func changeOnce(ctx context.Context, s *records.Store, number, round int) error {
	code := fmt.Sprintf("client-%d", number)
	if _, err := s.NewClient(ctx, code, "Name "+code); err != nil {
		return err
	}
	fmt.Println("client", code)
	for i := range 3 {
		name := strconv.Itoa(number + i)
		item, err := s.Add(ctx, code, records.New{Kind: "note", Name: name, Content: contentOf(name)})
		if err != nil {
			return err
		}
		fmt.Println("item", code, item.ID, name)
		if i == 1 {
			fmt.Println("removing", item.ID)
			if err := s.Remove(ctx, item.ID); err != nil {
				return err
			}
		}
	}
	if _, err := s.Apply(ctx, code, records.Batch{Line: []byte(code), Said: "edit"}); err != nil {
		return err
	}
	fmt.Println("line", code)
	switch round % 3 {
	case 1:
		return s.Sync(ctx)
	case 0:
		fmt.Println("deleting", code)
		if _, err := s.Delete(ctx, code); err != nil {
			return err
		}
		fmt.Println("deleted", code)
	}
	return nil
}

// acked is what victims have acknowledged.
type acked struct {
	items    map[string][2]string // code and name by id
	clients  map[string]bool
	deleting map[string]bool // begun: may be there or not
	removing map[string]bool
	lines    map[string]bool // clients with a line in their journal
	deleted  map[string]bool
}

func (a *acked) hear(t *testing.T, line string) {
	f := strings.Fields(line)
	switch f[0] {
	case "client":
		a.clients[f[1]] = true
	case "item":
		a.items[f[2]] = [2]string{f[1], f[3]}
	case "line":
		a.lines[f[1]] = true
	case "removing":
		a.removing[f[1]] = true
	case "deleting":
		a.deleting[f[1]] = true
	case "deleted":
		a.deleted[f[1]] = true
	case "open", "done":
	default:
		t.Fatalf("the victim failed by itself: %s", line)
	}
}

// kill starts a victim, kills it after a while and returns what it had said.
func kill(t *testing.T, kind, dir string, after time.Duration) (lines []string) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), victimVariable+"="+kind+":"+dir)
	out, err := c.StdoutPipe()
	check(t, err)
	check(t, c.Start())
	scan := bufio.NewScanner(out)
	if kind == "write" && scan.Scan() { // it is open
		lines = append(lines, scan.Text())
	}
	time.AfterFunc(after, func() { _ = c.Process.Kill() })
	for scan.Scan() {
		lines = append(lines, scan.Text())
	}
	_ = c.Wait() // killed
	return lines
}

// TestKilled kills a writer at any moment, again and again, and wants all that it
// acknowledged to be there, all that it deleted to be gone, and nothing half.
func TestKilled(t *testing.T) {
	crashes := fewCrashes
	if n, err := strconv.Atoi(os.Getenv(crashesVariable)); err == nil {
		crashes = n
	}
	items, deletions := 0, 0
	for done := 0; done < crashes && !t.Failed(); done += perRecord {
		a := killAgain(t, min(perRecord, crashes-done))
		items, deletions = items+len(a.items), deletions+len(a.deleted)
		t.Logf("%d crashes: %d items acknowledged, %d deletions", min(done+perRecord, crashes), items, deletions)
	}
	if items < crashes {
		t.Error("the victims were killed before they did anything: the test shows nothing")
	}
}

// perRecord is how often one record's writers are killed before another is made: all
// it holds is looked at after each.
const perRecord = 20

func killAgain(t *testing.T, times int) *acked {
	s, dir, _ := made(t)
	check(t, s.Close())
	a := &acked{map[string][2]string{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for i := range times {
		for _, line := range kill(t, "write", dir, time.Duration(20+rand.IntN(300))*time.Millisecond) {
			a.hear(t, line)
		}
		a.check(t, dir)
		if t.Failed() {
			t.Fatalf("after crash %d of this record", i+1)
		}
	}
	return a
}

// check opens the record after a crash.
func (a *acked) check(t *testing.T, dir string) {
	t.Helper()
	ctx := t.Context()
	s := must[*records.Store](t)(records.Open(ctx, dir, passphrase, options()))
	defer s.Close()
	there := map[string]bool{}
	for _, c := range must[[]records.Client](t)(s.Clients(ctx)) {
		there[c.Code] = true
	}
	for code := range a.clients {
		if !there[code] && !a.deleting[code] {
			t.Errorf("%s was acknowledged and is not there", code)
		}
		if there[code] && a.deleted[code] {
			t.Errorf("%s was deleted and is there", code)
		}
	}
	for code := range a.lines {
		lines, err := s.Lines(ctx, code)
		if there[code] && (err != nil || len(lines) != 1 || string(lines[0]) != code) {
			t.Errorf("the line of %s was acknowledged: %q, %v", code, lines, err)
		}
	}
	for id, it := range a.items {
		data, err := s.Read(ctx, id)
		switch {
		case errors.Is(err, records.ErrNotFound) && (a.removing[id] || !there[it[0]]):
		case err != nil:
			t.Errorf("%s of %s was acknowledged: %v", it[1], it[0], err)
		case !bytes.Equal(data, contentOf(it[1])):
			t.Errorf("%s of %s is not what was added", it[1], it[0])
		}
	}
	check(t, s.Close())
	inOrder(t, dir)
}

// inOrder wants nothing wrong with a record.
func inOrder(t *testing.T, dir string) *records.Verification {
	t.Helper()
	v := must[*records.Verification](t)(records.Verify(context.Background(), dir, passphrase, records.VerifyOptions{}))
	for _, p := range v.Problems {
		t.Error(p)
	}
	return v
}

// TestKilledWhileMade wants a record that was being made to be one or none.
func TestKilledWhileMade(t *testing.T) {
	for i := range 3 {
		dir := filepath.Join(t.TempDir(), "record")
		kill(t, "create", dir, time.Duration(15+10*i)*time.Millisecond)
		s, err := records.Open(t.Context(), dir, passphrase, options())
		if err == nil {
			check(t, s.Close())
			inOrder(t, dir)
		} else if !strings.Contains(err.Error(), "there is no record here") {
			t.Error(err)
		}
	}
}

// mayMount skips a test where no disk may be mounted in a name space of its own, as in a
// container.
func mayMount(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", t.TempDir()).CombinedOutput(); err != nil {
		t.Skipf("no disk can be mounted here: %v: %s", err, out)
	}
}

// TestDiskFull runs on a disk of 400 kB where one can be mounted.
func TestDiskFull(t *testing.T) {
	mayMount(t)
	dir := t.TempDir()
	script := `mount -t tmpfs -o size=400k tmpfs "$1" && exec "$2"`
	c := exec.Command("unshare", "-rm", "sh", "-c", script, "sh", dir, os.Args[0])
	c.Env = append(os.Environ(), victimVariable+"=full:"+filepath.Join(dir, "record"))
	out, err := c.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "ok" {
		t.Errorf("%v: %s", err, out)
	}
}

// TestReadOnlyMedium reads a backup from a disk that cannot be written.
func TestReadOnlyMedium(t *testing.T) {
	mayMount(t)
	dir, _ := filled(t)
	script := `mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && ! touch "$1/x" 2>/dev/null && exec "$2"`
	c := exec.Command("unshare", "-rm", "sh", "-c", script, "sh", dir, os.Args[0])
	c.Env = append(os.Environ(), victimVariable+"=read:"+dir)
	out, err := c.CombinedOutput()
	if err != nil || string(out) != "<nil> 2 []\n" {
		t.Errorf("%v: %s", err, out)
	}
}

// fillDisk adds until the disk is full, and wants all that was acknowledged to be
// there, room to be made by deleting, and work to go on.
func fillDisk(dir string) error {
	ctx := context.Background()
	s, _, err := records.Create(ctx, dir, passphrase, options())
	if err != nil {
		return err
	}
	for _, code := range []string{"first", "second"} {
		if _, err := s.NewClient(ctx, code, ""); err != nil {
			return err
		}
	}
	var kept []string
	for n := 0; err == nil && n < 1000; n++ {
		var item records.Item
		code := []string{"first", "second"}[n%2]
		item, err = s.Add(ctx, code, records.New{Kind: "note", Name: strconv.Itoa(n), Content: contentOf(strconv.Itoa(n))})
		if err == nil && code == "second" {
			kept = append(kept, item.ID)
		}
	}
	if err == nil || !strings.Contains(err.Error(), "the disk is full") {
		return fmt.Errorf("full disk: %w", err)
	}
	if _, err := s.Delete(ctx, "first"); err != nil {
		return fmt.Errorf("deleting on a full disk: %w", err)
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	if s, err = records.Open(ctx, dir, passphrase, records.Options{}); err != nil {
		return err
	}
	defer s.Close()
	for _, id := range kept {
		if _, err := s.Read(ctx, id); err != nil {
			return err
		}
	}
	if _, err := s.Add(ctx, "second", records.New{Content: []byte("goes on")}); err != nil {
		return fmt.Errorf("after room was made: %w", err)
	}
	if err := s.Close(); err != nil {
		return err
	}
	v, err := records.Verify(ctx, dir, passphrase, records.VerifyOptions{})
	if err != nil || len(v.Problems) > 0 || len(kept) < 3 {
		return fmt.Errorf("%d kept, %v: %w", len(kept), v, err)
	}
	return nil
}
