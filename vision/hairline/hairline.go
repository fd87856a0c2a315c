// Package hairline finds the front hairline on the maps of one photo.
//
// The face is unrolled around an axis through the forehead, so that a hairline
// becomes one distance from that axis per direction, however deep the
// recessions are. Along each direction the hair rises from nothing to this
// client's full density; the line runs where it reaches half, held together
// by dynamic programming. Where no rise is seen there is no line.
//
// Points are pixels of the upright photo, left to right. There are no errors.
package hairline

import (
	"math"
	"sort"

	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// Input is what the photo shows.
type Input struct {
	Camera  headframe.Camera
	Surface headframe.Surface
	Width   int // of the photo, pixels
	Height  int
	// Fullness is hair at a photo pixel relative to this client's full hair, about 0..1.
	Fullness func(x, y float64) float64
	// Head reports whether a photo pixel shows the head.
	Head func(x, y float64) bool
}

const (
	half      = 0.5 // a hairline is where density falls to half
	psiSteps  = 145 // directions around the face axis, 1.5° apart
	psiRange  = 108 * math.Pi / 180
	rhoSteps  = 220 // distances from the face axis, 0.5° apart: about 0.75 mm of skin
	rhoStart  = 12 * math.Pi / 180
	rhoStep   = 0.5 * math.Pi / 180
	reach     = 10   // steps on either side over which hair must rise: about 7 mm
	bend      = 0.05 // cost per step of difference between neighbouring directions
	maxBend   = 8    // largest such difference in steps: about 70° on the skin
	minRise   = 0.3  // smallest rise that counts as a line
	fringeRho = 74 * math.Pi / 180
	minRun    = 6 // directions a stretch of line must span: 9°
)

// Find returns the visible stretches of the hairline, left to right.
func Find(in Input) []survey.Hairline {
	f := unroll(in)
	return f.lines(f.path())
}

// field is the unrolled face: rows are directions, columns distances.
type field struct {
	px   [][2]float64
	full []float64 // NaN where not visible
}

func at(i, j int) int { return i*rhoSteps + j }

func unroll(in Input) *field {
	f := &field{px: make([][2]float64, psiSteps*rhoSteps), full: make([]float64, psiSteps*rhoSteps)}
	face, eye := headframe.NewFace(in.Surface), in.Camera.Eye()
	for i := range psiSteps {
		psi := psiRange * (2*float64(i)/(psiSteps-1) - 1)
		for j := range rhoSteps {
			p := face.Point(psi, rhoStart+rhoStep*float64(j))
			f.px[at(i, j)], f.full[at(i, j)] = see(in, p, eye)
		}
	}
	return f
}

// see returns the pixel of p and the fullness there, NaN if p is turned away,
// out of the frame, or not on the head.
func see(in Input, p, eye headframe.Vec) ([2]float64, float64) {
	x, y, ok := in.Camera.Project(p)
	px := [2]float64{x, y}
	if !ok || x < 0 || y < 0 || x > float64(in.Width-1) || y > float64(in.Height-1) {
		return px, math.NaN()
	}
	_, n := in.Surface.Project(p)
	if n.Dot(eye.Sub(p).Unit()) < 0.12 || !in.Head(x, y) {
		return px, math.NaN()
	}
	return px, in.Fullness(x, y)
}

// rise is how much fuller hair is beyond column j than before it.
func (f *field) rise(i, j int) float64 {
	in, out := f.mean(i, j-reach, j), f.mean(i, j+1, j+1+reach)
	if math.IsNaN(in) || math.IsNaN(out) {
		return math.NaN()
	}
	return out - in
}

func (f *field) mean(i, from, to int) float64 {
	sum, n := 0.0, 0
	for j := max(0, from); j < min(rhoSteps, to); j++ {
		if v := f.full[at(i, j)]; !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	if n < reach/2 {
		return math.NaN()
	}
	return sum / float64(n)
}

// path returns the best column for every direction.
func (f *field) path() []int {
	cost := make([]float64, psiSteps*rhoSteps)
	from := make([]int, psiSteps*rhoSteps)
	for i := range psiSteps {
		for j := range rhoSteps {
			cost[at(i, j)] = f.cost(i, j)
			if i == 0 {
				continue
			}
			best, arg := math.Inf(1), j
			for k := max(0, j-maxBend); k <= min(rhoSteps-1, j+maxBend); k++ {
				d := float64(k - j)
				if c := cost[at(i-1, k)] + bend*math.Abs(d); c < best {
					best, arg = c, k
				}
			}
			cost[at(i, j)] += best
			from[at(i, j)] = arg
		}
	}
	path := make([]int, psiSteps)
	last := psiSteps - 1
	for j := range rhoSteps {
		if cost[at(last, j)] < cost[at(last, path[last])] {
			path[last] = j
		}
	}
	for i := last; i > 0; i-- {
		path[i-1] = from[at(i, path[i])]
	}
	return path
}

// cost is low where the fullness passes one half while rising. Before the
// line there must be little hair, so that a parting far inside full hair loses
// against the edge of the hair.
func (f *field) cost(i, j int) float64 {
	v, rise := f.full[at(i, j)], f.rise(i, j)
	if math.IsNaN(v) || math.IsNaN(rise) {
		return 1
	}
	return 1 - rise + 0.8*math.Abs(v-half)
}

// lines cuts the path where nothing rises and turns it into pixels.
func (f *field) lines(path []int) []survey.Hairline {
	var out []survey.Hairline
	for start := 0; start < psiSteps; {
		if f.support(start, path[start]) < minRise {
			start++
			continue
		}
		end := start
		for end < psiSteps && f.support(end, path[end]) >= minRise {
			end++
		}
		if end-start >= minRun {
			out = append(out, f.line(path, start, end))
		}
		start = end
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].Points[0][0] < out[b].Points[0][0] })
	if out == nil {
		out = []survey.Hairline{}
	}
	return out
}

func (f *field) support(i, j int) float64 {
	r := f.rise(i, j)
	if math.IsNaN(r) {
		return 0
	}
	return r
}

func (f *field) line(path []int, start, end int) survey.Hairline {
	l := survey.Hairline{Kind: "front"}
	sum, farthest := 0.0, 0.0
	for i := start; i < end; i++ {
		l.Points = append(l.Points, f.crossing(i, path[i]))
		sum += f.support(i, path[i])
		if mid := math.Abs(float64(2*i)/(psiSteps-1) - 1); mid < 0.35 {
			farthest = max(farthest, rhoStart+rhoStep*float64(path[i]))
		}
	}
	l.Confidence = min(1, sum/float64(end-start))
	if farthest > fringeRho {
		l.Kind = "fringe"
	}
	if l.Points[0][0] > l.Points[len(l.Points)-1][0] {
		reverse(l.Points)
	}
	return l
}

// crossing refines column j to where the fullness passes one half.
func (f *field) crossing(i, j int) [2]float64 {
	for d := range reach {
		for _, k := range []int{j + d, j - d - 1} {
			if k < 0 || k+1 >= rhoSteps {
				continue
			}
			a, b := f.full[at(i, k)], f.full[at(i, k+1)]
			if a < half && b >= half {
				t := (half - a) / (b - a)
				p, q := f.px[at(i, k)], f.px[at(i, k+1)]
				return [2]float64{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])}
			}
		}
	}
	return f.px[at(i, j)]
}

func reverse(p [][2]float64) {
	for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
		p[i], p[j] = p[j], p[i]
	}
}
