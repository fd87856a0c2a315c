package preview_test

import (
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pointille/internal/cvx"
	"pointille/planner/preview"
)

// onHair is a mask of what the demo photos show of the head's hair.
func onHair(m *image.NRGBA) *image.Gray {
	mask := image.NewGray(m.Rect)
	for y := m.Rect.Dy() / 6; y < m.Rect.Dy()*2/3; y++ {
		for x := m.Rect.Dx() / 4; x < m.Rect.Dx()*3/4; x++ {
			mask.Pix[y*mask.Stride+x] = 255
		}
	}
	return mask
}

// Demo photos blurred by known amounts, as JPEGs: the estimate is within a
// quarter of what their camera's blur and the added one make together.
func TestBlurOfKnownBlur(t *testing.T) {
	worst := 0.0
	for _, name := range []string{"front", "right", "top"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", "demo", name+".jpg"))
		if err != nil {
			t.Fatal(err)
		}
		photo, err := cvx.Decode(data, cvx.DecodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if own := preview.Blur(photo, onHair(photo)); math.Abs(own-demoBlurPx) > 0.3*demoBlurPx {
			t.Errorf("%s: %v px, its camera had %v", name, own, demoBlurPx)
		}
		for _, added := range []float64{0.5, 1, 1.5, 2} {
			got, want := preview.Blur(blurred(t, photo, added), onHair(photo)), math.Hypot(demoBlurPx, added)
			t.Logf("%s blurred by %v px: %v, want %.2f", name, added, got, want)
			worst = max(worst, math.Abs(got/want-1))
			if math.Abs(got-want) > 0.25*want {
				t.Errorf("%s blurred by %v px: %v, want %.2f", name, added, got, want)
			}
		}
	}
	t.Logf("off by %.0f %% at most", 100*worst)
}

// demoBlurPx is the blur of the camera that the demo photos were rendered with,
// before it sharpened them a little.
const demoBlurPx = 0.79

// blurred returns the photo blurred by sigma px, written as a JPEG and read again.
func blurred(t *testing.T, photo *image.NRGBA, sigma float64) *image.NRGBA {
	t.Helper()
	soft, err := cvx.Gaussian(photo, sigma)
	if err != nil {
		t.Fatal(err)
	}
	file, err := cvx.EncodeJPEG(soft, 92)
	if err != nil {
		t.Fatal(err)
	}
	out, err := cvx.Decode(file, cvx.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Of photos whose own blur nobody knows the estimate itself is what the added
// blur is held against. POINTILLE_BLUR_PHOTOS names a folder of JPEGs, which is
// only told of; else it is the other demo photos.
func TestBlurOfPhotos(t *testing.T) {
	folder := os.Getenv("POINTILLE_BLUR_PHOTOS")
	pattern, demo := filepath.Join(folder, "*.jpg"), folder == ""
	if demo {
		pattern = filepath.Join("..", "..", "testdata", "demo", "[bcl]*.jpg")
	}
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%d photos at %s, error %v", len(files), pattern, err)
	}
	var owns, off []float64
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		photo, err := cvx.Decode(data, cvx.DecodeOptions{})
		if err != nil {
			t.Fatal(err)
		}
		own := preview.Blur(photo, onHair(photo))
		owns = append(owns, own)
		for _, added := range []float64{1, 1.5, 2} {
			off = append(off, math.Abs(preview.Blur(blurred(t, photo, added), onHair(photo))/math.Hypot(own, added)-1))
		}
	}
	slices.Sort(owns)
	slices.Sort(off)
	t.Logf("%d photos: own blur %.2f px (%.2f to %.2f); blurred by 1 to 2 px off by %.0f %% in the median, %.0f %% in 9 of 10, %.0f %% at most",
		len(owns), owns[len(owns)/2], owns[0], owns[len(owns)-1], 100*off[len(off)/2], 100*off[len(off)*9/10], 100*off[len(off)-1])
	if demo && off[len(off)-1] > 0.25 {
		t.Errorf("off by %.0f %%", 100*off[len(off)-1])
	}
}

// A photo without edges, and a mask of nothing, are no reason to fail.
func TestBlurWhereNothingTells(t *testing.T) {
	for name, m := range map[string]*image.NRGBA{
		"even": uniform(80, 60, skin), "grainy": grainy(300, 200), "tiny": uniform(1, 1, skin), "narrow": uniform(3, 200, color.NRGBA{A: 255}),
	} {
		for _, mask := range []*image.Gray{full(m.Rect.Dx(), m.Rect.Dy()), image.NewGray(m.Rect)} {
			if got := preview.Blur(m, mask); got != 0.6 {
				t.Errorf("%s: blur of %v px, want 0.6", name, got)
			}
		}
	}
}

// Dots in a soft photo are as soft as the photo, without being told.
func TestDotsAreAsSoftAsThePhoto(t *testing.T) {
	const w, h = 240, 200
	photo := uniform(w, h, skin)
	for y := range h { // a shirt's stripes beside the skin
		for x := range 60 {
			if x/20%2 == 0 {
				photo.SetNRGBA(x, y, color.NRGBA{60, 60, 80, 255})
			}
		}
	}
	soft, err := cvx.Gaussian(photo, 1.8)
	if err != nil {
		t.Fatal(err)
	}
	in := scene(t, w, h, 6)
	place(&in, 150, 100)
	depth := func(m *image.NRGBA) int { return int(skin.R) - int(render(t, m, in, "fresh").NRGBAAt(150, 100).R) }
	sharp, dull := depth(photo), depth(soft)
	in.BlurPx = 1.8
	told := depth(soft)
	if dull >= sharp || math.Abs(float64(dull-told)) > 2 {
		t.Errorf("a dot takes %d levels in the sharp photo, %d in the soft one, %d where its blur is told", sharp, dull, told)
	}
}
