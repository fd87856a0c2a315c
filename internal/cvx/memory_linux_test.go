package cvx_test

import (
	"bytes"
	"image"
	"os"
	"runtime/debug"
	"strconv"
	"testing"

	"pointille/internal/cvx"
	"pointille/internal/raster"
)

// TestNativeMemory repeats each call of the C++ part, whose memory neither the
// collector nor gocv's profile sees, until a leak of one of its pictures would
// fill 100 MB, and wants the process to stay as it is.
func TestNativeMemory(t *testing.T) {
	if _, ok := resident(); !ok {
		t.Fatal("no /proc/self/statm")
	}
	const w, h = 400, 500 // 0.8 MB a plane or colour picture
	p, img := randPlane(w, h, 1), randNRGBA(w, h, 3)
	waves := must[*image.Gray](t)(cvx.ToGray(smooth(w, h)))
	g, blobs := randGray(w, h, 4), randMask(w, h, 0.02, 5)
	jpg := must[[]byte](t)(cvx.EncodeJPEG(img, 90))
	png := pngBytes(t, img)
	net := must[*cvx.Net](t)(cvx.LoadNet(edges(make([]float32, 9))))
	defer net.Close()
	model := edges(make([]float32, 9))
	for name, f := range map[string]func() error{
		"resize":      func() error { _, err := cvx.Resize(p, w/7, h/7, cvx.Area); return err },
		"gray":        func() error { _, err := cvx.ToGray(img); return err },
		"distance":    func() error { _, err := cvx.Distance(g); return err },
		"decode jpeg": func() error { _, err := cvx.Decode(jpg, cvx.DecodeOptions{}); return err },
		"decode png":  func() error { _, err := cvx.Decode(png, cvx.DecodeOptions{}); return err },
		"encode":      func() error { _, err := cvx.EncodeJPEG(img, 90); return err },
		"inpaint":     func() error { _, err := cvx.Inpaint(img, blobs, 1); return err },
		"markers":     func() error { _, err := cvx.DetectMarkers(waves, cvx.MarkerOptions{}); return err },
		"forward":     func() error { _, err := net.Forward(p.Pix, [4]int{1, 1, h, w}); return err },
		"blur":        func() error { _, err := cvx.Box(p, 3); return err },
		"load": func() error {
			n, err := cvx.LoadNet(model)
			if err != nil {
				return err
			}
			return n.Close()
		},
		"refused": func() error { _, _ = cvx.Decode(jpg[:len(jpg)/2], cvx.DecodeOptions{}); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			times := 130
			if name == "inpaint" || name == "markers" {
				times = 40 // slow, and of more pictures each
			}
			grown := growth(t, times, f)
			t.Logf("%d MB in %d calls", grown, times)
			if grown > 25 {
				t.Errorf("%d calls leave %d MB", times, grown)
			}
		})
	}
}

// growth is how many MB the process has gained after f has run so many times,
// not counting the first few runs, which fill caches.
func growth(t *testing.T, times int, f func() error) int {
	t.Helper()
	before := 0
	for i := range times + 5 {
		if err := f(); err != nil {
			t.Fatal(err)
		}
		if i == 4 {
			debug.FreeOSMemory()
			before, _ = resident()
		}
	}
	debug.FreeOSMemory()
	after, _ := resident()
	return (after - before) >> 20
}

// resident is the memory of this process, bytes; ok is false where the system
// does not tell.
func resident() (int, bool) {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	fields := bytes.Fields(data)
	if len(fields) < 2 {
		return 0, false
	}
	pages, err := strconv.Atoi(string(fields[1]))
	return pages * os.Getpagesize(), err == nil
}

// TestLeakIsSeen shows that the test above can fail.
func TestLeakIsSeen(t *testing.T) {
	if _, ok := resident(); !ok {
		t.Fatal("no /proc/self/statm")
	}
	var kept []*raster.Plane
	grown := growth(t, 130, func() error {
		p, err := cvx.Box(raster.NewPlane(400, 500), 1)
		kept = append(kept, p)
		return err
	})
	if grown < 60 {
		t.Errorf("130 planes of 0.8 MB that are kept count as %d MB", grown)
	}
	if len(kept) == 0 || kept[0].Pix == nil {
		t.Error("nothing was kept")
	}
}
