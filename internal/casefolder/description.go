package casefolder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"pointille/internal/document"
	"pointille/vision/survey"
)

// descriptionFile may lie beside the photos and say what their names do not.
const descriptionFile = "case.json"

// description is what case.json holds. Photos that it does not list are left
// out of the case; without a list all photos of the folder are taken.
type description struct {
	Code   string      `json:"case"`
	Photos []described `json:"photos"`
}

type described struct {
	File    string  `json:"file"`                // plain file name
	View    string  `json:"view,omitempty"`      // "": as the name tells
	MMPerPx float64 `json:"mm_per_px,omitempty"` // millimetres per pixel at the scalp
}

// readDescription returns nil where the folder has none.
func readDescription(dir string) (*description, error) {
	path := filepath.Join(dir, descriptionFile)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("opening the case: %w", err)
	}
	defer f.Close()
	d := new(description)
	tree, err := document.Parse(f)
	if err == nil {
		err = document.Fill(tree, d, document.Strict)
	}
	if err == nil {
		err = d.validate()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

func (d *description) validate() error {
	var c document.Check
	names := map[string]bool{}
	for i, p := range d.Photos {
		at := document.At("photos", i)
		c.FileName(at+".file", p.File)
		if names[p.File] {
			c.Failf(at+".file", "%q stands twice", p.File)
		}
		names[p.File] = true
		if p.View != "" {
			c.OneOf(at+".view", p.View, survey.Views()...)
		}
		c.Within(at+".mm_per_px", p.MMPerPx, 0, 50, "mm per px")
	}
	return c.Err()
}

func (d *description) photos(dir string) ([]Photo, error) {
	var photos []Photo
	for i, p := range d.Photos {
		at := document.At("photos", i)
		path := filepath.Join(dir, p.File)
		info, err := os.Lstat(path)
		if err != nil || !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s: %s.file: %q is no file in the folder", filepath.Join(dir, descriptionFile), at, p.File)
		}
		k, err := kindOf(path)
		if err != nil {
			return nil, err
		}
		if !k.Photo() && !NamedAsPhoto(p.File) {
			return nil, fmt.Errorf("%s: not a photo (%s)", path, k)
		}
		if !k.Photo() {
			photos = append(photos, Photo{Path: path})
			continue
		}
		view := p.View
		if view == "" {
			view = View(path)
		}
		photos = append(photos, Photo{Path: path, View: view, MMPerPx: p.MMPerPx})
	}
	return photos, nil
}
