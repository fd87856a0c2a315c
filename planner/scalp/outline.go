package scalp

import (
	"image"
	"math"
	"slices"

	"pointille/internal/headfit"
	"pointille/internal/headframe"
	"pointille/internal/raster"
	"pointille/vision/survey"
)

// view is a photo being fitted.
type view struct {
	photo headfit.Photo
	start headframe.Camera // from the survey
	cam   headframe.Camera
	slack headframe.Slack
	held  bool // more stiffly than others

	bare, hairy headframe.Outline // where scalp ends in the photo, under hair and without
	regions     *image.Gray
}

// slack is how far a camera that the survey fitted to one photo alone may move
// when all photos must agree on one head. A focal length that the photo stated is held
// as that allows: distance and focal length look nearly alike, and all views drift
// away together.
func slack(c *survey.Camera) headframe.Slack {
	out := headframe.Slack{Turn: doubtTurn, Shift: 20, Focal: 0.12}
	if c.FocalSigma > 0 {
		out.Focal = min(out.Focal, c.FocalSigma)
	}
	return out
}

// By how much cameras of surveys may turn, about each axis. On 53 photos of rendered
// heads they were turned by 4.8, 3.3 and 4.1 degrees about the head's axes, root mean
// square; while photos are judged a wrong one is let show how far it would go.
const (
	doubtTurn  = 8 * math.Pi / 180
	agreedTurn = 5 * math.Pi / 180
)

// agree tells a view that those which are left belong together.
func (v *view) agree() {
	v.photo.Agreed = true
	v.slack.Turn *= agreedTurn / doubtTurn
}

// gridSide is the long side of the grid on which regions are compared; the
// survey's network sees no finer. A smaller photo has its own pixels for a grid.
const gridSide = 128

// hairyFrom is the coverage from which an outline is that of hair, not of skin.
const hairyFrom = 0.35

func newView(p Photo) (*view, string) {
	if why := unusable(p); why != "" {
		return nil, why
	}
	cam := p.Survey.Camera.Camera
	v := &view{start: cam, cam: cam, slack: slack(p.Survey.Camera)}
	k := min(1, gridSide/float64(max(p.Regions.Rect.Dx(), p.Regions.Rect.Dy())))
	v.photo.Class = classPlanes(p.Regions, k)
	v.photo.Growth = growthPlane(p, k, v.photo.Class[survey.Scalp])
	v.photo.Grid = func(x, y float64) (float64, float64) { return (x+0.5)*k - 0.5, (y+0.5)*k - 0.5 }
	v.photo.Skin = survey.SkinOutline(p.Regions)
	for _, q := range survey.Outline(p.Regions) {
		if coverInside(p, q) > hairyFrom {
			v.hairy = append(v.hairy, q)
		} else {
			v.bare = append(v.bare, q)
		}
	}
	v.photo.Bare, v.photo.Hairy, v.regions = v.bare, v.hairy, p.Regions
	return v, ""
}

// classPlanes is the share of each region class in every cell of a grid k times
// the size of the map.
func classPlanes(regions *image.Gray, k float64) (out [headfit.Classes]*raster.Plane) {
	w, h := regions.Rect.Dx(), regions.Rect.Dy()
	gw, gh := max(1, int(math.Ceil(float64(w)*k))), max(1, int(math.Ceil(float64(h)*k)))
	for c := range out {
		out[c] = raster.NewPlane(gw, gh)
	}
	count := raster.NewPlane(gw, gh)
	step := max(1, int(0.25/k)) // about sixteen samples a cell
	for y := 0; y < h; y += step {
		for x := 0; x < w; x += step {
			i := min(gh-1, int(float64(y)*k))*gw + min(gw-1, int(float64(x)*k))
			if class := regions.Pix[y*regions.Stride+x]; int(class) < len(out) {
				out[class].Pix[i]++
			}
			count.Pix[i]++
		}
	}
	for _, plane := range out {
		for i := range plane.Pix {
			plane.Pix[i] /= max(1, count.Pix[i])
		}
	}
	return out
}

// growthPlane is how much of this photo's fullest growth stands in each cell of the
// grid: a tenth of its scalp is fuller.
func growthPlane(p Photo, k float64, scalp *raster.Plane) *raster.Plane {
	out := raster.NewPlane(scalp.W, scalp.H)
	var all []float64
	for y := range scalp.H {
		for x := range scalp.W {
			at := image.Pt(int((float64(x)+0.5)/k), int((float64(y)+0.5)/k))
			if s := scalp.Pix[y*scalp.W+x]; s > 0 && at.In(p.Density.Rect) {
				d := float64(p.Density.Gray16At(at.X, at.Y).Y) / 100
				out.Pix[y*scalp.W+x] = float32(d) * s
				all = append(all, d)
			}
		}
	}
	slices.Sort(all)
	full := leastFull
	if len(all) > 0 {
		full = max(full, all[len(all)*9/10])
	}
	for i, d := range out.Pix {
		out.Pix[i] = min(1, d/float32(full))
	}
	return out
}

// leastFull is the density, hairs/cm², below which the fullest growth of a photo is
// taken for thin.
const leastFull = 80.0

// coverInside is the mean coverage of the scalp around an outline point.
func coverInside(p Photo, q [2]float64) float64 {
	reach := max(2, max(p.Hair.Rect.Dx(), p.Hair.Rect.Dy())/120)
	sum, n := 0.0, 0.0
	for dy := -reach; dy <= reach; dy += max(1, reach/3) {
		for dx := -reach; dx <= reach; dx += max(1, reach/3) {
			at := image.Pt(int(q[0])+dx, int(q[1])+dy)
			if at.In(p.Regions.Rect) && p.Regions.GrayAt(at.X, at.Y).Y == survey.Scalp {
				sum += float64(p.Hair.GrayAt(at.X, at.Y).Y) / 255
				n++
			}
		}
	}
	return sum / max(n, 1)
}

// aboveJaw is how far above its lower end the head's outline counts, mm: maps end
// there against the neck, by their own guess of where that is, not against the
// background.
const aboveJaw = 12

// above keeps the outline's points that are not those of the head's lower end against the
// neck.
func (v *view) above(s headframe.Surface, o headframe.Outline) (out headframe.Outline) {
	for _, q := range o {
		if !besideClothes(v.regions, q) {
			out = append(out, q)
			continue
		}
		at, ok := s.Intersect(v.cam.Eye(), v.cam.Ray(q[0], q[1]))
		if !ok {
			_, dir := s.Gap(v.cam, q)
			at = s.Point(dir)
		}
		if !headframe.BelowJaw(at.Mul(1 / s.Shape[0]).Sub(headframe.Vec{0, aboveJaw, 0})) {
			out = append(out, q)
		}
	}
	return out
}

// besideClothes reports whether an outline point lies against what is neither
// background nor head.
func besideClothes(regions *image.Gray, q [2]float64) bool {
	reach := max(2, max(regions.Rect.Dx(), regions.Rect.Dy())/400)
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			at := image.Pt(int(q[0])+dx, int(q[1])+dy)
			if at.In(regions.Rect) && regions.GrayAt(at.X, at.Y).Y == survey.Clothes {
				return true
			}
		}
	}
	return false
}

func (v *view) turnCamera(s headframe.Surface) {
	v.photo.Bare, v.photo.Hairy = v.above(s, v.bare), v.above(s, v.hairy)
	v.cam = v.photo.Refine(s, v.start, v.cam, v.slack)
}

// compare lets every photo know what the others show at the same places.
func (m *Model) compare(views []*view) {
	photos, cams := m.used(views)
	if len(photos) < 2 {
		return
	}
	t := headfit.NewTogether(m.Surface, photos, cams)
	for i, p := range photos {
		p.Others = t.Without(i)
	}
}

// used are the photos that count, with their cameras.
func (m *Model) used(views []*view) (photos []*headfit.Photo, cams []headframe.Camera) {
	for i, v := range views {
		if m.Views[i].Used {
			photos, cams = append(photos, &v.photo), append(cams, v.cam)
		}
	}
	return photos, cams
}

// reshape sets the head's shape, at average size, to what all photos say and
// heads allow.
func (m *Model) reshape(views []*view) {
	photos, cams := m.used(views)
	m.Surface = headfit.Reshape(m.Surface, photos, cams)
}
