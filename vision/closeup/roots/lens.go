package roots

import (
	"fmt"
	"image"
	"math"

	"pointille/internal/raster"
)

// Channels of the answer. The network gives expectations before a softplus
// and logits; the lens keeps numbers and shares.
const (
	rootCh   = iota // expected roots
	hairCh          // share of hair passing here
	longCh          // share of it that is too long to count
	wayX            // which way a hair goes that is rooted here
	wayY            //
	hiddenCh        // share of the skin that something burned in hides: not used, it misses most
	channels        //
)

// lens is a picture being looked at, and what is known of it so far.
type lens struct {
	net   *Network
	img   *image.NRGBA
	table [3][256]float32 // colour value to network input
	perMM float64
	cells [channels]*raster.Plane
	way   *field // the way hair lies; nil where that is not known
}

func newLens(n *Network, img *image.NRGBA, perMM float64) *lens {
	l := &lens{net: n, img: img, perMM: perMM, table: tables(medians(img))}
	for c := range l.cells {
		l.cells[c] = raster.NewPlane((img.Rect.Dx()+Cell-1)/Cell, (img.Rect.Dy()+Cell-1)/Cell)
	}
	return l
}

// medians returns the median of each colour over the picture.
func medians(img *image.NRGBA) [3]int {
	var bins [3][256]int
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		row := img.Pix[y*img.Stride : y*img.Stride+4*w]
		for i := 0; i < len(row); i += 4 {
			bins[0][row[i]]++
			bins[1][row[i+1]]++
			bins[2][row[i+2]]++
		}
	}
	var out [3]int
	for c := range bins {
		seen := 0
		for v, n := range bins[c] {
			if seen += n; 2*seen >= w*h {
				out[c] = v
				break
			}
		}
	}
	return out
}

// Limits of the relative colours, and the least median they are relative to.
const (
	darkest   = -1
	brightest = 2
	leastGrey = 16
)

// tables says how each colour value is given to the network: relative to the
// median, so that neither exposure nor white balance counts.
func tables(median [3]int) (t [3][256]float32) {
	for c := range t {
		for v := range t[c] {
			t[c][v] = min(max(float32(v)/float32(max(median[c], leastGrey))-1, darkest), brightest)
		}
	}
	return t
}

// look runs the network over the picture, tile by tile.
func (l *lens) look() error {
	for _, t := range tiles(l.img.Rect.Dx(), l.img.Rect.Dy()) {
		if err := l.at(t); err != nil {
			return err
		}
	}
	return nil
}

// at runs the network on one tile and keeps what it says about its core.
func (l *lens) at(t tile) error {
	w := (t.seen.Dx() + multiple - 1) / multiple * multiple
	h := (t.seen.Dy() + multiple - 1) / multiple * multiple
	answer, err := l.net.dnn.Forward(l.input(t.seen, w, h), [4]int{1, planes, h, w})
	if err != nil {
		return fmt.Errorf("running the close-up network: %w", err)
	}
	cw, n := w/Cell, w/Cell*(h/Cell)
	if len(answer) != 1 || len(answer[0].Data) != channels*n {
		return fmt.Errorf("running the close-up network: it answered in an unknown shape")
	}
	for y := t.core.Min.Y / Cell; y*Cell < t.core.Max.Y; y++ {
		for x := t.core.Min.X / Cell; x*Cell < t.core.Max.X; x++ {
			i := (y-t.seen.Min.Y/Cell)*cw + x - t.seen.Min.X/Cell
			for c, p := range l.cells {
				p.Set(x, y, meaning(c, answer[0].Data[c*n+i]))
			}
		}
	}
	return nil
}

// meaning turns what the network writes into what it means.
func meaning(channel int, v float32) float32 {
	switch channel {
	case rootCh:
		return float32(max(float64(v), 0) + math.Log1p(math.Exp(-math.Abs(float64(v)))))
	case hairCh, longCh, hiddenCh:
		return float32(1 / (1 + math.Exp(-float64(v))))
	}
	return v
}

// planes of the network's input.
const planes = 6

// referencePerMM is the resolution at which the plane of the scale is zero.
const referencePerMM = 32

// input is the network's blob: three relative colours, zero beyond the
// picture, a plane of the scale and two of the heading.
func (l *lens) input(part image.Rectangle, w, h int) []float32 {
	n := w * h
	out := make([]float32, planes*n)
	for y := range part.Dy() {
		row := l.img.Pix[(y+part.Min.Y)*l.img.Stride+4*part.Min.X:]
		for x := range part.Dx() {
			i := y*w + x
			out[i] = l.table[0][row[4*x]]
			out[n+i] = l.table[1][row[4*x+1]]
			out[2*n+i] = l.table[2][row[4*x+2]]
		}
	}
	scale := float32(math.Log2(l.perMM / referencePerMM))
	for i := 3 * n; i < 4*n; i++ {
		out[i] = scale
	}
	if l.way != nil {
		l.tell(out[4*n:], part, w, n)
	}
	return out
}

// tell writes the way hair lies into two planes of n values, rows of w.
func (l *lens) tell(planes []float32, part image.Rectangle, w, n int) {
	kx, ky := float64(l.way.x.W)/float64(l.img.Rect.Dx()), float64(l.way.x.H)/float64(l.img.Rect.Dy())
	for y := range part.Dy() {
		v := int((float64(y+part.Min.Y) + 0.5) * ky)
		for x := range part.Dx() {
			u := int((float64(x+part.Min.X) + 0.5) * kx)
			planes[y*w+x], planes[n+y*w+x] = l.way.x.At(u, v), l.way.y.At(u, v)
		}
	}
}

// grey is the brightness of the working picture, 0..255.
func (l *lens) grey() *raster.Plane {
	p := raster.NewPlane(l.img.Rect.Dx(), l.img.Rect.Dy())
	for y := range p.H {
		row := l.img.Pix[y*l.img.Stride:]
		for x := range p.W {
			p.Pix[y*p.W+x] = 0.299*float32(row[4*x]) + 0.587*float32(row[4*x+1]) + 0.114*float32(row[4*x+2])
		}
	}
	return p
}

// tooLong reports whether most of the hair is too long for its roots to be
// seen.
func (l *lens) tooLong() bool {
	hair, long := 0.0, 0.0
	for i, v := range l.cells[hairCh].Pix {
		hair += float64(v)
		long += float64(v * l.cells[longCh].Pix[i])
	}
	return long > tooLong*(hair+fewCells)
}
