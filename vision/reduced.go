package vision

import (
	"fmt"
	"image"

	"pointille/internal/cvx"
)

// enough is the longer side, in pixels, that whatever looks for a head or a card
// needs at least: the network and the maps see less, and the corners of a card
// are found to a tenth of a pixel.
const enough = 1600

// reduced halves a photo while it has more pixels than are needed, so that what
// looks at it does not read all of it again each time. k is how many pixels of
// the photo lie along one of the result.
func reduced(img *image.NRGBA) (coarse *image.NRGBA, k int, err error) {
	coarse, k = img, 1
	for {
		w, h := coarse.Rect.Dx(), coarse.Rect.Dy()
		if w%2 != 0 || h%2 != 0 || max(w, h) < 2*enough {
			return coarse, k, nil
		}
		if coarse, err = cvx.Resize(coarse, w/2, h/2, cvx.Area); err != nil {
			return nil, 0, fmt.Errorf("shrinking the photo: %w", err)
		}
		k *= 2
	}
}
