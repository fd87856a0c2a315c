package main

import (
	"context"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"os"

	"pointille/internal/headframe"
	"pointille/planner/dots"
	"pointille/planner/dots/metric"
)

// The picture shows patterns of one density side by side, a piece of each, and
// under each its pair correlation (line) beside that of follicles (circles).
const (
	panelPx  = 260 // side of a panel
	gapPx    = 12
	curvePx  = 150
	pieceMM  = 18.0
	dotMM    = 0.22 // radius
	drawnPer = 1.0  // dots per mm²
	gMost    = 3.0  // top of the curves
)

// picture writes the patterns, from left to right: ours natural, ours even,
// Poisson disk, Lloyd's, unrelated points.
func picture(ctx context.Context, file string) error {
	side := squareSide
	n := int(drawnPer * side * side)
	rnd := rand.New(rand.NewPCG(1, 2))
	var sets [][]headframe.Vec
	ground := square(func(float64) float64 { return drawnPer })
	for _, regularity := range []float64{0, 1} {
		p, err := dots.Place(ctx, ground.skin, ground.field, dots.Options{Regularity: regularity})
		if err != nil {
			return err
		}
		pts, _ := flat(p.Dots, 0)
		sets = append(sets, pts)
	}
	noise := unrelated(n, rnd)
	sets = append(sets, disks(n, rnd), lloyd(noise, 40, rnd), noise)
	img := image.NewRGBA(image.Rect(0, 0, len(sets)*(panelPx+gapPx)+gapPx, panelPx+curvePx+3*gapPx))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for k, pts := range sets {
		x := gapPx + k*(panelPx+gapPx)
		drawPiece(img, x, gapPx, pts)
		drawCurve(img, x, panelPx+2*gapPx, metric.Measure(pts))
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := png.Encode(f, img); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// unrelated returns n points of the planned square.
func unrelated(n int, rnd *rand.Rand) []headframe.Vec {
	out := make([]headframe.Vec, n)
	for i := range out {
		out[i] = headframe.Vec{squareFrom + squareSide*rnd.Float64(), 0, squareFrom + squareSide*rnd.Float64()}
	}
	return out
}

// disks throws darts until n stand, or no more find room, at 0.76 spacings: near
// the widest at which n still fit.
func disks(n int, rnd *rand.Rand) []headframe.Vec {
	const gap = 0.76
	cell := func(p headframe.Vec) [2]int { return [2]int{int(p[0] / gap), int(p[2] / gap)} }
	taken := map[[2]int][]headframe.Vec{}
	var out []headframe.Vec
	for range 400 * n {
		p := unrelated(1, rnd)[0]
		c, free := cell(p), true
		for dx := -1; dx <= 1; dx++ {
			for dz := -1; dz <= 1; dz++ {
				for _, q := range taken[[2]int{c[0] + dx, c[1] + dz}] {
					free = free && q.Sub(p).Norm() >= gap
				}
			}
		}
		if free {
			taken[c] = append(taken[c], p)
			if out = append(out, p); len(out) == n {
				return out
			}
		}
	}
	return out
}

// lloyd moves points to the middles of what is nearest to each, round by round.
func lloyd(pts []headframe.Vec, rounds int, rnd *rand.Rand) []headframe.Vec {
	const cell = 2.0
	pts = append([]headframe.Vec(nil), pts...)
	for range rounds {
		near := map[[2]int][]int{}
		for i, p := range pts {
			c := [2]int{int(p[0] / cell), int(p[2] / cell)}
			near[c] = append(near[c], i)
		}
		sum, count := make([]headframe.Vec, len(pts)), make([]float64, len(pts))
		for _, q := range unrelated(60*len(pts), rnd) {
			best, d := -1, math.Inf(1)
			x, z := int(q[0]/cell), int(q[2]/cell)
			for dx := -1; dx <= 1; dx++ {
				for dz := -1; dz <= 1; dz++ {
					for _, i := range near[[2]int{x + dx, z + dz}] {
						if e := pts[i].Sub(q).Norm(); e < d {
							best, d = i, e
						}
					}
				}
			}
			if best >= 0 {
				sum[best], count[best] = sum[best].Add(q), count[best]+1
			}
		}
		for i := range pts {
			if count[i] > 0 {
				pts[i] = sum[i].Mul(1 / count[i])
			}
		}
	}
	return pts
}

func drawPiece(img *image.RGBA, x, y int, pts []headframe.Vec) {
	frame(img, x, y, panelPx, panelPx)
	const from, per = squareFrom + squareSide/2 - pieceMM/2, panelPx / pieceMM
	for _, p := range pts {
		disc(img, x, y, panelPx, panelPx, (p[0]-from)*per, (p[2]-from)*per, dotMM*per, color.RGBA{40, 32, 28, 255})
	}
}

// drawCurve draws g over 0 to 1.8 spacings.
func drawCurve(img *image.RGBA, x, y int, st metric.Stats) {
	frame(img, x, y, panelPx, curvePx)
	at := func(r, g float64) (u, v float64) { return r / 1.8 * panelPx, curvePx * (1 - g/gMost) }
	for u := range panelPx {
		_, one := at(0, 1)
		img.Set(x+u, y+int(one), color.RGBA{210, 210, 210, 255})
	}
	for k := range len(st.G) - 1 {
		for t := range 60 {
			w := float64(t) / 60
			u, v := at((float64(k)+0.5+w)/10, st.G[k]*(1-w)+st.G[k+1]*w)
			disc(img, x, y, panelPx, curvePx, u, v, 1.1, color.RGBA{30, 80, 170, 255})
		}
	}
	r, g := human()
	for k := range r {
		u, v := at(r[k], g[k])
		disc(img, x, y, panelPx, curvePx, u, v, 3, color.RGBA{200, 60, 30, 255})
	}
}

func frame(img *image.RGBA, x, y, w, h int) {
	grey := color.RGBA{160, 160, 160, 255}
	for u := range w {
		img.Set(x+u, y, grey)
		img.Set(x+u, y+h-1, grey)
	}
	for v := range h {
		img.Set(x, y+v, grey)
		img.Set(x+w-1, y+v, grey)
	}
}

// disc blends a disc of radius r at u, v of the window w×h at x, y.
func disc(img *image.RGBA, x, y, w, h int, u, v, r float64, c color.RGBA) {
	for b := int(v - r - 1); b <= int(v+r+1); b++ {
		for a := int(u - r - 1); a <= int(u+r+1); a++ {
			if a < 1 || b < 1 || a >= w-1 || b >= h-1 {
				continue
			}
			cover := min(max(r+0.5-math.Hypot(float64(a)+0.5-u, float64(b)+0.5-v), 0), 1)
			old := img.RGBAAt(x+a, y+b)
			mix := func(from, to uint8) uint8 { return uint8(float64(from)*(1-cover) + float64(to)*cover + 0.5) }
			img.SetRGBA(x+a, y+b, color.RGBA{mix(old.R, c.R), mix(old.G, c.G), mix(old.B, c.B), 255})
		}
	}
}
