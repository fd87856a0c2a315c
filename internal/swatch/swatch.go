// Package swatch reads spots of pigment on white paper from a photo, beside the
// calibration card.
//
// The card lies on the paper; to the right of it are three spots, at least
// 10 mm wide: the pigment as it comes out of the bottle, thick enough to hide
// the paper; the same thinned with water; and below it black of a known
// pigment, thinned alike and laid on alike. Places are those of package
// internal/card: mm from the card's top left corner, x right, y down. What is
// read are shares of red, green and blue light against a perfect white.
// Errors say which spot cannot be used and why.
package swatch

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"math"
	"slices"

	printed "pointille/internal/card"
	"pointille/internal/colour"
	"pointille/vision/card"
)

// Place is a point beside the card, mm.
type Place struct{ X, Y float64 }

// Layout says where the middles of the spots are.
type Layout struct{ Mass, Thin, Black Place }

// Beside returns the usual layout: 20 mm right of the card, 30 mm apart.
func Beside() Layout {
	x := printed.Studio().W + 20
	return Layout{Mass: Place{x, 20}, Thin: Place{x, 50}, Black: Place{x, 80}}
}

// What is read of a spot is a disc of readMM around its middle, and of the
// paper rings of paperMM; a spot of spotMM leaves both clear.
const (
	readMM  = 3.0
	paperMM = 11.0
	spotMM  = 10.0
)

// Spot is what was read of one spot.
type Spot struct {
	Reflectance [3]float64 // against a perfect white
	Density     [3]float64 // -ln of what is left of the paper's light
	Uneven      float64    // half the range in which two thirds of its green density lie, over the density
}

// Reading is all three spots.
type Reading struct{ Mass, Thin, Black Spot }

// ErrNoCard is returned for a picture in which the card is not found.
var ErrNoCard = errors.New("the calibration card is not found: lay it flat on the paper and photograph from above")

// Read reads the spots.
func Read(img *image.NRGBA, l Layout) (Reading, error) {
	c, ok := card.Find(img)
	if !ok {
		return Reading{}, ErrNoCard
	}
	at, err := places(c.Corners)
	if err != nil {
		return Reading{}, err
	}
	p := page{img: img, at: at}
	var out Reading
	for _, s := range []struct {
		name     string
		place    Place
		spot     *Spot
		min, max float64
	}{
		{"undiluted pigment", l.Mass, &out.Mass, 0.05, math.Inf(1)},
		{"thinned pigment", l.Thin, &out.Thin, faintest, densest},
		{"thinned black", l.Black, &out.Black, faintest, densest},
	} {
		if *s.spot, err = p.spot(s.place); err != nil {
			return Reading{}, fmt.Errorf("the spot of %s, %g mm right and %g mm down from the card's corner: %w", s.name, s.place.X, s.place.Y, err)
		}
		if d := most(s.spot.Density); d < s.min {
			return Reading{}, fmt.Errorf("the spot of %s takes %.0f %% of the paper's light, too little to be told from paper", s.name, 100*-math.Expm1(-d))
		} else if d > s.max {
			return Reading{}, fmt.Errorf("the spot of %s takes %.0f %% of the paper's light, too much to be measured: thin it more, both spots alike", s.name, 100*-math.Expm1(-d))
		}
	}
	return out, nil
}

// A thinned spot's density is between these: below, the paper's own unevenness
// counts as much; above, what the surface mirrors does.
const (
	faintest = 0.12
	densest  = 1.8
)

// unevenest is the most a spot's density may vary.
const unevenest = 0.25

func most(v [3]float64) float64 { return max(v[0], v[1], v[2]) }

// page is a picture in which places can be looked up.
type page struct {
	img *image.NRGBA
	at  func(Place) (x, y float64, ok bool)
}

func (p page) spot(c Place) (Spot, error) {
	inside, err := p.ring(c, 0, readMM)
	if err != nil {
		return Spot{}, err
	}
	paper, err := p.paper(c)
	if err != nil {
		return Spot{}, err
	}
	var out Spot
	light := middle(inside)
	for k := range light {
		out.Reflectance[k] = printed.Studio().Paper * light[k] / paper[k]
		out.Density[k] = math.Log(paper[k] / max(light[k], 1e-4))
	}
	var greens []float64
	for _, v := range inside {
		greens = append(greens, math.Log(paper[1]/max(v[1], 1e-4)))
	}
	slices.Sort(greens)
	out.Uneven = (greens[len(greens)*5/6] - greens[len(greens)/6]) / 2 / max(0.05, out.Density[1])
	if out.Uneven > unevenest && out.Density[1] > faintest {
		return out, fmt.Errorf("it is not even (± %.0f %%): lay it on evenly, at least %g mm wide, and avoid shine", 100*out.Uneven, spotMM)
	}
	return out, nil
}

// paper is the light of the blank paper around a spot, the darkest third of
// the ring left out: shadows and runs darken it, hardly anything brightens it.
func (p page) paper(c Place) ([3]float64, error) {
	px, err := p.ring(c, paperMM-2, paperMM)
	if err != nil {
		return [3]float64{}, err
	}
	slices.SortFunc(px, func(a, b [3]float64) int { return cmp.Compare(a[1], b[1]) })
	white := middle(px[len(px)/3 : len(px)*9/10])
	if max(white[0], white[1], white[2]) > 0.97 {
		return white, errors.New("the paper around it is burnt out: expose less")
	}
	if min(white[0], white[1], white[2]) < 0.05 {
		return white, errors.New("there is no white paper around it, or it is too dark")
	}
	return white, nil
}

// ring samples the light at distances from a to b mm of a place.
func (p page) ring(c Place, a, b float64) ([][3]float64, error) {
	var out [][3]float64
	for i := range 12 {
		r := a + (b-a)*(float64(i)+0.5)/12
		n := max(8, int(6*r))
		for k := range n {
			s, co := math.Sincos(2 * math.Pi * float64(k) / float64(n))
			x, y, ok := p.at(Place{c.X + r*co, c.Y + r*s})
			q := image.Pt(int(math.Round(x)), int(math.Round(y)))
			if !ok || !q.In(p.img.Rect) {
				return nil, errors.New("it is not in the picture")
			}
			v := p.img.Pix[p.img.PixOffset(q.X, q.Y):]
			out = append(out, colour.FromBytes(v[0], v[1], v[2]))
		}
	}
	return out, nil
}

// middle is the mean of each channel by itself, an eighth left out at each end:
// finer than a median, which is one of the picture's bytes.
func middle(px [][3]float64) [3]float64 {
	var out [3]float64
	one := make([]float64, len(px))
	for k := range out {
		for i, v := range px {
			one[i] = v[k]
		}
		slices.Sort(one)
		kept := one[len(one)/8 : len(one)-len(one)/8]
		for _, v := range kept {
			out[k] += v / float64(len(kept))
		}
	}
	return out
}

// places maps places beside the card to pixels: the homography of its marker,
// by Gauss's elimination of the eight equations of its corners.
func places(corners [4][2]float64) (func(Place) (x, y float64, ok bool), error) {
	m := printed.Studio().Marker
	var rows [8][9]float64
	for i, q := range [4]Place{{m.X, m.Y}, {m.X + m.Side, m.Y}, {m.X + m.Side, m.Y + m.Side}, {m.X, m.Y + m.Side}} {
		x, y := corners[i][0], corners[i][1]
		rows[2*i] = [9]float64{q.X, q.Y, 1, 0, 0, 0, -x * q.X, -x * q.Y, x}
		rows[2*i+1] = [9]float64{0, 0, 0, q.X, q.Y, 1, -y * q.X, -y * q.Y, y}
	}
	for i := range rows {
		p := i
		for k := i + 1; k < len(rows); k++ {
			if math.Abs(rows[k][i]) > math.Abs(rows[p][i]) {
				p = k
			}
		}
		rows[i], rows[p] = rows[p], rows[i]
		if math.Abs(rows[i][i]) < 1e-12 {
			return nil, errors.New("the card is seen from the side: photograph from above")
		}
		for k := range rows {
			if k == i {
				continue
			}
			f := rows[k][i] / rows[i][i]
			for j := i; j < 9; j++ {
				rows[k][j] -= f * rows[i][j]
			}
		}
	}
	var h [8]float64
	for i := range h {
		h[i] = rows[i][8] / rows[i][i]
	}
	return func(q Place) (x, y float64, ok bool) {
		w := h[6]*q.X + h[7]*q.Y + 1
		return (h[0]*q.X + h[1]*q.Y + h[2]) / w, (h[3]*q.X + h[4]*q.Y + h[5]) / w, w > 1e-9
	}, nil
}
