package job

import (
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"

	"pointille/internal/mapfile"
	"pointille/vision"
	"pointille/vision/survey"
)

// mapsOf names the maps of a photo.
func mapsOf(name string) *survey.Maps {
	return &survey.Maps{Regions: name + regionsSuffix, Hair: name + hairSuffix, Density: name + densitySuffix}
}

// SurveyFiles names all that the survey of a photo leaves.
func SurveyFiles(name string) []string {
	m := mapsOf(name)
	return []string{name + SurveySuffix, name + OverlaySuffix, m.Regions, m.Hair, m.Density}
}

func writeMap[T *image.Gray | *image.Gray16 | *image.RGBA](m T) func(io.Writer) error {
	return func(w io.Writer) error { return mapfile.Encode(w, m) }
}

// ReadMaps reads the maps that a survey names beside itself in a folder; a
// close-up's names none.
func ReadMaps(dir string, s *survey.Survey) (*vision.Result, error) {
	r := &vision.Result{Survey: s}
	if s.Maps == nil {
		return r, nil
	}
	var err error
	if r.Regions, err = ReadMap[*image.Gray](filepath.Join(dir, s.Maps.Regions)); err != nil {
		return nil, err
	}
	if r.Hair, err = ReadMap[*image.Gray](filepath.Join(dir, s.Maps.Hair)); err != nil {
		return nil, err
	}
	if r.Density, err = ReadMap[*image.Gray16](filepath.Join(dir, s.Maps.Density)); err != nil {
		return nil, err
	}
	return r, nil
}

// ReadMap reads one map.
func ReadMap[T *image.Gray | *image.Gray16](path string) (T, error) {
	var none T
	f, err := os.Open(path)
	if err != nil {
		return none, fmt.Errorf("reading a map: %w", err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		return none, fmt.Errorf("%s: not a PNG map: %w", path, err)
	}
	m, ok := any(img).(T)
	if !ok {
		kind := "an 8-bit"
		if _, deep := any(none).(*image.Gray16); deep {
			kind = "a 16-bit"
		}
		return none, fmt.Errorf("%s: not %s grey map", path, kind)
	}
	return m, nil
}
