package cvx

/*
#include "shim.h"
*/
import "C"

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"gocv.io/x/gocv"

	"pointille/internal/raster"
)

// MorphOp is an operation of Morph.
type MorphOp int

const (
	// Dilate takes the largest value within the disc.
	Dilate MorphOp = iota
	// Erode takes the smallest value within the disc.
	Erode
	// Open erodes, then dilates: it removes bright specks.
	Open
	// Close dilates, then erodes: it fills dark gaps.
	Close
)

// Morph applies op with a disc of the given radius in pixels, 0..MaxRadius.
// What lies outside the picture plays no part.
func Morph(g *image.Gray, op MorphOp, radius int) (*image.Gray, error) {
	ops := map[MorphOp]gocv.MorphType{
		Dilate: gocv.MorphDilate, Erode: gocv.MorphErode, Open: gocv.MorphOpen, Close: gocv.MorphClose,
	}
	kind, ok := ops[op]
	if !ok {
		return nil, fmt.Errorf("morphology: unknown operation %d", op)
	}
	if err := within("radius", float64(radius), 0, MaxRadius); err != nil {
		return nil, fmt.Errorf("morphology: %w", err)
	}
	side := 2*radius + 1
	disc := gocv.GetStructuringElement(gocv.MorphEllipse, image.Pt(side, side))
	defer disc.Close()
	return apply("morphology", g, func(src gocv.Mat, dst *gocv.Mat) {
		gocv.MorphologyEx(src, dst, kind, disc)
	})
}

// Distance returns, for each pixel of mask that is not 0, the exact Euclidean
// distance in pixels to the nearest pixel that is 0, and 0 elsewhere. In a
// mask without any 0 every distance is the picture's diagonal.
func Distance(mask *image.Gray) (*raster.Plane, error) {
	v, err := viewOf(mask)
	if err != nil {
		return nil, fmt.Errorf("distance: %w", err)
	}
	out := raster.NewPlane(v.w, v.h)
	if v.full() {
		for i := range out.Pix {
			out.Pix[i] = float32(math.Hypot(float64(v.w), float64(v.h)))
		}
		return out, nil
	}
	err = failure(C.cvx_distance((*C.uint8_t)(v.ptr()), C.int(v.w), C.int(v.h), C.size_t(v.step),
		(*C.float)(&out.Pix[0])))
	if err != nil {
		return nil, fmt.Errorf("distance: %w", err)
	}
	return out, nil
}

// full reports whether no byte of the picture is 0.
func (v view) full() bool {
	for y := range v.h {
		for _, b := range v.row(y) {
			if b == 0 {
				return false
			}
		}
	}
	return true
}

// Component is one connected part of a mask.
type Component struct {
	Area   int             // pixels
	Bounds image.Rectangle // pixels, Max exclusive
	X, Y   float64         // centroid, pixels
}

// Components is a mask cut into its 8-connected parts.
type Components struct {
	W, H   int
	Labels []int32     // row by row: 0 outside, i+1 for Parts[i]
	Parts  []Component // in the order of their first pixels, row by row
}

// Label cuts the pixels of mask that are not 0 into 8-connected components.
func Label(mask *image.Gray) (*Components, error) {
	v, err := viewOf(mask)
	if err != nil {
		return nil, fmt.Errorf("label: %w", err)
	}
	src := v.mat()
	defer src.Close()
	labels, stats, centroids := gocv.NewMat(), gocv.NewMat(), gocv.NewMat()
	defer labels.Close()
	defer stats.Close()
	defer centroids.Close()
	threads.RLock()
	n := gocv.ConnectedComponentsWithStats(src, &labels, &stats, &centroids)
	threads.RUnlock()
	ids, err := int32s(&labels)
	if err != nil {
		return nil, fmt.Errorf("label: %w", err)
	}
	if len(ids) != v.w*v.h || stats.Rows() != n || stats.Cols() != 5 || centroids.Rows() != n {
		return nil, fmt.Errorf("label: opencv returned %d labels and %d parts for %dx%d pixels", len(ids), n, v.w, v.h)
	}
	return number(v.w, v.h, ids, n, &stats, &centroids), nil
}

// int32s copies a Mat of 32-bit integers.
func int32s(m *gocv.Mat) ([]int32, error) {
	raw, err := m.DataPtrUint8()
	if err != nil {
		return nil, err
	}
	if m.Type() != gocv.MatTypeCV32S {
		return nil, fmt.Errorf("opencv returned labels of type %d", m.Type())
	}
	out := make([]int32, len(raw)/4)
	for i := range out {
		b := raw[4*i:]
		out[i] = int32(uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24)
	}
	return out, nil
}

// number renames labels to the order of first pixels, so that the result does
// not depend on how OpenCV divided the picture among threads.
func number(w, h int, ids []int32, n int, stats, centroids *gocv.Mat) *Components {
	c := &Components{W: w, H: h, Labels: ids}
	rename := make([]int32, n)
	for i, id := range ids {
		if id == 0 {
			continue
		}
		if rename[id] == 0 {
			c.Parts = append(c.Parts, component(int(id), stats, centroids))
			rename[id] = int32(len(c.Parts))
		}
		ids[i] = rename[id]
	}
	return c
}

func component(id int, stats, centroids *gocv.Mat) Component {
	stat := func(i gocv.ConnectedComponentsTypes) int { return int(stats.GetIntAt(id, int(i))) }
	x, y := stat(gocv.CC_STAT_LEFT), stat(gocv.CC_STAT_TOP)
	return Component{
		Area:   stat(gocv.CC_STAT_AREA),
		Bounds: image.Rect(x, y, x+stat(gocv.CC_STAT_WIDTH), y+stat(gocv.CC_STAT_HEIGHT)),
		X:      centroids.GetDoubleAt(id, 0),
		Y:      centroids.GetDoubleAt(id, 1),
	}
}

// Contours returns the outer border of each 8-connected part of mask: the
// border pixels in order, each next to the one before, holes left out.
func Contours(mask *image.Gray) ([][]image.Point, error) {
	v, err := viewOf(mask)
	if err != nil {
		return nil, fmt.Errorf("contours: %w", err)
	}
	src := v.mat()
	defer src.Close()
	found := gocv.FindContours(src, gocv.RetrievalExternal, gocv.ChainApproxNone)
	defer found.Close()
	return found.ToPoints(), nil
}

// FillPolygons sets the pixels of g inside the polygons to value. Points are
// pixels relative to g's top-left pixel and may lie up to MaxSide outside;
// crossing outlines follow the even-odd rule. Pixels that the outline touches
// are set too, so the area grows by about half a pixel all round.
func FillPolygons(g *image.Gray, polygons [][][2]float64, value uint8) error {
	v, err := viewOf(g)
	if err != nil {
		return fmt.Errorf("filling polygons: %w", err)
	}
	if len(polygons) == 0 {
		return nil
	}
	fixed, err := fixedPoints(polygons)
	if err != nil {
		return fmt.Errorf("filling polygons: %w", err)
	}
	m := v.mat()
	defer m.Close()
	outlines := gocv.NewPointsVectorFromPoints(fixed)
	defer outlines.Close()
	// A colour's blue comes first in OpenCV's order and is the only channel here.
	gocv.FillPolyWithParams(&m, outlines, color.RGBA{B: value}, gocv.Line8, fixedBits, image.Point{})
	if err := v.fill(&m); err != nil {
		return fmt.Errorf("filling polygons: %w", err)
	}
	return nil
}

// fixedBits is the number of binary places of the coordinates FillPoly gets.
const fixedBits = 8

func fixedPoints(polygons [][][2]float64) ([][]image.Point, error) {
	out := make([][]image.Point, len(polygons))
	for i, poly := range polygons {
		if len(poly) < 3 {
			return nil, fmt.Errorf("polygon %d has %d points, needs 3", i, len(poly))
		}
		for _, p := range poly {
			for _, c := range p {
				if err := within("coordinate", c, -MaxSide, 2*MaxSide); err != nil {
					return nil, fmt.Errorf("polygon %d: %w", i, err)
				}
			}
			out[i] = append(out[i], image.Pt(
				int(math.Round(p[0]*(1<<fixedBits))), int(math.Round(p[1]*(1<<fixedBits)))))
		}
	}
	return out, nil
}
