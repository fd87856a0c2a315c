// Package bare shows what a photo of a head would look like without its hair:
// skin in the light of the skin that is seen.
//
// It invents, so what it makes is a simulation and has to be called that. The
// brightness of hidden skin follows from the head's shape and from how bare
// skin of all directions is lit, its colour is that of bare skin nearby, its
// grain as strong as there; between stubble both are held to what is seen. Nothing of it is a measurement of the hidden skin.
//
// Pixels are those of the upright photo, lengths millimetres of the head
// frame. Equal input gives equal bytes. Errors say what the photo lacks.
package bare

import (
	"errors"
	"fmt"
	"image"
	"math"

	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// Input is what the photo shows.
type Input struct {
	Camera  headframe.Camera
	Surface headframe.Surface
	Regions *image.Gray // classes as in a survey, hair transparent
	Hair    *image.Gray // share of each pixel hidden by hair, 0..255
	// Growth is the density of the hair, hundredths of hairs per cm². Where much
	// grows all is taken to be hair, whatever Hair says: fair hair is half seen.
	Growth *image.Gray16
}

// Head is a photo without its hair.
type Head struct {
	Picture  *image.NRGBA
	Replaced *image.Gray // share of each pixel that is not the photo's own, 0..255
	Beyond   float64     // share of the hair that hangs beside the head's skin
	// Fibre is the light of the darker half of the hair over that of the skin
	// under it, per channel: what a single hair looks like in this photo's own
	// light. It is 1 where the photo shows no hair on the head.
	Fibre [3]float64
}

// ErrNoSkin is returned for photos that show too little bare skin to tell how
// hidden skin is lit.
var ErrNoSkin = errors.New("the photo shows too little bare skin, or too much of it is burnt out, to tell what lies under the hair")

// Shave returns the photo without hair on the head, and in front of what is
// beside it.
func Shave(photo *image.NRGBA, in Input) (Head, error) {
	if err := in.check(photo); err != nil {
		return Head{}, fmt.Errorf("taking the hair away: %w", err)
	}
	s := newScene(photo, in)
	lit, err := s.light()
	if err != nil {
		return Head{}, fmt.Errorf("taking the hair away: %w", err)
	}
	room, body := s.continued(s.room), s.continued(s.body)
	h := Head{
		Picture: image.NewNRGBA(image.Rect(0, 0, s.w, s.h)), Replaced: image.NewGray(image.Rect(0, 0, s.w, s.h)),
		Beyond: s.beyond(), Fibre: s.fibre(lit),
	}
	grainSkin, grainRoom := s.grain(s.head), s.grain(s.room)
	for y := range s.h {
		for x := range s.w {
			at := s.photoAt(x, y)
			share := s.hidden(x, y)
			if share > 0 {
				behind := room
				if s.class(x, y) == survey.Clothes {
					behind = body
				}
				skin := float64(s.skin.Pix[y*s.w+x])
				light := mix(behind.at(s, x, y), lit.at(s, x, y), skin)
				grain := grainRoom + (grainSkin-grainRoom)*skin
				at = s.mixed(at, light, share, 1+grain*noise(x, y))
				h.Replaced.Pix[y*h.Replaced.Stride+x] = uint8(255*share + 0.5)
			}
			copy(h.Picture.Pix[y*h.Picture.Stride+4*x:], at[:])
		}
	}
	return h, nil
}

func (in Input) check(photo *image.NRGBA) error {
	if photo == nil || photo.Rect.Empty() {
		return errors.New("there is no photo")
	}
	size := photo.Rect.Size()
	if in.Growth == nil || in.Growth.Rect.Size() != size {
		return errors.New("there is no map of the hair's density, or it has another size than the photo")
	}
	for name, m := range map[string]*image.Gray{"regions": in.Regions, "hair": in.Hair} {
		if m == nil {
			return fmt.Errorf("there is no map of %s", name)
		}
		if m.Rect.Size() != size {
			return fmt.Errorf("the map of %s is %v, the photo %v", name, m.Rect.Size(), size)
		}
	}
	if c := in.Camera; !(c.FX > 0 && c.FY > 0) || math.IsInf(c.FX+c.FY, 0) {
		return fmt.Errorf("the camera's focal lengths are %v and %v px", c.FX, c.FY)
	}
	return nil
}

func onHead(class uint8) bool { return class == survey.Skin || class == survey.Scalp }

func beside(class uint8) bool { return class == survey.Background || class == survey.Clothes }

// How much hair hides: up to few a pixel is bare, from many it is hair and
// wholly replaced.
const (
	few  = 0.05
	many = 0.4
)

// hidden is the share of a pixel to be replaced. Brows and beards keep theirs,
// ears and the body where no hair is before them.
func (s *scene) hidden(x, y int) float64 {
	own := float64(s.in.Hair.Pix[y*s.in.Hair.Stride+x]) / 255
	switch c := s.class(x, y); {
	case c == survey.Background:
		return step((s.beside.at(s, x, y) - few) / (many - few))
	case onHead(c):
		v := max(own, s.around.at(s, x, y))
		return max(step((v-few)/(many-few)), step((s.growth.at(s, x, y)-sparse)/(dense-sparse)))
	case c == survey.Ear || c == survey.Clothes:
		return step((own - few) / (many - few))
	}
	return 0
}

// How much must grow, hairs per cm², before hair is taken to be there: nothing
// up to sparse, all from dense.
const (
	sparse = 15
	dense  = 60
)

// step rises smoothly from 0 to 1.
func step(v float64) float64 {
	v = min(1, max(0, v))
	return v * v * (3 - 2*v)
}

func mix(a, b colour.RGB, share float64) colour.RGB {
	for c := range a {
		a[c] += (b[c] - a[c]) * share
	}
	return a
}

// mixed lays new light over a pixel.
func (s *scene) mixed(p [4]uint8, light colour.RGB, share, grain float64) [4]uint8 {
	var out colour.RGB
	for c := range out {
		out[c] = float64(s.tables.Linear(p[c]))*(1-share) + light[c]*grain*share
	}
	r, g, b := colour.Bytes(out)
	return [4]uint8{r, g, b, p[3]}
}

// noise is a number about 0 with a deviation of about 1 that belongs to a
// pixel, half of it shared with its neighbours as a camera's is.
func noise(x, y int) float64 {
	return 0.9*gauss(x, y, 1) + 0.75*(gauss(x/2, y/2, 2)+gauss((x+1)/2, (y+1)/2, 3))/math.Sqrt2
}

// gauss is near normal: the sum of four even numbers.
func gauss(x, y int, stream uint64) float64 {
	z := uint64(x)*0x9e3779b97f4a7c15 ^ uint64(y)*0xc2b2ae3d27d4eb4f ^ stream*0x165667b19e3779f9
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	sum := 0.0
	for range 4 {
		sum += float64(z&0xffff) / 0xffff
		z >>= 16
	}
	return (sum - 2) * math.Sqrt(3)
}
