package headfit

import (
	"math"

	"pointille/internal/headframe"
)

// Hair stands off the skin by this much, mm, give or take: nothing for stubble,
// ten and more for short hair. It is about the same all over a photo, so that
// it is found with the camera, and what single points deviate from it is judged
// like a bare outline. They count as so many independent points.
const (
	standsOff      = 4
	standsOffSigma = 5
	hairySigma     = 4
	freeHairy      = 30
	mostOff        = 20
)

// hairEnds is the outline of hair as evidence, and how far hair stands off.
type hairEnds struct {
	photo *Photo
	head  headframe.Surface
}

// Of returns a residual for each point, and one for how far hair stands off.
func (e hairEnds) Of(c headframe.Camera) []float64 {
	gaps := e.photo.hairyGaps(e.head, c)
	off := e.photo.offSkin(gaps)
	k := e.photo.hairyWeight()
	for i, gap := range gaps {
		gaps[i] = k * within(gap-off)
	}
	return append(gaps, (off-standsOff)/standsOffSigma)
}

// Slopes returns what Of does, with slopes.
func (e hairEnds) Slopes(c headframe.Camera) ([]float64, []headframe.Slope) {
	gaps := make([]float64, len(e.photo.Hairy))
	slopes := make([]headframe.Slope, len(gaps), len(gaps)+1)
	for i, q := range e.photo.Hairy {
		gaps[i], slopes[i] = e.head.GapSlope(c, q)
	}
	off := e.photo.offSkin(gaps)
	offSlope := e.photo.offSlope(gaps, slopes, off)
	k := e.photo.hairyWeight()
	for i, gap := range gaps {
		gaps[i] = k * within(gap-off)
		slopes[i] = slopes[i].Add(offSlope, -1).Mul(k * moved(gap-off))
	}
	return append(gaps, (off-standsOff)/standsOffSigma), append(slopes, offSlope.Mul(1.0/standsOffSigma))
}

// within bounds how far a point may be off.
func within(mm float64) float64 { return max(-mostOff, min(mostOff, mm)) }

// moved is the slope of within.
func moved(mm float64) float64 {
	if mm > -mostOff && mm < mostOff {
		return 1
	}
	return 0
}

func (p *Photo) hairyGaps(head headframe.Surface, c headframe.Camera) []float64 {
	gaps := make([]float64, len(p.Hairy))
	for i, q := range p.Hairy {
		gaps[i], _ = head.Gap(c, q)
	}
	return gaps
}

// offSkin is how far hair stands off, mm, by all gaps and what is usual.
func (p *Photo) offSkin(gaps []float64) float64 {
	w := p.hairyWeight() * p.hairyWeight()
	sum := 1.0 * standsOff / (standsOffSigma * standsOffSigma)
	for _, gap := range gaps {
		sum += w * within(gap)
	}
	return max(0, sum/p.offWeight())
}

// offSlope is the slope of offSkin.
func (p *Photo) offSlope(gaps []float64, slopes []headframe.Slope, off float64) (sum headframe.Slope) {
	if off <= 0 {
		return sum
	}
	w := p.hairyWeight() * p.hairyWeight() / p.offWeight()
	for i, gap := range gaps {
		sum = sum.Add(slopes[i], w*moved(gap))
	}
	return sum
}

// offWeight is the weight of all gaps and of what is usual, per mm².
func (p *Photo) offWeight() float64 {
	return float64(len(p.Hairy))*p.hairyWeight()*p.hairyWeight() + 1.0/(standsOffSigma*standsOffSigma)
}

func (p *Photo) hairyWeight() float64 {
	return math.Sqrt(min(1, freeHairy/float64(max(len(p.Hairy), 1)))) / hairySigma
}
