package studio_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pointille/internal/records"
	"pointille/internal/records/keys"
	"pointille/internal/studio"
)

// tablet is a browser without a page.
type tablet struct {
	t      testing.TB
	url    string
	client *http.Client
}

// passphrase opens the records of these tests.
const passphrase = "violet harbour nine candle"

func options(t testing.TB, dir string) studio.Options {
	return studio.Options{Dir: dir, Work: t.TempDir(), Worker: []string{os.Args[0], "studio-worker"}, Generator: "pointille test"}
}

// started is a studio in a folder, with its record open; one is made where there is
// none. Trying its passphrase is quick: what that costs is measured elsewhere.
func started(t testing.TB, o studio.Options) (s *studio.Server, pin string) {
	t.Helper()
	dir := filepath.Join(o.Dir, "record")
	if _, err := os.Stat(dir); err != nil {
		r, _, err := records.Create(t.Context(), dir, passphrase, records.Options{Cost: keys.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s, pin, err := studio.New(o, false)
	if err == nil {
		err = s.OpenRecord(t.Context(), passphrase)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, pin
}

// open starts a studio in a folder and pairs a tablet with it.
func open(t *testing.T, dir string) (paired *tablet, pin string) {
	t.Helper()
	s, pin := started(t, options(t, dir))
	server := httptest.NewServer(s)
	t.Cleanup(func() {
		server.Close()
		s.Close()
	})
	b := stranger(t, server.URL)
	if pin != "" {
		b.want(http.StatusNoContent, "POST", "/pair", `{"pin":"`+pin+`"}`)
	}
	return b, pin
}

func stranger(t testing.TB, url string) *tablet {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &tablet{t, url, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (b *tablet) do(method, path string, body io.Reader, header ...string) (int, string, http.Header) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		if r.Header.Set(header[i], header[i+1]); header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	resp, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp.StatusCode, string(data), resp.Header
}

// want asks and insists on a status.
func (b *tablet) want(status int, method, path, body string) string {
	b.t.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	got, said, _ := b.do(method, path, r)
	if got != status {
		b.t.Fatalf("%s %s: %d, want %d: %.300s", method, path, got, status, said)
	}
	return said
}

// begin makes a client.
func (b *tablet) begin(code string) string {
	b.t.Helper()
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(b.want(http.StatusOK, "POST", "/api/clients", `{"code":"`+code+`"}`)), &made); err != nil {
		b.t.Fatal(err)
	}
	return made.ID
}

// paths are all that a paired tablet can reach.
func paths(id string) map[string]string {
	return map[string]string{
		"GET /": "", "GET /api/session": "", "POST /api/lock": "{}", "GET /api/events": "", "POST /api/record/open": "{}", "POST /api/record/close": "{}", "POST /api/hand-over": `{"client":"` + id + `"}`, "GET /api/questions": "", "GET /api/clients": "",
		"POST /api/clients": `{"code":"X"}`, "GET /api/openapi.json": "", "GET /api/openapi.yaml": "",
		"GET /api/clients/" + id: "", "DELETE /api/clients/" + id: "", "POST /api/clients/" + id + "/edits": "[]", "POST /api/clients/" + id + "/settle": "{}",
		"GET /api/clients/" + id + "/views/front": "", "GET /api/clients/" + id + "/screening": "", "POST /api/clients/" + id + "/schedule": `{"first":"2030-01-01"}`,
		"GET /api/clients/" + id + "/consent": "", "POST /api/clients/" + id + "/sign": "{}", "PUT /api/clients/" + id + "/photos/front": "x",
		"GET /api/clients/" + id + "/photos/front/screen.jpg": "", "GET /api/clients/" + id + "/photos/front/thumb.jpg": "", "GET /api/clients/" + id + "/photos/front/heat.png": "",
		"GET /api/clients/" + id + "/photos/front/zones.png": "", "GET /api/clients/" + id + "/views/front/dots.bin": "", "GET /api/clients/" + id + "/views/front/preview.jpg?stage=healed": "",
		"GET /api/clients/" + id + "/head.bin": "", "GET /api/clients/" + id + "/events": "", "GET /api/clients/" + id + "/plan.json": "", "GET /api/clients/" + id + "/guide.pdf": "",
		"GET /api/clients/" + id + "/calendar.ics": "", "GET /api/clients/" + id + "/bottles": "", "POST /api/clients/" + id + "/ink": "{}", "DELETE /api/clients/" + id + "/ink/0": "", "GET /api/clients/" + id + "/log.jsonl": "", "GET /anything": "",
	}
}

func TestNothingAnswersAStranger(t *testing.T) {
	b, _ := open(t, t.TempDir())
	id := b.begin("A")
	var api struct{ Paths map[string]map[string]any }
	if err := json.Unmarshal([]byte(b.want(http.StatusOK, "GET", "/api/openapi.json", "")), &api); err != nil {
		t.Fatal(err)
	}
	tried := paths(id)
	for path, methods := range api.Paths { // no route is forgotten here
		for m := range methods {
			key := strings.ToUpper(m) + " " + strings.NewReplacer("{id}", id, "{slot}", "front", "{use}", "0").Replace(path)
			if _, ok := tried[key]; !ok {
				t.Errorf("%s is not tried", key)
			}
		}
	}
	s := stranger(t, b.url)
	for what, body := range tried {
		method, path, _ := strings.Cut(what, " ")
		status, said, _ := s.do(method, path, strings.NewReader(body))
		if path == "/" && status == http.StatusSeeOther {
			continue
		}
		if status != http.StatusUnauthorized {
			t.Errorf("%s answers a stranger: %d %.80s", what, status, said)
		}
	}
	for _, path := range []string{"/pair", "/trust", "/assets/app.js", "/assets/style.css"} {
		if status, _, _ := s.do("GET", path, nil); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
	b.want(http.StatusOK, "GET", "/api/clients/"+id, "") // it is all still there
}

func TestHeadersAndCookie(t *testing.T) {
	b, pin := open(t, t.TempDir())
	s := stranger(t, b.url)
	_, _, h := s.do("POST", "/pair", strings.NewReader(`{"pin":"`+pin+`"}`))
	for _, want := range []string{"HttpOnly", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(h.Get("Set-Cookie"), want) {
			t.Errorf("the cookie lacks %s: %s", want, h.Get("Set-Cookie"))
		}
	}
	for _, path := range []string{"/", "/pair", "/api/clients", "/api/nothing"} {
		_, _, h := b.do("GET", path, nil)
		if path != "/" && path != "/pair" && h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be stored: %s", path, h.Get("Cache-Control"))
		}
		csp := h.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'self'") || strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestOtherSitesAndNames(t *testing.T) {
	b, pin := open(t, t.TempDir())
	for name, header := range map[string][]string{
		"another site":   {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
		"another origin": {"Origin", "http://localhost:1"},
	} {
		if status, said, _ := b.do("POST", "/api/clients", strings.NewReader(`{"code":"X"}`), header...); status != http.StatusForbidden {
			t.Errorf("%s: %d %s", name, status, said)
		}
	}
	if status, _, _ := b.do("GET", "/api/clients", nil, "Host", "studio.evil.example"); status != http.StatusMisdirectedRequest {
		t.Errorf("a foreign name that points here: %d", status)
	}
	if status, _, _ := stranger(t, b.url).do("POST", "/pair", strings.NewReader("pin="+pin), "Content-Type", "application/x-www-form-urlencoded"); status == http.StatusNoContent {
		t.Error("a form paired a tablet")
	}
}

func TestTraversal(t *testing.T) {
	dir := t.TempDir()
	b, _ := open(t, dir)
	a, other := b.begin("A"), b.begin("B")
	for _, path := range []string{
		"/assets/..%2f..%2fstudio.go", "/assets/../entry.json", "/api/clients/..%2f..%2fentry.json", "/api/clients/" + a + "%2f..%2f" + other,
		"/api/clients/" + a + "/photos/..%2f..%2f" + other + "%2fwork%2ffront/screen.jpg", "/api/clients/" + a + "/photos/%2e%2e/screen.jpg",
		"/api/clients/" + a + "/views/..%2fentry/preview.jpg?stage=healed", "/api/clients/%00", "/api/clients/" + strings.Repeat("a", 24) + "/log.jsonl",
	} {
		if status, said, _ := b.do("GET", path, nil); status < 300 || status >= 500 {
			t.Errorf("%s: %d %.100s", path, status, said)
		} else if strings.Contains(said, dir) {
			t.Errorf("%s tells this machine's folders: %s", path, said)
		}
	}
	for _, slot := range []string{"..%2f..%2fx", "front%2f..%2f..", "passwd", "front.jpg"} {
		if status, _, _ := b.do("PUT", "/api/clients/"+a+"/photos/"+slot, bytes.NewReader([]byte{0xff, 0xd8, 0xff})); status != http.StatusNotFound && status != http.StatusMovedPermanently && status != http.StatusTemporaryRedirect {
			t.Errorf("a photo as %s: %d", slot, status)
		}
	}
}

// bomb is a PNG of a few bytes that says it is enormous.
func bomb() []byte {
	chunk := func(kind string, data []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		body := append([]byte(kind), data...)
		return binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 60000), 60000)
	return append([]byte("\x89PNG\r\n\x1a\n"), append(chunk("IHDR", append(head, 8, 2, 0, 0, 0)), append(chunk("IDAT", []byte{0x78, 0x9c, 3, 0, 0, 0, 0, 1}), chunk("IEND", nil)...)...)...)
}

func TestUploadsThatAreNoPhotos(t *testing.T) {
	dir := t.TempDir()
	b, _ := open(t, dir)
	id := b.begin("A")
	photo, err := os.ReadFile("../../testdata/demo/front.jpg")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data   []byte
		status int
	}{
		"nothing":            {nil, http.StatusUnsupportedMediaType},
		"a drawing":          {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), http.StatusUnsupportedMediaType},
		"a page":             {[]byte("<html>"), http.StatusUnsupportedMediaType},
		"a page, then JPEG":  {append([]byte("<html>"), photo...), http.StatusUnsupportedMediaType},
		"a bomb":             {bomb(), http.StatusUnprocessableEntity},
		"cut short":          {photo[:len(photo)/3], http.StatusUnprocessableEntity},
		"only its beginning": {append([]byte{0xff, 0xd8, 0xff, 0xe0}, "<script>"...), http.StatusUnprocessableEntity},
	} {
		status, said, _ := b.do("PUT", "/api/clients/"+id+"/photos/front", bytes.NewReader(c.data))
		if status != c.status || strings.Contains(said, dir) || !strings.Contains(said, `"lv":"`) {
			t.Errorf("%s: %d, want %d: %s", name, status, c.status, said)
		}
	}
	status, _, _ := b.do("PUT", "/api/clients/"+id+"/photos/front", io.LimitReader(endless{}, 65<<20))
	if status != http.StatusRequestEntityTooLarge {
		t.Errorf("65 MB: %d", status)
	}
	if said := b.want(http.StatusOK, "GET", "/api/clients/"+id, ""); !strings.Contains(said, `"photos":[]`) {
		t.Errorf("something of it was kept: %.300s", said)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestInAClientsHands(t *testing.T) {
	b, pin := open(t, t.TempDir())
	a, other := b.begin("A"), b.begin("B")
	b.want(http.StatusNoContent, "POST", "/api/hand-over", `{"client":"`+a+`"}`)
	b.want(http.StatusOK, "GET", "/api/clients/"+a, "")
	for what, body := range map[string]string{
		"GET /api/clients": "", "POST /api/clients": `{"code":"C"}`, "GET /api/clients/" + other: "", "GET /api/clients/" + other + "/log.jsonl": "", "DELETE /api/clients/" + a: "",
		"POST /api/clients/" + other + "/edits": `[{"id":"1","kind":"undo"}]`, "GET /api/clients/" + a + "/../" + other: "", "POST /api/hand-over": `{"client":"` + other + `"}`,
		"GET /api/clients/" + a + "/bottles": "", "POST /api/clients/" + a + "/ink": `{}`, "DELETE /api/clients/" + a + "/ink/0": "",
	} {
		method, path, _ := strings.Cut(what, " ")
		status, said, _ := b.do(method, path, strings.NewReader(body))
		if status != http.StatusForbidden && status != http.StatusTemporaryRedirect && status != http.StatusMovedPermanently {
			t.Errorf("%s: %d %.100s", what, status, said)
		}
	}
	b.want(http.StatusForbidden, "POST", "/unlock", `{"pin":"`+pin[1:]+`x"}`)
	b.want(http.StatusNoContent, "POST", "/unlock", `{"pin":"`+pin+`"}`)
	b.want(http.StatusOK, "GET", "/api/clients/"+other, "")
	b.want(http.StatusNoContent, "POST", "/api/lock", "{}")
	b.want(http.StatusLocked, "GET", "/api/clients", "")
}

// TestEditsOutliveARestart: edits, undo and redo over the network and another start.
func TestEditsOutliveARestart(t *testing.T) {
	dir := t.TempDir()
	s, pin := started(t, options(t, dir))
	server := httptest.NewServer(s)
	b := stranger(t, server.URL)
	b.want(http.StatusNoContent, "POST", "/pair", `{"pin":"`+pin+`"}`)
	id := b.begin("A")
	edits := "/api/clients/" + id + "/edits"
	b.want(http.StatusOK, "POST", edits, `[{"id":"1","kind":"wishes","data":{"age":40}},{"id":"2","kind":"wishes","data":{"age":50}}]`)
	b.want(http.StatusOK, "POST", edits, `[{"id":"2","kind":"wishes","data":{"age":50}},{"id":"3","kind":"undo"}]`)
	b.want(http.StatusBadRequest, "POST", edits, `[{"id":"4","kind":"wishes","data":{"age":3}}]`)
	b.want(http.StatusUnprocessableEntity, "POST", edits, `[{"id":"5","kind":"create","data":{"code":"B","seed":1}}]`)
	b.want(http.StatusUnprocessableEntity, "POST", edits, `[{"id":"6","kind":"sign","data":{"file":"/etc/passwd"}}]`)
	server.Close()
	s.Close()

	again, pin := open(t, dir)
	if pin != "" {
		t.Error("another start made another PIN")
	}
	again.client.Jar = b.client.Jar // cookies know no ports
	said := again.want(http.StatusOK, "GET", "/api/clients/"+id, "")
	var whole struct {
		State struct {
			Wishes struct{ Age int }
			Undo   int
			Redo   int
		}
	}
	if err := json.Unmarshal([]byte(said), &whole); err != nil || whole.State.Wishes.Age != 40 || whole.State.Undo != 1 || whole.State.Redo != 1 {
		t.Errorf("%+v %v", whole, err)
	}
}

// hungUp is the connection of a tablet that is gone once the status is sent.
type hungUp struct {
	*httptest.ResponseRecorder
	gone     func()
	statuses []int
}

func (h *hungUp) WriteHeader(status int) {
	h.statuses = append(h.statuses, status)
	h.gone()
}

func (h *hungUp) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestHungUp: whoever hangs up in the middle of an answer gets one status, not two.
func TestHungUp(t *testing.T) {
	s, b, _ := running(t, options(t, t.TempDir()))
	at, err := url.Parse(b.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/questions", "/api/clients", "/api/clients/nobody"} {
		ctx, cancel := context.WithCancel(t.Context())
		r := httptest.NewRequestWithContext(ctx, "GET", b.url+path, nil)
		for _, c := range b.client.Jar.Cookies(at) {
			r.AddCookie(c)
		}
		w := &hungUp{ResponseRecorder: httptest.NewRecorder(), gone: cancel}
		s.ServeHTTP(w, r)
		if len(w.statuses) != 1 {
			t.Errorf("%s: statuses %v", path, w.statuses)
		}
	}
}
