package records_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pointille/internal/records"
	"pointille/internal/records/keys"
)

// TestOldCopy puts an old copy of a record in its place.
func TestOldCopy(t *testing.T) {
	s, dir, _ := made(t)
	ctx := t.Context()
	o := records.Options{Witness: filepath.Join(t.TempDir(), "seen")}
	check(t, s.Close())
	old := clone(t, dir)
	s = opened(t, dir, o)
	must[records.Client](t)(s.NewClient(ctx, "A", ""))
	check(t, s.Close())

	s = opened(t, old, records.Options{ReadOnly: true, Witness: o.Witness})
	if n := s.Notes(); len(n) != 1 || !strings.Contains(n[0], "its log had 2 entries") || !strings.Contains(n[0], "it now has 1") {
		t.Errorf("%q", n)
	}
	check(t, s.Close())
	s = opened(t, old, o)
	if log := must[[]string](t)(actions(ctx, s)); len(log) != 2 || !strings.HasPrefix(log[1], "record is older than it was seen here this is an older copy") {
		t.Errorf("%q", log)
	}
	check(t, s.Close())
	if s = opened(t, old, o); len(s.Notes()) != 0 {
		t.Errorf("told twice: %q", s.Notes())
	}
}

// TestClockSetBack wants the order kept and the clock's fault told.
func TestClockSetBack(t *testing.T) {
	s, dir, _ := made(t)
	check(t, s.Close())
	ctx, now := t.Context(), time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	s = opened(t, dir, records.Options{Now: func() time.Time { return now }})
	must[records.Client](t)(s.NewClient(ctx, "A", ""))
	check(t, s.Close())
	v := inOrder(t, dir)
	if len(v.Notes) != 1 || !strings.Contains(v.Notes[0], "the clock stood at 2020-01-01T00:00:00Z") {
		t.Errorf("%q", v.Notes)
	}
}

// TestNewerVersion refuses a record of a later program, by header and by database.
func TestNewerVersion(t *testing.T) {
	dir, _ := filled(t)
	for _, name := range []string{keys.HeaderFile, keys.CopyFile} {
		data := must[[]byte](t)(os.ReadFile(filepath.Join(dir, name)))
		check(t, os.WriteFile(filepath.Join(dir, name), bytes.Replace(data, []byte("pointille.record/1"), []byte("pointille.record/2"), 1), 0o600))
	}
	_, err := records.Open(t.Context(), dir, passphrase, options())
	if !errors.Is(err, records.ErrNewer) || !strings.Contains(err.Error(), "written by a newer Pointille (schema pointille.record/2); this one reads up to /1") {
		t.Errorf("%v", err)
	}
	s, dir, _ := made(t)
	check(t, s.SetVersion(t.Context(), 7))
	check(t, s.Close())
	for _, o := range []records.Options{{}, {ReadOnly: true}} {
		_, err := records.Open(t.Context(), dir, passphrase, o)
		if !errors.Is(err, records.ErrNewer) || !strings.HasSuffix(err.Error(), "record: this record was written by a newer Pointille (version 7; this one reads up to 2)") {
			t.Errorf("%v", err)
		}
	}
	if _, err := records.Verify(t.Context(), dir, passphrase, records.VerifyOptions{}); !errors.Is(err, records.ErrNewer) {
		t.Errorf("%v", err)
	}
}

func TestBackupAndRestore(t *testing.T) {
	s, dir, _ := made(t)
	ctx, to := t.Context(), filepath.Join(t.TempDir(), "backup")
	for _, code := range []string{"stays", "goes"} {
		must[records.Client](t)(s.NewClient(ctx, code, ""))
		must[records.Item](t)(s.Add(ctx, code, records.New{Content: []byte("content of " + code)}))
	}
	reader := opened(t, dir, records.Options{ReadOnly: true}) // the writer is at work
	r := must[*records.BackupReport](t)(reader.Backup(ctx, to, nil))
	if r.Copied != 2 || r.Removed != 0 || len(r.Damaged) != 0 {
		t.Errorf("%+v", r)
	}
	inOrder(t, to)
	old := clone(t, to)
	must[any](t)(s.Delete(ctx, "goes"))
	r = must[*records.BackupReport](t)(s.Backup(ctx, to, nil))
	if r.Copied != 0 || r.Removed != 1 || r.Files != 1 {
		t.Errorf("%+v", r)
	}
	if v := inOrder(t, to); v.Clients != 1 || v.Deleted != 1 {
		t.Errorf("%+v", v)
	}
	back, _, err := records.Restore(ctx, old, filepath.Join(t.TempDir(), "restored"), passphrase, options(), nil)
	check(t, err)
	log := must[[]string](t)(actions(ctx, back))
	if last := log[len(log)-1]; !strings.HasPrefix(last, "record restored from a backup a backup of ") || !strings.HasSuffix(last, "with 5 entries of the log") {
		t.Errorf("%q", last)
	}
	check(t, back.Close())
	inOrder(t, back.Dir())
}

// TestInterruptedBackup wants a backup that was cut short to say so, and the next
// one to finish it.
func TestInterruptedBackup(t *testing.T) {
	dir, _ := filled(t)
	s := opened(t, dir, records.Options{ReadOnly: true})
	to := filepath.Join(t.TempDir(), "backup")
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := s.Backup(ctx, to, func(int, int) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	check(t, os.WriteFile(filepath.Join(to, ".pointille-0123.tmp"), []byte("half"), 0o600))
	v := must[*records.Verification](t)(records.Verify(t.Context(), to, passphrase, records.VerifyOptions{}))
	if len(v.Problems) == 0 {
		t.Error("it is said to be in order")
	}
	must[any](t)(s.Backup(t.Context(), to, nil))
	inOrder(t, to)
}

func TestBackupRefused(t *testing.T) {
	s, dir, _ := made(t)
	other, _, _ := made(t)
	ctx := t.Context()
	elsewhere := filepath.Join(t.TempDir(), "backup")
	must[any](t)(other.Backup(ctx, elsewhere, nil))
	for _, to := range []string{dir, filepath.Join(dir, "in"), filepath.Dir(dir), elsewhere, other.Dir()} {
		if _, err := s.Backup(ctx, to, nil); err == nil {
			t.Errorf("%s was taken for a backup", to)
		}
	}
	if _, err := other.Backup(ctx, elsewhere, nil); err != nil {
		t.Error(err)
	}
}

// TestDamagedFileInBackup wants what is damaged named and all else backed up.
func TestDamagedFileInBackup(t *testing.T) {
	dir, _ := filled(t)
	var file string
	for _, f := range whole(t, dir) {
		if strings.HasPrefix(f, "files") {
			file = f
		}
	}
	flip(t, filepath.Join(dir, file), 9999)
	s := opened(t, dir, records.Options{ReadOnly: true})
	r := must[*records.BackupReport](t)(s.Backup(t.Context(), filepath.Join(t.TempDir(), "b"), nil))
	if len(r.Damaged) != 1 || !strings.Contains(r.Damaged[0], filepath.Base(file)) || r.Copied != 2 {
		t.Errorf("%+v", r)
	}
}

func TestRekey(t *testing.T) {
	s, dir, first := made(t)
	ctx := t.Context()
	must[records.Client](t)(s.NewClient(ctx, "A", ""))
	if _, err := s.Rekey(ctx, "short"); err == nil {
		t.Error("a short passphrase was taken")
	}
	second := must[string](t)(s.Rekey(ctx, "another passphrase altogether"))
	check(t, s.Close())
	for _, tt := range []struct {
		word     string
		recovery bool
		opens    bool
	}{{passphrase, false, false}, {first, true, false}, {"another passphrase altogether", false, true}, {second, true, true}, {strings.ToLower(second), true, true}} {
		s, err := records.Open(ctx, dir, tt.word, records.Options{Recovery: tt.recovery})
		if (err == nil) != tt.opens {
			t.Errorf("%v: %v", tt, err)
		}
		if err == nil {
			check(t, s.Close())
		}
	}
}
