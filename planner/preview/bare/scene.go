package bare

import (
	"image"
	"math"
	"slices"

	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/internal/raster"
	"pointille/vision/survey"
)

// scene is the photo on a grid of cells.
type scene struct {
	in     Input
	photo  *image.NRGBA
	tables *colour.Tables
	w, h   int // of the photo
	step   int // pixels per cell
	cw, ch int // cells

	head   layer         // bare skin
	room   layer         // what is behind the client, where no hair hangs before it
	body   layer         // the same of neck, clothes and all else that is not head
	around field         // hair in the neighbourhood of each cell, 0..1
	beside field         // the same further around, for strands that stand off the head
	growth field         // hairs per cm² of each cell
	sight  []colour.RGB  // mean light of what is seen of the head in each cell, hair and all; zero: none of it
	normal []vec3        // of the skin; zero where the head is not
	skin   *raster.Plane // how much of the surroundings of a pixel is on the head: the map's border is a staircase
}

type vec3 = headframe.Vec

// layer is what a cell shows of one kind of pixel: mean light and how much of
// the cell it is.
type layer struct {
	light  []colour.RGB
	weight []float64
}

// cells along the longer side: shading is smooth, so a few hundred tell it all.
const cells = 320

func newScene(photo *image.NRGBA, in Input) *scene {
	s := &scene{in: in, photo: photo, tables: colour.NewTables(), w: photo.Rect.Dx(), h: photo.Rect.Dy()}
	s.step = max(2, (max(s.w, s.h)+cells-1)/cells)
	s.cw, s.ch = (s.w+s.step-1)/s.step, (s.h+s.step-1)/s.step
	s.head, s.room, s.body = s.newLayer(), s.newLayer(), s.newLayer()
	cover := make([]float64, s.cw*s.ch)
	s.around, s.beside, s.growth = make(field, len(cover)), make(field, len(cover)), make(field, len(cover))
	s.sight = make([]colour.RGB, len(cover))
	for i := range cover {
		cover[i] = s.sample(i)
	}
	for i := range cover {
		s.around[i], s.beside[i] = s.most(cover, i, 1), s.most(cover, i, standOff)
	}
	s.normal = s.normals()
	s.skin = s.membership()
	return s
}

// membership is 1 on the head and 0 beside it, soft over about a two-hundredth
// of the picture.
func (s *scene) membership() *raster.Plane {
	p := raster.NewPlane(s.w, s.h)
	for y := range s.h {
		for x := range s.w {
			if !beside(s.class(x, y)) {
				p.Pix[y*s.w+x] = 1
			}
		}
	}
	r := max(1, max(s.w, s.h)/300)
	return p.Blurred(r).Blurred(r)
}

// standOff is how many cells the strands of short hair stand off what a map
// calls hair.
const standOff = 4

func (s *scene) newLayer() layer {
	return layer{light: make([]colour.RGB, s.cw*s.ch), weight: make([]float64, s.cw*s.ch)}
}

func (s *scene) class(x, y int) uint8 { return s.in.Regions.Pix[y*s.in.Regions.Stride+x] }

func (s *scene) photoAt(x, y int) [4]uint8 {
	return [4]uint8(s.photo.Pix[y*s.photo.Stride+4*x:])
}

// bareHair is the coverage, 0..255, up to which a pixel tells the colour of
// what is under it.
const bareHair = 20

// sample fills in the layers of one cell and returns its mean coverage.
func (s *scene) sample(i int) float64 {
	x0, y0 := i%s.cw*s.step, i/s.cw*s.step
	x1, y1 := min(x0+s.step, s.w), min(y0+s.step, s.h)
	hair, grows, seen := 0.0, 0.0, 0.0
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			v := s.in.Hair.Pix[y*s.in.Hair.Stride+x]
			hair += float64(v) / 255
			n := float64(s.in.Growth.Gray16At(s.in.Growth.Rect.Min.X+x, s.in.Growth.Rect.Min.Y+y).Y) / 100
			grows += n
			class := s.class(x, y)
			if onHead(class) {
				seen++
				for k, v := range s.linear(x, y) {
					s.sight[i][k] += v
				}
			}
			if v > bareHair || n > sparse {
				continue
			}
			switch {
			case onHead(class):
				s.head.see(i, s.linear(x, y))
			case class == survey.Background:
				s.room.see(i, s.linear(x, y))
			case class == survey.Clothes:
				s.body.see(i, s.linear(x, y))
			}
		}
	}
	n := float64((x1 - x0) * (y1 - y0))
	s.head.finish(i, n)
	s.room.finish(i, n)
	s.body.finish(i, n)
	s.growth[i] = grows / n
	for k := range s.sight[i] {
		s.sight[i][k] /= max(1, seen)
	}
	return hair / n
}

func (s *scene) linear(x, y int) colour.RGB {
	p := s.photoAt(x, y)
	return colour.RGB{float64(s.tables.Linear(p[0])), float64(s.tables.Linear(p[1])), float64(s.tables.Linear(p[2]))}
}

func (l layer) see(i int, c colour.RGB) {
	for k := range c {
		l.light[i][k] += c[k]
	}
	l.weight[i]++
}

func (l layer) finish(i int, pixels float64) {
	if l.weight[i] > 0 {
		for k := range l.light[i] {
			l.light[i][k] /= l.weight[i]
		}
	}
	l.weight[i] /= pixels
}

// most is the largest coverage within r cells: strands stick out of what a map
// calls hair.
func (s *scene) most(cover []float64, i, r int) float64 {
	x, y, v := i%s.cw, i/s.cw, 0.0
	for b := max(0, y-r); b <= min(s.ch-1, y+r); b++ {
		for a := max(0, x-r); a <= min(s.cw-1, x+r); a++ {
			v = max(v, cover[b*s.cw+a])
		}
	}
	return v
}

// normals of the skin at every cell, every other one being looked for on the
// surface.
func (s *scene) normals() []vec3 {
	out := make([]vec3, s.cw*s.ch)
	eye := s.in.Camera.Eye()
	for y := 0; y < s.ch; y += 2 {
		for x := 0; x < s.cw; x += 2 {
			if !s.anyHead(x, y) {
				continue
			}
			ray := s.in.Camera.Ray(float64(x*s.step)+float64(s.step)/2, float64(y*s.step)+float64(s.step)/2)
			p, ok := s.in.Surface.Intersect(eye, ray)
			if !ok {
				continue
			}
			n := s.in.Surface.Normal(s.in.Surface.Direction(p))
			for _, k := range [4][2]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
				if x+k[0] < s.cw && y+k[1] < s.ch {
					out[(y+k[1])*s.cw+x+k[0]] = n
				}
			}
		}
	}
	return out
}

func (s *scene) anyHead(x, y int) bool {
	px, py := min(x*s.step+s.step/2, s.w-1), min(y*s.step+s.step/2, s.h-1)
	return onHead(s.class(px, py))
}

// beyond is the share of the hair's pixels that are beside the head.
func (s *scene) beyond() float64 {
	on, off := 0.0, 0.0
	for y := range s.h {
		for x := range s.w {
			v := float64(s.in.Hair.Pix[y*s.in.Hair.Stride+x])
			if c := s.class(x, y); beside(c) {
				off += v
			} else if onHead(c) {
				on += v
			}
		}
	}
	return off / max(1, on+off)
}

// fibre compares the hair with the skin that would be lit in its place.
func (s *scene) fibre(lit *grid) [3]float64 {
	var ratios [3][]float64
	for y := 0; y < s.h; y += 2 {
		for x := 0; x < s.w; x += 2 {
			if s.class(x, y) != survey.Scalp || float64(s.in.Hair.Pix[y*s.in.Hair.Stride+x])/255 < many {
				continue
			}
			hair, skin := s.linear(x, y), lit.at(s, x, y)
			for c := range hair {
				ratios[c] = append(ratios[c], hair[c]/max(skin[c], 1e-3))
			}
		}
	}
	out := [3]float64{1, 1, 1}
	for c, r := range ratios {
		if len(r) > 0 {
			slices.Sort(r)
			out[c] = r[len(r)/4]
		}
	}
	return out
}

// grain is the relative deviation of bare pixels from their cell's mean: half
// of them deviate by less than 0.67 of it.
func (s *scene) grain(l layer) float64 {
	var off []float64
	for y := 1; y < s.h; y += 3 {
		for x := 1; x < s.w; x += 3 {
			i := y/s.step*s.cw + x/s.step
			if l.weight[i] < 0.999 || !(l.light[i][1] > 0.02) {
				continue
			}
			off = append(off, math.Abs(s.linear(x, y)[1]/l.light[i][1]-1))
		}
	}
	if len(off) == 0 {
		return 0
	}
	slices.Sort(off)
	return off[len(off)/2] / 0.6745
}
