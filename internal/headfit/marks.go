package headfit

import (
	"math"

	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// mark is a place of the head and what a photo shows there. The place follows
// the head's shape, what is there stays.
type mark struct {
	dir  headframe.Vec
	off  float64          // how far it lies from the middle, in radii of the skin
	want [Classes]float64 // how well each region class fits the place, at most 1
}

// on is the mark on a head.
func (m mark) on(head headframe.Surface) headframe.Vec {
	return head.Centre().Add(m.dir.Mul(m.off * head.Radius(m.dir)))
}

// stands reports whether the mark is one of an ear and stands off the skin.
func (m mark) stands() bool { return m.off != 1 }

// marksOver is how many places of the whole sphere are looked at.
const marksOver = 900

// marksOf spreads marks evenly over the average head above the neck, and over its
// ears.
func marksOf(head headframe.Surface) []mark {
	var out []mark
	golden := math.Pi * (3 - math.Sqrt(5))
	for i := range marksOver {
		y := 1 - 2*(float64(i)+0.5)/marksOver
		r := math.Sqrt(1 - y*y)
		sin, cos := math.Sincos(golden * float64(i))
		d := headframe.Vec{r * cos, y, r * sin}
		p := head.Point(d)
		if headframe.Neck(p) || lowerFace(p) || headframe.BelowJaw(p.Sub(headframe.Vec{0, aboveJaw, 0})) {
			continue
		}
		out = append(out, mark{d, 1, expected(head, p)})
	}
	for _, p := range head.Ears() {
		m := mark{dir: head.Direction(p)}
		m.off = p.Sub(head.Centre()).Norm() / head.Radius(m.dir)
		m.want[survey.Ear] = 1
		out = append(out, m)
	}
	return out
}

// aboveJaw is how far above its lower end the head is looked at, mm: maps end there
// as their own guess of the place has it.
const aboveJaw = 10

// lowerFace is where a surface without nose and chin is no guide: left in, its
// cheeks would shrink the head until they lie within the face.
func lowerFace(p headframe.Vec) bool { return p[2] > 15 && p[1] < 12 }

// expected says what a photo of an average head shows at p.
func expected(head headframe.Surface, p headframe.Vec) (want [Classes]float64) {
	glabella := head.Landmark(headframe.Glabella)
	switch {
	case inEar(head, p):
		want[survey.Ear] = 1
	case p[2] > 0.5*glabella[2] && math.Abs(p[1]-glabella[1]) < browHigh && math.Abs(p[0]) > browFrom && math.Abs(p[0]) < browTo:
		want[survey.Brow], want[survey.Skin] = 1, 0.4
	default:
		scalp := head.NativeScalp(p)
		most := max(scalp, 1-scalp)
		want[survey.Scalp], want[survey.Skin] = scalp/most, (1-scalp)/most
		if p[1] < beardBelow { // sideburns: brow and beard are one class
			want[survey.Brow] = want[survey.Skin]
		}
	}
	return want
}

// Brows lie at the height of the glabella; beards begin below the eyes, mm.
const (
	browHigh   = 6
	browFrom   = 12
	browTo     = 52
	beardBelow = 5
)

// inEar is skin that an ear hides: an ellipse about its root as seen from the
// side, and a little more, because ears stand off backwards.
func inEar(head headframe.Surface, p headframe.Vec) bool {
	top, lobe := head.Landmark(headframe.EarTopL), head.Landmark(headframe.EarLobeL)
	front, back := head.Landmark(headframe.EarFrontL), head.Landmark(headframe.EarBackL)
	y, z := (top[1]+lobe[1])/2, (front[2]+back[2])/2
	a, b := (top[1]-lobe[1])/2, (front[2]-back[2])/2+earMore
	u, v := (p[1]-y)/a, (p[2]-z)/b
	return math.Abs(p[0]) > 0.5*top[0] && u*u+v*v < 1
}

const earMore = 5
