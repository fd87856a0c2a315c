package net

import (
	"image"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"pointille/vision/survey"
)

// Photos arrive turned, with no word of it in their EXIF. The network was taught
// upright heads: of one on its side or upside down it is less sure which region is
// which, and the places of the head that it names lie less as a camera would show
// them. Its unease is the sum of the logarithms of both.
//
// Of 88 real and 24 rendered photos as they were none looked better by more than
// farBetter when turned. Turned by hand, 69 % of the real ones that stood on their
// head, 82 % of those on their side and all rendered ones did, and of those only one
// in a hundred had been as calm as the photos that are not looked at again.
const (
	calm      = -4.15
	farBetter = 0.9
)

// turned is by how many quarter turns clockwise a picture, already seen, looks far
// more like a head; 0 where it does not.
func (n *Network) turned(small *image.NRGBA, seen *Prediction) (int, error) {
	as := seen.unease()
	if as < calm {
		return 0, nil
	}
	best, least := 0, as-farBetter
	for quarter := 1; quarter < 4; quarter++ {
		small = clockwise(small)
		p, err := n.see(small)
		if err != nil {
			return 0, err
		}
		if u := p.unease(); u < least {
			best, least = quarter, u
		}
	}
	return best, nil
}

// clockwise is the picture after a quarter turn.
func clockwise(img *image.NRGBA) *image.NRGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, h, w))
	for y := range h {
		for x := range w {
			copy(out.Pix[x*out.Stride+4*(h-1-y):][:4], img.Pix[y*img.Stride+4*x:][:4])
		}
	}
	return out
}

// fewestCells is the least of head, in cells, of which anything can be told.
const fewestCells = 40

// unease is how little the prediction holds together; +Inf without a head.
func (p *Prediction) unease() float64 {
	var cells []int
	entropy := 0.0
	for i := range p.Hair.Pix {
		top := 0
		for c, plane := range p.Class {
			v := float64(plane.Pix[i])
			entropy -= v * math.Log(v+1e-9)
			if plane.Pix[i] > p.Class[top].Pix[i] {
				top = c
			}
		}
		if top > int(survey.Clothes) {
			cells = append(cells, i)
		}
	}
	if len(cells) < fewestCells {
		return math.Inf(1)
	}
	return math.Log(entropy/float64(len(p.Hair.Pix))) + math.Log(p.misfit(cells))
}

// misfit is by how much of the head's extent the median cell lies beside where a
// plain affine camera, laid over all of them, would show its place on the head.
func (p *Prediction) misfit(cells []int) float64 {
	off, weight := make([]float64, len(cells)), make([]float64, len(cells))
	for i := range weight {
		weight[i] = 1
	}
	extent := p.extent(cells)
	var median float64
	for range 5 { // weights settle to a hundredth
		camera, ok := p.affine(cells, weight)
		if !ok {
			return 1
		}
		for i, cell := range cells {
			x, y := float64(cell%p.Hair.W), float64(cell/p.Hair.W)
			at := p.place(cell)
			for k, v := range at {
				x, y = x-v*camera.At(k, 0), y-v*camera.At(k, 1)
			}
			off[i] = math.Hypot(x, y)
		}
		sorted := slices.Clone(off)
		slices.Sort(sorted)
		median = sorted[len(sorted)/2] + 1e-6
		for i, e := range off {
			weight[i] = 1 / (1 + e*e/(median*median))
		}
	}
	return median / extent
}

// place is the head place that a cell is taken for, in units near 1, and a 1.
func (p *Prediction) place(cell int) [4]float64 {
	return [4]float64{float64(p.Pos[0].Pix[cell]) / mmPerPos, float64(p.Pos[1].Pix[cell]) / mmPerPos, float64(p.Pos[2].Pix[cell]) / mmPerPos, 1}
}

// extent is the longer side of the cells' box.
func (p *Prediction) extent(cells []int) float64 {
	x0, x1 := math.MaxInt, 0
	for _, cell := range cells {
		x0, x1 = min(x0, cell%p.Hair.W), max(x1, cell%p.Hair.W)
	}
	rows := cells[len(cells)-1]/p.Hair.W - cells[0]/p.Hair.W
	return float64(max(1, x1-x0, rows))
}

// affine is the camera, 4×2, that shows the cells' places nearest to where they are,
// by weighted least squares.
func (p *Prediction) affine(cells []int, weight []float64) (*mat.Dense, bool) {
	const held = 1e-6 // of the weight: heads seen from one side alone still have a camera
	ata, atb := mat.NewSymDense(4, nil), mat.NewDense(4, 2, nil)
	for i, cell := range cells {
		at, w := p.place(cell), weight[i]*weight[i]
		x, y := float64(cell%p.Hair.W), float64(cell/p.Hair.W)
		for j, a := range at {
			for k := j; k < 4; k++ {
				ata.SetSym(j, k, ata.At(j, k)+w*a*at[k])
			}
			atb.Set(j, 0, atb.At(j, 0)+w*a*x)
			atb.Set(j, 1, atb.At(j, 1)+w*a*y)
		}
	}
	for j := range 4 {
		ata.SetSym(j, j, ata.At(j, j)+held*float64(len(cells)))
	}
	var chol mat.Cholesky
	if !chol.Factorize(ata) {
		return nil, false
	}
	out := mat.NewDense(4, 2, nil)
	return out, chol.SolveTo(out, atb) == nil
}
