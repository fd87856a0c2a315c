// Package visiontest draws what the tests of package vision and its parts
// measure: cameras, heads seen by them, and the printed card, each with an
// answer that is known.
//
// Millimetres are those of the head frame, pixels those of the upright photo.
// Only tests import it; what fails stops the test.
package visiontest

import (
	"image"

	"pointille/internal/headframe"
	"pointille/internal/headtest"
	"pointille/internal/raster"
)

// Look is a camera at eye that sees target in the middle of a w×h photo. focal
// is in pixels.
func Look(eye, target headframe.Vec, focal float64, w, h int) headframe.Camera {
	return headtest.Look(eye, target, focal, w, h)
}

// Photos of the average head are this large, at about 1 mm per pixel.
const (
	Width  = 300
	Height = 400
)

// Front is a photo from the front and a little above.
func Front() headframe.Camera {
	return Look(headframe.Vec{0, 240, 560}, headframe.Mean().Centre(), 560, Width, Height)
}

// Above is a photo from above.
func Above() headframe.Camera {
	return Look(headframe.Vec{0, 600, 120}, headframe.Mean().Centre(), 560, Width, Height)
}

// Seen is what f says of the place that each pixel shows, and off where the
// photo does not show the head.
func Seen(cam headframe.Camera, off float32, f func(p headframe.Vec) float32) *raster.Plane {
	s, eye, out := headframe.Mean(), cam.Eye(), raster.NewPlane(Width, Height)
	box := headtest.Bounds(cam, s)
	for i := range out.Pix {
		out.Pix[i] = off
		x, y := i%Width, i/Width
		if !(image.Point{X: x, Y: y}).In(box) {
			continue
		}
		if p, ok := s.Intersect(eye, cam.Ray(float64(x), float64(y))); ok {
			out.Pix[i] = f(p)
		}
	}
	return out
}

// Scalp says whether skin carries hair on the average head before any loss.
func Scalp() func(p headframe.Vec) bool {
	s := headframe.Mean()
	return func(p headframe.Vec) bool {
		d, _ := s.NativeDistance(p)
		return d > 0
	}
}
