package preview

import (
	"math"

	"pointille/internal/colour"
)

// dimmer takes light away from the bytes of a picture. In the curve of sRGB,
// above its straight foot, less light is a factor on the byte: a share l of the
// light of v is (v+0.055)·l^(1/2.4)-0.055, so no byte is decoded.
type dimmer struct {
	factor [lit + 1]uint32 // l^(1/2.4) by l, in units of 1/dimOne
	tables *colour.Tables
	grain  [grainSide][grainSide + tileWidth]int32 // of a row, as long as a tile needs, in units of 1/byteOne
}

// lit is light that nothing was taken from: half a step of light is a hundredth
// of a byte's.
const (
	lit     = 1<<12 - 1
	dimOne  = 1 << 24
	byteOne = 1 << 16
)

// byteOffset is 0.055 in units of 1/byteOne of a byte, byteFoot the byte up to which
// the curve is straight, with the offset.
const (
	byteOffset = 919142
	byteFoot   = 11*byteOne + byteOffset
)

func newDimmer() *dimmer {
	d := &dimmer{tables: colour.NewTables()}
	for i := range d.factor {
		d.factor[i] = uint32(math.Pow(float64(i)/lit, 1/2.4)*dimOne + 0.5)
	}
	for y := range d.grain {
		row := &d.grain[y]
		for x := range grainSide {
			row[x] = int32(grain(x, y) * byteOne)
		}
		for x := grainSide; x < len(row); x++ {
			row[x] = row[x-grainSide]
		}
	}
	return d
}

// row leaves of the light of a row of pixels what light says, in units of 1/lit,
// rounded up or down by grain so that changes smaller than a byte are kept on
// average. A light of lit changes nothing, and none is more.
func (d *dimmer) row(out []uint8, light []rgb, grain []int32) {
	light = light[:len(grain)]
	for x, u := range grain {
		l, p := &light[x], out[4*x:4*x+4:4*x+4]
		v0 := (int64(p[0])<<16 + byteOffset) * int64(d.factor[uint32(int32(l[0]+0.5))%(lit+1)]) >> 24
		v1 := (int64(p[1])<<16 + byteOffset) * int64(d.factor[uint32(int32(l[1]+0.5))%(lit+1)]) >> 24
		v2 := (int64(p[2])<<16 + byteOffset) * int64(d.factor[uint32(int32(l[2]+0.5))%(lit+1)]) >> 24
		if (v0-byteFoot)|(v1-byteFoot)|(v2-byteFoot) < 0 {
			d.slow(p, l, u)
			continue
		}
		v := int64(u) - byteOffset
		p[0], p[1], p[2] = uint8((v0+v)>>16), uint8((v1+v)>>16), uint8((v2+v)>>16)
	}
}

// lighten is row for any light.
func (d *dimmer) lighten(out []uint8, light []rgb, grain []int32) {
	for x, u := range grain {
		d.slow(out[4*x:4*x+4], &light[x], u)
	}
}

// slow is a pixel of row where the curve is straight, or for any light.
func (d *dimmer) slow(p []uint8, l *rgb, grain int32) {
	for c, l := range l {
		p[c] = d.byte(p[c], l, grain)
	}
}

func (d *dimmer) byte(p uint8, l float32, grain int32) uint8 {
	if i := uint32(int32(l + 0.5)); i <= lit {
		if v := (int64(p)<<16 + byteOffset) * int64(d.factor[i]) >> 24; v >= byteFoot {
			return uint8((v + int64(grain) - byteOffset) >> 16)
		}
	}
	return d.tables.Dither(d.tables.Linear(p)*(l/lit), float32(grain)/byteOne)
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
