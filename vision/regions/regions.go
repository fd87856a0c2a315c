// Package regions turns the network's coarse answer into maps with borders
// that follow the picture.
//
// Maps are at a working size of at most 1024 pixels on the long side, which is
// about 0.3 mm per pixel on a head that fills the picture; the files are
// written at the size of the photo. Errors are those of the guarded OpenCV room.
package regions

import (
	"fmt"
	"image"
	"math"

	"pointille/internal/cvx"
	"pointille/internal/headframe"
	"pointille/internal/raster"
	"pointille/vision/net"
	"pointille/vision/survey"
)

// WorkingSide is the long side of the maps, pixels, where the photo is larger.
const WorkingSide = 1024

// Maps are what one photo shows, all at the size of Small.
type Maps struct {
	Small   *image.NRGBA  // the photo at working size
	Scale   float64       // photo pixels per working pixel
	Regions *image.Gray   // classes of package survey
	Hair    *raster.Plane // coverage of scalp hair, 0..1
	Density *raster.Plane // hairs per cm² of scalp; 0 off the scalp
	Grown   *raster.Plane // share of a full growth of hair, about 0..1
	Neck    *image.Gray   // 255 where the skin seen is that of the neck
	Heads   int           // separate heads seen
	Head    image.Rectangle
}

// Refine snaps the prediction's borders to the picture with a guided filter.
// small is the photo as Shrink returns it.
func Refine(small *image.NRGBA, p *net.Prediction) (*Maps, error) {
	m := &Maps{Small: small, Scale: float64(p.PhotoW) / float64(small.Rect.Dx())}
	m.follow(p)
	m.Neck = m.neck(p)
	if err := m.keepOneHead(); err != nil {
		return nil, fmt.Errorf("finding the head: %w", err)
	}
	m.tidy()
	return m, nil
}

// Shrink brings a photo to working size; a smaller one is returned as it is.
func Shrink(img *image.NRGBA) (*image.NRGBA, error) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	k := float64(max(w, h)) / WorkingSide
	if k <= 1 {
		return img, nil
	}
	small, err := cvx.Resize(img, int(math.Round(float64(w)/k)), int(math.Round(float64(h)/k)), cvx.Area)
	if err != nil {
		return nil, fmt.Errorf("shrinking the photo: %w", err)
	}
	return small, nil
}

// At is where the working picture and the maps show photo pixel (x, y).
func (m *Maps) At(x, y float64) (u, v float64) {
	return (x+0.5)/m.Scale - 0.5, (y+0.5)/m.Scale - 0.5
}

// IsHead reports whether a class belongs to the head or its skin.
func IsHead(class uint8) bool { return class >= survey.Skin }

// keepOneHead turns everything but the largest connected head into background
// and counts the others that are large enough to be people.
func (m *Maps) keepOneHead() error {
	mask := image.NewGray(m.Regions.Rect)
	for i, c := range m.Regions.Pix {
		if IsHead(c) || m.Hair.Pix[i] > 0.5 {
			mask.Pix[i] = 255
		}
	}
	found, err := cvx.Label(mask)
	if err != nil || len(found.Parts) == 0 {
		return err
	}
	parts := found.Parts
	best := 0
	for k := range parts {
		if parts[k].Area > parts[best].Area {
			best = k
		}
	}
	for k := range parts {
		if parts[k].Area > parts[best].Area/4 {
			m.Heads++
		}
	}
	m.Head = parts[best].Bounds
	for i, l := range found.Labels {
		if l == 0 || int(l) == best+1 {
			continue
		}
		m.Hair.Pix[i] = 0
		if IsHead(m.Regions.Pix[i]) {
			m.Regions.Pix[i] = survey.Background
		}
	}
	return nil
}

// tidy makes the maps agree: hair only on or beside the head, density only on scalp.
func (m *Maps) tidy() {
	for i, c := range m.Regions.Pix {
		m.Hair.Pix[i] = min(1, max(0, m.Hair.Pix[i]))
		m.Density.Pix[i] = max(0, m.Density.Pix[i])
		if c != survey.Scalp {
			m.Density.Pix[i] = 0
		}
	}
}

// Outline returns where scalp ends against background or clothes, photo pixels,
// and how much hair covers the skin just inside, 0..1.
func (m *Maps) Outline() (line headframe.Outline, hairy []float64) {
	line = survey.Outline(m.Regions)
	around := m.Hair.Blurred(max(1, max(m.Regions.Rect.Dx(), m.Regions.Rect.Dy())/200))
	hairy = make([]float64, len(line))
	for i, q := range line {
		hairy[i] = float64(around.Sample(q[0], q[1])) * 2 // half of what is around an outline is not head
	}
	return m.inPhoto(line), hairy
}

// SkinOutline is Outline for bare skin: face, neck and all.
func (m *Maps) SkinOutline() headframe.Outline { return m.inPhoto(survey.SkinOutline(m.Regions)) }

// inPhoto turns working pixels into photo pixels.
func (m *Maps) inPhoto(line headframe.Outline) headframe.Outline {
	for i, q := range line {
		line[i] = [2]float64{(q[0]+0.5)*m.Scale - 0.5, (q[1]+0.5)*m.Scale - 0.5}
	}
	return line
}
