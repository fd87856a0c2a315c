package cvx

/*
#include "shim.h"
*/
import "C"

import (
	"cmp"
	"fmt"
	"image"
	"math"
	"slices"
)

// Dictionary is a family of ArUco markers; the numbers are OpenCV's.
type Dictionary int

const (
	// Dict4x4x50 is DICT_4X4_50: 50 markers of 4×4 cells in a black border.
	Dict4x4x50 Dictionary = 0
	// Dict5x5x100 is DICT_5X5_100: 100 markers of 5×5 cells.
	Dict5x5x100 Dictionary = 5
	// DictAprilTag36h11 is DICT_APRILTAG_36h11: 587 markers of 6×6 cells.
	DictAprilTag36h11 Dictionary = 20
)

func (d Dictionary) check() error {
	switch d {
	case Dict4x4x50, Dict5x5x100, DictAprilTag36h11:
		return nil
	}
	return fmt.Errorf("unknown marker dictionary %d", d)
}

// Point is a place in a picture, in pixels.
type Point struct{ X, Y float64 }

// Marker is a marker found in a picture.
type Marker struct {
	ID      int
	Corners [4]Point // top left, top right, bottom right, bottom left as printed
	// Refined tells that the corners are crossings of straight lines laid
	// through the four edges; otherwise they are good to about a pixel and a
	// half and lie too far inside.
	Refined bool
	// Residual is the root mean square distance of the edge points from those
	// lines, in pixels. It grows with noise and with soiled paper.
	Residual float64
	// Bend is the greatest height of an edge's arc over its chord, in pixels,
	// on bent paper; 0 where all edges are straight. Corners of bent edges are
	// crossings of parabolas; distances between them are chords.
	Bend float64
	// Spread is how far white grows over black at every border, in pixels, by
	// tone curve, sharpening or too little ink (negative: by spreading ink). It
	// was measured at the borders inside the marker and taken out of Corners.
	// It is 0 where cells are too small to tell.
	Spread float64

	arcs [4]Point // of the edges from each corner to the next, pixels
}

// MarkerOptions says what DetectMarkers looks for.
type MarkerOptions struct {
	// Dictionary is the family of markers; the zero value is Dict4x4x50.
	Dictionary Dictionary
	// IDs are the wanted markers; empty means any.
	IDs []int
	// Count is how many markers are expected, by default 1. The search goes
	// on to finer copies of the picture only until as many are found.
	Count int
	// Share is the least side of a wanted marker as a share of the picture's
	// longer side; 0 means any. Finer copies are searched only where markers of
	// that size have too few pixels in coarse ones: on a large picture without
	// a marker the noise of the finest takes ten times as long as all the rest.
	Share float64
}

// maxMarkers is how many markers one pass may find.
const maxMarkers = 256

// coarseSide is the longer side, in pixels, of the copy that is searched
// first: a marker as wide as a fortieth of the picture is 40 pixels there,
// twice of what its cells need.
const coarseSide = 1600

// enoughPx is the side of a marker, in pixels, from which its cells are read.
const enoughPx = 24

// DetectMarkers finds ArUco markers, sorted by ID, then from the top. A
// picture without any gives none and no error. Corners are those of the black
// square, with errors below a tenth of a pixel on sharp pictures.
func DetectMarkers(img *image.Gray, o MarkerOptions) ([]Marker, error) {
	v, err := viewOf(img)
	if err == nil {
		err = o.Dictionary.check()
	}
	if err == nil && (o.Count < 0 || o.Count > maxMarkers) {
		err = fmt.Errorf("count %d, must be within 0..%d", o.Count, maxMarkers)
	}
	if err == nil && !(o.Share >= 0 && o.Share <= 1) {
		err = fmt.Errorf("share %g, must be within 0..1", o.Share)
	}
	if err != nil {
		return nil, fmt.Errorf("detecting markers: %w", err)
	}
	var found []Marker
	before := 0 // side of the copy searched before
	for i, side := range searchSides(max(v.w, v.h)) {
		if i > 0 && o.Share*float64(before) >= enoughPx {
			break
		}
		before = side
		more, err := detectAt(img, v, side, o)
		if err != nil {
			return nil, fmt.Errorf("detecting markers: %w", err)
		}
		found = merge(found, more)
		if len(found) >= max(1, o.Count) {
			break
		}
	}
	slices.SortFunc(found, func(a, b Marker) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Corners[0].Y, b.Corners[0].Y),
			cmp.Compare(a.Corners[0].X, b.Corners[0].X))
	})
	return found, nil
}

// searchSides are the longer sides of the copies to search, in turn: small
// pictures are enlarged in the end, since their markers may have few pixels a
// cell.
func searchSides(long int) []int {
	switch {
	case long > coarseSide*5/4:
		return []int{coarseSide, long}
	case long <= coarseSide:
		return []int{long, 2 * long}
	}
	return []int{long}
}

// detectAt searches a copy whose longer side is side and refines what it finds
// on the picture itself.
func detectAt(img *image.Gray, v view, side int, o MarkerOptions) ([]Marker, error) {
	scale := float64(side) / float64(max(v.w, v.h))
	search := img
	if scale != 1 {
		sampling := Area
		if scale > 1 {
			sampling = Linear
		}
		w, h := scaled(v.w, scale), scaled(v.h, scale)
		var err error
		if search, err = Resize(img, w, h, sampling); err != nil {
			return nil, err
		}
	}
	rough, err := rawMarkers(search, o.Dictionary)
	if err != nil {
		return nil, err
	}
	sv, err := viewOf(search)
	if err != nil {
		return nil, err
	}
	kx, ky := float64(v.w)/float64(sv.w), float64(v.h)/float64(sv.h)
	var out []Marker
	for _, m := range rough {
		if len(o.IDs) > 0 && !slices.Contains(o.IDs, m.ID) {
			continue
		}
		for i, c := range m.Corners {
			m.Corners[i] = Point{(c.X+0.5)*kx - 0.5, (c.Y+0.5)*ky - 0.5}
		}
		out = merge(out, []Marker{refined(v, m, o.Dictionary)})
	}
	return out, nil
}

func scaled(n int, k float64) int { return max(1, int(math.Round(float64(n)*k))) }

// rawMarkers runs OpenCV's detector, whose corners lie on whole pixels.
func rawMarkers(img *image.Gray, d Dictionary) ([]Marker, error) {
	v, err := viewOf(img)
	if err != nil {
		return nil, err
	}
	if min(v.w, v.h) < minMarkerPicture {
		return nil, nil
	}
	ids := make([]C.int, maxMarkers)
	corners := make([]C.float, 8*maxMarkers)
	var n C.int
	err = failure(C.cvx_markers((*C.uint8_t)(v.ptr()), C.int(v.w), C.int(v.h), C.size_t(v.step),
		C.int(d), &ids[0], &corners[0], maxMarkers, &n))
	if err != nil {
		return nil, err
	}
	out := make([]Marker, n)
	for i := range out {
		out[i].ID = int(ids[i])
		for k := range 4 {
			out[i].Corners[k] = Point{float64(corners[8*i+2*k]), float64(corners[8*i+2*k+1])}
		}
	}
	return out, nil
}

// minMarkerPicture is the side, in pixels, below which a picture cannot hold a
// marker with two pixels a cell.
const minMarkerPicture = 12

// merge adds markers to those found, and of two in one place keeps the better:
// OpenCV finds a marker more than once where its border is thick or blurred.
func merge(found, more []Marker) []Marker {
	for _, m := range more {
		i := slices.IndexFunc(found, func(f Marker) bool { return f.ID == m.ID && f.overlaps(m) })
		switch {
		case i < 0:
			found = append(found, m)
		case better(m, found[i]):
			found[i] = m
		}
	}
	return found
}

func better(a, b Marker) bool {
	if a.Refined != b.Refined {
		return a.Refined
	}
	return a.Refined && a.Residual < b.Residual
}

func (m Marker) overlaps(o Marker) bool {
	a, b := m.centre(), o.centre()
	return math.Hypot(a.X-b.X, a.Y-b.Y) < m.side()/2
}

func (m Marker) centre() (c Point) {
	for _, p := range m.Corners {
		c.X += p.X / 4
		c.Y += p.Y / 4
	}
	return c
}

// side is the mean length of the four sides, in pixels.
func (m Marker) side() (s float64) {
	for i, p := range m.Corners {
		q := m.Corners[(i+1)%4]
		s += math.Hypot(q.X-p.X, q.Y-p.Y) / 4
	}
	return s
}

// RenderMarker returns marker id of the dictionary, 0 for black and 255 for
// white, cell pixels a cell, without the quiet zone around it. A marker of
// n×n cells is n+2 cells wide with its border.
func RenderMarker(d Dictionary, id, cell int) (*image.Gray, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("rendering marker: %w", err)
	}
	if n := int(C.cvx_dictionary_size(C.int(d))); id < 0 || id >= n {
		return nil, fmt.Errorf("rendering marker: id %d, must be within 0..%d", id, n-1)
	}
	if err := within("cell", float64(cell), 1, 1000); err != nil {
		return nil, fmt.Errorf("rendering marker: %w", err)
	}
	side := d.Cells() * cell
	out := image.NewGray(image.Rect(0, 0, side, side))
	err := failure(C.cvx_draw_marker(C.int(d), C.int(id), C.int(side), (*C.uint8_t)(&out.Pix[0])))
	if err != nil {
		return nil, fmt.Errorf("rendering marker: %w", err)
	}
	return out, nil
}

// Cells returns the cells along a marker's side, black border included.
func (d Dictionary) Cells() int {
	switch d {
	case Dict5x5x100:
		return 7
	case DictAprilTag36h11:
		return 8
	}
	return 6
}
