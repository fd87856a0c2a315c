package metric_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/dots/dotstest"
	"pointille/planner/dots/metric"
)

// noise returns n unrelated points in the square 0..side of the plane y = 0.
func noise(n int, side float64, seed uint64) []headframe.Vec {
	r := rand.New(rand.NewPCG(seed, 3))
	out := make([]headframe.Vec, n)
	for i := range out {
		out[i] = headframe.Vec{side * r.Float64(), 0, side * r.Float64()}
	}
	return out
}

// hexagons returns the hexagonal lattice of the given pitch in the square
// 0..side, turned by turn.
func hexagons(pitch, side, turn float64) []headframe.Vec {
	var out []headframe.Vec
	n := int(2 * side / pitch)
	sin, cos := math.Sincos(turn)
	for i := -n; i <= n; i++ {
		for j := -n; j <= n; j++ {
			u := pitch * (float64(i) + 0.5*float64(j&1))
			v := pitch * float64(j) * math.Sqrt(3) / 2
			x, z := cos*u-sin*v+side/2, sin*u+cos*v+side/2
			if x >= 0 && z >= 0 && x <= side && z <= side {
				out = append(out, headframe.Vec{x, 0, z})
			}
		}
	}
	return out
}

func squares(pitch, side float64) []headframe.Vec {
	var out []headframe.Vec
	for x := 0.0; x <= side; x += pitch {
		for z := 0.0; z <= side; z += pitch {
			out = append(out, headframe.Vec{x, 0, z})
		}
	}
	return out
}

func near(t *testing.T, what string, got, want, slack float64) {
	t.Helper()
	if !(math.Abs(got-want) <= slack) {
		t.Errorf("%s is %.4f, want %.4f ± %g", what, got, want, slack)
	}
}

// A lattice's figures are exact. Density is taken from the disc of the 40th
// neighbour, which a lattice fills in rings: that ring lies at √12 pitches.
// The slack is for the few centres at the rim that lack neighbours.
func TestHexagonalLattice(t *testing.T) {
	for _, turn := range []float64{0, 0.3, 1} {
		st := metric.Measure(hexagons(1.3, 60, turn))
		near(t, "psi6", st.Psi6, 1, 1e-9)
		near(t, "CV", st.CV, 0, 0.012)
		near(t, "R", st.R, 2*math.Sqrt(39/(math.Pi*12)), 0.008)
		near(t, "nearest distance", st.MinMM, 1.3, 1e-9)
		if st.Centres < 800 {
			t.Errorf("%d centres", st.Centres)
		}
	}
}

func TestSquareLattice(t *testing.T) {
	st := metric.Measure(squares(1, 40))
	near(t, "CV", st.CV, 0, 0.035)
	near(t, "nearest distance", st.MinMM, 1, 1e-9)
	if st.Psi6 > 0.8 {
		t.Errorf("psi6 of squares is %.3f", st.Psi6)
	}
}

// Figures of unrelated points: R 1, CV √(4/π-1), psi6 0.37, variance of counts
// as their mean.
func TestNoise(t *testing.T) {
	st := metric.Measure(noise(20000, 100, 1))
	near(t, "R", st.R, 1, 0.02)
	near(t, "CV", st.CV, math.Sqrt(4/math.Pi-1), 0.02)
	near(t, "psi6", st.Psi6, 0.37, 0.01)
	for k, g := range st.G {
		// The expected count of bin k sets how much it scatters.
		pairs := float64(st.Centres) * 0.2 * math.Pi * (float64(k) + 0.5) * 0.1 / 2
		near(t, "g", g, 1, 4/math.Sqrt(pairs)+0.03)
	}
}

// The figures do not depend on scale or place, and hardly on bending.
func TestBending(t *testing.T) {
	flat := noise(3000, 40, 2)
	big := make([]headframe.Vec, len(flat))
	bent := make([]headframe.Vec, len(flat))
	for i, p := range flat {
		big[i] = p.Mul(7).Add(headframe.Vec{1000, -50, 3})
		x, z := (p[0]-20)/90, (p[2]-20)/90
		bent[i] = headframe.Vec{math.Sin(x), math.Cos(x) * math.Cos(z), math.Cos(x) * math.Sin(z)}.Mul(90)
	}
	a, b, c := metric.Measure(flat), metric.Measure(big), metric.Measure(bent)
	near(t, "R enlarged", b.R, a.R, 1e-6)
	near(t, "psi6 enlarged", b.Psi6, a.Psi6, 1e-6)
	near(t, "distance enlarged", b.MinMM, 7*a.MinMM, 1e-6)
	near(t, "R on a head", c.R, a.R, 0.01)
	near(t, "psi6 on a head", c.Psi6, a.Psi6, 0.005)
	near(t, "CV on a head", c.CV, a.CV, 0.01)
}

// TestBruteForce repeats the measure by looking at every pair.
func TestBruteForce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(200, 300).Draw(rt, "points")
		pts := noise(n, rapid.Float64Range(0.1, 100).Draw(rt, "side"), rapid.Uint64().Draw(rt, "seed"))
		if rapid.Bool().Draw(rt, "dense corner") {
			for i := range pts[:n/2] {
				pts[i] = pts[i].Mul(0.3)
			}
		}
		got, want := metric.Measure(pts), bruteForce(pts)
		if got.Centres != want.Centres {
			rt.Fatalf("%d centres, want %d", got.Centres, want.Centres)
		}
		pairs := [][2]float64{{got.R, want.R}, {got.CV, want.CV}, {got.Psi6, want.Psi6}, {got.MinMM, want.MinMM}, {got.Blotch, want.Blotch}}
		for k := range got.G {
			pairs = append(pairs, [2]float64{got.G[k], want.G[k]})
		}
		for k, p := range pairs {
			if math.Abs(p[0]-p[1]) > 1e-9*(1+math.Abs(p[1])) {
				rt.Fatalf("figure %d is %v, want %v", k, p[0], p[1])
			}
		}
	})
}

type other struct {
	d float64
	v headframe.Vec
}

func bruteForce(pts []headframe.Vec) metric.Stats {
	st := metric.Stats{MinMM: math.Inf(1), G: make([]float64, 18)}
	var nn, counts []float64
	for i, p := range pts {
		var all []other
		for j, q := range pts {
			if i != j {
				all = append(all, other{q.Sub(p).Norm(), q.Sub(p)})
			}
		}
		slices.SortFunc(all, func(a, b other) int { return compare(a.d, b.d) })
		st.MinMM = min(st.MinMM, all[0].d)
		last := all[39].d
		var sum headframe.Vec
		for _, o := range all[:40] {
			sum = sum.Add(o.v.Mul(1.0 / 40))
		}
		if sum.Norm() > 0.17*last {
			continue
		}
		s := math.Sqrt(math.Pi * last * last / 39)
		nn = append(nn, all[0].d/s)
		count, bond := 1.0, complex(0, 0)
		for k, o := range all[:40] {
			if b := int(o.d / s * 10); b < 18 {
				st.G[b]++
			}
			if o.d <= 3*s {
				count++
			}
			if k < 6 {
				sin, cos := math.Sincos(6 * math.Atan2(o.v[2], o.v[0]))
				bond += complex(cos, sin) / 6
			}
		}
		st.Psi6 += math.Hypot(real(bond), imag(bond))
		counts = append(counts, count)
	}
	n := float64(len(nn))
	st.Centres = len(nn)
	st.Psi6 /= n
	for k := range st.G {
		a, b := float64(k)/10, float64(k+1)/10
		st.G[k] /= n * math.Pi * (b*b - a*a)
	}
	mean, variance := moments(nn)
	st.R, st.CV = 2*mean, math.Sqrt(variance)/mean
	mean, variance = moments(counts)
	st.Blotch = variance / mean
	return st
}

func compare(a, b float64) int {
	if a < b {
		return -1
	}
	return 1
}

func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for _, v := range x {
		variance += (v - mean) * (v - mean)
	}
	return mean, variance / float64(len(x))
}

func TestFewPoints(t *testing.T) {
	for _, n := range []int{0, 1} {
		if st := metric.Measure(noise(n, 1, 1)); st.MinMM != 0 || st.Centres != 0 {
			t.Errorf("%d points: %+v", n, st)
		}
	}
	near(t, "distance of two", metric.Measure([]headframe.Vec{{0, 0, 0}, {3, 4, 0}}).MinMM, 5, 0)
	same := make([]headframe.Vec, 300)
	if st := metric.Measure(same); st.MinMM != 0 || st.Centres != 0 || st.R != 0 || st.Psi6 != 0 {
		t.Errorf("points at one place: %+v", st)
	}
}

// flat drops the height of points.
func flat(pts []headframe.Vec) [][2]float64 {
	out := make([][2]float64, len(pts))
	for i, p := range pts {
		out[i] = [2]float64{p[0], p[2]}
	}
	return out
}

func TestSpectrum(t *testing.T) {
	low, wide := 0.0, 0.0
	const runs = 8
	for seed := range uint64(runs) {
		p := metric.Spectrum(flat(noise(4000, 60, seed)), 60)
		low, wide = low+p.Low/runs, wide+p.Wide/runs
	}
	near(t, "power of noise below 0.1", low, 1, 0.15)
	near(t, "power of noise below 0.5", wide, 1, 0.05)
	for name, pts := range map[string][]headframe.Vec{"squares": squares(1, 60), "hexagons": hexagons(1, 60, 0.2)} {
		p := metric.Spectrum(flat(pts), 60)
		near(t, name+" below 0.1", p.Low, 0, 1e-3)
		near(t, name+" below 0.5", p.Wide, 0, 1e-3)
	}
	if p := metric.Spectrum(nil, 10); p != (metric.Power{}) {
		t.Errorf("no points: %+v", p)
	}
}

// Pairs of points at one place have twice the power of single ones; one
// missing in ten at random leaves a tenth of noise in a lattice.
func TestSpectrumScale(t *testing.T) {
	pts := noise(4000, 60, 5)
	one, two := metric.Spectrum(flat(pts), 60), metric.Spectrum(flat(append(pts, pts...)), 60)
	near(t, "power of pairs", two.Wide/one.Wide, 2, 0.25)
	r := rand.New(rand.NewPCG(1, 1))
	thinned := slices.DeleteFunc(squares(0.7, 60), func(headframe.Vec) bool { return r.Float64() < 0.1 })
	near(t, "power of a thinned lattice", metric.Spectrum(flat(thinned), 60).Wide, 0.1, 0.02)
}

func TestGap(t *testing.T) {
	st := metric.Stats{G: make([]float64, 18)}
	for k := range st.G {
		st.G[k] = 1
	}
	if gap, at := st.Gap([]float64{0.35, 0.75, 1.05, 9}, []float64{0.9, 1.4, 1.2, 50}); math.Abs(gap-0.4) > 1e-12 || at != 0.75 {
		t.Errorf("gap %v at %v", gap, at)
	}
	var r, g []float64
	for _, q := range craft.FollicleGaps() {
		r, g = append(r, q.R), append(g, q.G)
		st.G[int(q.R*10)] = q.G
	}
	if gap, _ := st.Gap(r, g); gap != 0 {
		t.Errorf("gap of the table to itself %v", gap)
	}
}

func TestDensityError(t *testing.T) {
	for _, tt := range []struct {
		found, wanted []float64
		want          float64
	}{
		{[]float64{10, 20}, []float64{10, 20}, 0},
		{[]float64{11, 9}, []float64{10, 10}, 0.1},
		{[]float64{22, 99}, []float64{20, 0}, 0.1},
		{[]float64{0, 30}, []float64{10, 30}, 0.5},
		{nil, nil, 0},
	} {
		near(t, "density error", metric.DensityError(tt.found, tt.wanted), tt.want, 1e-12)
	}
}

// On a head, and with a density that varies, unrelated points are still seen
// as unrelated.
func TestRamp(t *testing.T) {
	head := dotstest.Head()
	mesh := head.Cap(40, 3)
	r := rand.New(rand.NewPCG(9, 9))
	var pts []headframe.Vec
	for range 4000 {
		tri := mesh.Tri[r.IntN(len(mesh.Tri))]
		u, v := r.Float64(), r.Float64()
		if u+v > 1 {
			u, v = 1-u, 1-v
		}
		a, b, c := mesh.V[tri[0]], mesh.V[tri[1]], mesh.V[tri[2]]
		p := a.Mul(1 - u - v).Add(b.Mul(u)).Add(c.Mul(v))
		if r.Float64() < 0.25+0.75*(p[2]+98)/196 {
			q, _ := head.Project(p)
			pts = append(pts, q)
		}
	}
	st := metric.Measure(pts)
	near(t, "R", st.R, 1, 0.04)
	near(t, "CV", st.CV, 0.52, 0.04)
	near(t, "psi6", st.Psi6, 0.37, 0.02)
}
