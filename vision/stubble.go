package vision

import (
	"pointille/internal/colour"
	"pointille/vision/headmap"
	"pointille/vision/regions"
	"pointille/vision/survey"
	"pointille/vision/tone"
)

// What counts as full stubble and as bare skin, shares of this photo's full density and
// of coverage. Full hair that hides more than mostHidden is too long to be stubble.
const (
	fullFrom   = 0.75
	bareTo     = 0.12
	bareHidden = 0.05
	mostHidden = 0.75
)

// flattest is the cosine between skin and view from which its brightness is compared.
const flattest = 0.4

// lowestBare is how far above the ear openings skin must lie to be compared with: below,
// nose, chin and shoulders throw shadows and the head's model is but a rough face, mm.
const lowestBare = 25

// patches are the head's cells as tone.Stubble compares them.
func patches(m *regions.Maps, cells *headmap.Map, full float64) []tone.Patch {
	var out []tone.Patch
	light := colour.NewTables()
	for k, hit := range cells.Hit {
		if !hit || cells.Cos[k] < flattest {
			continue
		}
		x, y := cells.Centre(k%cells.W, k/cells.W)
		u, v := m.At(x, y)
		p := tone.Patch{}
		class := m.Regions.GrayAt(int(u+0.5), int(v+0.5)).Y
		switch density, hidden := float64(m.Density.Sample(u, v)), m.Hair.Sample(u, v); {
		case class == survey.Skin && cells.P[k][1] < lowestBare:
			continue
		case class == survey.Skin:
			p.Bare = true
		case class != survey.Scalp:
			continue
		case density < bareTo*full && hidden < bareHidden:
			p.Bare = true
		case density > fullFrom*full && hidden < mostHidden:
			p.Full = true
		default:
			continue
		}
		p.Light = mean(m, light, u, v, cells.Step/m.Scale)
		p.At, p.Normal = cells.P[k], cells.N[k]
		out = append(out, p)
	}
	return out
}

// mean is the mean light of the square of pixels about (u, v).
func mean(m *regions.Maps, light *colour.Tables, u, v, side float64) (out [3]float64) {
	b := m.Small.Rect
	x0, y0 := max(0, int(u-side/2+0.5)), max(0, int(v-side/2+0.5))
	x1, y1 := min(b.Dx(), max(x0+1, int(u+side/2+0.5))), min(b.Dy(), max(y0+1, int(v+side/2+0.5)))
	n := 0.0
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			px := m.Small.Pix[y*m.Small.Stride+4*x:]
			for c := range out {
				out[c] += float64(light.Linear(px[c]))
			}
			n++
		}
	}
	for c := range out {
		out[c] /= max(n, 1)
	}
	return out
}
