package design

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/interp"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/plan"
	"pointille/planner/scalp"
)

// Hairline is the planned front edge: one distance rho from the face axis for
// each direction psi (see headframe.Face), from temple to temple.
type Hairline struct {
	face      headframe.Face
	surface   headframe.Surface
	rho       []float64 // at psiAt(0..steps-1)
	kept      []float64 // 0..1 there: the line is the client's own
	edge      string
	soft      float64 // mm
	source    string
	choice    string
	heightMM  float64
	ownMM     float64 // height of the client's own line, 0 where there is none
	corner    float64 // direction of the fronto-temporal points, radians
	sizeSigma float64 // relative, of all lengths
	temple    float64 // and of the temple points
}

const (
	steps    = 145
	psiLimit = 108 * math.Pi / 180
	// sentinel is how far in front of the line single dots may stand, mm.
	sentinel = 2.5
)

func psiAt(i int) float64 { return psiLimit * (2*float64(i)/(steps-1) - 1) }

// Heights between which a wished or ruled line is looked for, mm along the skin.
const lowest, highest = 40, 150

// ownLowest is the height below which no adult's hairline grows: five standard
// deviations below the mean of 67 mm (Kashiyama 2021), mm.
const ownLowest = 45

// newHairline draws the line that was given, or proposes one.
func newHairline(g *ground, o Options) (*Hairline, error) {
	h := &Hairline{face: g.face, surface: g.model.Surface, edge: o.Edge, choice: o.Alternative, sizeSigma: g.model.Scale.Sigma}
	h.soft = craft.SoftZone(o.Edge).Value
	if i := steps / 2; !math.IsInf(g.line[i], 1) {
		h.ownMM = h.heightOf(g.line[i])
	}
	if h.ownMM < ownLowest { // a photo laid askew, or a fringe over the forehead
		h.ownMM = 0
	}
	if o.Points != nil {
		h.source = "wished"
		if err := h.through(o.Points); err != nil {
			return nil, err
		}
	} else if err := h.propose(g.line, o); err != nil {
		return nil, err
	}
	h.heightMM = h.heightOf(h.rho[steps/2])
	return h, nil
}

// propose follows the craft's rules where the client has no line of their own,
// and the client's own line where that is lower, or wherever it is on request.
func (h *Hairline) propose(own []float64, o Options) error {
	height := h.ruleHeight(o)
	h.source = "proposed"
	asked := o.Alternative == "keep" && o.HeightMM == 0
	if h.keeps(asked, o) || (h.ownMM > 0 && h.ownMM < height) {
		height, h.source = h.ownMM, "kept"
	}
	if o.Alternative == "keep" && h.ownMM == 0 {
		return errors.New("hairline \"keep\": the photos show no front hairline to keep; choose high, natural or low")
	}
	curve, err := h.ruleCurve(height, o.Female)
	if err != nil {
		return err
	}
	noise := newWander(o.Seed)
	ruled := make([]float64, steps)
	for i := range ruled {
		psi := psiAt(i)
		ruled[i] = curve(psi) + noise.at(psi)/h.radius(psi, curve(psi))
	}
	h.join(ruled, settled(own), asked, curve)
	return nil
}

// keeps reports whether the line starts from the client's own. Where sizes are
// uncertain the client's own hair has the benefit of the doubt.
func (h *Hairline) keeps(asked bool, o Options) bool {
	if asked {
		return h.ownMM > 0
	}
	return o.HeightMM == 0 && h.ownMM > 0 && h.ownMM*(1-h.sizeSigma) <= craft.OwnHighest().Value && o.Alternative != "low"
}

// ruleHeight is the mid-frontal height by the craft's rules, mm.
func (h *Hairline) ruleHeight(o Options) float64 {
	if o.HeightMM != 0 {
		return o.HeightMM
	}
	q := craft.HeightMen()
	if o.Female {
		q = craft.HeightWomen()
	}
	v := q.Value
	switch o.Alternative {
	case "high":
		v = (q.Value + q.High) / 2
	case "low":
		v = (q.Value + q.Low) / 2
	}
	if o.Age > 40 {
		v += craft.HeightPerYear().Value * float64(o.Age-40)
	}
	return v
}

// ruleCurve passes through the mid-frontal point, the fronto-temporal points
// and the average head's own temples.
func (h *Hairline) ruleCurve(height float64, female bool) (func(psi float64) float64, error) {
	rho0, err := h.rhoAt(height)
	if err != nil {
		return nil, err
	}
	recession := craft.Recession().Value
	if female {
		recession = craft.Recession().Low / 2
	}
	ftPsi, ftRho := h.face.Angles(h.beside(craft.TempleLateral().Value, h.face.Point(0, rho0)[1], recession))
	temple := ftPsi + 32*math.Pi/180
	h.corner, h.temple = ftPsi, temple
	xs := []float64{0, ftPsi * 0.55, ftPsi, temple, (temple + psiLimit) / 2, psiLimit}
	ys := []float64{rho0, rho0 + 0.3*(ftRho-rho0), ftRho, h.native(temple), h.native((temple + psiLimit) / 2), h.native(psiLimit)}
	var fit interp.FritschButland
	if err := fit.Fit(xs, ys); err != nil {
		return nil, fmt.Errorf("drawing the hairline: %w", err)
	}
	return func(psi float64) float64 { return fit.Predict(math.Abs(psi)) }, nil
}

// beside is the skin that far to the client's left of the middle, and so far behind a
// level, along the skin. Looked for at a height instead, it would lie 40 mm behind
// where the top of the head is nearly level.
func (h *Hairline) beside(lateral, level, behind float64) headframe.Vec {
	const step = 0.005 // radians, half a millimetre
	angle := -math.Pi / 4
	at := h.upright(lateral, angle)
	for at[1] < level && angle < math.Pi/2 {
		angle += step
		at = h.upright(lateral, angle)
	}
	for behind > 0 && angle < math.Pi/2 {
		angle += step
		next := h.upright(lateral, angle)
		behind -= next.Sub(at).Norm()
		at = next
	}
	return at
}

// upright is the skin in the upright plane beside the middle, at an angle from forwards
// to upwards.
func (h *Hairline) upright(lateral, angle float64) headframe.Vec {
	sin, cos := math.Sincos(angle)
	in, out := 0.0, 200*h.surface.Shape[0]
	at := func(r float64) headframe.Vec { return h.surface.Centre().Add(headframe.Vec{lateral, r * sin, r * cos}) }
	for range 30 {
		r := (in + out) / 2
		if above, _ := h.surface.Height(at(r)); above > 0 {
			out = r
		} else {
			in = r
		}
	}
	return at(in)
}

// native is the average head's own hairline in a direction.
func (h *Hairline) native(psi float64) float64 {
	for rho := 15.0; rho < 110; rho += 0.5 {
		if h.surface.NativeScalp(h.face.Point(psi, rho*math.Pi/180)) > 0.5 {
			return rho * math.Pi / 180
		}
	}
	return 110 * math.Pi / 180
}

// ownShare is the fullness at which a hairline is read.
const ownShare = 0.5

// ownLine is where the client's own hair reaches half its fullness, in
// each direction; infinite where it never does or no photo shows it.
func ownLine(m *scalp.Model, grid *nearest, f headframe.Face, hair own) []float64 {
	own := make([]float64, steps)
	const step = 0.75 * math.Pi / 180
	for i := range own {
		own[i] = math.Inf(1)
		held := 0
		for rho := 15 * math.Pi / 180; rho < 100*math.Pi/180; rho += step {
			p := f.Point(psiAt(i), rho)
			if grid.sample(p, m.Field.Seen) < seenEnough || grid.sample(p, hair.at) < ownShare {
				held = 0
				continue
			}
			if held++; held == 8 { // about 9 mm of skin: an edge, not a stray tuft
				own[i] = rho - 7*step
				break
			}
		}
	}
	return own
}

// through takes a drawn line.
func (h *Hairline) through(points []headframe.Vec) error {
	if len(points) < 3 {
		return fmt.Errorf("hairline of %d points: at least 3 are needed", len(points))
	}
	xs, ys := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		q, _ := h.surface.Project(p)
		if q.Sub(p).Norm() > 25 || math.IsNaN(p[0]+p[1]+p[2]) {
			return fmt.Errorf("hairline point %d lies %.0f mm off the head", i+1, q.Sub(p).Norm())
		}
		xs[i], ys[i] = h.face.Angles(q)
		if i > 0 && xs[i] <= xs[i-1] {
			return fmt.Errorf("hairline point %d turns back on point %d: draw from the client's right temple to the left without crossing", i+1, i)
		}
	}
	var fit interp.FritschButland
	if err := fit.Fit(xs, ys); err != nil {
		return fmt.Errorf("drawing the hairline: %w", err)
	}
	h.rho, h.kept = make([]float64, steps), make([]float64, steps)
	for i := range h.rho {
		psi := psiAt(i)
		h.rho[i] = max(fit.Predict(psi), 0.2)
		if psi < xs[0] || psi > xs[len(xs)-1] {
			h.rho[i] = max(h.rho[i], h.native(psi))
		}
	}
	return nil
}

// rhoAt is the distance from the face axis of the midline point at a height
// along the skin above the glabella.
func (h *Hairline) rhoAt(height float64) (float64, error) {
	if height < lowest || height > highest {
		return 0, fmt.Errorf("hairline height %.0f mm: must lie between %d and %d", height, lowest, highest)
	}
	for rho := 0.0; rho < 130*math.Pi/180; rho += 0.002 {
		if h.heightOf(rho) >= height {
			return rho, nil
		}
	}
	return 0, fmt.Errorf("hairline height %.0f mm: beyond the crown of this head", height)
}

// heightOf is the skin distance from the glabella to the midline at rho, mm.
func (h *Hairline) heightOf(rho float64) float64 {
	glabella := h.surface.Landmark(headframe.Glabella)
	_, from := h.face.Angles(glabella)
	from = -from // the glabella lies below the axis
	length, last := 0.0, h.face.Point(0, from)
	const n = 60
	for k := 1; k <= n; k++ {
		p := h.face.Point(0, from+(rho-from)*float64(k)/n)
		length += p.Sub(last).Norm()
		last = p
	}
	return length
}

func (h *Hairline) radius(psi, rho float64) float64 {
	return h.face.Point(psi, rho).Sub(h.surface.Centre()).Norm()
}

// behind is how far p lies behind the line, mm along the skin; negative in
// front of it. Beyond the temples everything is behind. kept is how far the
// line there is the client's own, 0..1.
func (h *Hairline) behind(p headframe.Vec) (mm, kept float64) {
	psi, rho := h.face.Angles(p)
	if math.Abs(psi) >= psiLimit {
		return math.Inf(1), 0
	}
	t := (psi/psiLimit + 1) / 2 * (steps - 1)
	i := min(int(t), steps-2)
	f := t - float64(i)
	line := h.rho[i]*(1-f) + h.rho[i+1]*f
	slope := (h.rho[i+1] - h.rho[i]) / (psiAt(1) - psiAt(0)) / max(leastSin, math.Sin(rho))
	return (rho - line) * p.Sub(h.surface.Centre()).Norm() / math.Sqrt(1+slope*slope), h.kept[i]*(1-f) + h.kept[i+1]*f
}

// leastSin keeps slopes finite where all directions meet, at the face axis.
const leastSin = 0.2

func (h *Hairline) covers(p headframe.Vec) bool {
	mm, _ := h.behind(p)
	return h.reaches(mm)
}

// reaches reports whether dots may stand mm behind the line.
func (h *Hairline) reaches(mm float64) bool {
	if h.edge == "soft" || h.edge == "broken" {
		return mm > -sentinel
	}
	return mm > 0
}

// ramp is the share of the density behind the line: singles far apart at the
// edge, full after the soft zone. Where the client's own line is kept, its own
// soft edge is left as it is: dots there would draw a line.
func (h *Hairline) ramp(p headframe.Vec) float64 { return h.rise(h.behind(p)) }

// rise is the ramp at a distance behind the line.
func (h *Hairline) rise(d, kept float64) float64 {
	own := smooth(ownFrom, ownTo, d)
	if d < 0 {
		return (1 - kept) * sentinelShare
	}
	start := edgeShare
	if h.edge == "hard" {
		start = 0.8
	}
	return (1-kept)*(start+(1-start)*smooth(0, h.soft, d)) + kept*own
}

// A natural hairline rises to its density over 4 to 11 mm (rendered heads;
// 5-10 mm in BaldingBlog 2012), and photos are laid on the head to about 7 mm
// (landmarks of rendered heads): behind that a gap is loss.
const (
	ownFrom = 8
	ownTo   = 20
)

// Shares of the density at the line and in front of it: transition zones are
// described as singles, sparser (BaldingBlog 2012); the numbers are assumptions.
const (
	edgeShare     = 0.35
	sentinelShare = 0.1
)

// Plan returns the line as the plan states it.
func (h *Hairline) Plan() *plan.Hairline {
	out := &plan.Hairline{HeightMM: h.heightMM, Edge: h.edge, SoftMM: h.soft, Source: h.source, Alternate: h.choice}
	for i := range h.rho {
		out.Points = append(out.Points, h.face.Point(psiAt(i), h.rho[i]))
	}
	return out
}

// wander is the irregularity of a natural line: a slow undulation, a fine
// jitter, and a difference between the sides, mm.
type wander struct {
	phase      [4]float64
	tilt       float64
	slow, fine float64
}

func newWander(seed uint64) wander {
	r := rand.New(rand.NewPCG(seed, 0x68616972))
	w := wander{slow: craft.Macro().Value, fine: craft.Micro().Value}
	for k := range w.phase {
		w.phase[k] = r.Float64() * 2 * math.Pi
	}
	w.tilt = craft.Asymmetry().Value * (1 - 2*float64(r.IntN(2)))
	return w
}

// at is the displacement in direction psi. One radian of psi is about 70 mm of
// hairline, so that 70/22 and 70/16 waves give periods of 22 and 16 mm.
func (w wander) at(psi float64) float64 {
	s := psi * 70
	slow := math.Sin(s/22*2*math.Pi+w.phase[0])*0.6 + math.Sin(s/16*2*math.Pi+w.phase[1])*0.4
	fine := math.Sin(s/5.3*2*math.Pi+w.phase[2])*0.6 + math.Sin(s/3.7*2*math.Pi+w.phase[3])*0.4
	return w.slow*slow + w.fine*fine + w.tilt/2*psi/psiLimit
}
