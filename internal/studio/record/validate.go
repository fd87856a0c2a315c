package record

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"pointille/internal/records"
)

// ErrNothing is returned where there is nothing to undo or to redo.
var ErrNothing = errors.New("there is nothing to take back or to do again")

// Slots are the places for photos, in the order of taking them.
func Slots() []string {
	return []string{"front", "left", "right", "back", "top", "crown", "macro-1", "macro-2", "macro-3"}
}

func (c Created) validate() error {
	if c.Seed == 0 {
		return errors.New("the seed is missing")
	}
	return records.CheckCode(c.Code)
}

func (p Photo) validate() error {
	switch {
	case !slices.Contains(Slots(), p.Slot):
		return fmt.Errorf("%q is no place for a photo", p.Slot)
	case !strings.HasPrefix(p.File, p.Slot+".") || strings.ContainsAny(p.File, `/\`):
		return fmt.Errorf("%q is no file of the place %s", p.File, p.Slot)
	}
	return nil
}

func (k Kept) validate() error {
	if k.Name != "a" && k.Name != "b" {
		return fmt.Errorf("a design is kept as a or b, not %q", k.Name)
	}
	return k.Wishes.Validate()
}

// Limits of corrections: more strokes than a patient hand makes.
const (
	mostStrokes = 400
	mostPoints  = 4000
	farthestPx  = 1e5
	longestMM   = 500
)

func (c Corrections) validate() error {
	for slot, r := range c.Scale {
		if !slices.Contains(Slots(), slot) {
			return fmt.Errorf("%q is no place for a photo", slot)
		}
		if !(r.MM > 0 && r.MM <= longestMM) {
			return fmt.Errorf("the length on %s is %v mm: 1 to %d mm are expected", slot, r.MM, longestMM)
		}
		if !inside(r.A) || !inside(r.B) || r.Px() < 4 {
			return fmt.Errorf("the two points on %s lie too near to each other", slot)
		}
	}
	for slot, strokes := range c.Brush {
		if !slices.Contains(Slots(), slot) {
			return fmt.Errorf("%q is no place for a photo", slot)
		}
		if len(strokes) > mostStrokes {
			return fmt.Errorf("more than %d strokes on %s", mostStrokes, slot)
		}
		for _, s := range strokes {
			if err := s.validate(slot); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s Stroke) validate(slot string) error {
	switch {
	case !(s.Radius > 0 && s.Radius < 2000):
		return fmt.Errorf("a stroke on %s is %v px wide", slot, s.Radius)
	case len(s.Points) == 0 || len(s.Points) > mostPoints:
		return fmt.Errorf("a stroke on %s has %d points", slot, len(s.Points))
	case slices.ContainsFunc(s.Points, func(p [2]float64) bool { return !inside(p) }):
		return fmt.Errorf("a stroke on %s leaves every photo", slot)
	}
	return nil
}

// Px is the length in the photo.
func (r Ruler) Px() float64 { return math.Hypot(r.B[0]-r.A[0], r.B[1]-r.A[1]) }

func inside(p [2]float64) bool {
	return math.Abs(p[0]) < farthestPx && math.Abs(p[1]) < farthestPx // false for what is no number
}
