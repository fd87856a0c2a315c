package colour

import "image"

// encodeSteps is fine enough that a step spans at most one byte value even
// at the steep dark end of the sRGB curve (12.92·255 levels per unit).
const encodeSteps = 4096

// Tables convert whole pictures between bytes and linear light.
type Tables struct {
	decode [256]float32
	border [257]float32 // linear light above which a byte rounds up to this index
	guess  [encodeSteps + 1]uint8
	below  [encodeSteps + 1]uint8 // largest byte whose light is not above the step's
	gap    [256]float32           // 1 over the light between a byte and the next
}

// NewTables builds the tables. It costs tens of microseconds; keep one per
// picture or longer. A Tables is safe for concurrent reading.
func NewTables() *Tables {
	t := &Tables{}
	for i := range t.decode {
		t.decode[i] = float32(Decode(float64(i) / 255))
		t.border[i] = float32(Decode((float64(i) - 0.5) / 255))
	}
	t.border[0], t.border[256] = -1, 2
	b := 0
	for i := range t.guess {
		v := float32(i) / encodeSteps
		for b < 255 && v >= t.border[b+1] {
			b++
		}
		t.guess[i] = uint8(b)
	}
	for b := range 255 {
		t.gap[b] = 1 / (t.decode[b+1] - t.decode[b])
	}
	b = 0
	for i := range t.below {
		v := float32(i) / encodeSteps
		for b < 255 && v >= t.decode[b+1] {
			b++
		}
		t.below[i] = uint8(b)
	}
	return t
}

// Linear returns the linear light of byte b.
func (t *Tables) Linear(b uint8) float32 { return t.decode[b] }

// Byte returns the byte nearest to linear light l, clamped; NaN gives 0.
// Byte(Linear(b)) is b for every b.
func (t *Tables) Byte(l float32) uint8 {
	if !(l > 0) {
		return 0
	}
	if l >= 1 {
		return 255
	}
	b := t.guess[int(l*encodeSteps)]
	for b < 255 && l >= t.border[int(b)+1] {
		b++
	}
	return b
}

// Dither returns the byte below or above linear light l so that, over many
// pixels with u spread evenly over 0..1, the mean linear light is l. Bytes
// alone would lose whatever changes a pixel by less than half a step.
// Dither(Linear(b), u) is b for every b and u, and it never falls as l rises.
func (t *Tables) Dither(l, u float32) uint8 {
	if !(l > 0) {
		return 0
	}
	if l >= 1 {
		return 255
	}
	b := t.below[int(l*encodeSteps)]
	for b < 255 && l >= t.decode[b+1] {
		b++
	}
	if (l-t.decode[b])*t.gap[b] > u {
		b++
	}
	return b
}

// LinearPlanes splits a picture into its three planes of linear light, row by
// row from the top-left pixel. Alpha is ignored.
func (t *Tables) LinearPlanes(m *image.NRGBA) (r, g, b []float32) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	r, g, b = make([]float32, w*h), make([]float32, w*h), make([]float32, w*h)
	for y := range h {
		row := m.Pix[y*m.Stride : y*m.Stride+4*w]
		for x := range w {
			i := y*w + x
			r[i], g[i], b[i] = t.decode[row[4*x]], t.decode[row[4*x+1]], t.decode[row[4*x+2]]
		}
	}
	return r, g, b
}
