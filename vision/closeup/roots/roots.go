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

// Seen is what the network says about a picture.
type Seen struct {
	Expected *raster.Plane // hair roots to expect per cell
	PerMM    float64       // working resolution: pixels per mm, Cell of them to a cell
	TooLong  bool          // the hair is too long for roots to be seen

	kx, ky float64 // photo pixels per working pixel
}

// ToPhoto turns a position in cells into one in photo pixels.
func (s *Seen) ToPhoto(p [2]float64) [2]float64 {
	return [2]float64{(p[0]+0.5)*Cell*s.kx - 0.5, (p[1]+0.5)*Cell*s.ky - 0.5}
}

// Look runs the network on a photo of perMM pixels per mm.
func (n *Network) Look(img *image.NRGBA, perMM float64) (*Seen, error) {
	work, per, err := resample(img, perMM)
	if err != nil {
		return nil, err
	}
	l := newLens(n, work, per)
	if err := l.look(); err != nil {
		return nil, err
	}
	if l.head() {
		if err := l.look(); err != nil {
			return nil, err
		}
	}
	return &Seen{
		Expected: l.cells[rootCh], PerMM: per, TooLong: l.tooLong(),
		kx: float64(img.Rect.Dx()) / float64(work.Rect.Dx()),
		ky: float64(img.Rect.Dy()) / float64(work.Rect.Dy()),
	}, nil
}

// resample brings the photo to a resolution the network knows.
func resample(img *image.NRGBA, perMM float64) (*image.NRGBA, float64, error) {
	per := min(max(perMM, coarsest), finest)
	k := per / perMM
	w, h := max(1, int(math.Round(float64(img.Rect.Dx())*k))), max(1, int(math.Round(float64(img.Rect.Dy())*k)))
	how := cvx.Area
	if k > 1 {
		how = cvx.Linear
	}
	work, err := cvx.Resize(img, w, h, how)
	if err != nil {
		return nil, 0, fmt.Errorf("bringing the close-up to %.0f pixels per mm: %w", per, err)
	}
	return work, per, nil
}
