// Package areas measures the scalp on the maps of one photo: density and area
// per zone, and bald areas.
//
// Areas are cm² of scalp surface, densities hairs per cm². A photo that cannot
// be placed on a head has no areas. Errors are those of the guarded OpenCV room.
package areas

import (
	"fmt"
	"image"
	"math"
	"sort"

	"pointille/internal/cvx"
	"pointille/internal/headframe"
	"pointille/internal/raster"
	"pointille/vision/headmap"
	"pointille/vision/survey"
)

// Input is what one photo shows. Regions and Density are at working size.
type Input struct {
	Map     *headmap.Map
	Surface headframe.Surface
	Regions *image.Gray
	Density *raster.Plane
	Scale   float64 // photo pixels per working pixel
	Factor  float64 // true mm per mm of the average head
	Sigma   float64 // relative, of Factor
	Full    float64 // this client's full density, hairs/cm²

	Whole map[string]float64 // Surface.ZoneAreas, where they are known already; nil: reckoned
}

// densitySigma is the relative error of a zone's density read from coverage.
// Measured on rendered heads; see docs/measurements.md.
const densitySigma = 0.25

// Zones returns what the photo shows of each zone, in the order of
// headframe.Zones. Zones it does not show are absent.
func Zones(in Input) []survey.Zone {
	area, hairs := map[string]float64{}, map[string]float64{}
	for k := range in.Map.P {
		if !in.Map.Hit[k] {
			continue
		}
		x, y := in.pixel(k)
		if in.Regions.GrayAt(x, y).Y != survey.Scalp {
			continue
		}
		z := in.Surface.Zone(in.Map.P[k])
		if z == "" {
			continue
		}
		a := in.Map.Area[k]
		area[z] += a
		hairs[z] += a * float64(in.Density.At(x, y))
	}
	whole := in.Whole
	if whole == nil {
		whole = in.Surface.ZoneAreas()
	}
	out := []survey.Zone{}
	for _, z := range headframe.Zones() {
		share := area[z] / 100 / max(whole[z], 1)
		if share < 0.03 {
			continue
		}
		d := hairs[z] / area[z]
		out = append(out, survey.Zone{
			Name: z, AreaCM2: area[z] / 100 * in.Factor * in.Factor, HairsPerCM2: d,
			Sigma: math.Hypot(densitySigma*d, 8), Visible: min(1, share),
		})
	}
	return out
}

// Bald areas smaller than this are not told from gaps between strands.
const smallestBaldCM2 = 1.5

// baldShare of full density is (almost) no hair.
const baldShare = 0.3

// Bald returns the bald areas, largest first.
func Bald(in Input) ([]survey.BaldArea, error) {
	mask := image.NewGray(in.Regions.Rect)
	for i, c := range in.Regions.Pix {
		if c == survey.Scalp && float64(in.Density.Pix[i]) < baldShare*in.Full && in.onHead(i) {
			mask.Pix[i] = 255
		}
	}
	mask, err := cvx.Morph(mask, cvx.Open, 2)
	if err != nil {
		return nil, fmt.Errorf("cleaning bald areas: %w", err)
	}
	found, err := cvx.Label(mask)
	if err != nil {
		return nil, fmt.Errorf("separating bald areas: %w", err)
	}
	skin := in.skin(found.Labels, len(found.Parts))
	out := []survey.BaldArea{}
	for k := range found.Parts {
		cm2 := skin[k] / 100 * in.Factor * in.Factor
		if cm2 < smallestBaldCM2 {
			continue
		}
		line, err := outline(found.Labels, mask.Rect, int32(k+1), in.Scale)
		if err != nil {
			return nil, err
		}
		if len(line) < 3 {
			continue
		}
		out = append(out, survey.BaldArea{Polygon: line, AreaCM2: cm2, SigmaCM2: cm2 * math.Hypot(2*in.Sigma, 0.12)})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].AreaCM2 > out[j].AreaCM2 })
	return out, nil
}

// onHead reports whether working pixel i shows the head as it was fitted: a wall
// taken for scalp does not.
func (in Input) onHead(i int) bool {
	w := in.Regions.Rect.Dx()
	x := int((float64(i%w) + 0.5) * in.Scale / in.Map.Step)
	y := int((float64(i/w) + 0.5) * in.Scale / in.Map.Step)
	return x < in.Map.W && y < in.Map.H && in.Map.Hit[y*in.Map.W+x]
}

// skin sums the skin under each label, mm² of the average head.
func (in Input) skin(labels []int32, n int) []float64 {
	out := make([]float64, n)
	w := in.Regions.Rect.Dx()
	for k := range in.Map.P {
		if !in.Map.Hit[k] {
			continue
		}
		x, y := in.pixel(k)
		if l := labels[y*w+x]; l > 0 {
			out[l-1] += in.Map.Area[k]
		}
	}
	return out
}

// pixel is the working pixel under the centre of a cell.
func (in Input) pixel(k int) (int, int) {
	x, y := in.Map.Centre(k%in.Map.W, k/in.Map.W)
	w, h := in.Regions.Rect.Dx(), in.Regions.Rect.Dy()
	return min(w-1, int((x+0.5)/in.Scale)), min(h-1, int((y+0.5)/in.Scale))
}

func outline(labels []int32, r image.Rectangle, label int32, scale float64) ([][2]float64, error) {
	one := image.NewGray(r)
	for i, l := range labels {
		if l == label {
			one.Pix[i] = 255
		}
	}
	lines, err := cvx.Contours(one)
	if err != nil {
		return nil, fmt.Errorf("outlining a bald area: %w", err)
	}
	best := []image.Point{}
	for _, l := range lines {
		if len(l) > len(best) {
			best = l
		}
	}
	step := max(1, len(best)/160)
	var out [][2]float64
	for i := 0; i < len(best); i += step {
		out = append(out, [2]float64{(float64(best[i].X)+0.5)*scale - 0.5, (float64(best[i].Y)+0.5)*scale - 0.5})
	}
	return out, nil
}
