// Package montecarlo follows photons through skin that holds pigment. It is
// the judge of package pigment's fast model and is far too slow for anything
// else.
//
// Light is diffuse and the camera looks straight down, so photons are followed
// backwards, from the camera into the skin and out to the light: by
// reciprocity their mean weight on leaving is the brightness the camera sees.
// Pigment only absorbs. Scattering is then the same with and without it, and
// one set of paths tells the loss of every column at every place: the error of
// a contrast is that of the few photons that meet the pigment.
//
// Lengths are millimetres, coefficients 1/mm, wavelengths nm. Equal seeds give
// equal results on any number of processors. Nothing here fails: media are
// data of this package, and what is not scattering or not finite is for the
// caller to avoid.
package montecarlo

import "math"

// Layer is a slice of skin parallel to the surface.
type Layer struct {
	Thickness  float64 // math.Inf(1) for the last
	Scattering float64
	Anisotropy float64 // mean cosine of Henyey and Greenstein's angle, below 1
}

// Medium is layers from the surface down, all of one refractive index. What
// goes through the last is lost.
type Medium struct {
	Layers []Layer
	Index  float64
}

// Tone is a kind of skin by what its layers hold.
type Tone struct {
	Name    string
	Melanin float64 // share of the epidermis that is melanosomes
	Blood   float64 // share of the dermis that is blood
}

// Tones span very light to very dark skin: 1-3 % melanosomes in light skin,
// 11-16 % in moderately and 18-43 % in darkly pigmented skin (Jacques, skin
// optics, OMLC 1998). Blood fills 0.2 % of the skin on average and more of its
// upper layers.
func Tones() []Tone {
	return []Tone{{"light", 0.03, 0.005}, {"medium", 0.10, 0.005}, {"dark", 0.25, 0.005}}
}

// Wavelengths stand for the channels of a picture: red, green, blue.
func Wavelengths() [3]float64 { return [3]float64{630, 550, 450} }

// epidermis is the thickness of the layer that carries melanin: 0.05-0.1 mm on
// the scalp (the craft's facts; thicker only on palms and soles).
const epidermis = 0.06

// Anisotropy of skin is 0.8 in the visible in most tables and has little
// effect on reflectance, but some on how sharp a shallow dot is.
const anisotropy = 0.8

// index is the refractive index of skin, 1.37-1.45 in tables.
const index = 1.4

// Skin returns the scattering of skin: μs' = 4.6/mm·(λ/500)^-1.42 (Jacques,
// OMLC 1998) in epidermis and dermis alike.
func Skin(nm float64) Medium {
	s := 4.6 * math.Pow(nm/500, -1.42) / (1 - anisotropy)
	return Medium{Index: index, Layers: []Layer{{epidermis, s, anisotropy}, {math.Inf(1), s, anisotropy}}}
}

// Absorption returns the absorption of the epidermis and the dermis.
func (t Tone) Absorption(nm float64) []float64 {
	base := 0.0244 + 8.53*math.Exp(-(nm-154)/66.2) // bloodless skin, Jacques
	melanosome := 6.6e10 * math.Pow(nm, -3.33)     // Jacques
	return []float64{base*(1-t.Melanin) + melanosome*t.Melanin, base*(1-t.Blood) + blood(nm)*t.Blood}
}

// blood is the absorption of whole blood with 150 g/l of haemoglobin, three
// quarters of it with oxygen, from the molar extinctions of oxy- and
// deoxyhaemoglobin (Prahl, OMLC) at the three wavelengths used here.
func blood(nm float64) float64 {
	const perMole = 2.303 * 150 / 64500 / 10 // 1/mm for an extinction of 1/(cm·M)
	oxy, deoxy := 610.0, 5148.8
	switch {
	case nm < 500:
		oxy, deoxy = 62816, 103292
	case nm < 600:
		oxy, deoxy = 43016, 53412
	}
	return perMole * (0.75*oxy + 0.25*deoxy)
}
