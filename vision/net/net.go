// Package net runs Pointille's own network on a head photo.
//
// The network sees the photo letterboxed into a square and says, for each
// pixel, which region of a head it shows as if the head hair were transparent,
// how much of it is hidden by hair, how dense the hair grows there, which place
// of the average head it is, and whether hair is grown there at all. Weights are embedded; README.md beside them
// is the contract, vision/train makes them.
//
// A network is not safe for concurrent use by design of OpenCV's dnn; Network
// serialises its calls. Errors are those of the guarded OpenCV room.
package net

import (
	_ "embed"
	"fmt"
	"image"
	"math"

	"pointille/internal/cvx"
	"pointille/internal/headframe"
	"pointille/internal/raster"
	"pointille/vision/survey"
)

//go:embed head.onnx
var weights []byte

const (
	side     = 256 // the network's square input, pixels
	classes  = 6   // region classes of package survey
	hairCh   = classes
	densCh   = classes + 1
	posCh    = classes + 2
	grownCh  = classes + 5
	channels = classes + 6
	padGrey  = 0.5
	mmPerPos = 100 // the network speaks of head coordinates in units of 100 mm
)

// Network is a loaded network. Close frees it.
type Network struct{ dnn *cvx.Net }

// Load reads the embedded weights.
func Load() (*Network, error) {
	dnn, err := cvx.LoadNet(weights)
	if err != nil {
		return nil, fmt.Errorf("loading the head network: %w", err)
	}
	return &Network{dnn: dnn}, nil
}

// Close frees the network.
func (n *Network) Close() error { return n.dnn.Close() }

// Prediction is what the network saw, on a grid of its own. Use ToGrid to go
// from photo pixels to the grid.
type Prediction struct {
	Class   [classes]*raster.Plane // probability of each region class, 0..1
	Hair    *raster.Plane          // hair coverage, 0..1; glare and grain of bare skin read as a little
	Density *raster.Plane          // hairs per cm² of scalp
	Grown   *raster.Plane          // share of a full growth, however short it is cut, 0..1
	Pos     [3]*raster.Plane       // head frame, mm; meaningful on scalp only
	PhotoW  int                    // upright photo, pixels
	PhotoH  int
	Crop    image.Rectangle // part of the photo that the grid covers
	Turned  int             // quarter turns clockwise after which the head would stand upright, 0..3
	Unease  float64         // how little the answer holds together: -4.4 for most heads, above -2.9 for one in thirty
}

// Scale returns the photo pixels per grid pixel.
func (p *Prediction) Scale() (x, y float64) {
	return float64(p.Crop.Dx()) / float64(p.Hair.W), float64(p.Crop.Dy()) / float64(p.Hair.H)
}

// ToPhoto returns the photo pixel of grid position (x, y).
func (p *Prediction) ToPhoto(x, y float64) (float64, float64) {
	sx, sy := p.Scale()
	return (x+0.5)*sx - 0.5 + float64(p.Crop.Min.X), (y+0.5)*sy - 0.5 + float64(p.Crop.Min.Y)
}

// ToGrid returns the grid position of photo pixel (x, y).
func (p *Prediction) ToGrid(x, y float64) (float64, float64) {
	sx, sy := p.Scale()
	return (x-float64(p.Crop.Min.X)+0.5)/sx - 0.5, (y-float64(p.Crop.Min.Y)+0.5)/sy - 0.5
}

// On resamples one of the planes to w×h over the whole photo; outside is what
// it holds where the grid does not reach.
func (p *Prediction) On(plane *raster.Plane, w, h int, outside float32) *raster.Plane {
	out := raster.NewPlane(w, h)
	sx, sy := p.Scale()
	kx, ky := float64(p.PhotoW)/float64(w), float64(p.PhotoH)/float64(h)
	for y := range h {
		v := ((float64(y)+0.5)*ky-float64(p.Crop.Min.Y))/sy - 0.5
		for x := range w {
			u := ((float64(x)+0.5)*kx-float64(p.Crop.Min.X))/sx - 0.5
			if u < -0.5 || v < -0.5 || u > float64(plane.W)-0.5 || v > float64(plane.H)-0.5 {
				out.Pix[y*w+x] = outside
				continue
			}
			out.Pix[y*w+x] = plane.Sample(u, v)
		}
	}
	return out
}

// A head that fills less than this share of the picture's long side is looked
// at again by itself, with this margin around it.
const (
	lookAgain = 0.72
	margin    = 0.14
)

// Run predicts one upright photo. Where the head is small in it the network
// looks twice: at the whole to find the head, and at the head. What it says at last is
// the mean of what it sees in the picture and in its mirror image.
func (n *Network) Run(img *image.NRGBA) (*Prediction, error) {
	small, err := shrink(img, img.Rect)
	if err != nil {
		return nil, err
	}
	in := letterbox(small)
	seen, err := n.ask(in)
	if err != nil {
		return nil, err
	}
	p := seen.decode(small.Rect.Size())
	unease := p.unease()
	turned, err := n.turned(small, unease)
	if err != nil {
		return nil, err
	}
	p.PhotoW, p.PhotoH, p.Crop = img.Rect.Dx(), img.Rect.Dy(), image.Rectangle{Max: img.Rect.Size()}
	box, ok := p.headBox()
	if !ok || float64(max(box.Dx(), box.Dy())) > lookAgain*float64(max(img.Rect.Dx(), img.Rect.Dy())) {
		box = p.Crop
	} else {
		if small, err = shrink(img, box.Add(img.Rect.Min)); err != nil {
			return nil, err
		}
		in = letterbox(small)
		if seen, err = n.ask(in); err != nil {
			return nil, err
		}
	}
	if err := n.mirror(in, seen); err != nil {
		return nil, err
	}
	p = seen.decode(small.Rect.Size())
	p.PhotoW, p.PhotoH, p.Crop, p.Turned, p.Unease = img.Rect.Dx(), img.Rect.Dy(), box, turned, unease
	return p, nil
}

// shrink is a part of the photo as large as the network sees it.
func shrink(img *image.NRGBA, part image.Rectangle) (*image.NRGBA, error) {
	cut, ok := img.SubImage(part).(*image.NRGBA)
	if !ok {
		return nil, fmt.Errorf("cutting the head out of the photo: %v of %v", part, img.Rect)
	}
	w, h := fit(part.Dx(), part.Dy())
	small, err := cvx.Resize(cut, w, h, cvx.Area)
	if err != nil {
		return nil, fmt.Errorf("shrinking the photo for the network: %w", err)
	}
	return small, nil
}

// stray is the share of head cells on either side that the box leaves out, so
// that specks do not widen it.
const stray = 0.01

// headBox is the head with a margin, in photo pixels; ok is false without one.
// The neck is no part of it.
func (p *Prediction) headBox() (box image.Rectangle, ok bool) {
	w, h := p.Hair.W, p.Hair.H
	columns, rows, n := make([]int, w), make([]int, h), 0
	for i := range w * h {
		head := p.Class[survey.Skin].Pix[i] + p.Class[survey.Scalp].Pix[i] + p.Class[survey.Ear].Pix[i] + p.Class[survey.Brow].Pix[i]
		at := headframe.Vec{0, float64(p.Pos[1].Pix[i]), float64(p.Pos[2].Pix[i])}
		if head > believed && !headframe.Neck(at) {
			columns[i%w]++
			rows[i/w]++
			n++
		}
	}
	if n < 40 {
		return box, false
	}
	x0, x1 := span(columns, n)
	y0, y1 := span(rows, n)
	m := margin * float64(max(x1-x0, y1-y0)+1)
	ax, ay := p.ToPhoto(float64(x0)-0.5-m, float64(y0)-0.5-m)
	bx, by := p.ToPhoto(float64(x1)+0.5+m, float64(y1)+0.5+m)
	box = image.Rect(int(ax), int(ay), int(bx+1), int(by+1)).Intersect(image.Rect(0, 0, p.PhotoW, p.PhotoH))
	return box, box.Dx() > 16 && box.Dy() > 16
}

// span is the first and last index that hold all but the strays.
func span(count []int, n int) (first, last int) {
	skip := int(stray * float64(n))
	sum := 0
	for first = 0; first < len(count)-1; first++ {
		if sum += count[first]; sum > skip {
			break
		}
	}
	sum = 0
	for last = len(count) - 1; last > first; last-- {
		if sum += count[last]; sum > skip {
			break
		}
	}
	return first, last
}

// fit returns the size of a w×h photo whose long side fills the square.
func fit(w, h int) (int, int) {
	k := float64(side) / float64(max(w, h))
	// multiples of 4, so that the borders fall on cells of a grid half as fine
	even := func(v int) int { return max(4, 4*int(math.Round(float64(v)*k/4))) }
	return even(w), even(h)
}

// believed is the probability of being head from which a cell's place counts.
const believed = 0.6

// Correspondences returns where places of the average head (mm) are seen
// (photo pixels), with the network's confidence that each is head. Neck and
// jaw are left out: the neck bends.
func (p *Prediction) Correspondences() (mm []headframe.Vec, px [][2]float64, weight []float64) {
	w, h := p.Hair.W, p.Hair.H
	for i := range w * h {
		head := 1 - p.Class[survey.Background].Pix[i] - p.Class[survey.Clothes].Pix[i]
		at := headframe.Vec{float64(p.Pos[0].Pix[i]), float64(p.Pos[1].Pix[i]), float64(p.Pos[2].Pix[i])}
		if head < believed || headframe.Neck(at) {
			continue
		}
		u, v := p.ToPhoto(float64(i%w), float64(i/w))
		mm, px, weight = append(mm, at), append(px, [2]float64{u, v}), append(weight, float64(head))
	}
	return mm, px, weight
}
