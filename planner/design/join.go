package design

import (
	"math"
	"slices"

	"pointille/planner/craft"
)

// join lays the line on the client's own where that is kept and on the ruled one
// elsewhere, and passes from one to the other without a step or a hairpin.
func (h *Hairline) join(ruled, own []float64, asked bool, curve func(psi float64) float64) {
	h.rho, h.kept = make([]float64, steps), make([]float64, steps)
	for i, line := range ruled {
		psi := psiAt(i)
		spare, off := h.spare(psi, line), own[i]-line
		if asked {
			spare, off = curve(psi)+mostOff-line, min(off, curve(psi)+mostOff-line)
		}
		if math.IsInf(own[i], 1) {
			h.rho[i] = line
			continue
		}
		h.kept[i] = 1 - smooth(spare, spare+passage, off)
		h.rho[i] = line + h.kept[i]*max(off, curve(psi)-mostOff-line)
	}
	h.rho = gentle(h.rho)
	h.kept = blurred(h.kept, 3)
}

// passage is the depth of the client's own line beyond what may be kept over which
// the planned line leaves it, radians about the face axis: 8 mm.
const passage = 0.09

// settled is the client's own line without tufts and gaps of less than 10 mm.
func settled(own []float64) []float64 {
	const reach = 3
	out := make([]float64, len(own))
	for i := range own {
		near := slices.Clone(own[max(0, i-reach):min(len(own), i+reach+1)])
		slices.Sort(near)
		out[i] = near[len(near)/2]
	}
	return out
}

// steepest is how much a planned line may run backwards for each step sideways, as a
// slope on the skin: 70°, the flank of a deep recession.
const steepest = 2.7

// gentle is a line bent to that slope, midway between the nearest one before it and
// the nearest one behind it.
func gentle(rho []float64) []float64 {
	before, behind := slices.Clone(rho), slices.Clone(rho)
	most := func(i int) float64 { return steepest * (psiAt(1) - psiAt(0)) * math.Sin(min(rho[i], math.Pi/2)) }
	pull := func(i, j int) {
		before[i] = min(before[i], before[j]+most(i))
		behind[i] = max(behind[i], behind[j]-most(i))
	}
	for i := 1; i < len(rho); i++ {
		pull(i, i-1)
	}
	for i := len(rho) - 2; i >= 0; i-- {
		pull(i, i+1)
	}
	out := make([]float64, len(rho))
	for i := range out {
		out[i] = (before[i] + behind[i]) / 2
	}
	return out
}

// spare is how far behind the ruled line, radians about the face axis, a kept
// line's own may run in a direction and count as no loss. Most men's temples have a
// bare zone (83 %, Kashiyama 2021), so lines differ by what the recession may be
// deeper than ruled; and photos are laid on the head to registrationMM. Temples,
// from midway to the corners on, belong to a line that is rebuilt: of thinned ones nothing
// is planned beside a front that stays (temple points are rebuilt from grade P on, Mayer).
func (h *Hairline) spare(psi, rho float64) float64 {
	if h.source != "kept" {
		return 0
	}
	q := craft.Recession()
	least := math.Hypot(q.High-q.Value, registrationMM) / h.radius(psi, rho)
	return least + (mostOff-least)*smooth((h.corner+h.temple)/2, h.temple, math.Abs(psi))
}

// registrationMM is how well photos are laid on the head: the median miss of
// landmarks of rendered heads.
const registrationMM = 7

// blurred is the running mean over reach neighbours on either side.
func blurred(v []float64, reach int) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		n := 0.0
		for j := max(0, i-reach); j <= min(len(v)-1, i+reach); j++ {
			out[i] += v[j]
			n++
		}
		out[i] /= n
	}
	return out
}

// mostOff is how far before or behind a line through its middle the client's own
// may run, radians about the face axis, 30 mm: hair farther forward hangs there,
// and farther back there is no front line.
const mostOff = 0.35
