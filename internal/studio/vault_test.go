package studio_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pointille/internal/records"
	"pointille/internal/studio"
)

// running is a studio with a paired tablet whose server is at hand.
func running(t *testing.T, o studio.Options) (s *studio.Server, b *tablet, pin string) {
	t.Helper()
	s, pin = started(t, o)
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		s.End()
		server.Close()
		s.Close()
	})
	b = stranger(t, server.URL)
	b.want(http.StatusNoContent, "POST", "/pair", `{"pin":"`+pin+`"}`)
	return s, b, pin
}

// TestRecordClosed: while the record is closed nothing of clients answers, nothing of
// them lies anywhere in plain, and the right passphrase brings everything back.
func TestRecordClosed(t *testing.T) {
	o := options(t, t.TempDir())
	s, b, pin := running(t, o)
	id := b.begin("A")
	b.want(http.StatusOK, "POST", "/api/clients/"+id+"/edits", `[{"id":"1","kind":"wishes","data":{"age":40}}]`)
	events, err := b.client.Get(b.url + "/api/clients/" + id + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	b.want(http.StatusNoContent, "POST", "/api/record/close", "{}")
	if _, err := bytes.NewBuffer(nil).ReadFrom(events.Body); err != nil { // it ends
		t.Error(err)
	}
	if left := below(t, o.Work); len(left) > 0 || s.RecordOpen() {
		t.Errorf("left of what was worked on: %v", left)
	}
	for what, body := range paths(id) {
		method, path, _ := strings.Cut(what, " ")
		if !strings.HasPrefix(path, "/api/clients") && path != "/api/hand-over" {
			continue
		}
		if status, said, _ := b.do(method, path, strings.NewReader(body)); status != http.StatusLocked || !strings.Contains(said, `"type":"record-closed"`) {
			t.Errorf("%s answers while the record is closed: %d %.100s", what, status, said)
		}
	}
	if said := b.want(http.StatusOK, "GET", "/api/session", ""); !strings.Contains(said, `"record":"closed"`) {
		t.Error(said)
	}
	if status, _, _ := b.do("POST", "/api/record/open", strings.NewReader("passphrase="+passphrase), "Content-Type", "application/x-www-form-urlencoded"); status != http.StatusBadRequest {
		t.Errorf("a form: %d", status)
	}
	stranger(t, b.url).want(http.StatusUnauthorized, "POST", "/api/record/open", `{"passphrase":"`+passphrase+`"}`)
	for range 3 {
		if said := b.want(http.StatusForbidden, "POST", "/api/record/open", `{"passphrase":"violet harbour nine candlf"}`); !strings.Contains(said, "does not open this record") {
			t.Error(said)
		}
	}
	status, said, h := b.do("POST", "/api/record/open", strings.NewReader(`{"passphrase":"`+passphrase+`"}`))
	if status != http.StatusTooManyRequests || h.Get("Retry-After") == "" {
		t.Errorf("the right one too soon: %d %s %v", status, said, h)
	}
	time.Sleep(2100 * time.Millisecond) // as the record wants it
	b.want(http.StatusNoContent, "POST", "/api/record/open", `{"passphrase":"`+passphrase+`"}`)
	if said := b.want(http.StatusOK, "GET", "/api/clients/"+id, ""); !strings.Contains(said, `"age":40`) {
		t.Errorf("%.300s", said)
	}
	b.want(http.StatusNoContent, "POST", "/api/hand-over", `{"client":"`+id+`"}`)
	for _, path := range []string{"/api/record/open", "/api/record/close"} {
		b.want(http.StatusForbidden, "POST", path, "{}")
	}
	b.want(http.StatusNoContent, "POST", "/unlock", `{"pin":"`+pin+`"}`)
}

// below are all files below a folder.
func below(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && path != dir {
			files = append(files, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return files
}

// TestClosedWhenNobodyIsThere: the record is closed after the time without a touch and
// not before, and never while somebody uses it.
func TestClosedWhenNobodyIsThere(t *testing.T) {
	var now atomic.Int64
	now.Store(time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC).UnixNano())
	o := options(t, t.TempDir())
	o.Now, o.CloseIdle, o.Idle = func() time.Time { return time.Unix(0, now.Load()) }, time.Hour, 24*time.Hour
	s, b, _ := running(t, o)
	wait := func(d time.Duration) {
		t.Helper()
		now.Add(int64(d))
		if err := s.TendOnce(); err != nil && !errors.Is(err, studio.ErrBusy) {
			t.Error(err)
		}
	}
	wait(59 * time.Minute)
	b.want(http.StatusOK, "GET", "/api/clients", "") // a touch
	wait(59 * time.Minute)
	if !s.RecordOpen() {
		t.Fatal("closed too soon")
	}
	release, err := s.Use("")
	if err != nil {
		t.Fatal(err)
	}
	wait(2 * time.Hour)
	if !s.RecordOpen() {
		t.Fatal("closed while it was used")
	}
	release()
	wait(time.Minute)
	if s.RecordOpen() {
		t.Fatal("open after hours without a touch")
	}
	b.want(http.StatusLocked, "GET", "/api/clients", "")
}

// planted is a JPEG with a word in a comment.
func planted(photo []byte) []byte {
	const word = "PLANTED-PHOTO"
	note := append([]byte{0xff, 0xd8, 0xff, 0xfe, 0, byte(2 + len(word))}, word...)
	return append(note, photo[2:]...)
}

// beginsJPEG reports whether a JPEG begins anywhere in data: its first marker, and the
// second one where the length of the first segment says. The three bytes ff d8 ff alone
// stand by chance in one of sixteen megabytes of anything encrypted.
func beginsJPEG(data []byte) bool {
	marker := func(at int) bool {
		return at+1 < len(data) && data[at] == 0xff && data[at+1] >= 0xc0 && data[at+1] != 0xff
	}
	for at := 0; ; at++ {
		next := bytes.Index(data[at:], []byte{0xff, 0xd8, 0xff})
		if next < 0 {
			return false
		}
		at += next
		if at+6 <= len(data) && marker(at+2) && marker(at+4+int(data[at+4])<<8+int(data[at+5])) {
			return true
		}
	}
}

// TestBeginsJPEG: every photo and picture that the studio handles is found, wherever it
// begins, and three bytes by chance are not.
func TestBeginsJPEG(t *testing.T) {
	photo, err := os.ReadFile("../../testdata/demo/crown.jpg")
	if err != nil {
		t.Fatal(err)
	}
	var small bytes.Buffer
	if err := jpeg.Encode(&small, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		data []byte
		want bool
	}{
		{"a photo", photo, true},
		{"a photo with a planted comment", planted(photo), true},
		{"a picture of the program, after other bytes", append([]byte{1, 2, 0xff, 0xd8, 0xff, 9}, small.Bytes()...), true},
		{"three bytes", []byte{7, 0xff, 0xd8, 0xff, 0xe1, 0, 2, 5, 6, 7, 8, 9}, false},
		{"cut off", []byte{0xff, 0xd8, 0xff}, false},
	} {
		if got := beginsJPEG(tt.data); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// nothingPlain: words planted in a photo, edits, days and a signature are found nowhere on
// the disk, while the client is worked on, after, and when it is deleted; and of the
// working folder nothing is left.
func nothingPlain(t *testing.T, s *studio.Server, o studio.Options, b *tablet, client string) {
	dir := o.Dir
	words := []string{"PLANTED-", "pointille.plan/", "pointille.survey/", "pointille.schedule/", "BEGIN:VCALENDAR", "%PDF", passphrase}
	search := func(when string) {
		t.Helper()
		for _, path := range below(t, dir) {
			data, err := os.ReadFile(path)
			if err != nil {
				continue // a folder
			}
			for _, w := range words {
				if bytes.Contains(data, []byte(w)) || strings.Contains(path, w) {
					t.Errorf("%s: %q stands in %s", when, w, path)
				}
			}
			if beginsJPEG(data) {
				t.Errorf("%s: a JPEG stands in %s", when, path)
			}
		}
	}
	search("at work")
	if held := below(t, o.Work); !strings.Contains(strings.Join(held, " "), "crown.screen.jpg") || strings.Contains(strings.Join(held, " "), "/crown.jpg") {
		t.Errorf("the working folder is not as the documentation says: %v", held)
	}
	if err := s.CloseRecord(time.Minute); err != nil {
		t.Fatal(err)
	}
	search("closed")
	if left := below(t, o.Work); len(left) > 0 {
		t.Errorf("left of what was worked on: %v", left)
	}
	v, err := records.Verify(t.Context(), filepath.Join(dir, "record"), passphrase, records.VerifyOptions{Words: [][]byte{[]byte("PLANTED-REASON"), []byte("PLANTED-PHOTO")}})
	if err != nil || len(v.Problems) > 0 || len(v.Found) < 3 {
		t.Errorf("%+v, %v", v, err)
	}
	if err := s.OpenRecord(t.Context(), passphrase); err != nil {
		t.Fatal(err)
	}
	b.want(http.StatusOK, "GET", client, "") // laid out
	b.want(http.StatusNoContent, "DELETE", client, "")
	search("deleted")
	if err := s.CloseRecord(time.Minute); err != nil {
		t.Fatal(err)
	}
	v, err = records.Verify(t.Context(), filepath.Join(dir, "record"), passphrase, records.VerifyOptions{Words: [][]byte{[]byte("PLANTED-")}})
	if err != nil || len(v.Problems)+len(v.Found) > 0 || v.Deleted != 1 || v.Lines != 0 {
		t.Errorf("%+v, %v", v, err)
	}
}

// TestReadersBeside: lists and backups by others while a tablet edits; nobody is
// refused, and the backup is whole.
func TestReadersBeside(t *testing.T) {
	dir := t.TempDir()
	_, b, _ := running(t, options(t, dir))
	id := b.begin("A")
	ctx, record := t.Context(), filepath.Join(dir, "record")
	if _, err := records.Open(ctx, record, passphrase, records.Options{}); !errors.Is(err, records.ErrInUse) || !strings.Contains(err.Error(), "pointille studio, process ") {
		t.Errorf("a second writer: %v", err)
	}
	reader, err := records.Open(ctx, record, passphrase, records.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	backup := filepath.Join(t.TempDir(), "backup")
	var both sync.WaitGroup
	both.Go(func() {
		for i := range 20 {
			b.want(http.StatusOK, "POST", "/api/clients/"+id+"/edits", fmt.Sprintf(`[{"id":"%d","kind":"wishes","data":{"age":%d}}]`, i, 20+i))
		}
	})
	both.Go(func() {
		for range 10 {
			if all, err := reader.Clients(context.Background()); err != nil || len(all) != 1 {
				t.Errorf("%v, %v", all, err)
			}
		}
	})
	both.Go(func() {
		for range 3 {
			if _, err := reader.Backup(context.Background(), backup, nil); err != nil {
				t.Error(err)
			}
		}
	})
	both.Wait()
	if v, err := records.Verify(ctx, backup, passphrase, records.VerifyOptions{}); err != nil || len(v.Problems) > 0 {
		t.Errorf("%+v, %v", v, err)
	}
	if lines, err := reader.Lines(ctx, "A"); err != nil || len(lines) != 21 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}

// TestClientsOfTheCommandLine: a client that was made without the studio is in its
// list and can be consulted.
func TestClientsOfTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	s, b, _ := running(t, options(t, dir))
	if err := errors.Join(s.CloseRecord(time.Minute), s.CloseRecord(0)); err != nil { // twice is once
		t.Fatal(err)
	}
	r, err := records.Open(t.Context(), filepath.Join(dir, "record"), passphrase, records.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := r.NewClient(t.Context(), "C-9", "Anna")
	if err := errors.Join(err, r.Close(), s.OpenRecord(t.Context(), passphrase)); err != nil {
		t.Fatal(err)
	}
	if said := b.want(http.StatusOK, "GET", "/api/clients", ""); !strings.Contains(said, `"code":"C-9"`) || strings.Contains(said, "Anna") {
		t.Error(said)
	}
	if said := b.want(http.StatusOK, "GET", "/api/clients/"+c.ID, ""); !strings.Contains(said, `"code":"C-9"`) {
		t.Errorf("%.200s", said)
	}
	b.want(http.StatusConflict, "POST", "/api/clients", `{"code":"c-9"}`)
}

// TestNotKept: an edit that the record cannot take now is refused so that the tablet
// sends it again, and then counts.
func TestNotKept(t *testing.T) {
	dir := t.TempDir()
	_, b, _ := running(t, options(t, dir))
	edits := "/api/clients/" + b.begin("A") + "/edits"
	b.want(http.StatusOK, "POST", edits, `[{"id":"1","kind":"wishes","data":{"age":30}}]`)
	files := filepath.Join(dir, "record", "data.db-journal")
	if err := errors.Join(os.Remove(files), os.MkdirAll(filepath.Join(files, "in the way"), 0o700)); err != nil { // so no change can begin
		t.Fatal(err)
	}
	b.want(http.StatusServiceUnavailable, "POST", edits, `[{"id":"2","kind":"wishes","data":{"age":40}}]`)
	if err := os.RemoveAll(files); err != nil {
		t.Fatal(err)
	}
	if said := b.want(http.StatusOK, "POST", edits, `[{"id":"2","kind":"wishes","data":{"age":40}}]`); !strings.Contains(said, `"age":40`) || !strings.Contains(said, `"undo":2`) {
		t.Errorf("%.300s", said)
	}
}
