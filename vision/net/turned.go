package net

import (
	"image"
	"math"

	"pointille/internal/robust"
	"pointille/vision/photo"
	"pointille/vision/survey"
)

// Photos arrive turned, with no word of it in their EXIF. The network was taught
// upright heads: of one on its side or upside down it is less sure which region is
// which, and the places of the head that it names lie less as a camera would show
// them. Its unease is the sum of the logarithms of both.
//
// Of 118 photos as they were, 88 of them real, none looked better by more than
// farBetter when turned. Turned by hand, 73 % of those that stood on their head and 85 %
// of those on their side did, views from above not counted (scripts/measure/turned.py).
const (
	calm      = -4.15
	farBetter = 0.9
)

// turned is by how many quarter turns clockwise a picture, of which the network has
// that unease as it is, looks far more like a head; 0 where it does not.
func (n *Network) turned(small *image.NRGBA, as float64) (int, error) {
	if as < calm {
		return 0, nil
	}
	best, least := 0, as-farBetter
	for quarter := 1; quarter < 4; quarter++ {
		small = photo.Upright(small, turnRight)
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

// turnRight is the EXIF orientation of a picture to be turned by a quarter clockwise.
const turnRight = 6

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
	rows := make([]robust.Row, len(cells))
	for i, cell := range cells {
		rows[i] = robust.Row{X: p.place(cell), Y: [3]float64{float64(cell % p.Hair.W), float64(cell / p.Hair.W)}}
	}
	camera, ok := robust.Linear(rows)
	if !ok {
		return 1
	}
	return (camera.Median + 1e-6) / p.extent(cells)
}

// place is the head place that a cell is taken for, in units near 1, and a 1.
func (p *Prediction) place(cell int) [5]float64 {
	return [5]float64{float64(p.Pos[0].Pix[cell]) / mmPerPos, float64(p.Pos[1].Pix[cell]) / mmPerPos, float64(p.Pos[2].Pix[cell]) / mmPerPos, 1}
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
