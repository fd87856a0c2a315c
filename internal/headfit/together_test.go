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
)

// bald is a head with hair but for a patch on its crown.
func bald(p headframe.Vec) float32 {
	if p.Sub(headframe.Vec{0, 115, -60}).Norm() < 45 {
		return 0
	}
	return 1
}

// grown is seen with what hair grows where cam sees scalp.
func grown(s headframe.Surface, cam headframe.Camera) *headfit.Photo {
	p := seen(s, cam)
	p.Growth = raster.NewPlane(width/cell, height/cell)
	for i := range p.Growth.Pix {
		x, y := float64(i%(width/cell))*cell+0.5, float64(i/(width/cell))*cell+0.5
		if at, ok := s.Intersect(cam.Eye(), cam.Ray(x, y)); ok {
			if d, _ := s.NativeDistance(at); d > 0 {
				p.Growth.Pix[i] = bald(at)
			}
		}
	}
	return p
}

// album is one head from all sides.
func album(s headframe.Surface) (photos []*headfit.Photo, cams []headframe.Camera) {
	for _, at := range [][2]float64{{180, 15}, {85, 15}, {-85, 15}, {0, 80}, {180, 50}} {
		cam := around(s, at[0], at[1])
		photos, cams = append(photos, grown(s, cam)), append(cams, cam)
	}
	return photos, cams
}

func ExampleTogether_Without() {
	s := headframe.Mean()
	photos, cams := album(s)
	t := headfit.NewTogether(s, photos, cams)
	back, turned := photos[0], cams[0].Moved(headframe.Vec{0.3, 0, 0}, headframe.Vec{}, 0)
	fmt.Println(both(back.Apart(s, cams[0], t.Without(0))) < 1, both(back.Apart(s, turned, t.Without(0))) > 5)
	// Output: true true
}

func both(regions, growth float64) float64 { return regions + growth }

// turnedAbout is a camera turned about the head's middle by so many degrees.
func turnedAbout(s headframe.Surface, cam headframe.Camera, axis headframe.Vec, degrees float64) headframe.Camera {
	out := cam.Moved(axis.Unit().Mul(degrees*math.Pi/180), headframe.Vec{}, 0)
	out.T = out.T.Add(cam.ToCamera(s.Centre()).Sub(out.ToCamera(s.Centre())))
	return out
}

// TestTogether wants a photo that says little by itself, of the back of a head, to
// come to rest nearer to the truth with the others than without.
func TestTogether(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	photos, cams := album(s)
	others := headfit.NewTogether(s, photos, cams).Without(0)
	rng := rand.New(rand.NewPCG(3, 4))
	alone, together := 0.0, 0.0
	for range 4 {
		axis := headframe.Vec{rng.NormFloat64(), rng.NormFloat64(), 0.3 * rng.NormFloat64()}
		start := turnedAbout(s, cams[0], axis, 10)
		p := *photos[0]
		alone += headtest.Off(s, cams[0], p.Refine(s, start, start, nearly()))
		p.Others = others
		together += headtest.Off(s, cams[0], p.Refine(s, start, start, nearly()))
	}
	if together > 0.7*alone || together > 4*4 {
		t.Errorf("%.1f mm off alone, %.1f mm with the others", alone/4, together/4)
	}
}

// TestApart wants agreement to fall the farther a photo is turned from where it was
// taken, and to know nothing of places that no other photo shows.
func TestApart(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	photos, cams := album(s)
	all := headfit.NewTogether(s, photos, cams)
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, len(photos)-1).Draw(t, "photo")
		turn := rapid.Float64Range(0, 2*math.Pi).Draw(t, "axis")
		axis := headframe.Vec{math.Cos(turn), math.Sin(turn), 0}
		last := both(photos[i].Apart(s, cams[i], all.Without(i)))
		if last > 2 {
			t.Fatalf("photo %d is %.1f apart where it was taken", i, last)
		}
		far := both(photos[i].Apart(s, turnedAbout(s, cams[i], axis, 20), all.Without(i)))
		if far < 2*last || far < 0.25 {
			t.Fatalf("photo %d is %.1f apart where it was taken and %.1f turned by 20° about %v", i, last, far, axis)
		}
		if rest := both(photos[i].Apart(s, cams[i], all.Without(0, 1, 2, 3, 4))); rest != 0 {
			t.Fatalf("photo %d is %.1f apart from nothing", i, rest)
		}
	})
}
