//go:build e2e

package studio_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// engine is what drives one kind of browser: a window of two pixels a point.
type engine interface {
	size(w, h int) error                       // of the page, in points
	open(url string) error                     // and wait until it is loaded
	reload() error                             //
	eval(js string, into any) error            // an expression; a promise is waited for
	keys(text string) error                    // to what has the focus; enter and arrowRight among them
	pointer(what string, x, y float64) error   // down, move or up
	upload(field string, files []string) error // into a file field
	picture() ([]byte, error)                  // of the page, PNG
	thrown() []string                          // errors that no code of the page caught
}

// Keys without a letter.
const (
	enter      = '\r'
	arrowRight = '→'
)

// browser is an engine, and a test that ends where it cannot go on.
type browser struct {
	t     *testing.T
	e     engine
	url   string
	shots string
	at    [2]float64
}

// newBrowser keeps screenshots in a folder of the engine's where SHOTS names one.
func newBrowser(t *testing.T, name string, e engine, url string) *browser {
	b := &browser{t: t, e: e, url: url}
	if dir := os.Getenv("SHOTS"); dir != "" {
		b.shots = filepath.Join(dir, name)
		if err := os.MkdirAll(b.shots, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// must ends the test where the browser could not do what it was told.
func (b *browser) must(err error) {
	b.t.Helper()
	if err != nil {
		b.shot("failed")
		b.t.Fatal(err)
	}
}

func (b *browser) size(w, h int)            { b.t.Helper(); b.must(b.e.size(w, h)) }
func (b *browser) open(path string)         { b.t.Helper(); b.must(b.e.open(b.url + path)) }
func (b *browser) reload()                  { b.t.Helper(); b.must(b.e.reload()) }
func (b *browser) keys(text string)         { b.t.Helper(); b.must(b.e.keys(text)) }
func (b *browser) eval(js string, into any) { b.t.Helper(); b.must(b.e.eval(js, into)) }
func (b *browser) seen(q string) {
	b.t.Helper()
	b.truth(`document.querySelector(` + quoted(q) + `) !== null`)
}

func (b *browser) focus(q string) {
	b.t.Helper()
	b.eval(`document.querySelector(`+quoted(q)+`).focus()`, nil)
}

func (b *browser) upload(field string, files []string) {
	b.t.Helper()
	b.must(b.e.upload(field, files))
}

func quoted(s string) string {
	data, _ := json.Marshal(s) // a string always is
	return string(data)
}

func (b *browser) value(js string) (v any) {
	b.t.Helper()
	b.eval(js, &v)
	return v
}

// truth waits until an expression holds.
func (b *browser) truth(js string) {
	b.t.Helper()
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if b.value(js) == true {
			return
		}
	}
	b.shot("failed")
	b.t.Fatalf("never true: %s", js)
}

// settled waits until the plan is made and what shows it is drawn.
func (b *browser) settled() {
	b.t.Helper()
	b.truth(`document.querySelector(".pulse, .stage.waiting, .stage.live, .stage.drawing") === null && document.querySelector("main > *") !== null`)
}

// changed waits for another plan.
func (b *browser) changed(was map[string]any, plan func() map[string]any) {
	b.t.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if p := plan(); p["rev"] != was["rev"] && p["planning"] == false {
			return
		}
	}
	b.t.Fatal("no other plan came")
}

func (b *browser) click(q string) {
	b.t.Helper()
	b.seen(q)
	b.eval(`document.querySelector(`+quoted(q)+`).click()`, nil)
}

func (b *browser) box(q string) (x, y, w, h float64) {
	b.t.Helper()
	var r [4]float64
	b.eval(`(() => { const r = document.querySelector(`+quoted(q)+`).getBoundingClientRect(); return [r.x, r.y, r.width, r.height] })()`, &r)
	return r[0], r[1], r[2], r[3]
}

func (b *browser) press(x, y float64) {
	b.t.Helper()
	b.at = [2]float64{x, y}
	b.must(b.e.pointer("down", x, y))
}

func (b *browser) moveTo(x, y, dx, dy float64) {
	b.t.Helper()
	const steps = 8
	for k := 1.0; k <= steps; k++ {
		b.at = [2]float64{x + dx*k/steps, y + dy*k/steps}
		b.must(b.e.pointer("move", b.at[0], b.at[1]))
	}
}

func (b *browser) release() {
	b.t.Helper()
	b.must(b.e.pointer("up", b.at[0], b.at[1]))
}

func (b *browser) drag(x, y, dx, dy float64) {
	b.t.Helper()
	b.press(x, y)
	b.moveTo(x, y, dx, dy)
	b.release()
}

func (b *browser) shot(name string) {
	if b.shots == "" {
		return
	}
	data, err := b.e.picture()
	if err == nil {
		err = os.WriteFile(filepath.Join(b.shots, name+".png"), data, 0o644)
	}
	if err != nil {
		b.t.Log(err)
	}
}

// accessible wants of what is on the page now: a name for all that is touched or typed in,
// 44 points for a finger (24 for what stands in a line of text), a text for every picture,
// one first heading, and letters told from their ground by 4.5 to 1, large ones by 3 to 1.
// Letters over photos are not judged.
func (b *browser) accessible(page string) {
	b.t.Helper()
	var faults []string
	b.eval(`(() => {
  const out = [], seen = (e) => { const r = e.getBoundingClientRect(); return r.width > 1 && r.height > 1 && e.checkVisibility({ opacityProperty: true, visibilityProperty: true }); };
  const what = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (e.className && e.className.split ? "." + e.className.split(" ")[0] : "") + " " + (e.textContent || "").trim().slice(0, 30);
  const named = (e) => (e.getAttribute("aria-label") || e.textContent || e.getAttribute("title") || [...(e.labels || [])].map(l => l.textContent).join("") || (e.getAttribute("aria-labelledby") && document.getElementById(e.getAttribute("aria-labelledby"))?.textContent) || "").trim();
  for (const e of document.querySelectorAll("button, a[href], input, select, textarea, [role=slider]")) {
    if (!seen(e)) continue;
    if (!named(e)) out.push("has no name: " + what(e));
    const target = e.closest("label") || e, r = target.getBoundingClientRect(), least = e.tagName === "A" && getComputedStyle(e).display === "inline" || e.type === "range" ? 24 : 44;
    if (Math.min(r.width, r.height) < least - 0.5 && !e.closest("svg")) out.push("is " + Math.round(r.width) + "x" + Math.round(r.height) + ", small for a finger: " + what(e));
  }
  for (const e of document.querySelectorAll("img:not([alt])")) out.push("has no text: " + e.src);
  if (document.querySelectorAll("h1").length !== 1) out.push(document.querySelectorAll("h1").length + " first headings");
  const rgb = (c) => { const m = c.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/); return m && [+m[1], +m[2], +m[3], m[4] === undefined ? 1 : +m[4]]; };
  const light = (c) => { const [r, g, b] = c.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !seen(e) || e.closest(".stage, svg, [disabled], [aria-disabled=true], .unseen, .skip")) continue;
    const s = getComputedStyle(e), fg = rgb(s.color);
    let p = e, bg = null;
    for (; p && !bg; p = p.parentElement) { const c = rgb(getComputedStyle(p).backgroundColor); if (!c || getComputedStyle(p).backgroundImage !== "none") break; if (c[3] === 1) bg = c; else if (c[3] > 0) break; }
    if (!fg || fg[3] < 1 || !bg) continue;
    const [a, z] = [light(fg), light(bg)].sort((x, y) => y - x), ratio = (a + 0.05) / (z + 0.05), px = parseFloat(s.fontSize);
    if (ratio < (px >= 24 || px >= 18.66 && +s.fontWeight >= 700 ? 3 : 4.5)) out.push("contrast " + ratio.toFixed(2) + ": " + what(e));
  }
  return [...new Set(out)];
})()`, &faults)
	for _, f := range faults {
		b.t.Errorf("%s: %s", page, f)
	}
}
