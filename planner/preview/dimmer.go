package preview

import (
	"math"

	"pointille/internal/colour"
)

// dimmer takes light away from the bytes of a picture. In the curve of sRGB,
// above its straight foot, less light is a factor on the byte: a share l of the
// light of v is (v+0.055)·l^(1/2.4)-0.055, so no byte is decoded.
type dimmer struct {
	factor [dimMask + 1]float32 // l^(1/2.4) by l, up to dimSteps
	tables *colour.Tables
	grain  [grainSide * grainSide]float32
}

// dimSteps is the number of steps of l: half a step is a hundredth of a byte's.
const (
	dimSteps = 4096
	dimMask  = 2*dimSteps - 1 // an index of the table, whatever it was
)

// offset is 0.055 in bytes; foot is the byte up to which the curve is straight.
const (
	offset = 0.055 * 255
	foot   = 11
)

func newDimmer() *dimmer {
	d := &dimmer{tables: colour.NewTables()}
	for i := range dimSteps + 1 {
		d.factor[i] = float32(math.Pow(float64(i)/dimSteps, 1/2.4) * (1 + 1e-7))
	}
	for i := range d.grain {
		d.grain[i] = grain(i%grainSide, i/grainSide)
	}
	return d
}

// byte returns byte p with a share l of its light, rounded up or down by u of
// 0..1 so that changes smaller than a byte are kept on average. It is p for l = 1.
func (d *dimmer) byte(p uint8, l, u float32) uint8 {
	i := uint(int(l*dimSteps + 0.5))
	if i > dimSteps {
		return d.lit(p, l, u)
	}
	v := (float32(p)+offset)*d.factor[i] - offset
	if v < foot {
		return d.tables.Dither(d.tables.Linear(p)*l, u)
	}
	return uint8(v + u)
}

// lit is byte for light that is added, or for none at all.
func (d *dimmer) lit(p uint8, l, u float32) uint8 {
	if !(l > 0) {
		return 0
	}
	return d.tables.Dither(d.tables.Linear(p)*l, u)
}

// grainSide is the size of the tile of grain: a prime, so that no pattern of
// dots keeps step with it.
const grainSide = 127

// grain is a number of 0..1 that belongs to a pixel of the tile, spread as
// evenly as any (interleaved gradient noise, Jimenez 2014).
func grain(x, y int) float32 {
	v := 52.9829189 * frac(0.06711056*float32(x)+0.00583715*float32(y))
	return frac(v)
}

func frac(v float32) float32 { return v - float32(int(v)) }
