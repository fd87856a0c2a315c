//go:build e2e

package studio_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// webkit drives WebKitGTK's own small browser, the engine family of the iPad, over W3C
// WebDriver. It draws on a screen of its own that nobody sees. Its pointer is a pencil: it takes
// fingers for a mouse.
type webkit struct {
	session string // its address
	lost    []string
}

// newWebkit wants the packages webkit2gtk-driver and xvfb.
func newWebkit(t *testing.T) engine {
	window, err := filepath.Glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser")
	if err != nil || len(window) == 0 {
		t.Fatal("webkit2gtk-driver is not installed; make e2e installs it")
	}
	port := freePort(t)
	env := append(os.Environ(), "DISPLAY="+screen(t), "GDK_SCALE=2", "GDK_BACKEND=x11", "LIBGL_ALWAYS_SOFTWARE=1", "NO_AT_BRIDGE=1")
	beside(t, env, "WebKitWebDriver", "--host=127.0.0.1", "--port="+port)
	w := &webkit{session: "http://127.0.0.1:" + port + "/session"}
	options := map[string]any{"webkitgtk:browserOptions": map[string]any{"binary": window[0], "args": []string{"--automation"}}}
	var made struct{ SessionID string }
	until := time.Now().Add(30 * time.Second)
	for err = io.EOF; err != nil && time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		err = w.ask("POST", "", map[string]any{"capabilities": map[string]any{"alwaysMatch": options}}, &made)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.session += "/" + made.SessionID
	t.Cleanup(func() { w.ask("DELETE", "", nil, nil) })
	return w
}

// screen starts one that nobody sees and returns its name.
func screen(t *testing.T) string {
	said, say, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "2800x2800x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{say}
	run(t, cmd)
	say.Close()
	number, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		t.Fatal("Xvfb does not start: ", err)
	}
	return ":" + strings.TrimSpace(number)
}

// beside runs a program until the test ends.
func beside(t *testing.T, env []string, name string, args ...string) {
	cmd := exec.Command(name, args...)
	cmd.Env = env
	run(t, cmd)
}

func run(t *testing.T, cmd *exec.Cmd) {
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// ask sends one command and reads its value.
func (w *webkit) ask(method, path string, body, into any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequest(method, w.session+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	resp, err := (&http.Client{Timeout: 2 * time.Minute}).Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var said struct{ Value json.RawMessage }
	if err := json.NewDecoder(resp.Body).Decode(&said); err != nil {
		return fmt.Errorf("WebKit, %s: %w", path, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("WebKit, %s: %.400s", path, said.Value)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(said.Value, into)
}

// size makes the window so large that the page has the size: it has a bar of its own.
func (w *webkit) size(width, height int) error {
	for range 5 {
		var now [4]int
		if err := w.eval(`[innerWidth, innerHeight, outerWidth, outerHeight]`, &now); err != nil {
			return err
		}
		if now[0] == width && now[1] == height {
			return nil
		}
		rect := map[string]int{"width": width + now[2] - now[0], "height": height + now[3] - now[1]}
		if err := w.ask("POST", "/window/rect", rect, nil); err != nil {
			return err
		}
		time.Sleep(300 * time.Millisecond)
	}
	return fmt.Errorf("WebKit's page is not %d×%d", width, height)
}

func (w *webkit) open(url string) error {
	return w.load("/url", map[string]string{"url": url})
}

func (w *webkit) reload() error { return w.load("/refresh", map[string]string{}) }

// load goes to a page and listens for what no code of it catches.
func (w *webkit) load(how string, body any) error {
	w.thrown()
	if err := w.ask("POST", how, body, nil); err != nil {
		return err
	}
	return w.eval(`(() => {
  if (window.thrownHere) return;
  window.thrownHere = [];
  addEventListener("error", (e) => thrownHere.push(String(e.message || e.type)));
  addEventListener("unhandledrejection", (e) => thrownHere.push(String(e.reason)));
})()`, nil)
}

func (w *webkit) thrown() []string {
	var now []string
	if err := w.eval(`(window.thrownHere || []).splice(0)`, &now); err != nil {
		now = []string{err.Error()}
	}
	w.lost = append(w.lost, now...)
	return w.lost
}

func (w *webkit) eval(js string, into any) error {
	script := `const done = arguments[0]; (async () => (` + js + `))().then((v) => done([v === undefined ? null : v]), (e) => done(String(e)));`
	var out json.RawMessage
	if err := w.ask("POST", "/execute/async", map[string]any{"script": script, "args": []any{}}, &out); err != nil {
		return err
	}
	var value [1]json.RawMessage
	if json.Unmarshal(out, &value) != nil {
		return fmt.Errorf("WebKit: %s of %.200s", out, js)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(value[0], into)
}

func (w *webkit) keys(text string) error {
	var strokes []map[string]string
	for _, r := range text {
		key := string(r)
		switch r {
		case enter:
			key = "\uE007"
		case arrowRight:
			key = "\uE014"
		}
		strokes = append(strokes, map[string]string{"type": "keyDown", "value": key}, map[string]string{"type": "keyUp", "value": key})
	}
	return w.act(map[string]any{"type": "key", "id": "keys", "actions": strokes})
}

func (w *webkit) pointer(what string, x, y float64) error {
	move := map[string]any{"type": "pointerMove", "duration": 0, "x": int(x + 0.5), "y": int(y + 0.5)}
	steps := map[string][]map[string]any{"move": {move}, "down": {move, {"type": "pointerDown", "button": 0}}, "up": {move, {"type": "pointerUp", "button": 0}}}[what]
	return w.act(map[string]any{"type": "pointer", "id": "pencil", "parameters": map[string]string{"pointerType": "pen"}, "actions": steps})
}

func (w *webkit) act(source map[string]any) error {
	return w.ask("POST", "/actions", map[string]any{"actions": []any{source}}, nil)
}

func (w *webkit) upload(field string, files []string) error {
	var found map[string]string
	if err := w.ask("POST", "/element", map[string]string{"using": "css selector", "value": field}, &found); err != nil {
		return err
	}
	for _, id := range found { // the one name that the standard gives
		return w.ask("POST", "/element/"+id+"/value", map[string]string{"text": strings.Join(files, "\n")}, nil)
	}
	return fmt.Errorf("WebKit: no %s", field)
}

// picture waits until what is there is drawn: without a graphics card that takes a while.
func (w *webkit) picture() ([]byte, error) {
	if err := w.eval(`new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r, 1200))))`, nil); err != nil {
		return nil, err
	}
	var text string
	if err := w.ask("GET", "/screenshot", nil, &text); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(text)
}
