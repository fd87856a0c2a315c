package vision_test

import (
	"bytes"
	"context"
	"image"
	"image/draw"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"pointille/internal/cvx"
	"pointille/vision"
	"pointille/vision/photo"
	"pointille/vision/survey"
)

// asPhoto is a picture as the intake hands it on.
func asPhoto(img *image.NRGBA) *photo.Photo {
	return &photo.Photo{Path: "a.jpg", Name: "a.jpg", SHA256: string(bytes.Repeat([]byte("0"), 64)),
		Width: img.Rect.Dx(), Height: img.Rect.Dy(), Image: img}
}

// honest surveys a picture and wants either a refusal or a document that its
// own reader accepts, with maps of the picture's size.
func honest(t *testing.T, s *vision.Surveyor, img *image.NRGBA, o vision.Options) *vision.Result {
	t.Helper()
	r, err := s.Survey(context.Background(), asPhoto(img), o)
	if err != nil {
		if r != nil || err.Error() == "" {
			t.Fatalf("a result and an error: %v", err)
		}
		return nil
	}
	if r.Regions != nil {
		r.Survey.Maps = &survey.Maps{Regions: "a.regions.png", Hair: "a.hair.png", Density: "a.density.png"}
		for _, b := range []image.Rectangle{r.Regions.Rect, r.Hair.Rect, r.Density.Rect} {
			if b != img.Rect {
				t.Fatalf("map of %v for a picture of %v", b, img.Rect)
			}
		}
		for _, c := range r.Regions.Pix {
			if c > survey.Brow {
				t.Fatalf("class %d in the map", c)
			}
		}
	}
	var b bytes.Buffer
	if err := survey.Encode(&b, r.Survey); err != nil {
		t.Fatalf("the survey cannot be written: %v", err)
	}
	if _, err := survey.Decode(&b); err != nil {
		t.Fatalf("the survey cannot be read: %v", err)
	}
	return r
}

func surveyor(tb testing.TB) *vision.Surveyor {
	tb.Helper()
	s, err := vision.NewSurveyor()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func demo(tb testing.TB, view string) *image.NRGBA {
	tb.Helper()
	data, err := os.ReadFile("../testdata/demo/" + view + ".jpg")
	if err != nil {
		tb.Fatal(err)
	}
	return decode(tb, data).Image
}

// plain is a picture of one function.
func plain(w, h int, f func(x, y int) [3]uint8) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		c := f(i%w, i/w)
		copy(img.Pix[4*i:], []byte{c[0], c[1], c[2], 255})
	}
	return img
}

// TestNoHead wants pictures without a head refused, or at least called
// unusable: the network has seen nothing but heads and finds one anywhere.
func TestNoHead(t *testing.T) {
	s := surveyor(t)
	rng := rand.New(rand.NewPCG(1, 1))
	for name, img := range map[string]*image.NRGBA{
		"black": plain(300, 400, func(int, int) [3]uint8 { return [3]uint8{} }),
		"white": plain(300, 400, func(int, int) [3]uint8 { return [3]uint8{255, 255, 255} }),
		"sky":   plain(400, 300, func(_, y int) [3]uint8 { return [3]uint8{uint8(90 + y/4), uint8(140 + y/4), 230} }),
		"noise": plain(300, 300, func(int, int) [3]uint8 {
			return [3]uint8{uint8(rng.Uint32()), uint8(rng.Uint32()), uint8(rng.Uint32())}
		}),
		"stripes": plain(400, 300, func(x, _ int) [3]uint8 {
			v := uint8(128 + 100*math.Sin(float64(x)/3))
			return [3]uint8{v, v, v}
		}),
		"a strip": plain(2000, 40, func(x, y int) [3]uint8 { return [3]uint8{uint8(x), uint8(y), 90} }),
	} {
		for _, view := range []string{survey.Front, survey.Top} {
			r := honest(t, s, img, vision.Options{View: view})
			if r == nil {
				continue
			}
			d := r.Survey
			if d.Quality.OK || len(d.Warnings) == 0 {
				t.Errorf("%s, said to be %s, is called good: %+v", name, view, d.Quality)
			}
		}
	}
}

// TestHardPictures wants a survey with warnings or a refusal from pictures that
// show a head badly.
func TestHardPictures(t *testing.T) {
	const over, right, left = 3, 6, 8 // EXIF orientations of pictures to be turned so
	s := surveyor(t)
	front := demo(t, "front")
	with := func(f func(v float64) float64) *image.NRGBA {
		img := image.NewNRGBA(front.Rect)
		for i, v := range front.Pix {
			img.Pix[i] = v
			if i%4 < 3 {
				img.Pix[i] = uint8(min(255, max(0, f(float64(v)))))
			}
		}
		return img
	}
	for _, tt := range []struct {
		name string
		img  *image.NRGBA
		code string // of a warning that must be there, if the picture is surveyed
	}{
		{"pitch dark", with(func(v float64) float64 { return v / 24 }), "exposure"},
		{"burnt out", with(func(v float64) float64 { return 2.2*v + 40 }), "exposure"},
		{"blurred", must(t)(cvx.Gaussian(front, 14)), "blurred"},
		{"100 pixels", must(t)(cvx.Resize(front, 100, 133, cvx.Area)), "far"},
		{"two heads", beside(front, front), "heads"},
		{"upside down", photo.Upright(front, over), survey.CodeTurned},
		{"on its side", photo.Upright(front, left), survey.CodeTurned},
		{"on its other side", photo.Upright(demo(t, "left"), right), survey.CodeTurned},
		{"from behind, upside down", photo.Upright(demo(t, "back"), over), survey.CodeTurned},
		{"half a head", cut(demo(t, "back"), image.Rect(0, 0, 600, 1600)), "cropped"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := honest(t, s, tt.img, vision.Options{View: survey.Front})
			if r == nil || tt.code == "" {
				return
			}
			for _, w := range r.Survey.Warnings {
				if w.Code == tt.code {
					return
				}
			}
			t.Errorf("no warning %q; quality %+v, warnings %v", tt.code, r.Survey.Quality, r.Survey.Warnings)
		})
	}
}

func must(t *testing.T) func(*image.NRGBA, error) *image.NRGBA {
	return func(img *image.NRGBA, err error) *image.NRGBA {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return img
	}
}

func beside(a, b *image.NRGBA) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, a.Rect.Dx()+b.Rect.Dx(), a.Rect.Dy()))
	draw.Draw(out, a.Rect, a, image.Point{}, draw.Src)
	draw.Draw(out, b.Rect.Add(image.Pt(a.Rect.Dx(), 0)), b, image.Point{}, draw.Src)
	return out
}

func cut(a *image.NRGBA, r image.Rectangle) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(out, out.Rect, a, r.Min, draw.Src)
	return out
}

// TestThreads wants the same bytes whatever the number of threads.
func TestThreads(t *testing.T) {
	defer cvx.SetThreads(cvx.Threads())
	s, img := surveyor(t), demo(t, "top")
	var first []byte
	for _, n := range []int{1, 2} {
		cvx.SetThreads(n)
		r := honest(t, s, img, vision.Options{View: survey.Top})
		if r == nil {
			t.Fatal("the demo photo is refused")
		}
		var b bytes.Buffer
		if err := survey.Encode(&b, r.Survey); err != nil {
			t.Fatal(err)
		}
		all := append(b.Bytes(), r.Hair.Pix...)
		all = append(append(all, r.Density.Pix...), r.Regions.Pix...)
		if first == nil {
			first = all
		}
		if !bytes.Equal(first, all) {
			t.Errorf("%d threads change the survey", n)
		}
	}
}

// FuzzSurvey sends random pictures through the whole chain: noise, blocks and
// pieces of a head, in odd sizes.
func FuzzSurvey(f *testing.F) {
	s, head := surveyor(f), demo(f, "front")
	f.Add([]byte{60, 80, 0, 0}, uint64(1), 0)
	f.Add([]byte{90, 120, 200, 1, 9, 9, 30, 30, 210, 160, 140}, uint64(2), 3)
	f.Add([]byte{255, 1, 90, 2}, uint64(3), 5)
	f.Add([]byte{120, 160, 0, 3, 255, 255, 255}, uint64(4), 6)
	f.Fuzz(func(t *testing.T, b []byte, seed uint64, view int) {
		if len(b) < 4 {
			return
		}
		img := collage(head, b, seed)
		views := []string{"", survey.Front, survey.Left, survey.Right, survey.Back, survey.Top, survey.Crown, survey.Macro}
		o := vision.Options{View: views[uint(view)%uint(len(views))]}
		if seed%3 == 0 {
			o.MMPerPx = float64(seed%1000) / 500
		}
		honest(t, s, img, o)
	})
}

// collage is noise or a head, as b says, with rectangles of one colour on it.
func collage(head *image.NRGBA, b []byte, seed uint64) *image.NRGBA {
	w, h := 32+int(b[0]), 32+int(b[1])
	rng := rand.New(rand.NewPCG(seed, 1))
	img := plain(w, h, func(x, y int) [3]uint8 {
		n := uint8(rng.IntN(1 + int(b[2])))
		if b[3]%2 == 0 {
			return [3]uint8{n, n / 2, n / 3}
		}
		p := head.Pix[head.PixOffset(x*head.Rect.Dx()/w, y*head.Rect.Dy()/h):]
		return [3]uint8{p[0] ^ n&b[3], p[1], p[2]}
	})
	for r := b[4:]; len(r) >= 7; r = r[7:] {
		box := image.Rect(int(r[0]), int(r[1]), int(r[0])+int(r[2]), int(r[1])+int(r[3])).Intersect(img.Rect)
		for y := box.Min.Y; y < box.Max.Y; y++ {
			for x := box.Min.X; x < box.Max.X; x++ {
				copy(img.Pix[img.PixOffset(x, y):], r[4:7])
			}
		}
	}
	return img
}
