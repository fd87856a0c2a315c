package score

import (
	"image"

	"pointille/internal/headframe"
	"pointille/internal/truth"
)

// squarely is the cosine from which skin is compared: flatter than 70° a pixel
// is so much skin that nobody marks anything there.
const squarely = 0.34

// cells is about how many cells wide the scalp in a photo is measured.
const cells = 80

// area compares areas over all photos.
func area(c Case) *Area {
	var a Area
	var seen, all, bald, allBald, whole float64
	for _, p := range c.Photos {
		if !p.Used {
			continue
		}
		s, t := seenArea(c.Surface, p, nil)
		seen, all = seen+s, all+t
		for _, b := range p.Truth.Bald {
			s, t := seenArea(c.Surface, p, b.PX)
			bald, allBald = bald+s, allBald+t
		}
		if p.Truth.ScalpCM2 > 0 {
			whole = p.Truth.ScalpCM2
		}
	}
	if all == 0 {
		return nil
	}
	a.Seen = seen/all - 1
	if a.BaldCM2 = allBald / 100; allBald > 0 {
		a.Bald = bald/allBald - 1
	}
	if whole > 0 {
		a.Scalp = wholeScalp(c.Surface)/whole - 1
	}
	return &a
}

func wholeScalp(s headframe.Surface) (cm2 float64) {
	areas := s.ZoneAreas()
	for _, z := range headframe.Zones() {
		cm2 += areas[z]
	}
	return cm2
}

// seenArea is the skin, mm², that the plan's camera and surface give to the
// pixels that truly show scalp, within a border if there is one, and the skin
// that they show in truth.
func seenArea(s headframe.Surface, p Photo, border [][2]float64) (found, real float64) {
	skin := p.Truth.Skin
	if skin == nil || p.Camera.FX <= 0 {
		return 0, 0
	}
	step := max(1, skin.Box.Dx()/cells)
	on := newGrid(s, p, skin.Box, step)
	for y := skin.Box.Min.Y; y+step < skin.Box.Max.Y; y += step {
		for x := skin.Box.Min.X; x+step < skin.Box.Max.X; x += step {
			half := float64(step) / 2
			if border != nil && !inside(border, float64(x)+half, float64(y)+half) {
				continue
			}
			if a, ok := trueCell(p.Truth, x, y, step); ok {
				real += a
				found += on.cell(x, y)
			}
		}
	}
	return found, real
}

// trueCell is the skin of a square of pixels, if all of it is scalp seen
// squarely enough.
func trueCell(t *truth.View, x, y, step int) (mm2 float64, ok bool) {
	var q [4]headframe.Vec
	for k, d := range [4]image.Point{{}, {X: step}, {X: step, Y: step}, {Y: step}} {
		p, n, ok := t.Skin.At(x+d.X, y+d.Y)
		if !ok || n.Dot(t.Camera.Eye().Sub(p).Unit()) < squarely {
			return 0, false
		}
		q[k] = p
	}
	return quad(q), true
}

// quad is the area of a small quadrilateral.
func quad(q [4]headframe.Vec) float64 { return q[2].Sub(q[0]).Cross(q[3].Sub(q[1])).Norm() / 2 }

// grid is where the plan has the corners of cells.
type grid struct {
	box  image.Rectangle
	step int
	w    int
	p    []headframe.Vec
	hit  []bool
}

func newGrid(s headframe.Surface, p Photo, box image.Rectangle, step int) *grid {
	g := &grid{box: box, step: step, w: (box.Dx() + step - 1) / step}
	eye := p.Camera.Eye()
	for y := box.Min.Y; y < box.Max.Y; y += step {
		for x := box.Min.X; x < box.Max.X; x += step {
			at, ok := s.Intersect(eye, p.Camera.Ray(float64(x), float64(y)))
			g.p, g.hit = append(g.p, at), append(g.hit, ok)
		}
	}
	return g
}

// cell is the plan's skin of a cell, mm²; none where it has no head there.
func (g *grid) cell(x, y int) float64 {
	i := (y-g.box.Min.Y)/g.step*g.w + (x-g.box.Min.X)/g.step
	all := [4]int{i, i + 1, i + g.w + 1, i + g.w}
	var q [4]headframe.Vec
	for k, j := range all {
		if j >= len(g.p) || !g.hit[j] {
			return 0
		}
		q[k] = g.p[j]
	}
	return quad(q)
}

// inside reports whether a pixel lies within a closed line.
func inside(line [][2]float64, x, y float64) (in bool) {
	for i, b := range line {
		a := line[(i+len(line)-1)%len(line)]
		if (a[1] > y) != (b[1] > y) && x < a[0]+(b[0]-a[0])*(y-a[1])/(b[1]-a[1]) {
			in = !in
		}
	}
	return in
}
