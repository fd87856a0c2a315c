// Package pigment predicts how pigment in skin looks: one dot, a field of
// dots, now and years later; and it chooses the shades whose healed tone comes
// nearest to the client's own stubble.
//
// Lengths are millimetres, densities dots per cm² of skin, absorption per
// millimetre, colours CIELAB D65. Triples per channel are in the order red,
// green, blue (630, 550 and 450 nm). The optics are a compact model fitted to
// simulated light transport; every number of it is a quantity of package
// craft. What cannot be predicted is refused with an error naming it, or comes
// with a wide sigma and a note.
package pigment

import (
	"math"

	"pointille/planner/craft"
)

// Column is the pigment one impression leaves: an upright cylinder.
type Column struct {
	Diameter float64 // mm
	Top      float64 // depth of its upper end under the skin's surface, mm
	Height   float64 // mm
}

// Kernel is how one dot is seen: the share of light that skin loses, by
// distance from the dot's centre. It is 1-(1-core)(1-tail)(1-far), all
// Gaussian. Far is what light loses that has wandered: of red light the most.
type Kernel struct {
	CorePeak  [3]float64 // share lost at the centre to the core
	CoreSigma float64    // mm
	TailPeak  [3]float64
	TailSigma float64 // mm
	FarPeak   [3]float64
	FarSigma  float64 // mm
}

// At returns the share of light lost at distance r, mm.
func (k Kernel) At(channel int, r float64) float64 {
	left := 1 - k.CorePeak[channel]*gauss(r, k.CoreSigma)
	left *= 1 - k.TailPeak[channel]*gauss(r, k.TailSigma)
	return 1 - left*(1-k.FarPeak[channel]*gauss(r, k.FarSigma))
}

// Contrast returns the share lost at the centre.
func (k Kernel) Contrast() [3]float64 {
	return [3]float64{k.At(0, 0), k.At(1, 0), k.At(2, 0)}
}

// Area returns the darkened area, mm²: the share lost summed over the skin.
// A field of n such dots per mm² loses 1-exp(-n·area) on average.
func (k Kernel) Area() [3]float64 {
	var out [3]float64
	for c := range out {
		out[c] = k.reach().darkened(k.CorePeak[c], k.TailPeak[c], k.FarPeak[c])
	}
	return out
}

// FWHM returns the diameter at half the contrast in green light, mm.
func (k Kernel) FWHM() float64 {
	half := k.At(1, 0) / 2
	if half == 0 {
		return 0
	}
	return 2 * bisect(0, 4*k.TailSigma, func(r float64) bool { return k.At(1, r) > half })
}

// See returns how a column of the given absorption looks from straight above
// in skin of the given lightness, L*. The formulas for contrast, width and darkened area stand with their numbers
// in package craft (InkContrastDepth, InkBlur, InkGain).
func See(c Column, absorption [3]float64, skin float64) Kernel {
	contrast, area := contrast(c, absorption), Area(c, absorption, skin)
	width := math.Hypot(craft.InkRim().Value*c.Diameter, craft.InkBlur().Value*math.Pow(c.Top, craft.InkBlurPower().Value))
	sigma := width / fwhmPerSigma
	r := reach{core: sigma, tail: math.Hypot(craft.InkTail().Value+craft.InkTailDepth().Value*c.Top, sigma), far: craft.InkFar().Value}
	var far [3]float64
	for i, share := range Wandered(c.Top, skin) {
		far[i] = area[i] * share / (2 * math.Pi * r.far * r.far)
	}
	return fit(contrast, area, far, width, r)
}

// Wandered is the share of a dot's darkened area that lies far from it, for a
// column whose top lies this deep (mm) in skin of the given lightness, L*.
func Wandered(top, skin float64) [3]float64 {
	shares, deeper, dark := craft.InkFarShare().Values(), craft.InkFarDepth().Value, craft.InkFarDark().Value
	for i, s := range shares {
		shares[i] = min(0.9, max(0, s+deeper*top-dark*darkness(skin)))
	}
	return shares
}

// darkness is how far skin is from that of craft.InkGainLight to a dark one.
func darkness(skin float64) float64 {
	return min(1.5, max(0, (craft.InkGainLight().Value-skin)/darkerBy))
}

// Area returns the darkened area of See alone, mm².
func Area(c Column, absorption [3]float64, skin float64) [3]float64 {
	if c.Diameter <= 0 {
		return [3]float64{}
	}
	gain, depth, power := craft.InkGain().Values(), craft.InkGainDepth().Values(), craft.InkGainPower().Value
	projected := c.surface() / 4 * math.Pow(c.Diameter/gainWidthMM, -craft.InkGainWidth().Value)
	chord := craft.InkGainChord().Value * c.chord()
	dark, lost := darkness(skin), craft.InkGainDark().Values()
	var out [3]float64
	for i := range out {
		out[i] = gain[i] * math.Exp(-math.Pow(c.Top/depth[i], power)) * projected * taken(absorption[i]*chord) * (1 - dark*lost[i])
	}
	return out
}

// darkerBy is the difference in L* for which craft.InkGainDark is given.
const darkerBy = 32.3

// gainWidthMM is the diameter for which craft.InkGain is given.
const gainWidthMM = 0.2

// fwhmPerSigma is 2√(2 ln 2).
const fwhmPerSigma = 2.354820045

func contrast(c Column, absorption [3]float64) [3]float64 {
	if c.Diameter <= 0 {
		return [3]float64{}
	}
	along, strongest := craft.InkAlong().Value*math.Sqrt(0.1/c.Diameter), craft.InkStrongest().Value
	depth := craft.InkAlongDepth().Values()
	var out [3]float64
	for i, black := range black(c) {
		chord := c.chord() * (1 + along*math.Exp(-c.Top/depth[i]))
		out[i] = min(strongest, black*taken(absorption[i]*chord))
	}
	return out
}

// black is the contrast of a column that takes all light.
func black(c Column) [3]float64 {
	depth, width, power := craft.InkContrastDepth().Values(), craft.InkContrastWidth().Values(), craft.InkContrastPower().Values()
	glow := craft.InkGlowDepth().Values()
	var out [3]float64
	for i := range out {
		straight := math.Pow(c.Top/(depth[i]*math.Pow(c.Diameter, width[i])), power[i])
		scattered := math.Pow(c.Top/(glow[i]*math.Pow(c.Diameter, craft.InkGlowWidth().Value)), craft.InkGlowPower().Value)
		out[i] = math.Exp(-straight / (1 + scattered))
	}
	return out
}

func (c Column) surface() float64 {
	return math.Pi*c.Diameter*c.Height + math.Pi*c.Diameter*c.Diameter/2
}

// chord is the mean chord, 4V/S (Cauchy).
func (c Column) chord() float64 {
	return math.Pi * c.Diameter * c.Diameter * c.Height / max(c.surface(), 1e-12)
}

// taken is the share of light that ink takes of what black would, x being the
// absorption along the mean chord.
func taken(x float64) float64 {
	n := craft.InkChords().Value
	return 1 - math.Pow(1+x/n, -n)
}

// fit finds the core and tail that, with the given far peaks, have the wanted
// contrast and area in each channel and the wanted width in green light.
func fit(contrast, area, far [3]float64, width float64, r reach) Kernel {
	split := func(core float64, channels ...int) Kernel {
		r := reach{core, r.tail, r.far}
		k := Kernel{CoreSigma: r.core, TailSigma: r.tail, FarSigma: r.far, FarPeak: far}
		for _, i := range channels {
			k.CorePeak[i], k.TailPeak[i] = r.share(contrast[i], area[i], far[i])
		}
		return k
	}
	const green = 1 // all that FWHM looks at
	best := bisect(r.core/3, r.core, func(core float64) bool { return split(core, green).FWHM() < width })
	return split(best, 0, green, 2)
}

// reach is the standard deviations of a kernel's parts, mm.
type reach struct{ core, tail, far float64 }

func (k Kernel) reach() reach { return reach{k.CoreSigma, k.TailSigma, k.FarSigma} }

// share splits a contrast into core and tail so that the area, that of the far
// part included, is right. Where no split can have both, the area wins over
// the contrast.
func (r reach) share(contrast, area, far float64) (core, soft float64) {
	rest := func(soft float64) float64 { return max(0, 1-(1-contrast)/((1-far)*(1-soft))) }
	most := rest(0)
	if r.darkened(most, 0, far) >= area {
		return bisect(0, most, func(p float64) bool { return r.darkened(p, 0, far) < area }), 0
	}
	if r.darkened(0, most, far) <= area {
		return 0, bisect(most, 1, func(p float64) bool { return r.darkened(0, p, far) < area })
	}
	soft = bisect(0, most, func(q float64) bool { return r.darkened(rest(q), q, far) < area })
	return rest(soft), soft
}

// darkened is the integral of 1-(1-core)(1-tail)(1-far) over the plane.
func (r reach) darkened(core, soft, far float64) float64 {
	c, t, f := r.core*r.core, r.tail*r.tail, r.far*r.far
	sum := core*c + soft*t + far*f
	sum -= core*soft*both(c, t) + core*far*both(c, f) + soft*far*both(t, f)
	return 2 * math.Pi * (sum + core*soft*far*both(both(c, t), f))
}

// both is the variance of the product of two Gaussians.
func both(a, b float64) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return a * b / (a + b)
}

func gauss(r, sigma float64) float64 {
	if sigma == 0 {
		return 0
	}
	return math.Exp(-r * r / (2 * sigma * sigma))
}

// bisect returns the end of the stretch from lo in which below holds.
func bisect(lo, hi float64, below func(float64) bool) float64 {
	for range 40 {
		if mid := (lo + hi) / 2; below(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}
