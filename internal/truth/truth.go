// Package truth reads what is exactly known of a photo: of a rendered head, or of
// a head that was scanned. docs/formats/truth.md describes the files.
//
// Lengths are millimetres of the head frame, pixels those of the upright photo,
// areas cm² of skin. An error names the file and what is wrong in it.
package truth

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os"
	"path/filepath"

	"pointille/internal/headframe"
)

// View is what is known of one photo.
type View struct {
	Width, Height int // of the upright photo, pixels
	Camera        headframe.Camera
	Landmarks     map[string]Landmark
	Hairline      *Scale  // where the midline meets the hairline; nil: not known
	ScalpCM2      float64 // of all scalp that bears or bore hair; 0: not known
	Bald          []Area
	Skin          *Skin // nil: not known
}

// Landmark is a named place of the head.
type Landmark struct {
	MM      headframe.Vec `json:"mm"`
	PX      [2]float64    `json:"px"`
	Visible bool          `json:"visible"`
}

// Scale is the size of a pixel at a place of the photo, square to the view ray.
type Scale struct {
	MMPerPx float64    `json:"mm_per_px"`
	PX      [2]float64 `json:"px"`
}

// Area is a bald part of the scalp and its border in the photo.
type Area struct {
	CM2 float64      `json:"area_cm2"`
	PX  [][2]float64 `json:"px"`
}

// Skin is the scalp that the photo shows, pixel by pixel.
type Skin struct {
	Box  image.Rectangle // the pixels it covers
	P, N []headframe.Vec // row by row; of P, NaN where there is no scalp
}

// At returns the scalp at a pixel and its outward normal.
func (s *Skin) At(x, y int) (p, n headframe.Vec, ok bool) {
	if s == nil || !(image.Point{X: x, Y: y}).In(s.Box) {
		return p, n, false
	}
	i := (y-s.Box.Min.Y)*s.Box.Dx() + x - s.Box.Min.X
	return s.P[i], s.N[i], !math.IsNaN(s.P[i][0])
}

// document is the part of truth.json that is read.
type document struct {
	Image struct {
		Width  int `json:"width"`
		Height int `json:"height"`
	} `json:"image"`
	Camera struct {
		K [3][3]float64 `json:"K"`
		R [3][3]float64 `json:"R_head_to_cam"`
		T headframe.Vec `json:"t_head_to_cam_mm"`
	} `json:"camera"`
	Landmarks map[string]Landmark `json:"landmarks"`
	Hairline  *Scale              `json:"scale_at_hairline"`
	Bald      []Area              `json:"bald_areas"`
	Hair      struct {
		ScalpCM2 float64 `json:"scalp_area_cm2"`
	} `json:"hair"`
}

// mostBytes is far above any truth.json: dense outlines take some megabytes.
const mostBytes = 256 << 20

// Read reads the folder of one photo: truth.json, and geometry.npz if it is there.
func Read(dir string) (*View, error) {
	path := filepath.Join(dir, "truth.json")
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading what is known of a photo: %w", err)
	}
	defer f.Close()
	v, err := Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	path = filepath.Join(dir, "geometry.npz")
	v.Skin, err = readSkin(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}

// Decode reads a truth.json.
func Decode(r io.Reader) (*View, error) {
	var d document
	if err := json.NewDecoder(io.LimitReader(r, mostBytes)).Decode(&d); err != nil {
		return nil, fmt.Errorf("not a truth.json: %w", err)
	}
	if d.Image.Width <= 0 || d.Image.Height <= 0 {
		return nil, errors.New("image: width or height is missing")
	}
	cam, err := d.camera()
	if err != nil {
		return nil, err
	}
	if d.Hairline != nil && !(d.Hairline.MMPerPx > 0) {
		d.Hairline = nil
	}
	return &View{
		Width: d.Image.Width, Height: d.Image.Height, Camera: cam, Landmarks: d.Landmarks,
		Hairline: d.Hairline, ScalpCM2: d.Hair.ScalpCM2, Bald: d.Bald,
	}, nil
}

// askew is how far a rotation of four and more decimals may be from one.
const askew = 1e-3

func (d *document) camera() (c headframe.Camera, err error) {
	k, r := d.Camera.K, d.Camera.R
	if !(k[0][0] > 0) || !(k[1][1] > 0) {
		return c, errors.New("camera.K: the focal lengths are not positive")
	}
	for i := range 3 {
		for j := range 3 {
			dot := headframe.Vec(r[i]).Dot(r[j])
			if i == j {
				dot--
			}
			if !(math.Abs(dot) < askew) {
				return c, errors.New("camera.R_head_to_cam: not a rotation")
			}
		}
	}
	if headframe.Vec(r[0]).Cross(r[1]).Dot(r[2]) < 0 {
		return c, errors.New("camera.R_head_to_cam: a mirror image")
	}
	return headframe.Camera{
		FX: k[0][0], FY: k[1][1], CX: k[0][2], CY: k[1][2], T: d.Camera.T,
		R: [9]float64{r[0][0], r[0][1], r[0][2], r[1][0], r[1][1], r[1][2], r[2][0], r[2][1], r[2][2]},
	}, nil
}

// readSkin reads a geometry.npz; none is no error.
func readSkin(path string) (*Skin, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return DecodeSkin(f, info.Size())
}

// DecodeSkin reads a geometry.npz.
func DecodeSkin(r io.ReaderAt, size int64) (*Skin, error) {
	a, err := readArrays(r, size, "pos", "normal", "origin", "bbox")
	if err != nil {
		return nil, err
	}
	pos, normal, box, origin := a["pos"], a["normal"], a["bbox"], a["origin"]
	if len(box.data) != 4 || len(origin.data) != 3 {
		return nil, errors.New("bbox or origin: not 4 and 3 numbers")
	}
	s := &Skin{Box: image.Rectangle{
		Min: image.Pt(int(box.data[0]), int(box.data[1])), Max: image.Pt(int(box.data[2]), int(box.data[3])),
	}}
	for name, b := range map[string]array{"pos": pos, "normal": normal} {
		if len(b.shape) != 3 || b.shape[0] != s.Box.Dy() || b.shape[1] != s.Box.Dx() || b.shape[2] != 3 {
			return nil, fmt.Errorf("%s: %v numbers where bbox asks for %d x %d x 3", name, b.shape, s.Box.Dy(), s.Box.Dx())
		}
	}
	for i := 0; i < len(pos.data); i += 3 {
		p := headframe.Vec{pos.data[i], pos.data[i+1], pos.data[i+2]}
		s.P = append(s.P, p.Add(headframe.Vec(origin.data)))
		s.N = append(s.N, headframe.Vec{normal.data[i], normal.data[i+1], normal.data[i+2]}.Unit())
	}
	return s, nil
}
