package preview

import (
	"bytes"
	"image"
	"math"

	"pointille/internal/headframe"
	"pointille/planner/plan"
)

// Reach of the planned skin around a dot, in mean spacings: beyond 1.5 there
// would be another dot if that skin were planned. It fades over the last half.
const (
	skinReach = 1.5
	skinFade  = 0.5
)

// Skin returns the planned skin in a photo, as a mask for Input: what lies
// within reach of a visible dot, foreshortened as the dot is, and is skin.
// isSkin says which classes of the photo's regions map are; a nil regions map
// allows everything.
func Skin(p plan.Photo, spacingMM float64, dots []plan.Dot, seen []plan.Seen, regions *image.Gray, isSkin func(class uint8) bool) *image.Gray {
	mask := image.NewGray(image.Rect(0, 0, p.Width, p.Height))
	eye := p.Camera.Eye()
	for i, s := range seen {
		if s.Visible && i < len(dots) {
			paint(mask, s, p.Camera, eye, dots[i], spacingMM*skinReach)
		}
	}
	if regions == nil || regions.Rect.Size() != mask.Rect.Size() {
		return mask
	}
	for y := range p.Height {
		row, class := mask.Pix[y*mask.Stride:][:p.Width], regions.Pix[y*regions.Stride:]
		for x := range row {
			if row[x] != 0 && !isSkin(class[x]) {
				row[x] = 0
			}
		}
	}
	return mask
}

// paint raises the mask to the dot's disc of the given radius, mm.
func paint(mask *image.Gray, s plan.Seen, cam headframe.Camera, eye headframe.Vec, d plan.Dot, radius float64) {
	mm := cam.MMPerPx(d.P)
	if mm <= 0 {
		return
	}
	toEye := eye.Sub(d.P).Unit()
	squeeze := max(0.2, d.N.Dot(toEye))
	ax, ay := tilt(cam, d.N)
	r := radius / mm
	x0, x1 := max(0, int(s.X-r)), min(mask.Rect.Dx()-1, int(s.X+r)+1)
	y0, y1 := max(0, int(s.Y-r)), min(mask.Rect.Dy()-1, int(s.Y+r)+1)
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			dx, dy := float64(x)-s.X, float64(y)-s.Y
			along := dx*ax + dy*ay
			across := -dx*ay + dy*ax
			q := math.Hypot(along/squeeze, across) / r
			v := uint8(255 * min(1, max(0, (1-q)*skinReach/skinFade)))
			if at := y*mask.Stride + x; v > mask.Pix[at] {
				mask.Pix[at] = v
			}
		}
	}
}

// tilt is the direction in the picture along which skin with normal n is
// foreshortened.
func tilt(cam headframe.Camera, n headframe.Vec) (x, y float64) {
	r := cam.R
	x = r[0]*n[0] + r[1]*n[1] + r[2]*n[2]
	y = r[3]*n[0] + r[4]*n[1] + r[5]*n[2]
	l := math.Hypot(x, y)
	if l < 1e-9 {
		return 1, 0
	}
	return x / l, y / l
}

// masked is the least part of r, pixels from the mask's top left, that holds all
// of the mask in it.
func masked(mask *image.Gray, r image.Rectangle) image.Rectangle {
	none := make([]uint8, r.Dx())
	row := func(y int) []uint8 { return mask.Pix[y*mask.Stride+r.Min.X:][:r.Dx()] }
	for ; r.Min.Y < r.Max.Y && bytes.Equal(row(r.Min.Y), none); r.Min.Y++ {
	}
	for ; r.Min.Y < r.Max.Y && bytes.Equal(row(r.Max.Y-1), none); r.Max.Y-- {
	}
	left, right := r.Dx(), 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		line := row(y)
		for x := 0; x < left; x++ {
			if line[x] != 0 {
				left = x
			}
		}
		for x := len(line); x > right; x-- {
			if line[x-1] != 0 {
				right = x
			}
		}
	}
	return image.Rect(r.Min.X+left, r.Min.Y, r.Min.X+max(left, right), r.Max.Y)
}
