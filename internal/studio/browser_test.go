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
	ctx, late := context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(func() { late(); cancel(); stop() })
	b := &browser{t: t, ctx: ctx, url: url, shots: os.Getenv("SHOTS")}
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
