package dots_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/dots"
	"pointille/planner/dots/dotstest"
	"pointille/planner/dots/metric"
)

const (
	patchFrom, patchTo = 10.0, 80.0 // the planned square, mm
	skinSide           = 90.0
)

func inPatch(p headframe.Vec) bool {
	return min(p[0], p[2]) > patchFrom && max(p[0], p[2]) < patchTo
}

// patch is a square of planned skin amid skin that is not.
func patch(density func(headframe.Vec) float64) dots.Field {
	return dots.Field{Mesh: dotstest.Plane{}.Square(skinSide, 3), Density: func(p headframe.Vec) float64 {
		if !inPatch(p) {
			return 0
		}
		return density(p)
	}}
}

// set is the dots of some sessions.
type set struct {
	name  string
	has   func(session int) bool
	quiet float64 // most power below 0.1 cycles per spacing
	clump float64 // the same below 0.5
	gap   float64 // most difference from the pair correlation of follicles
	ratio float64 // most of Clark and Evans
}

func (s set) of(ds []dots.Dot) (pts []headframe.Vec, flat [][2]float64) {
	for _, d := range ds {
		if s.has(d.Session) {
			pts = append(pts, d.P)
			flat = append(flat, [2]float64{d.P[0] - patchFrom, d.P[2] - patchFrom})
		}
	}
	return pts, flat
}

func only(k int) func(int) bool { return func(session int) bool { return session == k } }
func upTo(k int) func(int) bool { return func(session int) bool { return session <= k } }

func humanGap(st metric.Stats) float64 {
	var r, g []float64
	for _, q := range craft.FollicleGaps() {
		if q.R < 1.6 {
			r, g = append(r, q.R), append(g, q.G)
		}
	}
	gap, _ := st.Gap(r, g)
	return gap
}

// A natural pattern is spaced as follicles are: all of it, and each session.
// The pair correlation is the mean of some patterns of 5,900 dots; that of one
// would scatter by 0.02, of one session by 0.05. What is asked of the first two
// sessions together is only that there are no clumps: no pair potential acts
// on them.
func TestNatural(t *testing.T) {
	const seeds = 3
	var patterns [][]dots.Dot
	for seed := range uint64(seeds) {
		patterns = append(patterns, place(t, dotstest.Plane{}, patch(even(1.2)), dots.Options{Seed: seed}).Dots)
	}
	for _, s := range []set{
		{"all", upTo(3), 0.05, 0.26, 0.18, 1.41},
		{"session 1", only(1), 0.03, 0.2, 0.27, 1.48},
		{"session 2", only(2), 0.03, 0.26, 0.27, 1.48},
		{"session 3", only(3), 0.03, 0.2, 0.27, 1.48},
		{"sessions 1 and 2", upTo(2), 0.05, 0.28, 0.55, 1.41},
	} {
		mean := metric.Stats{G: make([]float64, 18)}
		var power metric.Power
		for _, ds := range patterns {
			pts, flat := s.of(ds)
			st, p := metric.Measure(pts), metric.Spectrum(flat, patchTo-patchFrom)
			for k, g := range st.G {
				mean.G[k] += g / seeds
			}
			mean.R, mean.CV, mean.Psi6 = mean.R+st.R/seeds, mean.CV+st.CV/seeds, mean.Psi6+st.Psi6/seeds
			power.Low, power.Wide = power.Low+p.Low/seeds, power.Wide+p.Wide/seeds
		}
		gap := humanGap(mean)
		t.Logf("%s: R %.3f CV %.3f psi6 %.3f gap %.3f power %.4f", s.name, mean.R, mean.CV, mean.Psi6, gap, power)
		if mean.CV < 0.20 || mean.CV > 0.28 || mean.R < 1.26 || mean.R > s.ratio || mean.Psi6 > 0.45 {
			t.Errorf("%s: R %.3f CV %.3f psi6 %.3f", s.name, mean.R, mean.CV, mean.Psi6)
		}
		if gap > s.gap || power.Low > s.quiet || power.Wide > s.clump {
			t.Errorf("%s: gap %.3f power %.4f", s.name, gap, power)
		}
	}
}

// An even pattern is as even as can be, all of it and each session, and yet no
// lattice.
func TestEven(t *testing.T) {
	p := place(t, dotstest.Plane{}, patch(even(1.2)), dots.Options{Regularity: 1})
	for _, s := range []set{
		{"all", upTo(3), 0.002, 0.015, 0, 0},
		{"session 1", only(1), 0.02, 0.03, 0, 0},
		{"session 2", only(2), 0.02, 0.03, 0, 0},
		{"session 3", only(3), 0.02, 0.03, 0, 0},
		{"sessions 1 and 2", upTo(2), 0.01, 0.05, 0, 0},
	} {
		pts, flat := s.of(p.Dots)
		st, power := metric.Measure(pts), metric.Spectrum(flat, patchTo-patchFrom)
		t.Logf("%s: R %.3f CV %.3f psi6 %.3f power %.4f", s.name, st.R, st.CV, st.Psi6, power)
		if power.Low > s.quiet || power.Wide > s.clump || st.CV > 0.15 || st.Psi6 > 0.47 {
			t.Errorf("%s: CV %.3f psi6 %.3f power %.4f", s.name, st.CV, st.Psi6, power)
		}
	}
}

// Fewer or more sessions, unequal shares: the pattern stays natural.
func TestNaturalShares(t *testing.T) {
	for _, shares := range [][]float64{{1}, {0.5, 0.5}, {0.2, 0.2, 0.2, 0.2, 0.2}, {0.1, 0.9}} {
		st := metric.Measure(points(place(t, dotstest.Plane{}, patch(even(0.8)), dots.Options{Shares: shares}).Dots))
		gap := humanGap(st)
		t.Logf("%v: R %.3f CV %.3f gap %.3f", shares, st.R, st.CV, gap)
		if gap > 0.28 || st.CV < 0.2 || st.CV > 0.32 || st.R < 1.3 || st.R > 1.43 {
			t.Errorf("shares %v: R %.3f CV %.3f gap %.3f", shares, st.R, st.CV, gap)
		}
	}
}

func points(ds []dots.Dot) []headframe.Vec {
	var out []headframe.Vec
	for _, d := range ds {
		out = append(out, d.P)
	}
	return out
}

// The edge of the planned skin is neither a row of dots nor bare: bands of half
// a spacing along it hold what they should. Over the seeds a band has about 600
// dots, in patterns that are quieter than unrelated points.
func TestRim(t *testing.T) {
	const band, bands, seeds = 0.5, 6, 4
	for _, regularity := range []float64{0, 1} {
		var found [bands]float64
		for seed := range uint64(seeds) {
			for _, d := range place(t, dotstest.Plane{}, patch(even(1)), dots.Options{Seed: seed, Regularity: regularity}).Dots {
				edge := min(d.P[0]-patchFrom, patchTo-d.P[0], d.P[2]-patchFrom, patchTo-d.P[2])
				if k := int(edge / band); k < bands {
					found[k]++
				}
			}
		}
		for k := range found {
			a, b := patchTo-patchFrom-2*band*float64(k), patchTo-patchFrom-2*band*float64(k+1)
			found[k] /= seeds * (a*a - b*b)
			if math.Abs(found[k]-1) > 0.12 {
				t.Errorf("regularity %v: %.1f mm from the edge there are %.3f of the dots wanted", regularity, band*(float64(k)+0.5), found[k])
			}
		}
		t.Logf("regularity %v: %.3f", regularity, found)
	}
}

// Over 2 cm² cells of a gradient of 4 to 1 the density is what was wanted.
func TestGradient(t *testing.T) {
	density := func(p headframe.Vec) float64 { return 0.5 * (1 + 3*(p[2]-patchFrom)/(patchTo-patchFrom)) }
	const cells = 5 // of 14 mm
	for _, regularity := range []float64{0, 1} {
		got := place(t, dotstest.Plane{}, patch(density), dots.Options{Regularity: regularity})
		side := (patchTo - patchFrom) / cells
		found, wanted := make([]float64, cells*cells), make([]float64, cells*cells)
		for _, d := range got.Dots {
			found[int((d.P[2]-patchFrom)/side)*cells+int((d.P[0]-patchFrom)/side)]++
		}
		for k := range wanted {
			middle := patchFrom + (float64(k/cells)+0.5)*side
			wanted[k] = side * side * density(headframe.Vec{0, 0, middle})
		}
		e := metric.DensityError(found, wanted)
		t.Logf("regularity %v: %.4f", regularity, e)
		if e > 0.02 {
			t.Errorf("regularity %v: density is off by %.4f RMS", regularity, e)
		}
	}
}

// Every zone gets the dots of its area, whatever the shape of its edge.
func TestZoneCounts(t *testing.T) {
	for name, density := range map[string]func(headframe.Vec) float64{
		"square":        even(1.2),
		"disc":          disc(45, 45, 30.3, 0.9),
		"slanted strip": func(p headframe.Vec) float64 { return step(math.Abs(0.42*p[0]-0.91*p[2]+20) < 2.1) },
		"soft disc":     func(p headframe.Vec) float64 { return 0.04 * max(0, 30-math.Hypot(p[0]-45, p[2]-45)) },
		"small islands": func(p headframe.Vec) float64 { return step(math.Sin(p[0])*math.Sin(0.9*p[2]) > 0.2) },
	} {
		want, got := integral(density), place(t, dotstest.Plane{}, patch(density), dots.Options{})
		if n := float64(got.Wanted); math.Abs(n/want-1) > 0.01 {
			t.Errorf("%s: %v dots, want %.0f", name, n, want)
		}
		if got.Dropped > got.Wanted/500 {
			t.Errorf("%s: %d dots of %d dropped", name, got.Dropped, got.Wanted)
		}
	}
}

// integral sums a density over the patch, point by point.
func integral(density func(headframe.Vec) float64) float64 {
	const n = 1400
	sum, side := 0.0, (patchTo-patchFrom)/n
	for i := range n {
		for j := range n {
			sum += density(headframe.Vec{patchFrom + (float64(i)+0.5)*side, 0, patchFrom + (float64(j)+0.5)*side})
		}
	}
	return sum * side * side
}

// Hairs share the spacing: with a fifth of them there already, dots and hairs
// together look as follicles do, and no dot is on a hair.
func TestAmongHairs(t *testing.T) {
	hairs := points(place(t, dotstest.Plane{}, dots.Field{Mesh: dotstest.Plane{}.Square(skinSide, 3), Density: even(0.25)}, dots.Options{Seed: 9}).Dots)
	f := patch(even(1))
	f.Fixed = hairs
	o := dots.Options{Seed: 1, MinMM: 0.3}
	got := place(t, dotstest.Plane{}, f, o)
	checkRules(t, got.Dots, f, o)
	if got.Dropped > len(got.Dots)/200 {
		t.Errorf("%d dots dropped of %d", got.Dropped, got.Wanted)
	}
	all := points(got.Dots)
	for _, h := range hairs {
		if inPatch(h) {
			all = append(all, h)
		}
	}
	st := metric.Measure(all)
	gap := humanGap(st)
	t.Logf("R %.3f CV %.3f gap %.3f", st.R, st.CV, gap)
	if gap > 0.2 || st.CV > 0.29 {
		t.Errorf("dots and hairs: R %.3f CV %.3f gap %.3f", st.R, st.CV, gap)
	}
}

// The number of processors does not matter.
func TestProcessors(t *testing.T) {
	run := func(n int) []dots.Dot {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
		ds := place(t, dotstest.Plane{}, patch(ramp(0.3, 90)), dots.Options{Seed: 4}).Dots
		dots.Order(ds)
		return ds
	}
	one, two := run(1), run(2)
	if len(one) != len(two) {
		t.Fatalf("%d and %d dots", len(one), len(two))
	}
	for i := range one {
		if one[i] != two[i] {
			t.Fatalf("dot %d is %v on one processor, %v on two", i, one[i], two[i])
		}
	}
}

// Odd regions get their dots, where they are wanted and apart.
func TestOddRegions(t *testing.T) {
	for name, tt := range map[string]struct {
		density func(headframe.Vec) float64
		atLeast int
		atMost  int
	}{
		"one dot":              {disc(45, 45, 0.6, 0.9), 1, 1},
		"less than a spacing":  {disc(45, 45, 0.4, 0.2), 0, 0},
		"a thin strip":         {func(p headframe.Vec) float64 { return step(math.Abs(p[2]-45.2) < 0.25) }, 33, 37},
		"two islands":          {func(p headframe.Vec) float64 { return disc(25, 30, 8, 1)(p) + disc(65, 60, 5, 1)(p) }, 277, 283},
		"a checkerboard":       {func(p headframe.Vec) float64 { return step((int(p[0]/3)+int(p[2]/3))%2 == 0) }, 2400, 2500},
		"everywhere at random": {func(p headframe.Vec) float64 { return step(math.Sin(7*p[0])*math.Sin(5*p[2]) > 0.3) }, 1300, 2000},
	} {
		f := patch(tt.density)
		got := place(t, dotstest.Plane{}, f, dots.Options{Seed: 2, MinMM: 0.3})
		checkRules(t, got.Dots, f, dots.Options{MinMM: 0.3})
		if n := len(got.Dots) + got.Dropped; n < tt.atLeast || n > tt.atMost || got.Dropped > n/20 {
			t.Errorf("%s: %d dots and %d dropped, want %d to %d", name, len(got.Dots), got.Dropped, tt.atLeast, tt.atMost)
		}
	}
}

func step(in bool) float64 {
	if in {
		return 1
	}
	return 0
}

func disc(x, z, r, density float64) func(headframe.Vec) float64 {
	return func(p headframe.Vec) float64 { return density * step(math.Hypot(p[0]-x, p[2]-z) < r) }
}

// Natural dots leave no holes that would show as blotches.
func TestNoHoles(t *testing.T) {
	t.Parallel()
	const spacing, tries = 1.0, 40_000
	f := patch(func(headframe.Vec) float64 { return 1 / (spacing * spacing) })
	var far, most float64
	for seed := range uint64(2) {
		index := map[[2]int][]headframe.Vec{}
		cell := func(p headframe.Vec) [2]int {
			return [2]int{int(math.Floor(p[0] / (2 * spacing))), int(math.Floor(p[2] / (2 * spacing)))}
		}
		for _, d := range place(t, dotstest.Plane{}, f, dots.Options{Seed: seed + 1}).Dots {
			index[cell(d.P)] = append(index[cell(d.P)], d.P)
		}
		r := rand.New(rand.NewPCG(seed, 3))
		for range tries {
			q := headframe.Vec{skinSide * r.Float64(), 0, skinSide * r.Float64()}
			if !inPatch(q.Add(headframe.Vec{3, 0, 3})) || !inPatch(q.Sub(headframe.Vec{3, 0, 3})) {
				continue
			}
			gap, c := 2*spacing, cell(q)
			for k := range 9 {
				for _, p := range index[[2]int{c[0] + k%3 - 1, c[1] + k/3 - 1}] {
					gap = min(gap, p.Sub(q).Norm())
				}
			}
			if most = max(most, gap/spacing); gap > spacing {
				far++
			}
		}
	}
	t.Logf("%.2f %% of the skin lies more than a spacing from all dots, up to %.2f", 100*far/(2*tries), most)
	if far > 0.004*2*tries || most > 1.4 {
		t.Errorf("%.2f %% of the skin lies more than a spacing from all dots, up to %.2f", 100*far/(2*tries), most)
	}
}
