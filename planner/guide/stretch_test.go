package guide_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/guide"
	"pointille/planner/plan"
)

// cylinder lies along z: a surface that can be laid flat without any stretch.
type cylinder struct{ r float64 }

func (c cylinder) Project(p headframe.Vec) (q, n headframe.Vec) {
	n = headframe.Vec{p[0], p[1], 0}.Unit()
	return headframe.Vec{c.r * n[0], c.r * n[1], p[2]}, n
}

func (c cylinder) geodesic(a, b headframe.Vec) float64 {
	turn := math.Atan2(a[0], a[1]) - math.Atan2(b[0], b[1])
	return math.Hypot(a[2]-b[2], c.r*turn)
}

// ball is a sphere with its exact distances.
type ball struct{ ellipsoid }

func (b ball) geodesic(p, q headframe.Vec) float64 {
	u, v := p.Sub(b.centre).Unit(), q.Sub(b.centre).Unit()
	return b.axes[0] * math.Atan2(u.Cross(v).Norm(), u.Dot(v))
}

// long is an ellipsoid; distances are found by relaxing a chain.
type long struct{ ellipsoid }

func (l long) geodesic(p, q headframe.Vec) float64 { return geodesic(l.ellipsoid, p, q) }

// person is the average head of the program.
type person struct{ headframe.Surface }

func (h person) geodesic(a, b headframe.Vec) float64 {
	const n = 6
	var chain [n + 1]headframe.Vec
	for i := range chain {
		chain[i], _ = h.Nearest(a.Add(b.Sub(a).Mul(float64(i) / n)))
	}
	for range 12 {
		for i := 1; i < n; i++ {
			chain[i], _ = h.Nearest(chain[i-1].Add(chain[i+1]).Mul(0.5))
		}
	}
	sum := 0.0
	for i := range n {
		sum += chain[i+1].Sub(chain[i]).Norm()
	}
	return sum
}

// ruled is a surface with known distances.
type ruled interface {
	guide.Surface
	geodesic(a, b headframe.Vec) float64
}

// sprinkled throws n dots on a surface over directions from its middle, down to
// where a head's brows would begin to bulge.
func sprinkled(s guide.Surface, n int) []plan.Dot {
	rng := rand.New(rand.NewPCG(9, 9))
	var out []plan.Dot
	for len(out) < n {
		theta, phi := 1.02*math.Sqrt(rng.Float64()), (2*rng.Float64()-1)*math.Pi
		d := headframe.Vec{math.Sin(theta) * math.Sin(phi), math.Cos(theta), math.Sin(theta) * math.Cos(phi)}
		q, normal := s.Project(headframe.Vec{0, 25, 0}.Add(d.Mul(90)))
		out = append(out, plan.Dot{ID: len(out) + 1, P: q, N: normal, Zone: "frontal", Session: 1, Diameter: 0.12})
	}
	return out
}

// Distances between dots as printed, read back from the PDF's own operators,
// must agree with the way over the skin.
func TestPrintedDistances(t *testing.T) {
	const most, usual = 0.03, 0.015
	for _, c := range []struct {
		name string
		s    ruled
	}{
		{"sphere", ball{sphere(85)}},
		{"cylinder", cylinder{80}},
		{"ellipsoid", long{ellipsoid{headframe.Vec{0, 25, 0}, headframe.Vec{70, 105, 98}}}},
		{"average head", person{headframe.Mean()}},
	} {
		dots := sprinkled(c.s, 800)
		p := document(head(), dots, 1)
		p.Hairline = nil
		in := guide.Input{Plan: p, Dots: dots, Surface: c.s, Version: "0.1.0"}
		tiles, err := guide.Tiles(dots, nil, c.s)
		if err != nil {
			t.Fatal(err)
		}
		var off []float64
		groups := primaries(t, written(t, in, guide.Options{}), 1) // one session and diameter: one group a tile
		if len(groups) != len(tiles) {
			t.Fatalf("%s: dots of %d tiles on paper, want %d", c.name, len(groups), len(tiles))
		}
		for i, tile := range tiles {
			of := printedOff(t, groups[i], dots, c.s, tile)
			off = append(off, of...)
			if m := slices.Max(of); m > tile.Stretch+0.003 {
				t.Errorf("%s, tile %d: a distance is off by %.4f, the tile says %.4f", c.name, tile.Number, m, tile.Stretch)
			}
		}
		slices.Sort(off)
		t.Logf("%s: %d tiles, %d distances off by %.2f %% in the median, %.2f %% at most", c.name, len(tiles), len(off), 100*off[len(off)/2], 100*off[len(off)-1])
		if off[len(off)-1] > most || off[len(off)/2] > usual {
			t.Errorf("%s: distances are off by %.4f in the median and %.4f at most", c.name, off[len(off)/2], off[len(off)-1])
		}
	}
}

// printedOff returns by how much distances on one printed tile differ from
// those on the skin, relative.
func printedOff(t *testing.T, at [][4]float64, dots []plan.Dot, s ruled, tile guide.Tile) []float64 {
	t.Helper()
	if len(at) != len(tile.Own) || len(at) < 2 {
		t.Fatalf("tile %d: %d dots on paper, %d on the skin", tile.Number, len(at), len(tile.Own))
	}
	rng := rand.New(rand.NewPCG(5, uint64(tile.Number)))
	var out []float64
	for range 25 {
		a, b := rng.IntN(len(at)), rng.IntN(len(at))
		const short = 3.0 // mm, where positions rounded to 0.01 mm count
		if on := s.geodesic(dots[tile.Own[a]].P, dots[tile.Own[b]].P); on > short {
			out = append(out, math.Abs(math.Hypot(at[a][0]-at[b][0], at[a][1]-at[b][1])/on-1))
		}
	}
	if tile.Stretch > craft.PrintStretch().Value {
		t.Errorf("tile %d says it stretches %.4f", tile.Number, tile.Stretch)
	}
	return out
}
