package records_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pointille/internal/records"
)

// filled is a closed record with two clients, and the ids of an item of each.
func filled(t testing.TB) (dir string, ids [2]string) {
	s, dir, _ := made(t)
	for i, code := range []string{"one", "two"} {
		must[records.Client](t)(s.NewClient(t.Context(), code, "Name of "+code))
		ids[i] = must[records.Item](t)(s.Add(t.Context(), code, records.New{Name: code + ".txt", Content: bytes.Repeat([]byte(code), 3000)})).ID
	}
	check(t, s.Close())
	return dir, ids
}

func clone(t testing.TB, dir string) string {
	to := filepath.Join(t.TempDir(), "record")
	check(t, os.CopyFS(to, os.DirFS(dir)))
	return to
}

// whole lists the files of a record that have anything in them.
func whole(t testing.TB, dir string) (files []string) {
	check(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Size() > 0 {
			rel, _ := filepath.Rel(dir, path)
			files = append(files, rel)
		}
		return err
	}))
	return files
}

func flip(t testing.TB, file string, bit int) {
	data := must[[]byte](t)(os.ReadFile(file))
	data[bit/8%len(data)] ^= 1 << (bit % 8)
	check(t, os.WriteFile(file, data, 0o600))
}

// TestFlippedBit flips a bit in every file, at random places, and wants it found and
// named, the rest readable, and mended where there is a copy.
func TestFlippedBit(t *testing.T) {
	dir, ids := filled(t)
	files := whole(t, dir)
	if len(files) != 7 {
		t.Fatalf("files of a record: %q", files)
	}
	for _, file := range files {
		for range 2 {
			bit := rand.IntN(1 << 24)
			t.Run(fmt.Sprintf("%.11s/%d", filepath.Base(file), bit), func(t *testing.T) { flipOne(t, dir, file, bit, ids) })
		}
	}
}

func flipOne(t *testing.T, dir, file string, bit int, ids [2]string) {
	ctx, r := t.Context(), clone(t, dir)
	flip(t, filepath.Join(r, file), bit)
	v := must[*records.Verification](t)(records.Verify(ctx, r, passphrase, records.VerifyOptions{}))
	if !strings.Contains(fmt.Sprint(v.Problems), filepath.Base(file)) {
		t.Errorf("not found: %v", v.Problems)
	}
	if filepath.Dir(file) != "." {
		readable := 0
		s := opened(t, r, records.Options{ReadOnly: true})
		for _, id := range ids {
			if _, err := s.Read(ctx, id); err == nil {
				readable++
			} else if !strings.Contains(err.Error(), ".txt of client ") {
				t.Errorf("not named: %v", err)
			}
		}
		if readable != 1 {
			t.Errorf("%d of 2 files can be read", readable)
		}
		return
	}
	v = must[*records.Verification](t)(records.Verify(ctx, r, passphrase, records.VerifyOptions{Repair: true}))
	if len(v.Repaired) == 0 {
		t.Errorf("not mended: %v", v.Problems)
	}
	inOrder(t, r)
	s := opened(t, r, options())
	for _, id := range ids {
		must[[]byte](t)(s.Read(ctx, id))
	}
}

// TestLostFile takes each file away.
func TestLostFile(t *testing.T) {
	dir, _ := filled(t)
	for _, file := range whole(t, dir) {
		r := clone(t, dir)
		check(t, os.Remove(filepath.Join(r, file)))
		v := must[*records.Verification](t)(records.Verify(t.Context(), r, passphrase, records.VerifyOptions{}))
		if !strings.Contains(fmt.Sprint(v.Problems), filepath.Base(file)) {
			t.Errorf("%s is gone and not missed: %v", file, v.Problems)
		}
	}
}

// TestStranger wants a file that belongs to nothing to be found.
func TestStranger(t *testing.T) {
	dir, _ := filled(t)
	for _, name := range []string{"note.txt", "files/ab/" + strings.Repeat("ab", 32), "files/x"} {
		r := clone(t, dir)
		path := filepath.Join(r, name)
		check(t, os.MkdirAll(filepath.Dir(path), 0o700))
		check(t, os.WriteFile(path, []byte("x"), 0o600))
		v := must[*records.Verification](t)(records.Verify(t.Context(), r, passphrase, records.VerifyOptions{}))
		if len(v.Problems) != 1 || !strings.Contains(v.Problems[0].String(), path) {
			t.Errorf("%v", v.Problems)
		}
	}
}

// TestNoPlaintextOnDisk plants words everywhere and searches the raw files, also
// while the record is open and after a deletion.
func TestNoPlaintextOnDisk(t *testing.T) {
	s, dir, recovery := made(t)
	ctx := t.Context()
	planted := []string{"Zigfrida", "Kode-9931", "allergic-to-nickel", "IMG_ZIGFRIDA", passphrase, recovery, strings.ReplaceAll(recovery, "-", "")}
	must[records.Client](t)(s.NewClient(ctx, "Kode-9931", "Zigfrida Planted"))
	must[records.Item](t)(s.Add(ctx, "Kode-9931", records.New{Name: "IMG_ZIGFRIDA.jpg", Content: []byte("\xff\xd8\xff allergic-to-nickel")}))
	must[records.Item](t)(s.Add(ctx, "Kode-9931", records.New{Kind: records.Answers, Name: "answers.json", Content: []byte(`{"note": "allergic-to-nickel"}`)}))
	must[[]records.Item](t)(s.Apply(ctx, "Kode-9931", records.Batch{Line: []byte(`{"kind":"answers","data":"allergic-to-nickel"}`), Said: "answers"}))
	search := func(when string) {
		for _, file := range whole(t, dir) {
			data := must[[]byte](t)(os.ReadFile(filepath.Join(dir, file)))
			for _, w := range planted {
				if bytes.Contains(bytes.ToLower(data), bytes.ToLower([]byte(w))) || strings.Contains(strings.ToLower(file), strings.ToLower(w)) {
					t.Errorf("%s: %q stands in %s", when, w, file)
				}
			}
		}
	}
	search("open")
	check(t, s.Sync(ctx))
	search("at rest")
	words := [][]byte{[]byte("Zigfrida"), []byte("Kode-9931"), []byte("allergic-to-nickel")}
	v := must[*records.Verification](t)(records.Verify(ctx, dir, passphrase, records.VerifyOptions{Words: words}))
	if len(v.Found) < 4 {
		t.Errorf("a search under the encryption found only %q", v.Found)
	}
	must[any](t)(s.Delete(ctx, "kode-9931"))
	search("after the deletion")
	check(t, s.Close())
	v = must[*records.Verification](t)(records.Verify(ctx, dir, passphrase, records.VerifyOptions{Words: words}))
	if len(v.Found)+len(v.Problems) != 0 || v.Deleted != 1 {
		t.Errorf("after the deletion: %+v", v)
	}
}

// TestInterruptedDeletion stops a deletion after the client's key is destroyed, and
// wants the next opening to finish it.
func TestInterruptedDeletion(t *testing.T) {
	s, dir, _ := made(t)
	ctx := t.Context()
	must[records.Client](t)(s.NewClient(ctx, "gone", ""))
	item := must[records.Item](t)(s.Add(ctx, "gone", records.New{Content: []byte("content")}))
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Delete(cancelled, "gone"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	must[[]byte](t)(s.Read(ctx, item.ID)) // it had not begun: nothing is gone
	path := filepath.Join(dir, "files", item.File[:2], item.File)
	sealed := must[[]byte](t)(os.ReadFile(path))
	check(t, os.Remove(path))
	check(t, os.MkdirAll(filepath.Join(path, "in the way"), 0o700)) // so it cannot be removed
	if _, err := s.Delete(ctx, "gone"); err == nil || !strings.Contains(err.Error(), "client gone is deleted and the key destroyed, but ") {
		t.Errorf("%v", err)
	}
	check(t, s.Close())
	v := must[*records.Verification](t)(records.Verify(ctx, dir, passphrase, records.VerifyOptions{}))
	if !strings.Contains(fmt.Sprint(v.Problems), "a deletion was interrupted") {
		t.Errorf("%v", v.Problems)
	}
	check(t, os.RemoveAll(path))
	check(t, os.WriteFile(path, sealed, 0o600))
	s = opened(t, dir, options())
	if n := s.Notes(); len(n) != 1 || n[0] != "a deletion that was interrupted is now done" {
		t.Errorf("%q", n)
	}
	check(t, s.Close())
	inOrder(t, dir)
}

// TestTampered wants what was changed behind the log's back to be found, by one who
// has the key even.
func TestTampered(t *testing.T) {
	for statement, want := range map[string]string{
		`UPDATE client SET code = 'other' WHERE code = 'one'`:                                  "client other: is not as the log says it was left",
		`UPDATE item SET kind = 'photo' WHERE n = 1`:                                           "photo one.txt of client one: is not as the log says it was left",
		`DELETE FROM item WHERE n = 2`:                                                         "is missing from the record, and the log knows of no deletion",
		`DROP TRIGGER audit_whole; DELETE FROM audit WHERE seq = 3`:                            "entry 3 is missing",
		`DROP TRIGGER audit_stays; UPDATE audit SET at = '2020-01-01T00:00:00Z' WHERE seq = 2`: "entry 2 (2020-01-01T00:00:00Z, client new) was changed",
		`UPDATE item SET client = (SELECT id FROM client WHERE code = 'two') WHERE n = 1`:      "is not as the log says it was left",
	} {
		dir, _ := filled(t)
		s := opened(t, dir, options())
		check(t, s.Tamper(t.Context(), statement))
		check(t, s.Close())
		v := must[*records.Verification](t)(records.Verify(t.Context(), dir, passphrase, records.VerifyOptions{}))
		if !strings.Contains(fmt.Sprint(v.Problems), want) {
			t.Errorf("%s: %v", statement, v.Problems)
		}
	}
	s, _, _ := made(t)
	for _, statement := range []string{`DELETE FROM audit`, `UPDATE audit SET at = ''`, `INSERT OR REPLACE INTO audit SELECT * FROM audit`} {
		if err := s.Tamper(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "the audit log is only added to") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// FuzzAnyFile overwrites a place of any file and wants no panic, nothing read that
// was not written, and the damage found.
func FuzzAnyFile(f *testing.F) {
	dir, ids := filled(f)
	files := whole(f, dir)
	for i := range files {
		f.Add(uint8(i), uint32(i*1000), []byte{1, 2, 3})
	}
	f.Fuzz(func(t *testing.T, which uint8, at uint32, patch []byte) {
		r := filepath.Join(t.TempDir(), "record")
		check(t, os.CopyFS(r, os.DirFS(dir)))
		path := filepath.Join(r, files[int(which)%len(files)])
		data := must[[]byte](t)(os.ReadFile(path))
		before := bytes.Clone(data)
		copy(data[int(at)%len(data):], patch)
		check(t, os.WriteFile(path, data, 0o600))
		v := must[*records.Verification](t)(records.Verify(t.Context(), r, passphrase, records.VerifyOptions{}))
		if (len(v.Problems) > 0) != !bytes.Equal(before, data) {
			t.Errorf("%s: %v", path, v.Problems)
		}
		s, err := records.Open(t.Context(), r, passphrase, records.Options{ReadOnly: true})
		if err != nil {
			return
		}
		defer s.Close()
		for i, id := range ids {
			if got, err := s.Read(t.Context(), id); err == nil && string(got) != strings.Repeat([]string{"one", "two"}[i], 3000) {
				t.Error("read what was never written")
			}
		}
	})
}

// TestTwoProcesses wants the second writer refused by a sentence while the first is
// at work, and readers let in.
func TestTwoProcesses(t *testing.T) {
	s, dir, _ := made(t)
	must[records.Client](t)(s.NewClient(t.Context(), "A", ""))
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), victimVariable+"=write:"+dir)
	out := must[[]byte](t)(c.Output())
	if !strings.Contains(string(out), "the record is being written by another pointille (process ") {
		t.Errorf("%s", out)
	}
	reader := opened(t, dir, records.Options{ReadOnly: true})
	var both sync.WaitGroup
	both.Go(func() {
		for i := range 8 {
			if _, err := s.NewClient(context.Background(), fmt.Sprint("c", i), ""); err != nil {
				t.Error(err)
			}
		}
	})
	both.Go(func() {
		for range 40 {
			if _, err := reader.Clients(context.Background()); err != nil {
				t.Error(err)
			}
		}
	})
	both.Wait()
}

// TestEthnicityIsNeverStored looks at every column of the database.
func TestEthnicityIsNeverStored(t *testing.T) {
	text := ""
	for _, file := range must[[]string](t)(filepath.Glob("schema/*.sql")) {
		text += strings.ToLower(string(must[[]byte](t)(os.ReadFile(file))))
	}
	columns := 0
	for line := range strings.Lines(text) {
		code, _, _ := strings.Cut(line, "--")
		columns += strings.Count(code, " text ") + strings.Count(code, " blob ") + strings.Count(code, " integer ")
		for _, word := range []string{"ethnic", "race", "origin", "national", "religio", "fitzpatrick", "diagnos", "skin"} {
			if strings.Contains(code, word) {
				t.Errorf("%q stands in %q", word, code)
			}
		}
	}
	if columns < 20 {
		t.Errorf("only %d columns were looked at", columns)
	}
}
