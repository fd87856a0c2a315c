package headframe_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pointille/internal/headframe"
)

const degree = math.Pi / 180

// around is a camera that looks at the middle of the head.
func around(azimuth, elevation, distance float64) headframe.Camera {
	c := headframe.Mean().Centre()
	sinA, cosA := math.Sincos(azimuth * degree)
	sinE, cosE := math.Sincos(elevation * degree)
	return look(c.Add(headframe.Vec{sinA * cosE, sinE, cosA * cosE}.Mul(distance)), c, 2.5*distance, 1200, 1600)
}

// TestGapAgainstSearch compares with the lowest place along the ray by search.
// Where a ray grazes two places the higher may be taken; that must stay below
// half of what one point of an outline errs, and rare.
func TestGapAgainstSearch(t *testing.T) {
	s := headframe.Mean()
	n, far := 0, 0
	for azimuth := -180.0; azimuth < 180; azimuth += 40 {
		for _, elevation := range []float64{0, 30, 75} {
			cam := around(azimuth, elevation, 600)
			for turn := 0.0; turn < 360; turn += 8 {
				n, far = gapAgainstSearch(t, s, cam, turn*degree, n, far)
			}
		}
	}
	if n < 1500 || 100*far > n {
		t.Errorf("%d of %d gaps are more than 0.3 mm too high", far, n)
	}
}

func gapAgainstSearch(t *testing.T, s headframe.Surface, cam headframe.Camera, turn float64, n, far int) (int, int) {
	t.Helper()
	edge, ok := border(s, cam, turn)
	if !ok {
		return n, far
	}
	for _, off := range []float64{-20, 0, 20} { // 8 mm to either side
		q := [2]float64{edge[0] + off*math.Cos(turn), edge[1] + off*math.Sin(turn)}
		want, at := lowestAlong(s, cam, q)
		if !scalp(s, at) {
			continue
		}
		got, dir := s.Gap(cam, q)
		n++
		switch {
		case got < want-0.01 || got > want+1.6:
			t.Errorf("gap %.3f mm at %v, the search finds %.3f", got, q, want)
		case got > want+0.3:
			far++
		case dir.Dot(s.Direction(at)) < math.Cos(0.25):
			t.Errorf("nearest place %v, that of the search %v", s.Point(dir), at)
		}
	}
	return n, far
}

// border is where skin ends going from the picture's middle in a direction.
func border(s headframe.Surface, cam headframe.Camera, turn float64) ([2]float64, bool) {
	at := func(r float64) [2]float64 {
		return [2]float64{cam.CX + r*math.Cos(turn), cam.CY + r*math.Sin(turn)}
	}
	seen := func(r float64) bool {
		q := at(r)
		_, ok := s.Intersect(cam.Eye(), cam.Ray(q[0], q[1]))
		return ok
	}
	in, out := 0.0, 1500.0
	if !seen(in) || seen(out) {
		return [2]float64{}, false
	}
	for out-in > 0.01 {
		if mid := (in + out) / 2; seen(mid) {
			in = mid
		} else {
			out = mid
		}
	}
	return at(in), true
}

func scalp(s headframe.Surface, p headframe.Vec) bool {
	d, _ := s.NativeDistance(p)
	return d > 10
}

// outlined is the outline of the scalp as a camera sees it.
func outlined(s headframe.Surface, cam headframe.Camera, n int) (o headframe.Outline) {
	for k := range n {
		q, ok := border(s, cam, 2*math.Pi*float64(k)/float64(n))
		if !ok {
			continue
		}
		if _, at := lowestAlong(s, cam, q); scalp(s, at) {
			o = append(o, q)
		}
	}
	return o
}

// TestGapSign wants the border between rays that meet the skin and rays that
// do not at a gap of 0.
func TestGapSign(t *testing.T) {
	s := headframe.Mean()
	cam := look(headframe.Vec{200, 300, 500}, s.Centre(), 1500, 1200, 1600)
	checked := 0
	for k := range 60 {
		turn := 2 * math.Pi * float64(k) / 60
		q, ok := border(s, cam, turn)
		if !ok {
			t.Fatalf("no border at %g", turn)
		}
		if _, at := lowestAlong(s, cam, q); !scalp(s, at) {
			continue
		}
		checked++
		at := func(off float64) float64 {
			gap, _ := s.Gap(cam, [2]float64{q[0] + off*math.Cos(turn), q[1] + off*math.Sin(turn)})
			return gap
		}
		if at(10) < 0.5 || at(-10) > -0.5 || math.Abs(at(0)) > 0.3 {
			t.Errorf("at %.2f rad: gaps %.2f, %.2f, %.2f mm inside, on and outside", turn, at(-10), at(0), at(10))
		}
	}
	if checked < 20 {
		t.Errorf("only %d places of the scalp", checked)
	}
}

// TestTurnRecovers moves a camera and wants the exact outline to bring it back
// to where the outline lies on the head.
func TestTurnRecovers(t *testing.T) {
	s := headframe.Mean()
	slack := headframe.Slack{Turn: 0.2, Shift: 30, Focal: 0.1}
	r := rand.New(rand.NewPCG(7, 1))
	for k := range 12 {
		truth := around(30*float64(k), 17, 520)
		o := outlined(s, truth, 80)
		if len(o) < headframe.FewestOutline {
			t.Fatalf("%d points", len(o))
		}
		if rms := o.RMS(s, truth); rms > 0.3 {
			t.Errorf("the true camera is %.2f mm off", rms)
		}
		vec := func(limit float64) headframe.Vec {
			return headframe.Vec{limit * (2*r.Float64() - 1), limit * (2*r.Float64() - 1), limit * (2*r.Float64() - 1)}
		}
		start := truth.Moved(vec(0.06), vec(12), 0)
		got := o.Turn(s, start, start, slack)
		if before, after := o.RMS(s, start), o.RMS(s, got); after > 0.6 || before < 1 {
			t.Errorf("from %d°: outline %.2f mm off before, %.2f after", 30*k, before, after)
		}
		if o.Cost(s, got) > o.Cost(s, start) {
			t.Errorf("cost rose from %.3f to %.3f", o.Cost(s, start), o.Cost(s, got))
		}
		if at, was := o.Cost(s, truth), o.Cost(s, start); at > was/10 {
			t.Errorf("cost of the truth %.3f, of a wrong camera %.3f", at, was)
		}
	}
}

// TestTurnHolds wants a camera that is right to stay, and one with nothing to
// go by to stay where it is.
func TestTurnHolds(t *testing.T) {
	s := headframe.Mean()
	slack := headframe.Slack{Turn: 0.2, Shift: 30, Focal: 0.1}
	truth := look(headframe.Vec{200, 300, 500}, s.Centre(), 1500, 1200, 1600)
	o := outlined(s, truth, 80)
	turn, shift, focal := truth.Difference(o.Turn(s, truth, truth, slack))
	if turn.Norm() > 0.01 || shift.Norm() > 2 || math.Abs(focal) > 0.01 {
		t.Errorf("a right camera moved by %v rad, %v mm, %g", turn, shift, focal)
	}
	if got := o[:headframe.FewestOutline-1].Turn(s, truth, truth, slack); got != truth {
		t.Errorf("%d points moved the camera", headframe.FewestOutline-1)
	}
}

// TestTurnFollowsEvidence wants other evidence to count without an outline.
func TestTurnFollowsEvidence(t *testing.T) {
	s := headframe.Mean()
	start := look(headframe.Vec{0, 200, 500}, s.Centre(), 1500, 1200, 1600)
	belief := headframe.StanceOf(start)
	belief.Azimuth, belief.AzimuthSpread = belief.Azimuth+0.2, 0.001
	got := headframe.Outline(nil).Turn(s, start, start, headframe.Slack{Turn: 0.5, Shift: 50, Focal: 0.2}, belief.Evidence())
	if at := headframe.StanceOf(got); apart(at.Azimuth, belief.Azimuth) > 0.002 {
		t.Errorf("stands at %g, believed %g", at.Azimuth, belief.Azimuth)
	}
}

// TestWeight wants far points to count less and many points no more than the
// independent ones among them.
func TestWeight(t *testing.T) {
	few, many := make(headframe.Outline, 30), make(headframe.Outline, 160)
	if few.Weight(0) <= 0 || few.Weight(5) != few.Weight(0) || few.Weight(-12) >= few.Weight(5) || few.Weight(-12) != few.Weight(12) {
		t.Errorf("weights %g, %g, %g, %g at 0, 5, -12 and 12 mm", few.Weight(0), few.Weight(5), few.Weight(-12), few.Weight(12))
	}
	if total, double := 160*many.Weight(0), 320*make(headframe.Outline, 320).Weight(0); math.Abs(total-double) > 1e-9 {
		t.Errorf("160 points weigh %g, 320 %g", total, double)
	}
	if rms := headframe.Outline(nil).RMS(headframe.Mean(), headframe.Camera{}); rms != 0 {
		t.Errorf("no outline is %g mm off", rms)
	}
}

// lowestAlong is the lowest place of a ray by search: every 2 mm, then every
// 0.02 mm around the lowest of them.
func lowestAlong(s headframe.Surface, cam headframe.Camera, q [2]float64) (mm float64, at headframe.Vec) {
	eye, ray := cam.Eye(), cam.Ray(q[0], q[1])
	mm = math.Inf(1)
	search := func(from, to, step float64) (best float64) {
		for way := from; way <= to; way += step {
			p := eye.Add(ray.Mul(way))
			if h, _ := s.Height(p); h < mm {
				mm, at, best = h, p, way
			}
		}
		return best
	}
	mid := s.Centre().Sub(eye).Dot(ray)
	near := search(mid-120, mid+120, 2)
	search(near-2, near+2, 0.02)
	return mm, at
}
