package bare

import (
	"cmp"
	"math"
	"slices"

	"pointille/internal/colour"
	"pointille/internal/raster"
)

// Between the hairs of stubble skin is seen, and the brightest of what is seen there is
// nearly it. So the light that the head's shape tells is held to what the photo shows:
// no darker than the bright places among the hairs, of their colour, and brighter only by
// what so much hair can take. Where hair hides all nothing is known, and the shape alone
// tells. Which of both it is is asked of the whole head: the network's coverage does not
// tell it (0.3 to 0.5 on the mean for shaved heads and for long hair).
const (
	among  = 4   // cells to either side in which bright places are looked for
	bright = 0.6 // those are taken from this share on, from the darkest; cells hold a few hairs each
	takes  = 0.6 // share of the light that hair can take where it hides the skin; both by four heads rendered with and without stubble
	soften = 5   // cells over which the correction is smoothed
	most   = 3   // largest correction, in stops of light

	// Warmth is how much more red than green there is, over that of bare skin. On 48
	// real photos with hand-drawn hair it is 0.4 to 1 in seven of ten regions of stubble,
	// below 0.35 in 22 of 32 of dense hair; brown hair is as warm as skin, but far darker:
	// stubble leaves 0.46 of the light of bare skin and more.
	closed = 0.2  // warmth up to which hair is taken to hide all ..
	open   = 0.45 // .. and from which it hides little
	dark   = 0.3  // the same in light over that of bare skin
	lit    = 0.45
)

// hold holds the skin's light to what is seen between hairs.
func (s *scene) hold(light []colour.RGB) {
	seen := make([]colour.RGB, len(light))
	var near []colour.RGB
	for i := range light {
		if s.sight[i] != (colour.RGB{}) {
			near = s.near(i, near[:0])
			seen[i] = brightest(near)
		}
	}
	unknown := 1 - s.showing(seen)
	if unknown == 1 {
		return
	}
	var shift [3]*raster.Plane
	for c := range shift {
		shift[c] = raster.NewPlane(s.cw, s.ch)
	}
	for i, v := range seen {
		if v == (colour.RGB{}) {
			continue
		}
		for c, stops := range correction(light[i], v, s.around[i]) {
			shift[c].Pix[i] = float32(stops * (1 - unknown))
		}
	}
	for c := range shift {
		smooth := shift[c].Blurred(soften)
		for i := range light {
			light[i][c] *= math.Exp2(float64(smooth.Pix[i]))
		}
	}
}

// showing is by how much skin is seen between hairs, 0 to 1.
func (s *scene) showing(seen []colour.RGB) float64 {
	var skin, hairy []colour.RGB
	for i, v := range seen {
		switch {
		case s.tells(i):
			skin = append(skin, s.head.light[i])
		case s.growth[i] > dense && v != (colour.RGB{}):
			hairy = append(hairy, v)
		}
	}
	if len(skin) == 0 || len(hairy) == 0 {
		return 0
	}
	bare, between := middle(skin), middle(hairy)
	light := colour.Luminance(between) / max(colour.Luminance(bare), 1e-6)
	warmth := (between[0]/max(between[1], 1e-6) - 1) / max(bare[0]/max(bare[1], 1e-6)-1, 0.05)
	return step((warmth-closed)/(open-closed)) * step((light-dark)/(lit-dark))
}

// middle is the median of each colour.
func middle(v []colour.RGB) (out colour.RGB) {
	one := make([]float64, len(v))
	for c := range out {
		for i := range v {
			one[i] = v[i][c]
		}
		slices.Sort(one)
		out[c] = one[len(one)/2]
	}
	return out
}

// near adds what is seen of the head around cell i to out.
func (s *scene) near(i int, out []colour.RGB) []colour.RGB {
	x, y := i%s.cw, i/s.cw
	for b := max(0, y-among); b <= min(s.ch-1, y+among); b += 2 {
		for a := max(0, x-among); a <= min(s.cw-1, x+among); a += 2 {
			if v := s.sight[b*s.cw+a]; v != (colour.RGB{}) {
				out = append(out, v)
			}
		}
	}
	return out
}

// brightest is the mean of the brightest places, which it sorts.
func brightest(near []colour.RGB) colour.RGB {
	slices.SortFunc(near, func(a, b colour.RGB) int { return cmp.Compare(colour.Luminance(a), colour.Luminance(b)) })
	from := int(bright * float64(len(near)-1))
	var out colour.RGB
	for _, v := range near[from:] {
		for c := range out {
			out[c] += v[c] / float64(len(near)-from)
		}
	}
	return out
}

// correction is by how many stops of each colour the light of skin is off that of
// which seen is what is seen between hairs, where so much of it is hidden.
func correction(light, seen colour.RGB, hidden float64) [3]float64 {
	low, v := colour.Luminance(seen), colour.Luminance(light)
	high := low / (1 - takes*hidden*hidden)
	v = min(high, max(low, v))
	var out [3]float64
	for c := range out {
		own := seen[c] / max(low, 1e-6) * v
		out[c] = min(most, max(-most, math.Log2(max(own, 1e-6)/max(light[c], 1e-6))))
	}
	return out
}
