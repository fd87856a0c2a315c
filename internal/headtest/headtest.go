// Package headtest draws heads for tests: cameras that stand where they are told
// to, and the maps that a faultless survey of their photos would hold. Only
// tests import it.
//
// Millimetres are those of the head frame, pixels those of the upright photo,
// angles degrees.
package headtest

import (
	"image"
	"image/color"
	"math"

	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// Look is a camera at eye that sees target in the middle of a w×h photo. focal
// is in pixels.
func Look(eye, target headframe.Vec, focal float64, w, h int) headframe.Camera {
	z := target.Sub(eye).Unit()
	up := headframe.Vec{0, 1, 0}
	if z[1] > 0.98 || z[1] < -0.98 {
		up = headframe.Vec{0, 0, 1} // seen from above the nose points down
	}
	x := z.Cross(up).Unit()
	y := z.Cross(x)
	c := headframe.Camera{FX: focal, FY: focal, CX: float64(w-1) / 2, CY: float64(h-1) / 2,
		R: [9]float64{x[0], x[1], x[2], y[0], y[1], y[2], z[0], z[1], z[2]}}
	c.T = c.ToCamera(eye).Mul(-1)
	return c
}

// Around is a camera that looks at a head's middle from a distance, mm: azimuth
// from the nose to the client's left, elevation above the ears. A pixel is
// mmPerPx at the middle.
func Around(s headframe.Surface, azimuth, elevation, distance, mmPerPx float64, w, h int) headframe.Camera {
	sinA, cosA := math.Sincos(azimuth * math.Pi / 180)
	sinE, cosE := math.Sincos(elevation * math.Pi / 180)
	eye := s.Centre().Add(headframe.Vec{sinA * cosE, sinE, cosA * cosE}.Mul(distance))
	return Look(eye, s.Centre(), distance/mmPerPx, w, h)
}

// Hair is what stands at a place of the scalp.
type Hair struct {
	PerCM2 float64 // hairs per cm² of skin
	Cover  uint8   // 0..255
}

// Maps are those of a survey.
type Maps struct {
	Regions, Hair *image.Gray
	Density       *image.Gray16
}

// Draw is what cam sees of a head on w×h pixels.
func Draw(s headframe.Surface, cam headframe.Camera, w, h int, hair func(p headframe.Vec) Hair) Maps {
	size := image.Rect(0, 0, w, h)
	m := Maps{image.NewGray(size), image.NewGray(size), image.NewGray16(size)}
	box, eye := Bounds(cam, s).Intersect(size), cam.Eye()
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			p, ok := s.Intersect(eye, cam.Ray(float64(x), float64(y)))
			if !ok {
				continue
			}
			class := ClassOf(s, p)
			m.Regions.SetGray(x, y, color.Gray{Y: class})
			if class == survey.Scalp {
				stands := hair(p)
				m.Hair.SetGray(x, y, color.Gray{Y: stands.Cover})
				m.Density.SetGray16(x, y, color.Gray16{Y: uint16(100 * stands.PerCM2)})
			}
		}
	}
	return m
}

// Bounds is a rectangle that holds the head: rays that pass it by cost most.
func Bounds(cam headframe.Camera, s headframe.Surface) (box image.Rectangle) {
	const n = 2000 // directions, 10 mm apart
	for k := range n {
		y := 1 - (2*float64(k)+1)/n
		r, turn := math.Sqrt(1-y*y), float64(k)*math.Pi*(3-math.Sqrt(5))
		u, v, ok := cam.Project(s.Point(headframe.Vec{r * math.Cos(turn), y, r * math.Sin(turn)}))
		if !ok {
			return image.Rect(-1<<20, -1<<20, 1<<20, 1<<20)
		}
		p := image.Pt(int(u), int(v))
		box = box.Union(image.Rectangle{Min: p, Max: p.Add(image.Pt(1, 1))})
	}
	return box.Inset(-3)
}

// ClassOf is the region of a head at a place of its skin.
func ClassOf(s headframe.Surface, p headframe.Vec) uint8 {
	if d, _ := s.NativeDistance(p); d > 0 {
		return survey.Scalp
	}
	glabella := s.Landmark(headframe.Glabella)
	front, back := s.Landmark(headframe.EarFrontL), s.Landmark(headframe.EarBackL)
	top, lobe := s.Landmark(headframe.EarTopL), s.Landmark(headframe.EarLobeL)
	switch {
	case p[2] < front[2]+3 && p[2] > back[2]-12 && p[1] < top[1] && p[1] > lobe[1]:
		return survey.Ear
	case p[2] > glabella[2]/2 && math.Abs(p[1]-glabella[1]) < 6 && math.Abs(p[0]) > 12 && math.Abs(p[0]) < 50:
		return survey.Brow
	}
	return survey.Skin
}

// Off is how far apart two cameras put the scalp that the first one sees: root
// mean square, mm across the view at the head.
func Off(s headframe.Surface, truth, found headframe.Camera) float64 {
	sum, n, mesh := 0.0, 0, s.Mesh(20)
	for i, p := range mesh.V {
		if d, _ := s.NativeDistance(p); d < 0 || mesh.N[i].Dot(truth.Eye().Sub(p).Unit()) < 0.2 {
			continue
		}
		x, y, _ := truth.Project(p)
		u, v, _ := found.Project(p)
		k := truth.MMPerPx(p)
		sum, n = sum+k*k*((x-u)*(x-u)+(y-v)*(y-v)), n+1
	}
	return math.Sqrt(sum / float64(max(n, 1)))
}

// Turned is the angle between two cameras, degrees.
func Turned(a, b headframe.Camera) float64 {
	turn, _, _ := a.Difference(b)
	return turn.Norm() * 180 / math.Pi
}
