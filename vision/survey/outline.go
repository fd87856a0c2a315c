package survey

import (
	"image"

	"pointille/internal/headframe"
)

// outlinePoints is how many points an outline has at most; more cost time and
// add nothing.
const outlinePoints = 160

// Outline returns points, in pixels of the regions map, where scalp borders on
// background or clothes: where the head ends in the picture.
// Borders along the edge of the picture are cuts and left out.
func Outline(regions *image.Gray) headframe.Outline { return outlineOf(regions, Scalp) }

// SkinOutline is Outline for face and other bare skin. It follows the jaw, the
// neck and the ears too.
func SkinOutline(regions *image.Gray) headframe.Outline { return outlineOf(regions, Skin) }

func outlineOf(regions *image.Gray, of uint8) headframe.Outline {
	w, h := regions.Rect.Dx(), regions.Rect.Dy()
	step := max(1, max(w, h)/500)
	class := func(x, y int) uint8 { return regions.Pix[y*regions.Stride+x] }
	var all headframe.Outline
	for y := step; y < h-step; y += step {
		for x := step; x < w-step; x += step {
			if class(x, y) != of {
				continue
			}
			for _, d := range [4][2]int{{step, 0}, {-step, 0}, {0, step}, {0, -step}} {
				if class(x+d[0], y+d[1]) <= Clothes {
					all = append(all, [2]float64{float64(x) + float64(d[0])/2, float64(y) + float64(d[1])/2})
					break
				}
			}
		}
	}
	if len(all) <= outlinePoints {
		return all
	}
	out := make(headframe.Outline, outlinePoints)
	for i := range out {
		out[i] = all[i*len(all)/outlinePoints]
	}
	return out
}
