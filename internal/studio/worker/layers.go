package worker

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"

	"pointille/internal/headframe"
	"pointille/vision"
	"pointille/vision/headmap"
	"pointille/vision/survey"
)

// ScreenSize is the size of the screen copy of a photo.
func ScreenSize(w, h int) (int, int) {
	k := min(1, math.Sqrt(screenPixels/(float64(w)*float64(h))))
	return max(1, int(float64(w)*k)), max(1, int(float64(h)*k))
}

// writeLayers writes maps at the size of the screen copy and what is laid over
// the photo.
func writeLayers(r *vision.Result, w, h int, put func(string, []byte, error) error) error {
	regions, hair := nearest(r.Regions, w, h), nearest(r.Hair, w, h)
	for suffix, img := range map[string]image.Image{
		RegionsSuffix: regions, HairSuffix: hair, HeatSuffix: heat(regions, r.Density, w, h), ZonesSuffix: zones(r.Survey, regions),
	} {
		data, err := encode(img)
		if err := put(suffix, data, err); err != nil {
			return err
		}
	}
	return nil
}

func encode(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img)
	return b.Bytes(), err
}

// nearest resamples a map: classes have no means.
func nearest(m *image.Gray, w, h int) *image.Gray {
	if m.Rect.Dx() == w && m.Rect.Dy() == h {
		return m
	}
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		row := m.Pix[y*m.Rect.Dy()/h*m.Stride:]
		for x := range w {
			out.Pix[y*out.Stride+x] = row[x*m.Rect.Dx()/w]
		}
	}
	return out
}

// Layers have half the screen copy's size: they are soft, and tablets scale them.
const layerStep = 2

// fullHair is the density from which scalp is not tinted, hairs/cm².
const fullHair = 180

// heat tints the scalp by density: red bare, amber thin, green full.
func heat(regions *image.Gray, density *image.Gray16, w, h int) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, w/layerStep, h/layerStep))
	dw, dh := density.Rect.Dx(), density.Rect.Dy()
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			if regions.GrayAt(x*layerStep, y*layerStep).Y != survey.Scalp {
				continue
			}
			v := float64(density.Gray16At((2*x+1)*layerStep*dw/(2*w), (2*y+1)*layerStep*dh/(2*h)).Y) / 100
			out.SetNRGBA(x, y, heatColour(v))
		}
	}
	return out
}

// heatColour goes from a warm red over amber to a quiet green, told apart by
// lightness too.
func heatColour(perCM2 float64) color.NRGBA {
	stops := [][3]float64{{176, 42, 48}, {222, 120, 60}, {236, 198, 96}, {128, 180, 132}}
	t := min(1, max(0, perCM2/fullHair)) * float64(len(stops)-1)
	i := min(int(t), len(stops)-2)
	f := t - float64(i)
	mix := func(c int) uint8 { return uint8(stops[i][c]*(1-f) + stops[i+1][c]*f) }
	return color.NRGBA{mix(0), mix(1), mix(2), 150}
}

// zones draws the borders between zones of the average head, where the photo
// shows scalp.
func zones(s *survey.Survey, regions *image.Gray) image.Image {
	w, h := regions.Rect.Dx()/layerStep, regions.Rect.Dy()/layerStep
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if s.Camera == nil {
		return out
	}
	k := float64(s.Photo.Width) / float64(w)
	surface := headframe.Mean()
	m := headmap.New(s.Camera.Camera, surface, s.Photo.Width, s.Photo.Height, k*2)
	name := make([]string, len(m.P))
	for i, hit := range m.Hit {
		if hit && surface.NativeScalp(m.P[i]) > 0.5 {
			name[i] = surface.Zone(m.P[i])
		}
	}
	line := color.NRGBA{255, 255, 255, 210}
	at := func(x, y int) string {
		x, y = x/2, y/2
		if x >= m.W || y >= m.H {
			return ""
		}
		return name[y*m.W+x]
	}
	for y := range h - 2 {
		for x := range w - 2 {
			z := at(x, y)
			if z == "" || regions.GrayAt(x*layerStep, y*layerStep).Y != survey.Scalp {
				continue
			}
			if r, d := at(x+2, y), at(x, y+2); (r != "" && r != z) || (d != "" && d != z) {
				out.SetNRGBA(x, y, line)
			}
		}
	}
	return out
}

// plain is an error without the folder of the photo.
func plain(t Task, err error) string {
	s := strings.ReplaceAll(err.Error(), t.Photo, "the photo")
	return strings.ReplaceAll(s, t.Out, "")
}
