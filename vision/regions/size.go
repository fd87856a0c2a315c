package regions

import (
	"image"

	"pointille/internal/parallel"
)

// AtPhotoSize returns the maps at the size of the photo: hair coverage as
// 0..255, density in hundredths of hairs per cm², and the classes.
func (m *Maps) AtPhotoSize(w, h int) (hair *image.Gray, density *image.Gray16, classes *image.Gray) {
	if w == m.Regions.Rect.Dx() && h == m.Regions.Rect.Dy() {
		return m.Hair.Gray(255), m.Density.Gray16(100), m.classes()
	}
	return enlarge(m.Hair.Gray(255), w, h), enlarge16(m.Density.Gray16(100), w, h), enlarge(m.classes(), w, h)
}

// enlarge repeats pixels: the maps hold no finer detail, and repeated rows
// keep the files small and quick to write.
func enlarge(src *image.Gray, w, h int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, w, h))
	column := nearest(src.Rect.Dx(), w)
	repeatRows(out.Pix, w, nearest(src.Rect.Dy(), h), func(sy int, to []uint8) {
		row := src.Pix[sy*src.Stride:]
		for x, sx := range column {
			to[x] = row[sx]
		}
	})
	return out
}

func enlarge16(src *image.Gray16, w, h int) *image.Gray16 {
	out := image.NewGray16(image.Rect(0, 0, w, h))
	column := nearest(src.Rect.Dx(), w)
	repeatRows(out.Pix, 2*w, nearest(src.Rect.Dy(), h), func(sy int, to []uint8) {
		row := src.Pix[sy*src.Stride:]
		for x, sx := range column {
			to[2*x], to[2*x+1] = row[2*sx], row[2*sx+1]
		}
	})
	return out
}

// repeatRows fills rows of that many bytes, each made of row from[y] of the
// source; equal neighbours are copied.
func repeatRows(pix []uint8, bytes int, from []int, fill func(sy int, to []uint8)) {
	parallel.Bands(len(from), func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			to := pix[y*bytes:][:bytes]
			if y > y0 && from[y] == from[y-1] {
				copy(to, pix[(y-1)*bytes:])
				continue
			}
			fill(from[y], to)
		}
	})
}

// nearest maps each of n positions to the nearest of m.
func nearest(m, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = min(m-1, (2*i+1)*m/(2*n))
	}
	return out
}
