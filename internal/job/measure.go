package job

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"pointille/internal/atomicfile"
	"pointille/internal/swatch"
	"pointille/planner/pigment"
	"pointille/vision/photo"
)

// MeasureOptions are for MeasurePigment.
type MeasureOptions struct {
	Photo string
	Name  string
	CI    []string
	Black string // the known pigment of the black swatch
	Out   string // the studio's list; made if missing
}

// MeasuredPigment is a pigment read from its swatches.
type MeasuredPigment struct {
	File    string          `json:"file"`
	Pigment pigment.Pigment `json:"pigment"`
	Error   float64         `json:"error"` // of its absorptions, share: from how even the swatches are
}

// Text says what was measured.
func (m MeasuredPigment) Text() string {
	a, l := m.Pigment.Absorption, m.Pigment.Masstone
	return fmt.Sprintf("%s: takes %.2f, %.2f and %.2f of red, green and blue light, where carbon black takes 1 of green, ± %.0f %%; in the bottle L* %.0f, a* %.0f, b* %.0f\nWritten to %s",
		m.Pigment.Name, a[0], a[1], a[2], 100*m.Error, l[0], l[1], l[2], m.File)
}

// MeasurePigment reads a pigment from a photo of its swatches and puts it into
// the studio's list.
func MeasurePigment(ctx context.Context, o MeasureOptions) (*MeasuredPigment, error) {
	own, err := ownList(o.Out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	all, err := pigment.Own(own)
	if err != nil {
		return nil, err
	}
	black, err := named(all, o.Black)
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(strings.TrimSpace(o.Name), black.Name) {
		return nil, fmt.Errorf("%q is measured against itself: name another black, or the pigment otherwise", o.Name)
	}
	p, err := photo.Open(ctx, o.Photo, photo.Options{})
	if err != nil {
		return nil, err
	}
	r, err := swatch.Read(p.Image, swatch.Beside())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Photo, err)
	}
	made, err := pigment.FromSwatch(pigment.Measured{
		Name: o.Name, CI: o.CI, Mass: r.Mass.Reflectance, Thin: r.Thin.Density, Black: r.Black.Density, Known: black,
		Source: fmt.Sprintf("measured on white paper beside %s, from %s", black.Name, filepath.Base(o.Photo)),
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Photo, err)
	}
	data, err := pigment.WriteCatalogue(pigment.With(own, made))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Photo, err)
	}
	if err := atomicfile.WriteBytes(o.Out, data); err != nil {
		return nil, err
	}
	return &MeasuredPigment{File: o.Out, Pigment: made, Error: math.Hypot(r.Thin.Uneven, r.Black.Uneven)}, nil
}

func named(list []pigment.Pigment, name string) (pigment.Pigment, error) {
	var names []string
	for _, p := range list {
		if strings.EqualFold(p.Name, strings.TrimSpace(name)) {
			return p, nil
		}
		names = append(names, p.Name)
	}
	return pigment.Pigment{}, fmt.Errorf("no pigment is called %q; known are %s", name, strings.Join(names, ", "))
}

// ownList reads a studio's list of pigments.
func ownList(file string) ([]pigment.Pigment, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the studio's pigments: %w", err)
	}
	list, err := pigment.ReadCatalogue(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return list, nil
}

// PigmentsSound reads a studio's list of pigments to say what is wrong with it.
func PigmentsSound(file string) error {
	_, err := ownPigments(file)
	return err
}

// ownPigments are the pigments to choose from with a studio's list beside the
// built-in ones; nil, the built-in ones, without a list.
func ownPigments(file string) ([]pigment.Pigment, error) {
	if file == "" {
		return nil, nil
	}
	list, err := ownList(file)
	if err != nil {
		return nil, err
	}
	return pigment.Own(list)
}
