// Package thumb makes the small pictures that tables and contact sheets show.
//
// All have one size, in pixels, so that they stand in rows. Errors name the file.
package thumb

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"

	"github.com/disintegration/imaging"

	"pointille/internal/atomicfile"
)

// Size of every small picture: the shape in which reports show heads.
const (
	Width  = 256
	Height = 320
)

// Ends of their names.
const (
	Found  = ".found.jpg"  // what the survey found
	Healed = ".healed.jpg" // the head as healed
)

const quality = 82

// Cut takes a part of a picture and makes it small; what is not of the shape
// is cut at its sides.
func Cut(m image.Image, part image.Rectangle) image.Image {
	part = part.Intersect(m.Bounds())
	if part.Empty() {
		part = m.Bounds()
	}
	return imaging.Fill(imaging.Crop(m, part), Width, Height, imaging.Center, imaging.Box)
}

// Write writes a small picture; its folder is made if it is missing.
func Write(path string, m image.Image) error {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return atomicfile.WriteBytes(path, b.Bytes())
}

// Read reads a small picture back.
func Read(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening a small picture: %w", err)
	}
	defer f.Close()
	m, err := jpeg.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}
