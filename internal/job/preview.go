package job

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"pointille/internal/atomicfile"
	"pointille/internal/cvx"
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
)

// shownView is one photo with its pictures at report size.
type shownView struct {
	photo   plan.Photo
	name    string
	dots    int // visible
	small   *image.NRGBA
	overlay []byte
	stages  []stagePicture
}

type stagePicture struct {
	stage string
	jpeg  []byte
}

// previews draws every stage of every photo, writes NAME.STAGE.jpg, and
// returns small copies for the report.
func previews(ctx context.Context, o PlanOptions, made *documents, tasks map[string]task) ([]shownView, error) {
	model, err := model(made.Plan)
	if err != nil {
		return nil, err
	}
	out := make([]shownView, len(made.Plan.Photos))
	errs := make([]error, len(out))
	count := counter{stage: "preview", total: len(out), progress: o.Progress}
	each(len(out), func(i int) {
		p := made.Plan.Photos[i]
		t := tasks[p.SHA256]
		v := viewJob{ctx: ctx, plan: made.Plan, dots: made.Dots, seen: made.Seen[i], photo: p, path: t.path, name: t.name, dir: o.Out, out: o.Out, model: model}
		out[i], errs[i] = v.all()
		count.step(t.path, errs[i])
	})
	return out, worst(errs)
}

func model(p *plan.Plan) (*pigment.Model, error) {
	if p.Nothing != "" || p.Pigment == nil {
		return nil, nil
	}
	list, err := pigment.Catalogue()
	if err != nil {
		return nil, err
	}
	return pigment.NewModel(p.Dots, *p.Pigment, list)
}

// each runs f for 0..n-1 on all processors.
func each(n int, f func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next {
				f(i)
			}
		}()
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

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
	if s.small, err = shrink(img); err != nil {
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
	in, err := v.input(img)
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
	}
	return s, nil
}

// open reads the photo and makes sure it is the one that was planned.
func (v viewJob) open() (*image.NRGBA, error) {
	p, err := photo.Open(v.ctx, v.path, photo.Options{})
	if err != nil {
		return nil, err
	}
	if p.SHA256 != v.photo.SHA256 {
		return nil, fmt.Errorf("%s: is not the photo that was planned (its content has changed): plan the case again", v.path)
	}
	return p.Image, nil
}

// input gathers what a rendering needs from the documents, and finds the frame.
func (v *viewJob) input(img *image.NRGBA) (preview.Input, error) {
	regions, hair, err := v.maps()
	if err != nil {
		return preview.Input{}, err
	}
	v.frame = report.Frame(regions)
	mask := preview.Skin(v.photo, v.plan.Dots.MeanMM, v.dots, v.seen, regions, isSkin)
	return preview.Input{
		Camera: v.photo.Camera, Dots: v.dots, Seen: v.seen, Model: v.model, Mask: mask, Coverage: hair, Workers: 1,
	}, nil
}

// maps reads the survey's maps of this photo.
func (v viewJob) maps() (regions, hair *image.Gray, err error) {
	s, err := survey.Read(filepath.Join(v.dir, v.photo.Survey))
	if err != nil {
		return nil, nil, err
	}
	if s.Maps == nil {
		return nil, nil, fmt.Errorf("%s: names no maps", filepath.Join(v.dir, v.photo.Survey))
	}
	if regions, err = readGray(filepath.Join(v.dir, s.Maps.Regions)); err != nil {
		return nil, nil, err
	}
	hair, err = readGray(filepath.Join(v.dir, s.Maps.Hair))
	return regions, hair, err
}

func readGray(path string) (*image.Gray, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading a map: %w", err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: not a PNG map: %w", path, err)
	}
	g, ok := img.(*image.Gray)
	if !ok {
		return nil, fmt.Errorf("%s: not an 8-bit grey map", path)
	}
	return g, nil
}

// stage renders, writes the picture and returns the head at report size.
func (v viewJob) stage(img *image.NRGBA, in preview.Input, stage string) ([]byte, error) {
	shown, err := preview.Render(img, in, stage)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", v.path, err)
	}
	jpeg, err := cvx.EncodeJPEG(shown, previewQuality)
	if err != nil {
		return nil, fmt.Errorf("%s: encoding the %s preview: %w", v.path, stage, err)
	}
	if err := atomicfile.WriteBytes(v.file(stage), jpeg); err != nil {
		return nil, err
	}
	head, _ := shown.SubImage(v.frame).(*image.NRGBA)
	small, err := shrink(head)
	if err != nil {
		return nil, err
	}
	return cvx.EncodeJPEG(small, reportQuality)
}

func (v viewJob) file(stage string) string { return filepath.Join(v.out, v.name+"."+stage+".jpg") }

func shrink(img *image.NRGBA) (*image.NRGBA, error) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	k := float64(reportSide) / float64(max(w, h))
	if k >= 1 {
		return img, nil
	}
	return cvx.Resize(img, max(1, int(float64(w)*k)), max(1, int(float64(h)*k)), cvx.Area)
}

// overlay is the survey's drawing as a JPEG for the report.
func (v viewJob) overlay() ([]byte, error) {
	f, err := os.ReadFile(filepath.Join(v.dir, v.name+".overlay.png"))
	if err != nil {
		return nil, fmt.Errorf("reading the survey's drawing: %w", err)
	}
	img, err := cvx.Decode(f, cvx.DecodeOptions{})
	if err != nil {
		return nil, fmt.Errorf("%s.overlay.png: %w", v.name, err)
	}
	small, err := shrink(img)
	if err != nil {
		return nil, err
	}
	return cvx.EncodeJPEG(small, reportQuality)
}

// PreviewOptions are for Preview.
type PreviewOptions struct {
	Plan      string // plan.json
	Photos    string // folder; empty: the plan's own, then the one above
	Stage     string
	Out       string // folder; empty: the plan's
	Generator string
	Progress  func(Event)
}

// Preview draws one stage from the documents and returns the files written.
func Preview(ctx context.Context, o PreviewOptions) ([]string, error) {
	dir := filepath.Dir(o.Plan)
	p, err := readPlan(o.Plan)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(pigment.Stages(), o.Stage) {
		return nil, fmt.Errorf("stage %q: want one of %v", o.Stage, pigment.Stages())
	}
	if p.Nothing != "" {
		return nil, fmt.Errorf("%s: there is nothing to preview: %s", o.Plan, p.Nothing)
	}
	dots, err := readDots(o.Plan, p)
	if err != nil {
		return nil, err
	}
	m, err := model(p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Plan, err)
	}
	out := o.Out
	if out == "" {
		out = dir
	}
	if err := makeFolder(out); err != nil {
		return nil, err
	}
	return previewPhotos(ctx, o, viewJob{ctx: ctx, plan: p, dots: dots, dir: dir, out: out, model: m})
}

func previewPhotos(ctx context.Context, o PreviewOptions, base viewJob) ([]string, error) {
	var files []string
	for i, ph := range base.plan.Photos {
		if !ph.Used {
			continue
		}
		v := base
		v.photo, v.name = ph, nameOf(ph)
		var err error
		if v.path, err = findPhoto(o.Photos, base.dir, ph); err != nil {
			return files, err
		}
		if v.seen, err = readSeen(filepath.Join(base.dir, ph.Dots), len(base.dots)); err != nil {
			return files, err
		}
		img, err := v.open()
		if err != nil {
			return files, err
		}
		in, err := v.input(img)
		if err != nil {
			return files, err
		}
		if _, err := v.stage(img, in, o.Stage); err != nil {
			return files, err
		}
		files = append(files, v.file(o.Stage))
		progressed(o.Progress, "preview", v.path, i+1, len(base.plan.Photos))
	}
	return files, ctx.Err()
}

// findPhoto looks for a planned photo in the folder given, or near the plan.
func findPhoto(given, dir string, p plan.Photo) (string, error) {
	folders := []string{dir, filepath.Dir(dir)}
	if given != "" {
		folders = []string{given}
	}
	for _, f := range folders {
		path := filepath.Join(f, p.Name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s: the photo is not beside the plan; name its folder with --photos", p.Name)
}
