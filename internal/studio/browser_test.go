//go:build e2e

package studio_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a headless chromium.
type browser struct {
	t      *testing.T
	ctx    context.Context
	url    string
	shots  string
	faults []string
	at     [2]float64
}

func awaited(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

func newBrowser(t *testing.T, url string) *browser {
	path := ""
	for _, p := range []string{"/usr/bin/chromium", "/usr/bin/google-chrome"} {
		if _, err := os.Stat(p); err == nil {
			path = p
		}
	}
	if path == "" {
		t.Fatal("chromium is not installed; make e2e installs it")
	}
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("use-gl", "angle"),
		chromedp.Flag("use-angle", "swiftshader"), chromedp.Flag("enable-unsafe-swiftshader", true), chromedp.Flag("ignore-gpu-blocklist", true))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, cancel := chromedp.NewContext(alloc)
	ctx, late := context.WithTimeout(ctx, 13*time.Minute)
	t.Cleanup(func() { late(); cancel(); stop() })
	b := &browser{t: t, ctx: ctx, url: url, shots: os.Getenv("SHOTS")}
	if b.shots != "" {
		if err := os.MkdirAll(b.shots, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	chromedp.ListenTarget(ctx, func(e any) {
		if e, ok := e.(*runtime.EventExceptionThrown); ok {
			b.faults = append(b.faults, e.ExceptionDetails.Error())
		}
	})
	return b
}

func (b *browser) do(a ...chromedp.Action) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 60*time.Second)
	defer cancel()
	if err := chromedp.Run(b.ctx, chromedp.ActionFunc(func(c context.Context) error {
		done := make(chan error, 1)
		go func() { done <- chromedp.Tasks(a).Do(c) }()
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	})); err != nil {
		b.shot("failed")
		b.t.Fatal(err)
	}
}

func (b *browser) size(w, h int64) {
	b.do(emulation.SetDeviceMetricsOverride(w, h, 2, false))
}

func (b *browser) open(path string) { b.t.Helper(); b.do(chromedp.Navigate(b.url + path)) }
func (b *browser) reload()          { b.t.Helper(); b.do(chromedp.Reload()) }
func (b *browser) seen(q string) {
	b.t.Helper()
	b.truth(`document.querySelector(` + quoted(q) + `) !== null`)
}
func (b *browser) keys(text string) { b.t.Helper(); b.do(chromedp.KeyEvent(text)) }

func quoted(s string) string {
	data, _ := json.Marshal(s) // a string always is
	return string(data)
}

func (b *browser) value(js string) (v any) {
	b.t.Helper()
	b.do(chromedp.Evaluate(js, &v, awaited))
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
	b.do(chromedp.Evaluate(`document.querySelector(`+quoted(q)+`).click()`, nil))
}

func (b *browser) box(q string) (x, y, w, h float64) {
	b.t.Helper()
	var r [4]float64
	b.do(chromedp.Evaluate(`(() => { const r = document.querySelector(`+quoted(q)+`).getBoundingClientRect(); return [r.x, r.y, r.width, r.height] })()`, &r))
	return r[0], r[1], r[2], r[3]
}

func (b *browser) press(x, y float64) {
	b.t.Helper()
	b.at = [2]float64{x, y}
	b.do(input.DispatchMouseEvent(input.MouseMoved, x, y), input.DispatchMouseEvent(input.MousePressed, x, y).WithButton(input.Left).WithClickCount(1))
}

func (b *browser) moveTo(x, y, dx, dy float64) {
	b.t.Helper()
	const steps = 8
	for k := 1.0; k <= steps; k++ {
		b.at = [2]float64{x + dx*k/steps, y + dy*k/steps}
		b.do(input.DispatchMouseEvent(input.MouseMoved, b.at[0], b.at[1]).WithButton(input.Left))
	}
}

func (b *browser) release() {
	b.t.Helper()
	b.do(input.DispatchMouseEvent(input.MouseReleased, b.at[0], b.at[1]).WithButton(input.Left).WithClickCount(1))
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
	var data []byte
	err := chromedp.Run(b.ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		data, err = page.CaptureScreenshot().Do(ctx)
		return err
	}))
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
	b.do(chromedp.Evaluate(`(() => {
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
})()`, &faults))
	for _, f := range faults {
		b.t.Errorf("%s: %s", page, f)
	}
}
