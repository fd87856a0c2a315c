package regions

import "image"

// AtPhotoSize returns the maps at the size of the photo: hair coverage as
// 0..255, density in hundredths of hairs per cm², and the classes.
func (m *Maps) AtPhotoSize(w, h int) (hair *image.Gray, density *image.Gray16, classes *image.Gray) {
	if w == m.Regions.Rect.Dx() && h == m.Regions.Rect.Dy() {
		return m.Hair.Gray(255), m.Density.Gray16(100), m.Regions
	}
	return enlarge(m.Hair.Gray(255), w, h), enlarge16(m.Density.Gray16(100), w, h), enlarge(m.Regions, w, h)
}

// enlarge repeats pixels: the maps hold no finer detail, and repeated rows
// keep the files small and quick to write.
func enlarge(src *image.Gray, w, h int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, w, h))
	column := nearest(src.Rect.Dx(), w)
	for y, sy := range nearest(src.Rect.Dy(), h) {
		row := src.Pix[sy*src.Stride:]
		for x, sx := range column {
			out.Pix[y*w+x] = row[sx]
		}
	}
	return out
}

func enlarge16(src *image.Gray16, w, h int) *image.Gray16 {
	out := image.NewGray16(image.Rect(0, 0, w, h))
	column := nearest(src.Rect.Dx(), w)
	for y, sy := range nearest(src.Rect.Dy(), h) {
		row := src.Pix[sy*src.Stride:]
		for x, sx := range column {
			copy(out.Pix[2*(y*w+x):2*(y*w+x)+2], row[2*sx:2*sx+2])
		}
	}
	return out
}

// nearest maps each of n positions to the nearest of m.
func nearest(m, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = min(m-1, (2*i+1)*m/(2*n))
	}
	return out
}
