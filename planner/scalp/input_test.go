package scalp_test

import (
	"context"
	"errors"
	"image"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/internal/headtest"
	"pointille/planner/scalp"
	"pointille/vision/survey"
)

// five are the usual photos of one head that is bald on top.
func five() []scalp.Photo {
	hairy := func(p headframe.Vec) headtest.Hair {
		if p[1] > 95 {
			return headtest.Hair{}
		}
		return hairy(p)
	}
	s := headframe.Mean()
	var out []scalp.Photo
	for _, at := range [][2]float64{{0, 15}, {90, 10}, {-90, 10}, {180, 15}, {0, 75}} {
		cam := coarse(s, at[0], at[1])
		out = append(out, photo(s, cam, cam, hairy))
	}
	return out
}

// TestOneOfFiveUpsideDown wants the one to be left out, whichever it is, with a
// reason, and the others kept. A view straight from above has no upside: turned, it
// is the same view.
func TestOneOfFiveUpsideDown(t *testing.T) {
	t.Parallel()
	for bad := range 4 {
		photos := five()
		photos[bad] = upsideDown(photos[bad])
		m := fit(t, scalp.Options{}, photos...)
		for i, v := range m.Views {
			if v.Used != (i != bad) || v.Used != (v.Why == "") {
				t.Errorf("photo %d is upside down: photo %d used %v (%s)", bad, i, v.Used, v.Why)
			}
		}
	}
}

// TestBrokenPhotos wants a photo that holds what cannot be to be left out with the
// reason, and the rest to come out as they do without it.
func TestBrokenPhotos(t *testing.T) {
	t.Parallel()
	all := five()
	good, nan := all[:2], math.NaN()
	want := fit(t, scalp.Options{}, good...)
	for why, spoil := range map[string]func(p *scalp.Photo){
		"a camera that cannot be": func(p *scalp.Photo) { p.Survey.Camera.T[1] = nan },
		"camera that cannot be":   func(p *scalp.Photo) { p.Survey.Camera.FX = math.Inf(1) },
		"cannot be: survey":       func(p *scalp.Photo) { p.Survey.Camera.R = [9]float64{} },
		"survey it again":         func(p *scalp.Photo) { p.Survey.Camera.FY = 0 },
		"not of one size":         func(p *scalp.Photo) { p.Hair = image.NewGray(image.Rect(0, 0, 7, 5)) },
		"maps are not":            func(p *scalp.Photo) { p.Regions, p.Hair, p.Density = &image.Gray{}, &image.Gray{}, &image.Gray16{} },
		"no scalp":                func(p *scalp.Photo) { p.Regions = image.NewGray(p.Regions.Rect) },
	} {
		bad := five()[3]
		spoil(&bad)
		m := fit(t, scalp.Options{}, good[0], bad, good[1])
		if v := m.Views[1]; v.Used || !strings.Contains(v.Why, why) {
			t.Errorf("used %v (%s), want %q", v.Used, v.Why, why)
		}
		if diff := cmp.Diff(want.Surface.Shape, m.Surface.Shape) + cmp.Diff(want.Field, m.Field); diff != "" {
			t.Errorf("%s: the others changed:\n%s", why, diff)
		}
		if _, err := scalp.Fit(context.Background(), []scalp.Photo{bad}, scalp.Options{EdgeMM: edge}); !errors.Is(err, scalp.ErrUnplaced) || !strings.Contains(err.Error(), why) {
			t.Errorf("alone: error %v, want %q in it", err, why)
		}
	}
}

func TestBrokenCase(t *testing.T) {
	t.Parallel()
	good := five()[:1]
	for want, try := range map[string]struct {
		photos []scalp.Photo
		o      scalp.Options
	}{
		"there is none":      {nil, scalp.Options{}},
		"photo 2":            {append(good[:1:1], scalp.Photo{}), scalp.Options{}},
		"circumference":      {good, scalp.Options{Measured: scalp.Measured{CircumferenceMM: math.NaN()}}},
		"length of -3":       {good, scalp.Options{Measured: scalp.Measured{LengthMM: -3}}},
		"breadth of +Inf":    {good, scalp.Options{Measured: scalp.Measured{BreadthMM: math.Inf(1)}}},
		"glabella to vertex": {good, scalp.Options{Measured: scalp.Measured{GlabellaToVertexMM: 1e9}}},
	} {
		if _, err := scalp.Fit(context.Background(), try.photos, try.o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// TestNoNumbersInScale wants a scale that is no number to be passed over.
func TestNoNumbersInScale(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	for _, s := range []survey.Scale{
		{Source: "card", MMPerPx: nan, Sigma: 0.01}, {Source: "card", MMPerPx: inf, Sigma: 0.01}, {Source: "given", MMPerPx: 3, Sigma: nan},
		{Source: "card", MMPerPx: 3, Sigma: 0.03, At: [2]float64{nan, 3}}, {Source: "card", MMPerPx: -1, Sigma: 0.1},
	} {
		p := five()[:1]
		p[0].Survey.Scale = s
		m := fit(t, scalp.Options{EdgeMM: math.NaN()}, p...)
		if m.Scale.Scaled || m.Surface.Shape[0] != 1 || !(m.Scale.Sigma > 0) {
			t.Errorf("%+v: size %g, %+v", s, m.Surface.Shape[0], m.Scale)
		}
	}
}

// TestAnyMaps wants maps of any content to give a refusal or a model made of numbers.
func TestAnyMaps(t *testing.T) {
	t.Parallel()
	base := five()
	rapid.Check(t, func(t *rapid.T) {
		p := base[rapid.IntRange(0, 4).Draw(t, "photo")]
		spoiled := *p.Regions
		spoiled.Pix = append([]byte(nil), p.Regions.Pix...)
		n := len(spoiled.Pix)
		for range rapid.IntRange(1, 4).Draw(t, "patches") {
			from, class := rapid.IntRange(0, n-1).Draw(t, "from"), rapid.Byte().Draw(t, "class")
			for i := from; i < min(n, from+rapid.IntRange(1, n).Draw(t, "length")); i++ {
				spoiled.Pix[i] = class
			}
		}
		p.Regions = &spoiled
		m, err := scalp.Fit(context.Background(), []scalp.Photo{p, base[0]}, scalp.Options{EdgeMM: 25})
		if err != nil {
			if !errors.Is(err, scalp.ErrUnplaced) {
				t.Fatal(err)
			}
			return
		}
		sum := m.ErrorMM + m.Scale.Sigma
		for _, v := range append(append([]float64(nil), m.Surface.Shape...), m.Field.Hairs...) {
			sum += v
		}
		for _, v := range m.Views {
			sum += v.Camera.FX + v.Camera.T[2] + v.ErrorPx
		}
		if math.IsNaN(sum) || math.IsInf(sum, 0) {
			t.Fatalf("a sum of %g", sum)
		}
	})
}

// TestNeckIsNoOutline wants a photo whose map ends at the jaw, the neck being no part
// of the head, to lie where it lies with the neck.
func TestNeckIsNoOutline(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	var photos []scalp.Photo
	var cams []headframe.Camera
	for _, at := range [][2]float64{{0, 15}, {90, 10}, {180, 15}} {
		cam := coarse(s, at[0], at[1])
		p := photo(s, cam, cam, hairy)
		w := p.Regions.Rect.Dx()
		for i := range p.Regions.Pix {
			if q, ok := s.Intersect(cam.Eye(), cam.Ray(float64(i%w), float64(i/w))); ok && headframe.BelowJaw(q) {
				p.Regions.Pix[i] = survey.Clothes
			}
		}
		photos, cams = append(photos, p), append(cams, cam)
	}
	m := fit(t, scalp.Options{}, photos...)
	for i, v := range m.Views {
		if off := headtest.Off(s, cams[i], v.Camera); !v.Used || off > 8 {
			t.Errorf("photo %d: used %v (%s), %.1f mm off", i, v.Used, v.Why, off)
		}
	}
}
