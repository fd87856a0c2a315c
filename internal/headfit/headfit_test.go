package headfit_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headfit"
	"pointille/internal/headframe"
	"pointille/internal/headtest"
	"pointille/internal/raster"
	"pointille/vision/survey"
)

const (
	width, height = 150, 200
	mmPerPx       = 2.0
	distance      = 600.0
	cell          = 2 // photo pixels of a cell of the regions
)

// nearly is how far off cameras start that are nearly right.
func nearly() headframe.Slack {
	return headframe.Slack{Turn: 8 * math.Pi / 180, Shift: 20, Focal: 0.12}
}

// regionsOf is what a photo of a bald head shows in each place.
func regionsOf(s headframe.Surface, cam headframe.Camera) headtest.Maps {
	return headtest.Draw(s, cam, width, height, func(headframe.Vec) headtest.Hair { return headtest.Hair{} })
}

// seen is what a photo says of a bald head that cam sees.
func seen(s headframe.Surface, cam headframe.Camera) *headfit.Photo {
	regions := regionsOf(s, cam).Regions
	p := empty()
	p.Bare, p.Skin = survey.Outline(regions), survey.SkinOutline(regions)
	for i, class := range regions.Pix {
		x, y := i%width/cell, i/width/cell
		p.Class[class].Pix[y*(width/cell)+x] += 1.0 / (cell * cell)
	}
	return p
}

// empty is a photo in which nothing was found.
func empty() *headfit.Photo {
	p := &headfit.Photo{Grid: func(x, y float64) (u, v float64) { return (x+0.5)/cell - 0.5, (y+0.5)/cell - 0.5 }}
	for c := range p.Class {
		p.Class[c] = raster.NewPlane(width/cell, height/cell)
	}
	return p
}

func around(s headframe.Surface, azimuth, elevation float64) headframe.Camera {
	return headtest.Around(s, azimuth, elevation, distance, mmPerPx, width, height)
}

// moved is a camera turned by about degrees and shifted by about mm.
func moved(cam headframe.Camera, rng *rand.Rand, degrees, mm float64) headframe.Camera {
	one := func(k float64) headframe.Vec {
		return headframe.Vec{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()}.Unit().Mul(k)
	}
	return cam.Moved(one(degrees*math.Pi/180), one(mm), 0.05*rng.NormFloat64())
}

func ExampleShapeCost() {
	usual, _ := headframe.NewSurface([]float64{1.1})
	odd, _ := headframe.NewSurface([]float64{1, 2, 0, -1})
	fmt.Println(headfit.ShapeCost(usual), headfit.ShapeCost(odd))
	// Output: 0 2.5
}

// TestRecovers wants a camera that starts nearly right back where the photo was
// taken from. Where no face is seen a bald head says little of its nod, which
// is what the stance of a named view is for.
func TestRecovers(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	for _, tt := range []struct {
		name               string
		azimuth, elevation float64
		mm, degrees        float64 // allowed
	}{
		{"front", 0, 10, 4.5, 4.5}, {"front from above", 0, 45, 4, 4}, {"left", 85, 10, 4, 4}, {"right, from above", -60, 30, 3.5, 3.5},
		{"crown", 170, 40, 9, 8}, {"top", 0, 85, 7, 7}, {"back", 180, 10, 16, 15},
	} {
		truth := around(s, tt.azimuth, tt.elevation)
		p := seen(s, truth)
		p.Stance = headframe.StanceOf(truth)
		p.Stance.AzimuthSpread, p.Stance.ElevationSpread, p.Stance.RollSpread = 0.3, 0.3, 0.2
		rng := rand.New(rand.NewPCG(1, 2))
		for range 2 {
			start := moved(truth, rng, 10, 30)
			cam := p.Settle(s, start, start, nearly())
			before, after := headtest.Off(s, truth, start), headtest.Off(s, truth, cam)
			if turned := headtest.Turned(truth, cam); after > tt.mm || turned > tt.degrees {
				t.Errorf("%s: from %.1f mm off to %.1f mm and %.1f°", tt.name, before, after, turned)
			}
			if p.Cost(s, cam) > p.Cost(s, start) {
				t.Errorf("%s: the cost rose from %.1f to %.1f", tt.name, p.Cost(s, start), p.Cost(s, cam))
			}
		}
	}
}

// TestApproach wants a start that only knows the side to come near enough for
// Settle.
func TestApproach(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	for _, azimuth := range []float64{10, -70} {
		truth := around(s, azimuth, 20)
		p := seen(s, truth)
		rng := rand.New(rand.NewPCG(3, 4))
		for range 2 {
			start := moved(truth, rng, 20, 50)
			cam := p.Approach(s, start, headfit.Slack())
			if before, off := headtest.Off(s, truth, start), headtest.Off(s, truth, cam); off > before/2 {
				t.Errorf("from %g°: %.1f mm off, started at %.1f", azimuth, off, before)
			}
			cam = p.Settle(s, start, cam, headfit.Slack())
			if off := headtest.Off(s, truth, cam); off > 4.5 {
				t.Errorf("from %g°: settled %.1f mm off, started at %.1f", azimuth, off, headtest.Off(s, truth, start))
			}
		}
	}
}

// TestTruthCostsLeast wants no camera that puts the scalp well aside to explain
// a photo of a face better than the one that took it.
func TestTruthCostsLeast(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	truth := around(s, 20, 20)
	p := seen(s, truth)
	least := p.Cost(s, truth)
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.Float64Range(-1, 1)
		vec := func(name string, k float64) headframe.Vec {
			return headframe.Vec{k * small.Draw(t, name), k * small.Draw(t, name), k * small.Draw(t, name)}
		}
		cam := truth.Moved(vec("turn", 0.6), vec("shift", 80), 0.3*small.Draw(t, "focal"))
		cost := p.Cost(s, cam)
		if !(cost >= 0) || math.IsInf(cost, 1) {
			t.Fatalf("cost %v", cost)
		}
		if off := headtest.Off(s, truth, cam); off > 8 && cost <= least {
			t.Fatalf("%.1f mm off costs %.2f, the truth %.2f", off, cost, least)
		}
	})
}

// TestRegionsTellTheSide wants the regions to hold a head by themselves, and a
// photo from the other side to cost more than one from the right side.
func TestRegionsTellTheSide(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	truth := around(s, 70, 15)
	p := seen(s, truth)
	if other := around(s, -70, 15); p.Cost(s, other) < p.Cost(s, truth)+20 {
		t.Errorf("the left side costs %.1f, the right %.1f", p.Cost(s, truth), p.Cost(s, other))
	}
	p.Bare, p.Skin = nil, nil
	start := moved(truth, rand.New(rand.NewPCG(5, 6)), 10, 40)
	cam := p.Settle(s, start, start, nearly())
	if before, after := headtest.Off(s, truth, start), headtest.Off(s, truth, cam); after > 6 || after > before/2 {
		t.Errorf("by regions alone from %.1f mm off to %.1f", before, after)
	}
}

// TestPlaces wants recognised places to draw a camera along, and one that is
// wholly wrong to do no harm.
func TestPlaces(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	truth := around(s, 0, 30)
	p := empty()
	mesh := s.Mesh(30)
	for i, q := range mesh.V {
		if x, y, ok := truth.Project(q); ok && mesh.N[i].Dot(truth.Eye().Sub(q)) > 0 {
			p.Places = append(p.Places, headfit.Place{MM: q, PX: [2]float64{x, y}})
		}
	}
	start := truth.Moved(headframe.Vec{0.3, -0.2, 0.2}, headframe.Vec{40, 30, 0}, 0)
	before := headtest.Off(s, truth, start)
	right := headtest.Off(s, truth, p.Settle(s, start, start, headfit.Slack()))
	if len(p.Places) < 20 || right > before/3 {
		t.Errorf("%d places: from %.1f mm off to %.1f", len(p.Places), before, right)
	}
	p.Places[0].PX = [2]float64{-4000, 9000}
	if off := headtest.Off(s, truth, p.Settle(s, start, start, headfit.Slack())); off > right+3 {
		t.Errorf("with one place far off %.1f mm, without %.1f", off, right)
	}
}

// TestSaysLittle wants an empty photo to leave the camera about where it was,
// except that it may come to the distance photos are taken from.
func TestSaysLittle(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	start := around(s, 30, 10)
	cam := empty().Refine(s, start, start, nearly())
	if off := headtest.Off(s, start, cam); !(off < 10) {
		t.Errorf("%.1f mm from the start", off)
	}
	if turned := headtest.Turned(start, cam); !(turned < 0.5) {
		t.Errorf("turned by %.2f°", turned)
	}
}

// TestHairStandsOff wants an outline that lies off the skin by the same
// everywhere taken for hair, and the camera not moved by it.
func TestHairStandsOff(t *testing.T) {
	t.Parallel()
	const off = 9.0
	s := headframe.Mean()
	truth := around(s, 40, 25)
	hairy := seen(s, truth)
	for _, q := range hairy.Bare {
		dx, dy := q[0]-truth.CX, q[1]-truth.CY
		r := math.Hypot(dx, dy)
		hairy.Hairy = append(hairy.Hairy, [2]float64{q[0] + dx/r*off/mmPerPx, q[1] + dy/r*off/mmPerPx})
	}
	hairy.Bare, hairy.Skin = nil, nil
	if rms := hairy.RMS(s, truth); rms > 2 {
		t.Errorf("hair %g mm off the skin is %.1f mm RMS off", off, rms)
	}
	bare := *hairy
	bare.Bare, bare.Hairy = hairy.Hairy, nil
	if rms := bare.RMS(s, truth); rms < off-2 || rms > off+2 {
		t.Errorf("skin %g mm off the skin is %.1f mm RMS off", off, rms)
	}
	start := moved(truth, rand.New(rand.NewPCG(7, 8)), 6, 15)
	if cam := hairy.Settle(s, start, start, nearly()); headtest.Off(s, truth, cam) > 5 {
		t.Errorf("hair drew the camera %.1f mm off", headtest.Off(s, truth, cam))
	}
}

// shaped is a head of the average size with some modes of shape.
func shaped(t *testing.T, modes ...float64) headframe.Surface {
	t.Helper()
	s, err := headframe.NewSurface(append([]float64{1}, modes...))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestReshape wants the shape of a head that known cameras see from four sides.
func TestReshape(t *testing.T) {
	t.Parallel()
	for _, modes := range [][]float64{{0}, {1.5}, {0, -1.5}, {0, 0, 1.5}, {-1, 1, -1}} {
		truth := shaped(t, modes...)
		var photos []*headfit.Photo
		var cams []headframe.Camera
		for _, v := range [][2]float64{{0, 20}, {90, 10}, {180, 20}, {0, 85}} {
			cams = append(cams, around(truth, v[0], v[1]))
			photos = append(photos, seen(truth, cams[len(cams)-1]))
		}
		head := headframe.Mean()
		before := apart(truth, head)
		for range 4 {
			head = headfit.Reshape(head, photos, cams)
		}
		if after := apart(truth, head); after > 1.2 {
			t.Errorf("modes %v: the scalp is %.2f mm off, before %.2f; found %.2f", modes, after, before, head.Shape[1:])
		}
		if head.Shape[0] != 1 {
			t.Errorf("modes %v: the size went to %g", modes, head.Shape[0])
		}
	}
}

// apart is the RMS distance of two heads' scalps, mm along the radius.
func apart(a, b headframe.Surface) float64 {
	sum, n := 0.0, 0
	for _, p := range a.Mesh(12).V {
		if d, _ := a.NativeDistance(p); d < 0 {
			continue
		}
		h, _ := b.Height(p)
		sum, n = sum+h*h, n+1
	}
	return math.Sqrt(sum / float64(n))
}

// TestReshapeStaysAHead wants no head beyond all heads from a photo of none.
func TestReshapeStaysAHead(t *testing.T) {
	t.Parallel()
	cam := around(headframe.Mean(), 0, 20)
	p := empty()
	for k := range 60 { // a square, three heads wide
		u := float64(k)*20 - 600
		p.Bare = append(p.Bare, [2]float64{u, -600}, [2]float64{u, 700}, [2]float64{-600, u}, [2]float64{700, u})
	}
	head := headframe.Mean()
	for range 6 {
		head = headfit.Reshape(head, []*headfit.Photo{p}, []headframe.Camera{cam})
	}
	for i, w := range head.Shape[1:] {
		if !(math.Abs(w) <= 3) {
			t.Errorf("mode %d is %g standard deviations from usual", i+1, w)
		}
	}
	if got := headfit.Reshape(headframe.Mean(), nil, nil); headfit.ShapeCost(got) != 0 {
		t.Errorf("no photo made the shape %v", got.Shape)
	}
}
