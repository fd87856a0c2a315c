package guide_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/guide"
	"pointille/planner/plan"
)

func sphere(r float64) ellipsoid {
	return ellipsoid{headframe.Vec{0, 30, 0}, headframe.Vec{r, r, r}}
}

// On a sphere the tile's map is known exactly: the angle from the seed times
// the radius, in the direction of the great circle.
func TestFlattenOnSphere(t *testing.T) {
	const r = 85
	e := sphere(r)
	dots := e.scatter(2500, 1.2, 1.2, front, 1)
	tiles, err := guide.Tiles(dots, nil, e)
	if err != nil {
		t.Fatal(err)
	}
	for _, tile := range tiles {
		east := tile.North.Cross(tile.Normal)
		for _, k := range append(append([]int{}, tile.Own...), tile.Near...) {
			d := dots[k].P.Sub(e.centre).Unit()
			angle := math.Acos(math.Min(1, d.Dot(tile.Normal)))
			side := d.Sub(tile.Normal.Mul(d.Dot(tile.Normal))).Unit()
			x, y := tile.Scale*r*angle*side.Dot(east), tile.Scale*r*angle*side.Dot(tile.North)
			got, off := tile.Flatten(dots[k].P)
			if e := math.Hypot(got.X-x, got.Y-y); e > 0.01 || off > 0.01 {
				t.Fatalf("tile %d: %.4f mm from its place, %.4f mm off the skin", tile.Number, e, off)
			}
		}
		// stretch of the cap: sin(a)/a across, 1 along, halved by the scale
		if tile.Stretch > 0.02 {
			t.Errorf("tile %d stretches %.4f", tile.Number, tile.Stretch)
		}
	}
}

// geodesic returns the length of the shortest path over the skin by relaxing
// a chain of points, independently of the code under test.
func geodesic(e ellipsoid, a, b headframe.Vec) float64 {
	const n = 16
	var chain [n + 1]headframe.Vec
	for i := range chain {
		chain[i], _ = e.Project(a.Add(b.Sub(a).Mul(float64(i) / n)))
	}
	for range 60 {
		for i := 1; i < n; i++ {
			chain[i], _ = e.Project(chain[i-1].Add(chain[i+1]).Mul(0.5))
		}
	}
	sum := 0.0
	for i := range n {
		sum += chain[i+1].Sub(chain[i]).Norm()
	}
	return sum
}

// slanted projects along the line through the middle, not square to the skin.
type slanted struct{ ellipsoid }

func (s slanted) Project(p headframe.Vec) (q, n headframe.Vec) {
	d := p.Sub(s.centre)
	sum := 0.0
	for i, a := range s.axes {
		sum += d[i] * d[i] / (a * a)
	}
	d = d.Mul(1 / math.Sqrt(sum))
	for i, a := range s.axes {
		n[i] = d[i] / (a * a)
	}
	return d.Add(s.centre), n.Unit()
}

// Distances between dots of a tile must agree with the skin within what the
// tile says, and never be off by more than the craft allows.
func TestDistancesOnEllipsoid(t *testing.T) {
	long := ellipsoid{headframe.Vec{0, 25, 0}, headframe.Vec{68, 110, 105}}
	for _, c := range []struct {
		e ellipsoid
		s guide.Surface
	}{{head(), head()}, {long, long}, {long, slanted{long}}} {
		e := c.e
		dots := e.scatter(1200, 1.5, 1.3, front, 1)
		tiles, err := guide.Tiles(dots, nil, c.s)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(3, 3))
		worst := 0.0
		for _, tile := range tiles {
			if tile.Stretch > craft.PrintStretch().Value {
				t.Errorf("tile %d says it stretches %.3f", tile.Number, tile.Stretch)
			}
			for range 12 {
				a, b := dots[tile.Own[rng.IntN(len(tile.Own))]].P, dots[tile.Own[rng.IntN(len(tile.Own))]].P
				if a == b {
					continue
				}
				p, _ := tile.Flatten(a)
				q, _ := tile.Flatten(b)
				off := math.Abs(math.Hypot(p.X-q.X, p.Y-q.Y)/geodesic(e, a, b) - 1)
				worst = math.Max(worst, off)
				if off > tile.Stretch+0.003 {
					t.Errorf("tile %d: a distance is off by %.4f, the tile says %.4f", tile.Number, off, tile.Stretch)
				}
			}
		}
		t.Logf("half axes %v: %d tiles, worst distance off by %.2f %%", e.axes, len(tiles), 100*worst)
	}
}

// A dot a hair's breadth of a hair's breadth from its tile's middle has no
// direction from there, and still a place.
func TestDotAtSeed(t *testing.T) {
	e := head()
	for _, off := range []float64{0, 5e-324, 3.6e-307, 1e-200, 1e-12} {
		at := e.centre.Add(headframe.Vec{off, e.axes[1], off})
		tiles, err := guide.Tiles([]plan.Dot{{ID: 1, P: at}}, nil, e)
		if err != nil || len(tiles) != 1 {
			t.Errorf("%g mm aside: %d tiles, %v", off, len(tiles), err)
			continue
		}
		if q, gap := tiles[0].Flatten(at); !(math.Hypot(q.X, q.Y) < 1e-6) || !(gap < 1e-3) {
			t.Errorf("%g mm aside: at %v, %g mm off the skin", off, q, gap)
		}
	}
}

// Any set of dots is shared out completely, each dot once, neighbours' dots
// only near the border.
func TestTilesPartition(t *testing.T) {
	e := head()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		dots := make([]plan.Dot, n)
		for i := range dots {
			dots[i] = plan.Dot{ID: i, P: e.at(rapid.Float64Range(0, 1.6).Draw(t, "theta"), rapid.Float64Range(-3.1, 3.1).Draw(t, "phi"))}
		}
		tiles, err := guide.Tiles(dots, nil, e)
		if err != nil {
			t.Fatal(err)
		}
		owner := make([]int, n)
		for i, tile := range tiles {
			if tile.Number != i+1 {
				t.Fatalf("tile %d stands at place %d", tile.Number, i+1)
			}
			for _, k := range tile.Own {
				if owner[k] != 0 {
					t.Fatalf("dot %d is on tiles %d and %d", k, owner[k], tile.Number)
				}
				owner[k] = tile.Number
				if d := dots[k].P.Sub(tile.Seed).Norm(); d > craft.TileRadius().Value+0.5 {
					t.Fatalf("dot %d is %.1f mm from its tile's middle", k, d)
				}
			}
			if !(tile.Stretch >= 0 && tile.Stretch <= craft.PrintStretch().Value) {
				t.Fatalf("tile %d stretches %g", tile.Number, tile.Stretch)
			}
		}
		for k, o := range owner {
			if o == 0 {
				t.Fatalf("dot %d is on no tile", k)
			}
		}
		for _, tile := range tiles {
			for _, k := range tile.Near {
				if owner[k] == tile.Number {
					t.Fatalf("dot %d is its own neighbour", k)
				}
			}
		}
	})
}

// On strongly curved skin tiles get smaller until they lie flat.
func TestSmallHeadGetsSmallTiles(t *testing.T) {
	e := sphere(40)
	dots := e.scatter(600, 1.2, 1.1, 2, 1)
	tiles, err := guide.Tiles(dots, nil, e)
	if err != nil {
		t.Fatal(err)
	}
	for _, tile := range tiles {
		if tile.Stretch > craft.PrintStretch().Value {
			t.Errorf("tile %d stretches %.4f", tile.Number, tile.Stretch)
		}
	}
}

// A circle of latitude on a sphere unrolls to an arc of radius R tan(angle).
func TestStripOnSphere(t *testing.T) {
	const r, theta = 85.0, 0.6
	e := sphere(r)
	var line []headframe.Vec
	for phi := -1.2; phi <= 1.201; phi += 0.01 {
		line = append(line, e.at(theta, phi))
	}
	st, err := guide.NewStrip(line, 8, e)
	if err != nil {
		t.Fatal(err)
	}
	want := r * math.Tan(theta)
	for i, p := range st.Line {
		if got := math.Hypot(p.X, p.Y+want); math.Abs(got-want) > 0.15 {
			t.Fatalf("point %d lies %.2f mm from the arc's centre, want %.2f", i, got, want)
		}
	}
	length := 2.4 * r * math.Sin(theta)
	if got := st.Along[len(st.Along)-1] - st.Along[0]; math.Abs(got-length) > 2.1 {
		t.Errorf("the line is %.1f mm long, want %.1f", got, length)
	}
	if first, last := st.Line[0], st.Line[len(st.Line)-1]; first.X < 0 || last.X > 0 || math.Abs(first.X+last.X) > 4 {
		t.Errorf("ends at %v and %v, want right and left", first, last)
	}
	for i := range st.Line {
		if d := math.Hypot(st.Soft[i].X-st.Line[i].X, st.Soft[i].Y-st.Line[i].Y); math.Abs(d-8) > 1e-6 {
			t.Fatalf("the soft zone is %.2f mm deep, want 8", d)
		}
		if math.Hypot(st.Back[i].X, st.Back[i].Y+want) > math.Hypot(st.Front[i].X, st.Front[i].Y+want) {
			t.Fatal("the crown lies on the side of the face")
		}
	}
	if st.Stretch <= 0 || st.Stretch > craft.PrintStretch().Value {
		t.Errorf("the strip's edges stretch %.4f", st.Stretch)
	}
}
