// Package roots runs the close-up network: from a macro photo to the number of
// hair roots to expect in each small cell of it.
//
// Both ends of a clean stump look alike, so the network looks twice: where its
// first answers, pooled over a neighbourhood, say which way the hair lies, it
// looks again knowing that. Weights are embedded; vision/train/closeup makes
// them from drawn pictures and holds the contract. Positions are pixels of the
// photo given or cells of the answer, resolutions pixels per millimetre.
// Errors are those of the guarded OpenCV room.
package roots

import (
	_ "embed"
	"fmt"
	"image"
	"math"

	"pointille/internal/cvx"
	"pointille/internal/raster"
)

//go:embed roots.onnx
var weights []byte

// Cell is the side of a cell in pixels at working resolution.
const Cell = 4

// The network learned on pictures of these resolutions; others are brought
// into the range.
const (
	finest   = 48.0
	coarsest = 20.0
)

// Hair is too long to count where this share of the cells it passes says so;
// fewCells keeps a stray hair on bald skin from deciding.
const (
	tooLong  = 0.5
	fewCells = 5
)

// Network is a loaded network. Close frees it.
type Network struct{ dnn *cvx.Net }

// Load reads the embedded weights.
func Load() (*Network, error) {
	dnn, err := cvx.LoadNet(weights)
	if err != nil {
		return nil, fmt.Errorf("loading the close-up network: %w", err)
	}
	return &Network{dnn: dnn}, nil
}

// Close frees the network.
func (n *Network) Close() error { return n.dnn.Close() }

// Seen is what the network says about a picture, cell by cell.
type Seen struct {
	Expected *raster.Plane    // hair roots to expect
	Way      [2]*raster.Plane // which way the hair goes that is rooted here, x and y; short where not known
	Grey     *raster.Plane    // brightness of the working picture, 0..255, by pixels
	PerMM    float64          // working resolution: pixels per mm, Cell of them to a cell
	TooLong  bool             // the hair is too long for roots to be seen

	kx, ky float64 // photo pixels per working pixel
}

// ToPhoto turns a position in cells into one in photo pixels.
func (s *Seen) ToPhoto(p [2]float64) [2]float64 { return s.FromWork(ToWork(p)) }

// ToWork turns a position in cells into one in pixels of the working picture.
func ToWork(p [2]float64) [2]float64 {
	return [2]float64{(p[0]+0.5)*Cell - 0.5, (p[1]+0.5)*Cell - 0.5}
}

// FromWork turns a position in the working picture into one in photo pixels.
func (s *Seen) FromWork(p [2]float64) [2]float64 {
	return [2]float64{(p[0]+0.5)*s.kx - 0.5, (p[1]+0.5)*s.ky - 0.5}
}

// WayAt is which way a hair goes that is rooted at a position in cells; nothing
// where that is not known.
func (s *Seen) WayAt(p [2]float64) [2]float64 {
	x, y := float64(s.Way[0].Sample(p[0], p[1])), float64(s.Way[1].Sample(p[0], p[1]))
	if math.Hypot(x, y) < knownWay {
		return [2]float64{}
	}
	return [2]float64{x, y}
}

// knownWay is the length of the network's mean direction from which it knows
// more than the axis of a hair.
const knownWay = 0.3

// Look runs the network on a photo of perMM pixels per mm.
func (n *Network) Look(img *image.NRGBA, perMM float64) (*Seen, error) {
	size := img.Rect.Size()
	l, err := n.look(img, perMM, resolution(size, perMM, glancePixels, glanceEnough), nil)
	if err != nil {
		return nil, err
	}
	if way := l.heading(); way != nil {
		if l, err = n.look(img, perMM, resolution(size, perMM, gazePixels, gazeEnough), way); err != nil {
			return nil, err
		}
	}
	return &Seen{
		Expected: l.cells[rootCh], Way: [2]*raster.Plane{l.cells[wayX], l.cells[wayY]}, Grey: l.grey(),
		PerMM: l.perMM, TooLong: l.tooLong(),
		kx: float64(size.X) / float64(l.img.Rect.Dx()), ky: float64(size.Y) / float64(l.img.Rect.Dy()),
	}, nil
}

// look runs the network at one resolution, told the way hair lies or nil.
func (n *Network) look(img *image.NRGBA, perMM, per float64, way *field) (*lens, error) {
	work, err := resample(img, per/perMM)
	if err != nil {
		return nil, fmt.Errorf("bringing the close-up to %.0f pixels per mm: %w", per, err)
	}
	l := newLens(n, work, per)
	l.way = way
	return l, l.look()
}

// Large pictures hold so many hairs that the last bit of resolution adds
// nothing but time. Up to so many pixels they are looked at as finely as the
// network can; beyond, no finer than enough, which still tells single hairs.
// The first look only asks which way hair lies.
const (
	gazePixels   = 800_000
	gazeEnough   = 28.0
	glancePixels = 400_000
	glanceEnough = coarsest
)

// resolution is how finely, in pixels per mm, a picture is looked at.
func resolution(size image.Point, perMM, pixels, enough float64) float64 {
	per := min(max(perMM, coarsest), finest)
	fits := perMM * math.Sqrt(pixels/float64(size.X*size.Y))
	return min(per, max(fits, enough))
}

// resample makes the photo k times as large.
func resample(img *image.NRGBA, k float64) (*image.NRGBA, error) {
	w, h := max(1, int(math.Round(float64(img.Rect.Dx())*k))), max(1, int(math.Round(float64(img.Rect.Dy())*k)))
	how := cvx.Area
	if k > 1 {
		how = cvx.Linear
	}
	return cvx.Resize(img, w, h, how)
}
