// Package stubbletest draws shaved skin whose every hair is known, for tests.
//
// Positions are pixels (x right, y down, centre of the top-left pixel at
// 0, 0), lengths millimetres, angles radians from x towards y.
package stubbletest

import (
	"image"
	"math"
	"math/rand/v2"
)

// Hair is one stump: rooted at Root, going Angle.
type Hair struct {
	Root          [2]float64 // px
	Angle         float64
	Length, Width float64 // mm
}

// Tip is the other end of the hair, px.
func (h Hair) Tip(perMM float64) [2]float64 {
	l := h.Length * perMM
	return [2]float64{h.Root[0] + l*math.Cos(h.Angle), h.Root[1] + l*math.Sin(h.Angle)}
}

// Scene is what is drawn.
type Scene struct {
	W, H  int
	PerMM float64
	Seed  uint64
	Skin  [3]float64 // colours 0..255
	Hair  [3]float64
	Hairs []Hair
	Noise float64 // of the sensor, grey levels
}

// Field is light skin with dark stumps of about one millimetre that lie one
// way, perCM2 units of one to three hairs to the square centimetre, none nearer
// to another than half a spacing.
func Field(w, h int, perMM, perCM2 float64, seed uint64) Scene {
	s := Scene{W: w, H: h, PerMM: perMM, Seed: seed, Skin: [3]float64{205, 165, 140}, Hair: [3]float64{52, 42, 38}, Noise: 2.5}
	rng := rand.New(rand.NewPCG(seed, 11))
	way := rng.Float64() * 2 * math.Pi
	for _, c := range centres(rng, float64(w), float64(h), perCM2/(100*perMM*perMM)) {
		n := 1 + rng.IntN(3)
		for k := range n {
			a := way + 0.12*rng.NormFloat64()
			side := (float64(k) - float64(n-1)/2) * 0.13 * perMM
			s.Hairs = append(s.Hairs, Hair{
				Root:  [2]float64{c[0] - side*math.Sin(a), c[1] + side*math.Cos(a)},
				Angle: a, Length: 0.7 + 0.4*rng.Float64(), Width: 0.06 + 0.03*rng.Float64(),
			})
		}
	}
	return s
}

// centres throws points with a hard core, perPx2 of them to the square pixel
// where they find room.
func centres(rng *rand.Rand, w, h, perPx2 float64) [][2]float64 {
	want, core := int(w*h*perPx2), 0.5/math.Sqrt(perPx2)
	var out [][2]float64
	for range 30 * want {
		p := [2]float64{rng.Float64() * w, rng.Float64() * h}
		free := len(out) < want
		for i := 0; free && i < len(out); i++ {
			free = math.Hypot(p[0]-out[i][0], p[1]-out[i][1]) >= core
		}
		if free {
			out = append(out, p)
		}
	}
	return out
}

// Draw draws the scene.
func (s Scene) Draw() *image.NRGBA {
	rng := rand.New(rand.NewPCG(s.Seed, 12))
	cover := s.cover()
	img := image.NewNRGBA(image.Rect(0, 0, s.W, s.H))
	for i, a := range cover {
		x, y := float64(i%s.W)/s.PerMM, float64(i/s.W)/s.PerMM
		relief := 1 + 0.03*math.Sin(7*x+2*math.Sin(3*y))*math.Sin(9*y+math.Sin(5*x))
		grain := s.Noise * rng.NormFloat64()
		for c := range 3 {
			v := s.Skin[c]*relief*(1-a) + s.Hair[c]*a + grain
			img.Pix[4*i+c] = uint8(max(0, min(255, math.Round(v))))
		}
		img.Pix[4*i+3] = 255
	}
	return img
}

// cover is the share of each pixel that hair covers, fading in over the first
// tenth of a millimetre where hair comes through the skin.
func (s Scene) cover() []float64 {
	cover := make([]float64, s.W*s.H)
	for _, h := range s.Hairs {
		tip, half := h.Tip(s.PerMM), h.Width*s.PerMM/2
		x0, x1 := math.Min(h.Root[0], tip[0])-half-2, math.Max(h.Root[0], tip[0])+half+2
		y0, y1 := math.Min(h.Root[1], tip[1])-half-2, math.Max(h.Root[1], tip[1])+half+2
		c, n := math.Cos(h.Angle), math.Sin(h.Angle)
		for y := max(0, int(y0)); y <= min(s.H-1, int(y1)); y++ {
			for x := max(0, int(x0)); x <= min(s.W-1, int(x1)); x++ {
				dx, dy := float64(x)-h.Root[0], float64(y)-h.Root[1]
				along, across := dx*c+dy*n, math.Abs(dy*c-dx*n)
				a := share(half-across+0.5) * share(along+0.5) * share(h.Length*s.PerMM-along+0.5)
				a *= share(0.3 + along/(0.1*s.PerMM))
				cover[y*s.W+x] = 1 - (1-cover[y*s.W+x])*(1-a)
			}
		}
	}
	return cover
}

func share(v float64) float64 { return max(0, min(1, v)) }
