package photo

import "image"

// Upright turns a picture by its EXIF orientation, 1 to 8 (EXIF 2.32, tag
// 0x0112): the side of the scene that the first row and column of the stored
// picture show. Other values leave it as it is.
func Upright(src *image.NRGBA, orientation int) *image.NRGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	// The stored pixel of (x, y) is (x0, y0) + x*(xx, yx) + y*(xy, yy).
	var x0, y0, xx, yx, xy, yy int
	switch orientation {
	case 2: // mirrored
		x0, xx, yy = w-1, -1, 1
	case 3: // half a turn
		x0, y0, xx, yy = w-1, h-1, -1, -1
	case 4: // half a turn, mirrored
		y0, xx, yy = h-1, 1, -1
	case 5: // transposed
		yx, xy = 1, 1
	case 6: // to be turned right
		y0, yx, xy = h-1, -1, 1
	case 7: // transposed about the other diagonal
		x0, y0, yx, xy = w-1, h-1, -1, -1
	case 8: // to be turned left
		x0, yx, xy = w-1, 1, -1
	default:
		return src
	}
	dw, dh := w, h
	if orientation >= 5 {
		dw, dh = h, w
	}
	dst := image.NewNRGBA(image.Rect(0, 0, dw, dh))
	step := xx*4 + yx*src.Stride
	for y := range dh {
		at := (y0+y*yy)*src.Stride + (x0+y*xy)*4
		row := dst.Pix[y*dst.Stride : y*dst.Stride+4*dw]
		for x := 0; x < len(row); x += 4 {
			copy(row[x:x+4], src.Pix[at:at+4])
			at += step
		}
	}
	return dst
}
