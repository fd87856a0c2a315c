//go:build e2e

package studio_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// chromium drives a headless one over its own protocol.
type chromium struct {
	ctx  context.Context
	mu   sync.Mutex
	errs []string
}

func newChromium(t *testing.T) engine {
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
	c := &chromium{ctx: ctx}
	chromedp.ListenTarget(ctx, func(e any) {
		if e, ok := e.(*runtime.EventExceptionThrown); ok {
			c.mu.Lock()
			c.errs = append(c.errs, e.ExceptionDetails.Error())
			c.mu.Unlock()
		}
	})
	return c
}

// do gives up what hangs: chromedp does not where the page's code never answers.
func (c *chromium) do(a ...chromedp.Action) error {
	ctx, cancel := context.WithTimeout(c.ctx, 60*time.Second)
	defer cancel()
	return chromedp.Run(c.ctx, chromedp.ActionFunc(func(run context.Context) error {
		done := make(chan error, 1)
		go func() { done <- chromedp.Tasks(a).Do(run) }()
		select {
		case err := <-done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}))
}

func (c *chromium) size(w, h int) error {
	return c.do(emulation.SetDeviceMetricsOverride(int64(w), int64(h), 2, false))
}
func (c *chromium) open(url string) error { return c.do(chromedp.Navigate(url)) }
func (c *chromium) reload() error         { return c.do(chromedp.Reload()) }

func (c *chromium) eval(js string, into any) error {
	return c.do(chromedp.Evaluate(js, into, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
}

func (c *chromium) keys(text string) error {
	return c.do(chromedp.KeyEvent(strings.NewReplacer(string(arrowRight), kb.ArrowRight, string(enter), kb.Enter).Replace(text)))
}

func (c *chromium) pointer(what string, x, y float64) error {
	switch what {
	case "down":
		return c.do(input.DispatchMouseEvent(input.MouseMoved, x, y), input.DispatchMouseEvent(input.MousePressed, x, y).WithButton(input.Left).WithClickCount(1))
	case "move":
		return c.do(input.DispatchMouseEvent(input.MouseMoved, x, y).WithButton(input.Left))
	case "up":
		return c.do(input.DispatchMouseEvent(input.MouseReleased, x, y).WithButton(input.Left).WithClickCount(1))
	}
	return fmt.Errorf("no pointer does %q", what)
}

func (c *chromium) upload(field string, files []string) error {
	return c.do(chromedp.SetUploadFiles(field, files, chromedp.ByQuery, chromedp.NodeReady))
}

func (c *chromium) picture() (data []byte, err error) {
	err = chromedp.Run(c.ctx, chromedp.ActionFunc(func(ctx context.Context) (err error) {
		data, err = page.CaptureScreenshot().Do(ctx)
		return err
	}))
	return data, err
}

func (c *chromium) thrown() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.errs)
}
