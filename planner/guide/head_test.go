package guide_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"pointille/internal/headframe"
	"pointille/planner/guide"
	"pointille/planner/plan"
)

// ellipsoid is a smooth head: centre and half axes, mm.
type ellipsoid struct{ centre, axes headframe.Vec }

func head() ellipsoid {
	return ellipsoid{headframe.Vec{0, 32, -4}, headframe.Vec{76, 92, 97}}
}

// Project finds the nearest point by bisection of the Lagrange multiplier.
func (e ellipsoid) Project(p headframe.Vec) (q, n headframe.Vec) {
	d := p.Sub(e.centre)
	at := func(t float64) (headframe.Vec, float64) {
		var v headframe.Vec
		f := -1.0
		for i, a := range e.axes {
			v[i] = a * a * d[i] / (a*a + t)
			f += v[i] * v[i] / (a * a)
		}
		return v, f
	}
	lo, hi := -0.9*5776.0, 1e5
	for range 48 {
		mid := (lo + hi) / 2
		if _, f := at(mid); f > 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	v, _ := at((lo + hi) / 2)
	for i, a := range e.axes {
		n[i] = v[i] / (a * a)
	}
	return v.Add(e.centre), n.Unit()
}

// at returns the skin in a direction given by the angle from the vertex and
// the angle round it (0 at the nose, positive to the client's left).
func (e ellipsoid) at(theta, phi float64) headframe.Vec {
	d := headframe.Vec{math.Sin(theta) * math.Sin(phi), math.Cos(theta), math.Sin(theta) * math.Cos(phi)}
	for i, a := range e.axes {
		d[i] *= a
	}
	return d.Add(e.centre)
}

// scatter throws dots no nearer than gap on the skin less than reach radians
// from the vertex, behind a hairline at front radians.
func (e ellipsoid) scatter(n int, gap, reach, front float64, sessions int) []plan.Dot {
	rng := rand.New(rand.NewPCG(7, 7))
	grid := map[[3]int][]headframe.Vec{}
	key := func(p headframe.Vec) [3]int {
		return [3]int{int(math.Floor(p[0] / gap)), int(math.Floor(p[1] / gap)), int(math.Floor(p[2] / gap))}
	}
	free := func(p headframe.Vec) bool {
		k := key(p)
		for i := -1; i <= 1; i++ {
			for j := -1; j <= 1; j++ {
				for l := -1; l <= 1; l++ {
					for _, q := range grid[[3]int{k[0] + i, k[1] + j, k[2] + l}] {
						if p.Sub(q).Norm() < gap {
							return false
						}
					}
				}
			}
		}
		return true
	}
	var out []plan.Dot
	for try := 0; len(out) < n && try < 60*n; try++ {
		z := 1 - rng.Float64()*(1-math.Cos(reach))
		theta, phi := math.Acos(z), (rng.Float64()*2-1)*math.Pi
		if math.Abs(phi) < 1.2 && theta > front {
			continue
		}
		p := e.at(theta, phi)
		if !free(p) {
			continue
		}
		k := key(p)
		grid[k] = append(grid[k], p)
		zone := "frontal"
		switch {
		case p[2] < -40:
			zone = "vertex"
		case p[2] < 30:
			zone = "midscalp"
		}
		_, normal := e.Project(p)
		out = append(out, plan.Dot{
			ID: len(out) + 1, P: p, N: normal, Zone: zone, Session: 1 + rng.IntN(sessions),
			Diameter: 0.10 + 0.01*float64(rng.IntN(5)),
		})
	}
	return out
}

// hairline runs from the client's right temple to the left.
func (e ellipsoid) hairline(front float64) []headframe.Vec {
	var line []headframe.Vec
	for phi := -1.2; phi <= 1.2; phi += 0.02 {
		line = append(line, e.at(front-0.18*math.Pow(math.Abs(phi)/1.2, 4)+0.1*phi*phi, phi))
	}
	return line
}

const front = 0.72

// document returns a complete plan for dots.
func document(e ellipsoid, dots []plan.Dot, sessions int) plan.Plan {
	p := plan.Plan{
		Schema: plan.Schema, Case: "K-0417", Seed: 42, Look: plan.Shaved,
		Head:     plan.Head{ScaleSource: "card", ScaleSigma: 0.012, Scaled: true},
		Hairline: &plan.Hairline{Points: e.hairline(front), HeightMM: 78, Edge: "soft", SoftMM: 8, Source: "proposed", Alternate: "natural"},
		Dots:     plan.Dots{Count: len(dots), FreshMM: 0.25, HealedMM: 0.12, DepthMM: 0.5, MinMM: 0.7, MeanMM: 0.82},
		Pigment: &plan.Recipe{
			Shades: []plan.Shade{{Pigment: "carbon black", Dilution: 18, Share: 0.8}, {Pigment: "warm brown", Dilution: 12, Share: 0.2}},
			DeltaE: 2.1, Sigma: 1.4, Grade: "close", Note: "Try both on a hidden spot first.",
		},
		Checks: []plan.Check{
			{ID: "height", Name: "hairline height", Value: 78, Unit: "mm", Limit: "70 to 90 mm", Result: "ok"},
			{ID: "contrast", Name: "contrast to neighbouring hair", Value: 0.31, Unit: "", Limit: "at most 0.25", Result: "warn", Note: "Lighten the shade or soften the border."},
			{ID: "screening", Name: "screening", Unit: "answers", Limit: "all answered", Result: "unknown", Note: "Ask before the first session."},
		},
		Warnings: []plan.Warning{{Code: "back-unseen", Message: "The nape is on no photo: hair there is that of an average head."}},
	}
	count := map[string]int{}
	for _, d := range dots {
		count[d.Zone]++
	}
	for _, name := range []string{"frontal", "midscalp", "vertex"} {
		p.Zones = append(p.Zones, plan.Zone{Name: name, AreaCM2: float64(count[name]) / 120, SigmaCM2: 4, ExistingPerCM2: 20, TargetPerCM2: 140, Dots: count[name]})
	}
	for i := range sessions {
		n := 0
		for _, d := range dots {
			if d.Session == i+1 {
				n++
			}
		}
		p.Sessions = append(p.Sessions, plan.Session{Number: i + 1, Dots: n, Hours: 2.5, AfterDays: 21 * i, Purpose: "Lays the ground."})
	}
	return p
}

func input(n, sessions int) guide.Input {
	e := head()
	dots := e.scatter(n, 0.7, 1.25, front, sessions)
	in := guide.Input{Plan: document(e, dots, sessions), Dots: dots, Surface: e, Version: "0.1.0"}
	for _, view := range []string{"front", "left", "right", "top", "crown"} {
		in.Pictures = append(in.Pictures, guide.Picture{View: view, Image: gradient()})
	}
	return in
}

func gradient() image.Image {
	im := image.NewRGBA(image.Rect(0, 0, 300, 400))
	for y := range 400 {
		for x := range 300 {
			im.Set(x, y, color.RGBA{uint8(x / 2), uint8(y / 2), 120, 255})
		}
	}
	return im
}
