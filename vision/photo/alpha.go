package photo

import (
	"bytes"
	"fmt"
	"image"
	"image/png"

	"golang.org/x/image/webp"

	"pointille/internal/filekind"
)

// mostlyTransparent is the share of see-through pixels from which a picture is
// a cut-out or a drawing rather than a photo.
const mostlyTransparent = 0.5

// transparency warns of transparent pixels, which become white, and refuses a
// picture that has little else.
func (p *Photo) transparency(h *header, data []byte) error {
	if !h.alpha || p.Format == filekind.HEIC {
		return nil
	}
	var img image.Image
	var err error
	if p.Format == filekind.PNG {
		img, err = png.Decode(bytes.NewReader(data))
	} else {
		img, err = webp.Decode(bytes.NewReader(data))
	}
	if err != nil {
		return fmt.Errorf("%w: %v", ErrDamaged, err)
	}
	through, partly := seeThrough(img)
	switch {
	case through > mostlyTransparent:
		return fmt.Errorf("%w (%.0f %% of the picture is transparent)", ErrNotPhoto, 100*through)
	case partly > 0:
		p.warn("alpha", fmt.Sprintf("%.1f %% of the picture is transparent and taken for white; use the photo as the camera wrote it.", 100*partly))
	}
	return nil
}

// seeThrough returns the shares of pixels that are less than half opaque, and
// less than fully.
func seeThrough(img image.Image) (through, partly float64) {
	b := img.Bounds()
	n := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			_, _, _, a := img.At(x, y).RGBA()
			n++
			if a < 0x8000 {
				through++
			}
			if a < 0xffff {
				partly++
			}
		}
	}
	return through / float64(max(n, 1)), partly / float64(max(n, 1))
}
