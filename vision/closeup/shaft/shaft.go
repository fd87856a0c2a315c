// Package shaft follows the visible part of single hairs from their roots:
// how wide, how long, which way, and whether the picture cuts it off.
//
// Positions and lengths are pixels of the picture given (x right, y down,
// centre of the top-left pixel at 0, 0), angles radians from x towards y. A
// length is what the picture shows of it: a hair that stands towards the
// camera is longer. Functions never fail; what cannot be followed is not Known.
package shaft

import (
	"math"
	"slices"

	"pointille/internal/raster"
)

// Shaft is the visible part of a hair.
type Shaft struct {
	Known     bool
	Tip       [2]float64
	Width     float64 // across; 0: too thin for the picture
	Length    float64 // from the root along the hair
	Direction float64 // of the first part of it, away from the root
	Cut       bool    // it leaves the picture: Length is a lower bound
}

// Lengths along and across a hair, mm.
const (
	startMM  = 0.06 // skin dims the first part
	aimMM    = 0.40 // the part that tells the direction
	acrossMM = 0.10 // how far across a hair is looked at
	gapMM    = 0.08 // a hair may be hidden for so long
	stepMM   = 0.02
	longMM   = 12.0 // no stump is longer
)

// A hair ends where its contrast falls below a share of what it had so far; a
// place whose contrast is below the least, in grey levels, is none.
const (
	endShare = 0.4
	least    = 8.0
)

// thinnest is the width in pixels that can be told: thinner hairs may nowhere be
// as dark as they are, where two rows of pixels share them.
const thinnest = 2.1

// Tracer follows hairs in one picture.
type Tracer struct {
	contrast *raster.Plane
	perMM    float64
}

// NewTracer prepares a picture given as its brightness, 0..255.
func NewTracer(grey *raster.Plane, perMM float64) *Tracer {
	return &Tracer{contrast: contrast(grey, perMM), perMM: perMM}
}

// skinMM is the neighbourhood whose skin a hair is told from, to each side.
const skinMM = 0.5

// contrast is how far each pixel is from the skin around it, darker or
// lighter. What differs most is left out of the skin.
func contrast(grey *raster.Plane, perMM float64) *raster.Plane {
	radius := max(1, int(math.Round(skinMM*perMM)))
	mean := grey.Blurred(radius)
	far := raster.NewPlane(grey.W, grey.H)
	for i, v := range grey.Pix {
		far.Pix[i] = float32(math.Abs(float64(v - mean.Pix[i])))
	}
	usual := far.Blurred(radius)
	kept, share := raster.NewPlane(grey.W, grey.H), raster.NewPlane(grey.W, grey.H)
	for i, v := range grey.Pix {
		if far.Pix[i] <= 1.5*usual.Pix[i]+1 {
			kept.Pix[i], share.Pix[i] = v, 1
		}
	}
	skin, weight := kept.Blurred(radius), share.Blurred(radius)
	for i, v := range grey.Pix {
		s := mean.Pix[i]
		if weight.Pix[i] > 0.02 {
			s = skin.Pix[i] / weight.Pix[i]
		}
		far.Pix[i] = float32(math.Abs(float64(v - s)))
	}
	return far
}

// Trace follows the hair that is rooted at root and goes about the way given;
// a way of no length is not known.
func (t *Tracer) Trace(root, way [2]float64) Shaft {
	angle, ok := t.aim(root, way)
	if !ok {
		return Shaft{}
	}
	return t.walk(root, angle)
}

// Angles are tried in steps, to both sides of the way expected.
const (
	aimStep = 4 * math.Pi / 180
	aimTurn = 56 * math.Pi / 180
)

// aim finds the direction in which the most contrast goes on from the root.
func (t *Tracer) aim(root, way [2]float64) (float64, bool) {
	mid, turn := math.Atan2(way[1], way[0]), aimTurn
	if way == [2]float64{} {
		turn = math.Pi
	}
	best, at := 0.0, 0.0
	for d := -turn; d <= turn+1e-9; d += aimStep {
		if v := t.along(root, mid+d); v > best {
			best, at = v, mid+d
		}
	}
	return at, best >= least
}

// along is the contrast of a ray from root less that beside it.
func (t *Tracer) along(root [2]float64, angle float64) float64 {
	c, s := math.Cos(angle), math.Sin(angle)
	sum, n := 0.0, 0.0
	for d := startMM; d <= aimMM; d += stepMM {
		x, y := root[0]+d*t.perMM*c, root[1]+d*t.perMM*s
		if !t.holds(x, y) {
			break
		}
		side := acrossMM * t.perMM
		beside := t.contrast.Sample(x-s*side, y+c*side) + t.contrast.Sample(x+s*side, y-c*side)
		sum += float64(t.contrast.Sample(x, y)) - 0.25*float64(beside)
		n++
	}
	if n < 3 {
		return 0
	}
	return sum / n
}

func (t *Tracer) holds(x, y float64) bool {
	return x >= 0 && y >= 0 && x <= float64(t.contrast.W-1) && y <= float64(t.contrast.H-1)
}

// walk goes along the hair, keeping to its middle, until it ends.
func (t *Tracer) walk(root [2]float64, angle float64) Shaft {
	w := walker{t: t, at: root, angle: angle}
	out := Shaft{Known: true, Tip: root, Direction: angle}
	first := true
	for gap := 0.0; w.gone < longMM; {
		w.step()
		if !t.holds(w.at[0], w.at[1]) {
			out.Cut = gap == 0
			break
		}
		if w.here() {
			gap = 0
			out.Tip, out.Length = w.at, w.gone*t.perMM
		} else if gap += stepMM; gap > gapMM {
			break
		}
		if first && w.gone >= aimMM {
			first = false
			out.Direction = math.Atan2(w.at[1]-root[1], w.at[0]-root[0])
		}
	}
	if out.Length == 0 {
		return Shaft{}
	}
	out.Width = w.width()
	return out
}

func quantile(v []float64, share float64) float64 {
	if len(v) == 0 {
		return 0
	}
	s := slices.Clone(v)
	slices.Sort(s)
	return s[int(share*float64(len(s)))]
}

// walker is a place on a hair.
type walker struct {
	t      *Tracer
	at     [2]float64
	angle  float64
	gone   float64 // mm
	usual  float64 // contrast along the last part
	peaks  []float64
	masses []float64
}

// step goes on by stepMM and back to the middle of the hair.
func (w *walker) step() {
	d := stepMM * w.t.perMM
	w.at[0] += d * math.Cos(w.angle)
	w.at[1] += d * math.Sin(w.angle)
	w.gone += stepMM
	off := w.t.middle(w.at, w.angle)
	move := max(-0.5*d, min(0.5*d, 0.5*off))
	w.at[0] -= move * math.Sin(w.angle)
	w.at[1] += move * math.Cos(w.angle)
	w.angle += 0.15 * math.Atan2(move, d)
}

// middle is how far to the side of p the hair's middle lies.
func (t *Tracer) middle(p [2]float64, angle float64) float64 {
	c, s := math.Cos(angle), math.Sin(angle)
	reach := max(1, 0.05*t.perMM)
	var sum, moment float64
	for o := -reach; o <= reach; o += 0.5 {
		v := float64(t.contrast.Sample(p[0]-s*o, p[1]+c*o))
		sum, moment = sum+v*v, moment+v*v*o
	}
	if sum == 0 {
		return 0
	}
	return moment / sum
}

// here reports whether the hair still goes on, and keeps how it looks.
func (w *walker) here() bool {
	v := float64(w.t.contrast.Sample(w.at[0], w.at[1]))
	if w.gone < startMM {
		return v >= least
	}
	if v < least || v < endShare*w.usual {
		return false
	}
	w.usual += (v - w.usual) / min(float64(len(w.peaks)+1), 20)
	if w.gone <= 3*aimMM { // later ones add time and tell nothing new
		w.peaks = append(w.peaks, v)
		if m, ok := w.t.mass(w.at, w.angle, v); ok {
			w.masses = append(w.masses, m)
		}
	}
	return true
}

// mass is the contrast across the hair, summed; it reports false where something
// else lies beside it.
func (t *Tracer) mass(p [2]float64, angle, peak float64) (float64, bool) {
	c, s := math.Cos(angle), math.Sin(angle)
	total := peak * massStep
	for _, side := range [2]float64{-1, 1} {
		for o := massStep; ; o += massStep {
			if o > acrossMM*t.perMM+0.5 {
				return 0, false
			}
			v := float64(t.contrast.Sample(p[0]-side*s*o, p[1]+side*c*o))
			if v <= 0.12*peak {
				break
			}
			total += v * massStep
		}
	}
	return total, true
}

const massStep = 0.25

// width is the summed contrast over that of the hair where it is clearest: a
// blurred or narrow hair is paler but not wider.
func (w *walker) width() float64 {
	if len(w.masses) == 0 {
		return 0
	}
	v := quantile(w.masses, 0.5) / quantile(w.peaks, 0.9)
	if v < thinnest {
		return 0
	}
	return v
}
