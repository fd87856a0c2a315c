package photo

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math"
	"runtime"
	"sync"
)

// profile turns stored values into sRGB: a curve for each channel to linear
// light, then a matrix to linear sRGB.
type profile struct {
	curve  [3][256]float32
	matrix [3][3]float32
}

// fromD50 is CIE XYZ relative to D50 to linear sRGB (IEC 61966-2-1 primaries,
// Bradford adaptation).
func fromD50() [3][3]float64 {
	return [3][3]float64{
		{3.1338561, -1.6168667, -0.4906146},
		{-0.9787684, 1.9161415, 0.0334540},
		{0.0719453, -0.2289914, 1.4052427},
	}
}

// displayP3 is P3 primaries with D65 white and the sRGB curve (SMPTE EG 432-1).
func displayP3() *profile {
	p := &profile{matrix: [3][3]float32{
		{1.2249401, -0.2249404, 0},
		{-0.0420569, 1.0420571, 0},
		{-0.0196376, -0.0786361, 1.0982735},
	}}
	for i := range 256 {
		v := float64(i) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		for c := range 3 {
			p.curve[c][i] = float32(v)
		}
	}
	return p
}

// parseICC reads a profile of three primaries and three curves (ICC.1:2022,
// 8.3.3 and 8.4.3). Others, such as those of printers, are an error.
func parseICC(data []byte) (*profile, error) {
	if len(data) < 132 || string(data[36:40]) != "acsp" {
		return nil, errors.New("no ICC profile")
	}
	if space := string(data[16:20]); space != "RGB " {
		return nil, fmt.Errorf("it is for %q, not for RGB", space)
	}
	if pcs := string(data[20:24]); pcs != "XYZ " {
		return nil, fmt.Errorf("it leads to %q, not to XYZ", pcs)
	}
	tags, err := iccTags(data)
	if err != nil {
		return nil, err
	}
	p := new(profile)
	var xyz [3][3]float64 // column per channel
	for c, name := range []string{"r", "g", "b"} {
		if err := readColorant(tags[name+"XYZ"], &xyz, c); err != nil {
			return nil, fmt.Errorf("%sXYZ: %w", name, err)
		}
		if err := readCurve(tags[name+"TRC"], &p.curve[c]); err != nil {
			return nil, fmt.Errorf("%sTRC: %w", name, err)
		}
	}
	if err := whiteIsD50(xyz); err != nil {
		return nil, err
	}
	to := fromD50()
	for i := range 3 {
		for j := range 3 {
			p.matrix[i][j] = float32(to[i][0]*xyz[0][j] + to[i][1]*xyz[1][j] + to[i][2]*xyz[2][j])
		}
	}
	return p, nil
}

func iccTags(data []byte) (map[string][]byte, error) {
	n := int(binary.BigEndian.Uint32(data[128:]))
	if n > 200 || len(data) < 132+12*n {
		return nil, errors.New("its table of tags is damaged")
	}
	tags := map[string][]byte{}
	for i := range n {
		entry := data[132+12*i:]
		at, size := uint64(binary.BigEndian.Uint32(entry[4:])), uint64(binary.BigEndian.Uint32(entry[8:]))
		if at+size > uint64(len(data)) {
			return nil, errors.New("its table of tags is damaged")
		}
		tags[string(entry[:4])] = data[at : at+size]
	}
	return tags, nil
}

func readColorant(tag []byte, xyz *[3][3]float64, channel int) error {
	if len(tag) < 20 || string(tag[:4]) != "XYZ " {
		return errors.New("missing")
	}
	for i := range 3 {
		xyz[i][channel] = fixed16(tag[8+4*i:])
	}
	return nil
}

// whiteIsD50 wants the primaries to add up to the white of the XYZ space,
// which every profile of a display and camera does.
func whiteIsD50(xyz [3][3]float64) error {
	for i, want := range []float64{0.9642, 1, 0.8249} {
		if sum := xyz[i][0] + xyz[i][1] + xyz[i][2]; math.Abs(sum-want) > 0.03 {
			return errors.New("its primaries do not add up to white")
		}
	}
	return nil
}

func readCurve(tag []byte, curve *[256]float32) error {
	if len(tag) < 12 {
		return errors.New("missing")
	}
	f, err := curveOf(tag)
	if err != nil {
		return err
	}
	for i := range curve {
		v := f(float64(i) / 255)
		if math.IsNaN(v) {
			return errors.New("not a number")
		}
		curve[i] = float32(min(1, max(0, v)))
	}
	if curve[255] < 0.5 || curve[0] > 0.5 {
		return errors.New("it does not rise from black to white")
	}
	return nil
}

func curveOf(tag []byte) (func(float64) float64, error) {
	switch string(tag[:4]) {
	case "curv":
		return sampledCurve(tag)
	case "para":
		return parametricCurve(tag)
	}
	return nil, fmt.Errorf("unknown type %q", tag[:4])
}

// sampledCurve is 10.6 of ICC.1: nothing, a gamma, or samples.
func sampledCurve(tag []byte) (func(float64) float64, error) {
	n := int(binary.BigEndian.Uint32(tag[8:]))
	samples := tag[12:]
	switch {
	case n == 0:
		return func(x float64) float64 { return x }, nil
	case n < 0 || len(samples)/2 < n:
		return nil, errors.New("cut short")
	case n == 1:
		gamma := float64(binary.BigEndian.Uint16(samples)) / 256
		return func(x float64) float64 { return math.Pow(x, gamma) }, nil
	}
	at := func(i int) float64 { return float64(binary.BigEndian.Uint16(samples[2*i:])) / 65535 }
	return func(x float64) float64 {
		i := min(int(x*float64(n-1)), n-2)
		f := x*float64(n-1) - float64(i)
		return at(i)*(1-f) + at(i+1)*f
	}, nil
}

// parametricCurve is 10.18 of ICC.1, table 68.
func parametricCurve(tag []byte) (func(float64) float64, error) {
	counts := []int{1, 3, 4, 5, 7}
	sort := int(binary.BigEndian.Uint16(tag[8:]))
	if sort >= len(counts) || len(tag) < 12+4*counts[sort] {
		return nil, errors.New("damaged")
	}
	var v [7]float64
	for i := range counts[sort] {
		v[i] = fixed16(tag[12+4*i:])
	}
	g, a, b, c, d, e, f := v[0], v[1], v[2], v[3], v[4], v[5], v[6]
	switch sort {
	case 0:
		a, b, c, d, e, f = 1, 0, 0, 0, 0, 0
	case 1, 2:
		if a == 0 {
			return nil, errors.New("damaged")
		}
		e, f, c, d = c, c, 0, -b/a
	}
	return func(x float64) float64 {
		if x >= d {
			return math.Pow(a*x+b, g) + e
		}
		return c*x + f
	}, nil
}

func fixed16(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// encodeSteps is fine enough for a fifth of a level in the steep shadows.
const encodeSteps = 1 << 14

// encoder returns sRGB levels of linear light 0..encodeSteps.
func encoder() []uint8 {
	table := make([]uint8, encodeSteps+1)
	for i := range table {
		v := float64(i) / encodeSteps
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		table[i] = level(255 * v)
	}
	return table
}

// convert changes img to sRGB; colours outside are clipped. A profile that is
// sRGB by another name changes nothing at all.
func (p *profile) convert(ctx context.Context, img *image.NRGBA) error {
	table := encoder()
	if p.isSRGB(table) {
		return nil
	}
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for k := range workers {
		wg.Go(func() {
			for y := k; y < img.Rect.Dy() && ctx.Err() == nil; y += workers {
				p.row(img.Pix[y*img.Stride:y*img.Stride+4*img.Rect.Dx()], table)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

func (p *profile) row(pix []uint8, table []uint8) {
	for i := 0; i+3 < len(pix); i += 4 {
		pix[i], pix[i+1], pix[i+2] = p.pixel(pix[i], pix[i+1], pix[i+2], table)
	}
}

func (p *profile) pixel(r, g, b uint8, table []uint8) (uint8, uint8, uint8) {
	x, y, z := p.curve[0][r], p.curve[1][g], p.curve[2][b]
	var out [3]uint8
	for i, m := range p.matrix {
		v := m[0]*x + m[1]*y + m[2]*z
		out[i] = table[int(min(1, max(0, v))*encodeSteps+0.5)]
	}
	return out[0], out[1], out[2]
}

// isSRGB reports whether no colour of a grid moves by more than one level.
func (p *profile) isSRGB(table []uint8) bool {
	far := func(a uint8, b int) bool { return int(a)-b > 1 || b-int(a) > 1 }
	for r := 0; r < 256; r += 15 {
		for g := 0; g < 256; g += 15 {
			for b := 0; b < 256; b += 15 {
				x, y, z := p.pixel(uint8(r), uint8(g), uint8(b), table)
				if far(x, r) || far(y, g) || far(z, b) {
					return false
				}
			}
		}
	}
	return true
}
