package job

import (
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"runtime"

	"github.com/disintegration/imaging"

	"pointille/internal/atomicfile"
	"pointille/internal/cvx"
	"pointille/internal/mapfile"
	"pointille/internal/report"
	"pointille/planner/pigment"
	"pointille/planner/plan"
	"pointille/planner/preview"
	"pointille/vision/photo"
	"pointille/vision/survey"
)

// JPEG qualities and the size of pictures inside the report.
const (
	previewQuality = 92
	reportQuality  = 84
	reportSide     = 1000
	lengthSide     = 640 // of pictures of other lengths of hair, of which there are many
)

// viewJob draws one photo.
type viewJob struct {
	ctx   context.Context
	plan  *plan.Plan
	dots  []plan.Dot
	seen  []plan.Seen
	photo plan.Photo
	path  string // of the photo
	name  string // of its files
	dir   string // where the survey's maps are
	out   string
	model *pigment.Model
	frame image.Rectangle // what the report shows of it

	variant Variant

	bald     *preview.Bald   // the photo without its hair
	shaved   *preview.Shaved // the photo with its hair shaved; nil: it stays as it is
	unshaved string          // why it does, where it was to be shaved
}

// all writes the stages a photo is shown in.
func (v viewJob) all() (shownView, error) {
	s := shownView{photo: v.photo, name: v.name}
	img, err := v.open()
	if err != nil {
		return s, err
	}
	if s.overlay, err = v.overlay(); err != nil {
		return s, err
	}
	if s.small, err = shrink(img, reportSide); err != nil {
		return s, err
	}
	for _, d := range v.seen {
		if d.Visible {
			s.dots++
		}
	}
	if v.model == nil || s.dots == 0 {
		return s, nil
	}
	var maps mapfile.Maps
	defer maps.Close()
	in, err := v.input(&maps, img)
	if err != nil {
		return s, err
	}
	for _, stage := range pigment.Stages() {
		if err := v.ctx.Err(); err != nil {
			return s, err
		}
		small, err := v.stage(img, in, stage)
		if err != nil {
			return s, err
		}
		s.stages = append(s.stages, stagePicture{stage: stage, jpeg: small})
		runtime.GC() // the picture is as large as the photo: its memory is for the next one
	}
	ends, err := v.ends(img, in)
	if err != nil {
		return s, err
	}
	s.stages = append(s.stages, ends...)
	s.lengths, err = v.lengths(in)
	s.mmPerPx = v.mmPerPx() * max(1, float64(max(v.frame.Dx(), v.frame.Dy()))/reportSide)
	return s, err
}

// open reads the photo and makes sure it is the one that was planned.
func (v viewJob) open() (*image.NRGBA, error) {
	p, err := photo.Open(v.ctx, v.path, photo.Options{})
	if err != nil {
		return nil, err
	}
	if p.SHA256 != v.photo.SHA256 {
		return nil, v.changed()
	}
	return p.Image, nil
}

// input gathers what a rendering needs from the documents, and finds the frame. Maps
// of it are read into k.
func (v *viewJob) input(k *mapfile.Maps, img *image.NRGBA) (preview.Input, error) {
	regions, hair, density, err := v.maps(k)
	if err != nil {
		return preview.Input{}, err
	}
	v.frame = report.Frame(regions)
	mask, err := mapfile.Keep(k, preview.Skin(v.photo, v.plan.Dots.MeanMM, v.dots, v.seen, regions, IsSkin))
	if err != nil {
		return preview.Input{}, fmt.Errorf("%s: %w", v.path, err)
	}
	in := preview.Input{
		Camera: v.photo.Camera, Dots: v.dots, Seen: v.seen, Model: v.model, Mask: mask, Coverage: hair,
		BlurPx: preview.Blur(img, mask), Workers: 1,
	}
	return in, v.shave(img, in, regions, density)
}

// maps reads the survey's maps of this photo.
func (v viewJob) maps(k *mapfile.Maps) (regions, hair *image.Gray, density *image.Gray16, err error) {
	s, err := survey.Read(filepath.Join(v.dir, v.photo.Survey))
	if err != nil {
		return nil, nil, nil, err
	}
	if s.Maps == nil {
		return nil, nil, nil, fmt.Errorf("%s: names no maps", filepath.Join(v.dir, v.photo.Survey))
	}
	if regions, err = mapfile.Read[*image.Gray](k, filepath.Join(v.dir, s.Maps.Regions)); err != nil {
		return nil, nil, nil, err
	}
	if hair, err = mapfile.Read[*image.Gray](k, filepath.Join(v.dir, s.Maps.Hair)); err != nil {
		return nil, nil, nil, err
	}
	if v.shaves() {
		density, err = mapfile.Read[*image.Gray16](k, filepath.Join(v.dir, s.Maps.Density))
	}
	return regions, hair, density, err
}

// stage renders, writes the picture and returns the head at report size.
func (v viewJob) stage(img *image.NRGBA, in preview.Input, stage string) ([]byte, error) {
	shown, err := v.shown(img, in, stage)
	if err != nil {
		return nil, err
	}
	head, err := v.head(shown, stage, reportSide)
	if err != nil {
		return nil, err
	}
	if shown, err = v.label(shown, stage); err != nil {
		return nil, err
	}
	jpeg, err := cvx.EncodeJPEG(shown, previewQuality)
	if err != nil {
		return nil, fmt.Errorf("%s: encoding the %s preview: %w", v.path, stage, err)
	}
	return head, atomicfile.WriteBytes(v.file(stage), jpeg)
}

func (v viewJob) shown(img *image.NRGBA, in preview.Input, stage string) (*image.NRGBA, error) {
	shown, err := v.render(img, in, stage)
	if err == nil {
		shown, err = v.afar(shown)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", v.path, err)
	}
	return shown, nil
}

// head is the head, its longer side at most so many pixels.
func (v viewJob) head(shown *image.NRGBA, stage string, side int) ([]byte, error) {
	head := shown.SubImage(v.frame).(*image.NRGBA)
	var err error
	if max(head.Rect.Dx(), head.Rect.Dy()) <= side {
		head = imaging.Clone(head) // it is written on
	} else if head, err = shrink(head, side); err != nil {
		return nil, err
	}
	if head, err = v.label(head, stage); err != nil {
		return nil, err
	}
	return cvx.EncodeJPEG(head, reportQuality)
}

// ends are the healed head at both ends of the prediction's error, at report
// size; none where the plan has no prediction.
func (v viewJob) ends(img *image.NRGBA, in preview.Input) ([]stagePicture, error) {
	if v.plan.Pigment == nil {
		return nil, nil
	}
	lighter, darker, err := ends(v.plan, v.model)
	if err != nil {
		return nil, err
	}
	var out []stagePicture
	for _, end := range []struct {
		stage string // by which the page says itself which end is shown
		model *pigment.Model
	}{{report.HealedLighter, lighter}, {report.HealedDarker, darker}} {
		in.Model = end.model
		shown, err := v.shown(img, in, plan.Healed)
		if err != nil {
			return nil, err
		}
		jpeg, err := v.head(shown, plan.Healed, reportSide)
		if err != nil {
			return nil, err
		}
		out = append(out, stagePicture{end.stage, jpeg})
		runtime.GC() // as above
	}
	return out, nil
}

func (v viewJob) file(stage string) string {
	return filepath.Join(v.out, v.name+"."+stage+v.variant.suffix()+".jpg")
}

func shrink(img *image.NRGBA, side int) (*image.NRGBA, error) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	k := float64(side) / float64(max(w, h))
	if k >= 1 {
		return img, nil
	}
	return cvx.Resize(img, max(1, int(float64(w)*k)), max(1, int(float64(h)*k)), cvx.Area)
}

// overlay is the survey's drawing as a JPEG for the report.
func (v viewJob) overlay() ([]byte, error) {
	f, err := os.ReadFile(filepath.Join(v.dir, v.name+OverlaySuffix))
	if err != nil {
		return nil, fmt.Errorf("reading the survey's drawing: %w", err)
	}
	img, err := cvx.Decode(f, cvx.DecodeOptions{})
	if err != nil {
		return nil, fmt.Errorf("%s%s: %w", v.name, OverlaySuffix, err)
	}
	small, err := shrink(img, reportSide)
	if err != nil {
		return nil, err
	}
	return cvx.EncodeJPEG(small, reportQuality)
}
