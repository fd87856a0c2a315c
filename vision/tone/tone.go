// Package tone measures the colour of skin and of hair with the light removed.
//
// Colours are CIELAB D65. A colour is what the surface would show under white
// light; without grey patches in the picture the light is guessed and the
// sigma is wide. A colour that cannot be measured is nil, never a guess.
package tone

import (
	"cmp"
	"image"
	"math"
	"slices"

	"pointille/internal/colour"
	"pointille/internal/raster"
	"pointille/vision/survey"
)

// Light is what a white surface on the head would measure in this photo,
// linear sRGB, and how sure that is.
type Light struct {
	White [3]float64
	Sigma float64    // ΔE00 that the light alone adds to a colour, one standard deviation
	Tint  [2]float64 // what it adds to a and b of skin, one standard deviation
	Known bool       // from grey patches in the picture
}

// AssumedLight is used where the picture holds nothing of known colour: phones
// balance white and expose so that white lands just below clipping. The mean
// over the rendered heads is 0.95; their scatter, and skin in shadow, give the
// sigmas.
func AssumedLight() Light {
	return Light{White: [3]float64{0.95, 0.95, 0.95}, Sigma: 6, Tint: [2]float64{2.5, 6.5}}
}

// CardLight is the light on a card whose white was measured. The card and the
// scalp do not face the light alike: on rendered heads two in three colours are good to ΔE 3.5.
func CardLight(white [3]float64) Light {
	return Light{White: white, Sigma: 3, Tint: [2]float64{2, 2}, Known: true}
}

// Scene is a photo with its maps, all at the same size.
type Scene struct {
	Image   *image.NRGBA
	Regions *image.Gray   // classes of package survey
	Hair    *raster.Plane // coverage 0..1
	Light   Light
}

const (
	enough   = 150  // pixels below which a colour is not measured
	lit      = 0.3  // skin is measured from here ...
	notGlare = 0.92 // ... to here in the order of brightness: no shade, no glare
)

// Skin returns the skin's own colour, or nil where too little bare skin is seen.
func Skin(s Scene) *survey.SkinTone {
	px := s.collect(func(class uint8, hair float32) bool {
		return hair < 0.06 && (class == survey.Skin || class == survey.Scalp)
	})
	if len(px) < enough {
		return nil
	}
	lin := s.relight(middle(px, lit, notGlare))
	lab := s.Light.likely(toLab(lin))
	return &survey.SkinTone{Lab: lab, Sigma: math.Hypot(s.Light.Sigma, 1.5), ITA: colour.ITA(lab)}
}

// Skin of every tone has much the same hue: means of the six skin types lie at a 8
// to 12 and b 12 to 19 (working values; 600 Koreans: 9.6 and 17.1, Han 2006), so that
// a strong tint is the light's. Lightness has no such middle and is left alone.
const (
	skinA, skinASigma = 11.0, 2.0
	skinB, skinBSigma = 17.0, 3.0
)

// likely weighs a measured colour of skin against the colours that skin has.
func (l Light) likely(lab colour.Lab) colour.Lab {
	mean := func(seen, sigma, prior, spread float64) float64 {
		w, p := 1/(sigma*sigma), 1/(spread*spread)
		return (w*seen + p*prior) / (w + p)
	}
	if l.Tint[0] > 0 && l.Tint[1] > 0 {
		lab[1] = mean(lab[1], l.Tint[0], skinA, skinASigma)
		lab[2] = mean(lab[2], l.Tint[1], skinB, skinBSigma)
	}
	return lab
}

// Hair returns the fibre's colour as seen, or nil where no hair covers enough.
// Stubble never hides the skin, so its colour is extrapolated to full coverage
// from how the picture darkens with coverage. A bald head has only its brows
// to tell, which are often darker.
func Hair(s Scene) *survey.HairTone {
	if px := s.collect(func(_ uint8, hair float32) bool { return hair > 0.85 }); len(px) >= enough {
		return s.hairTone(middle(px, 0.35, 0.65), 3, px)
	}
	if lin, ok := s.extrapolate(); ok {
		return s.hairTone(lin, 9, nil)
	}
	if px := s.collect(func(class uint8, _ float32) bool { return class == survey.Brow }); len(px) >= enough {
		return s.hairTone(middle(px, 0.05, 0.2), 12, nil)
	}
	return nil
}

func (s Scene) hairTone(lin [3]float64, sigma float64, px [][3]float64) *survey.HairTone {
	lab := toLab(s.relight(lin))
	return &survey.HairTone{Lab: lab, Sigma: math.Hypot(s.Light.Sigma, sigma), Name: colour.HairName(lab), Grey: s.greyShare(px)}
}

// greyShare is the share of fully covered pixels that are light and colourless.
func (s Scene) greyShare(px [][3]float64) float64 {
	if len(px) == 0 {
		return 0
	}
	n := 0
	for i := 0; i < len(px); i += 1 + len(px)/2000 {
		lab := colour.ToLab(s.relight(px[i]))
		if lab[0] > 45 && math.Hypot(lab[1], lab[2]) < 9 {
			n++
		}
	}
	return float64(n) / math.Ceil(float64(len(px))/float64(1+len(px)/2000))
}

// extrapolate regresses log colour against coverage on the scalp and reads it
// off at full coverage.
func (s Scene) extrapolate() ([3]float64, bool) {
	var n, sx, sxx float64
	var sy, sxy [3]float64
	s.each(func(class uint8, hair float32, lin [3]float64) {
		if class != survey.Scalp {
			return
		}
		c := float64(hair)
		n, sx, sxx = n+1, sx+c, sxx+c*c
		for k, v := range lin {
			l := math.Log(max(v, 1e-3))
			sy[k] += l
			sxy[k] += c * l
		}
	})
	spread := sxx/max(n, 1) - (sx/max(n, 1))*(sx/max(n, 1))
	if n < enough || spread < 0.004 {
		return [3]float64{}, false
	}
	var out [3]float64
	for k := range out {
		slope := (sxy[k]/n - sx/n*sy[k]/n) / spread
		out[k] = math.Exp(sy[k]/n + slope*(1-sx/n))
	}
	return out, true
}

// toLab keeps white, whose L the rounding of the conversion puts above 100,
// within the scale.
func toLab(lin [3]float64) colour.Lab {
	lab := colour.ToLab(lin)
	lab[0] = min(100, max(0, lab[0]))
	return lab
}

func (s Scene) relight(lin [3]float64) [3]float64 {
	for k := range lin {
		lin[k] = min(1, lin[k]/max(s.Light.White[k], 0.05))
	}
	return lin
}

func (s Scene) collect(want func(class uint8, hair float32) bool) [][3]float64 {
	var px [][3]float64
	s.each(func(class uint8, hair float32, lin [3]float64) {
		if want(class, hair) {
			px = append(px, lin)
		}
	})
	return px
}

func (s Scene) each(f func(class uint8, hair float32, lin [3]float64)) {
	b := s.Image.Bounds()
	step := 1 + b.Dx()*b.Dy()/400_000
	light := colour.NewTables()
	for i := 0; i < b.Dx()*b.Dy(); i += step {
		x, y := i%b.Dx(), i/b.Dx()
		class := s.Regions.Pix[y*s.Regions.Stride+x]
		if class < survey.Skin {
			continue
		}
		p := s.Image.Pix[y*s.Image.Stride+4*x:]
		f(class, s.Hair.Pix[i], [3]float64{float64(light.Linear(p[0])), float64(light.Linear(p[1])), float64(light.Linear(p[2]))})
	}
}

// middle is the mean colour of the pixels whose brightness lies between the
// given shares of the order.
func middle(px [][3]float64, from, to float64) [3]float64 {
	slices.SortFunc(px, func(a, b [3]float64) int { return cmp.Compare(a[1], b[1]) })
	a, b := int(from*float64(len(px))), int(to*float64(len(px)))
	var sum [3]float64
	for _, p := range px[a : b+1] {
		for k, v := range p {
			sum[k] += v
		}
	}
	for k := range sum {
		sum[k] /= float64(b + 1 - a)
	}
	return sum
}
