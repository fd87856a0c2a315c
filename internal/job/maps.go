package job

import (
	"image"
	"io"
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
func ReadMaps(dir string, s *survey.Survey) (*vision.Result, error) { return readMaps(nil, dir, s) }

// readMaps reads them into k; nil: onto the heap.
func readMaps(k *mapfile.Maps, dir string, s *survey.Survey) (*vision.Result, error) {
	r := &vision.Result{Survey: s}
	if s.Maps == nil {
		return r, nil
	}
	var err error
	if r.Regions, err = mapfile.Read[*image.Gray](k, filepath.Join(dir, s.Maps.Regions)); err != nil {
		return nil, err
	}
	if r.Hair, err = mapfile.Read[*image.Gray](k, filepath.Join(dir, s.Maps.Hair)); err != nil {
		return nil, err
	}
	if r.Density, err = mapfile.Read[*image.Gray16](k, filepath.Join(dir, s.Maps.Density)); err != nil {
		return nil, err
	}
	return r, nil
}

// keepMaps moves the maps of a photo into k; nil: they are not needed any more.
func keepMaps(k *mapfile.Maps, r *vision.Result) (err error) {
	if k == nil || r.Regions == nil {
		r.Regions, r.Hair, r.Density = nil, nil, nil
		return nil
	}
	if r.Regions, err = mapfile.Keep(k, r.Regions); err != nil {
		return err
	}
	if r.Hair, err = mapfile.Keep(k, r.Hair); err != nil {
		return err
	}
	r.Density, err = mapfile.Keep(k, r.Density)
	return err
}
