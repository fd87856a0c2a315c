package net

import (
	"fmt"
	"image"
	"math"
	"slices"

	"pointille/internal/raster"
)

// see predicts a shrunk picture.
func (n *Network) see(small *image.NRGBA) (*Prediction, error) {
	out, err := n.ask(letterbox(small))
	if err != nil {
		return nil, err
	}
	return out.decode(small.Rect.Size()), nil
}

// mirror mixes what is seen in the mirror image of a letterboxed picture, which it turns
// over, into what was seen in the picture.
func (n *Network) mirror(in []float32, seen answer) error {
	for row := range slices.Chunk(in, side) {
		slices.Reverse(row)
	}
	mirrored, err := n.ask(in)
	if err != nil {
		return err
	}
	seen.mix(mirrored)
	return nil
}

// letterbox is the network's input: the picture in the middle of a grey square.
func letterbox(img *image.NRGBA) []float32 {
	in := make([]float32, 3*side*side)
	for i := range in {
		in[i] = padGrey
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	x0, y0 := (side-w)/2, (side-h)/2
	for y := range h {
		row := img.Pix[y*img.Stride:]
		for x := range w {
			at := (y+y0)*side + x + x0
			for c := range 3 {
				in[c*side*side+at] = float32(row[4*x+c]) / 255
			}
		}
	}
	return in
}

// answer is what the network says, channel by channel, over the whole square.
type answer struct {
	side int // cells along each axis
	data []float32
}

// ask runs the network on a letterboxed picture.
func (n *Network) ask(in []float32) (answer, error) {
	out, err := n.dnn.Forward(in, [4]int{1, 3, side, side})
	if err != nil {
		return answer{}, fmt.Errorf("running the head network: %w", err)
	}
	if len(out) != 1 || len(out[0].Shape) != 4 || out[0].Shape[1] != channels {
		return answer{}, fmt.Errorf("the head network answered in a shape this program does not know")
	}
	w, h := out[0].Shape[3], out[0].Shape[2]
	if w < 1 || side%w != 0 || h != w {
		return answer{}, fmt.Errorf("the head network answered on a %d×%d grid, not a part of %d", w, h, side)
	}
	return answer{side: w, data: out[0].Data}, nil
}

// mix takes the mean with the answer to the mirrored picture. What lies to the left
// on a head lies to the right in its mirror image.
func (a answer) mix(mirrored answer) {
	for i := range a.data {
		row, x := i/a.side, i%a.side
		other := mirrored.data[row*a.side+a.side-1-x]
		if row/a.side == posCh {
			other = -other
		}
		a.data[i] = (a.data[i] + other) / 2
	}
}

// decode cuts the letterbox of a picture of that size away and turns the raw channels
// into quantities.
func (a answer) decode(size image.Point) *Prediction {
	k := side / a.side
	x0, y0 := (side-size.X)/2/k, (side-size.Y)/2/k
	cw, ch := max(1, size.X/k), max(1, size.Y/k)
	cut := func(c int) *raster.Plane {
		p := raster.NewPlane(cw, ch)
		src := a.data[c*a.side*a.side:]
		for y := range ch {
			copy(p.Pix[y*cw:(y+1)*cw], src[(y+y0)*a.side+x0:])
		}
		return p
	}
	p := &Prediction{Hair: cut(hairCh), Density: cut(densCh), Grown: cut(grownCh)}
	for c := range p.Class {
		p.Class[c] = cut(c)
	}
	for c := range p.Pos {
		p.Pos[c] = cut(posCh + c)
		scale(p.Pos[c], mmPerPos)
	}
	softmax(&p.Class)
	logistic(p.Hair)
	logistic(p.Grown)
	for i, v := range p.Density.Pix {
		p.Density.Pix[i] = float32(math.Expm1(min(7, max(0, float64(v)))))
	}
	return p
}

func logistic(p *raster.Plane) {
	for i, v := range p.Pix {
		p.Pix[i] = float32(1 / (1 + math.Exp(-float64(v))))
	}
}

func scale(p *raster.Plane, k float32) {
	for i := range p.Pix {
		p.Pix[i] *= k
	}
}

func softmax(c *[classes]*raster.Plane) {
	for i := range c[0].Pix {
		top := float32(math.Inf(-1))
		for k := range c {
			top = max(top, c[k].Pix[i])
		}
		var sum float32
		for k := range c {
			e := float32(math.Exp(float64(c[k].Pix[i] - top)))
			c[k].Pix[i] = e
			sum += e
		}
		for k := range c {
			c[k].Pix[i] /= sum
		}
	}
}
