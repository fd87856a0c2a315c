package guided_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pointille/internal/guided"
	"pointille/internal/raster"
)

func ExampleGuide_Filter() {
	// a dark and a light half, and a map that is soft where the picture is sharp
	picture, soft := raster.NewPlane(8, 1), raster.NewPlane(8, 1)
	for x := range 8 {
		picture.Pix[x] = float32(x / 4)
		soft.Pix[x] = float32(x) / 7
	}
	sharp := make([]float32, 8)
	var r guided.Reader
	r.Row(guided.New(picture, 3).Filter(whole(soft), 1e-4), 0, sharp)
	fmt.Printf("%.1f\n", sharp)
	// Output: [0.1 0.2 0.2 0.2 0.8 0.8 0.8 0.9]
}

// whole is a map with the guide's own pixels.
func whole(p *raster.Plane) guided.Source {
	same := func(v float64) float64 { return v }
	return guided.Source{Plane: p, Column: same, Row: same}
}

func filtered(g *guided.Guide, src guided.Source, w, h int, eps float32) (*raster.Plane, *guided.Map) {
	out, m := raster.NewPlane(w, h), g.Filter(src, eps)
	var r guided.Reader
	for y := range h {
		r.Row(m, y, out.Pix[y*w:][:w])
	}
	return out, m
}

func noise(w, h int, seed uint64) *raster.Plane {
	rng, p := rand.New(rand.NewPCG(seed, 1)), raster.NewPlane(w, h)
	for i := range p.Pix {
		p.Pix[i] = rng.Float32()
	}
	return p
}

func far(a, b *raster.Plane) (worst, mean float64) {
	for i, v := range a.Pix {
		d := math.Abs(float64(v - b.Pix[i]))
		worst, mean = max(worst, d), mean+d/float64(len(a.Pix))
	}
	return worst, mean
}

func TestDefinition(t *testing.T) {
	p, picture := noise(20, 15, 6), noise(20, 15, 7)
	const r, eps = 2, 0.05
	got, m := filtered(guided.New(picture, r), whole(p), 20, 15, eps)
	if worst, _ := far(got, oracle(p, picture, r, eps)); worst > 1e-4 {
		t.Errorf("off by %g", worst)
	}
	for i, v := range got.Pix {
		if v > m.Most(i/20)+1e-6 {
			t.Errorf("%g at %d, at most %g", v, i, m.Most(i/20))
		}
	}
}

// TestBlocks compares squares made of blocks with plain ones, on a guide of two
// halves and a smooth map with its border nearby.
func TestBlocks(t *testing.T) {
	const w, h, eps = 121, 91, 4e-4
	for _, r := range []int{6, 8, 12, 20} {
		p, picture, grain := raster.NewPlane(w, h), raster.NewPlane(w, h), noise(w, h, 9)
		for i := range p.Pix {
			x := float64(i % w)
			p.Pix[i] = float32(1 / (1 + math.Exp(-(x-58)/6)))
			picture.Pix[i] = 0.3 + 0.01*grain.Pix[i]
			if x >= 61 { // within a block
				picture.Pix[i] += 0.4
			}
		}
		got, _ := filtered(guided.New(picture, r), whole(p), w, h, eps)
		worst, mean := far(got, oracle(p, picture, r, eps))
		t.Logf("radius %d: mean difference %.4f, largest %.4f", r, mean, worst)
		if worst > 0.03 || mean > 0.005 {
			t.Errorf("radius %d: mean difference %.4f, largest %.4f", r, mean, worst)
		}
	}
}

// TestCoarse wants a map on a coarse grid to be read between its cells, and
// what it does not reach to be as told.
func TestCoarse(t *testing.T) {
	const w, h = 60, 40
	grid := raster.NewPlane(5, 4)
	for i := range grid.Pix {
		grid.Pix[i] = float32(i % 5)
	}
	src := guided.Source{
		Plane: grid, Outside: 7,
		Column: func(x float64) float64 { return (x+0.5)/10 - 0.5 }, // the last ten columns lie outside
		Row:    func(y float64) float64 { return (y+0.5)/10 - 0.5 },
	}
	got, _ := filtered(guided.New(noise(w, h, 3), 0), src, w, h, 1e9)
	for i, v := range got.Pix {
		want := min(4, max(0, (float64(i%w)+0.5)/10-0.5))
		if i%w >= 50 {
			want = 7
		}
		if math.Abs(float64(v)-want) > 1e-4 {
			t.Fatalf("%g at %d, want %g", v, i, want)
		}
	}
}

// oracle is the guided filter by its definition, edge pixels repeated outside.
func oracle(p, guide *raster.Plane, r int, eps float64) *raster.Plane {
	slope, offset := raster.NewPlane(p.W, p.H), raster.NewPlane(p.W, p.H)
	for y := range p.H {
		for x := range p.W {
			var n, sp, sg, sgg, sgp float64
			around(r, func(dx, dy int) {
				a, b := float64(guide.At(x+dx, y+dy)), float64(p.At(x+dx, y+dy))
				n, sp, sg, sgg, sgp = n+1, sp+b, sg+a, sgg+a*a, sgp+a*b
			})
			k := (sgp/n - sg/n*sp/n) / (sgg/n - sg/n*sg/n + eps)
			slope.Set(x, y, float32(k))
			offset.Set(x, y, float32(sp/n-k*sg/n))
		}
	}
	out := raster.NewPlane(p.W, p.H)
	for y := range p.H {
		for x := range p.W {
			var n, s, o float64
			around(r, func(dx, dy int) {
				n, s, o = n+1, s+float64(slope.At(x+dx, y+dy)), o+float64(offset.At(x+dx, y+dy))
			})
			out.Set(x, y, float32(s/n*float64(guide.At(x, y))+o/n))
		}
	}
	return out
}

func around(r int, f func(dx, dy int)) {
	for dy := -r; dy <= r; dy++ {
		for dx := -r; dx <= r; dx++ {
			f(dx, dy)
		}
	}
}

// BenchmarkFilter is one map at the size of a survey's maps.
func BenchmarkFilter(b *testing.B) {
	const w, h = 768, 1024
	g := guided.New(noise(w, h, 1), 12)
	p := noise(w, h, 2)
	for b.Loop() {
		filtered(g, whole(p), w, h, 1e-3)
	}
}
