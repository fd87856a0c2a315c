package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"

	"pointille/internal/cvx"
	"pointille/internal/job"
	"pointille/internal/mapfile"
	"pointille/internal/studio/worker"
	"pointille/planner/pigment"
	"pointille/planner/plan"
	"pointille/planner/preview"
)

// Renderer draws previews for all desks: as many at once as there are
// processors, the same picture only once, the last ones kept.
type Renderer struct {
	slots chan struct{}
	mu    sync.Mutex
	made  map[string]*picture
	order []string // keys, oldest first
}

type picture struct {
	done chan struct{}
	jpeg []byte
	err  error
}

// mostPictures are kept: about 200 KB each.
const mostPictures = 60

// NewRenderer returns a renderer.
func NewRenderer() *Renderer {
	return &Renderer{slots: make(chan struct{}, runtime.GOMAXPROCS(0)), made: map[string]*picture{}}
}

// Do returns the picture of a key, drawing it where nobody has. Who no longer
// waits (ctx) takes no place; a picture that was given up is drawn anew.
func (r *Renderer) Do(ctx context.Context, key string, draw func() ([]byte, error)) ([]byte, error) {
	for {
		r.mu.Lock()
		p, there := r.made[key]
		if !there {
			p = &picture{done: make(chan struct{})}
			r.made[key] = p
			r.order = append(r.order, key)
			r.forget()
		}
		r.mu.Unlock()
		if !there {
			r.draw(ctx, key, p, draw)
			return p.jpeg, p.err
		}
		select {
		case <-p.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if !errors.Is(p.err, context.Canceled) {
			return p.jpeg, p.err
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
}

func (r *Renderer) draw(ctx context.Context, key string, p *picture, draw func() ([]byte, error)) {
	defer close(p.done)
	select {
	case r.slots <- struct{}{}:
		p.jpeg, p.err = draw()
		<-r.slots
	case <-ctx.Done():
		p.err = context.Canceled
	}
	if p.err == nil {
		return
	}
	r.mu.Lock()
	if r.made[key] == p {
		delete(r.made, key)
	}
	r.mu.Unlock()
}

// forget drops the oldest pictures; the caller holds mu.
func (r *Renderer) forget() {
	for len(r.order) > mostPictures {
		delete(r.made, r.order[0])
		r.order = r.order[1:]
	}
}

// Forget drops all pictures; those that are being drawn are not kept.
func (r *Renderer) Forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made, r.order = map[string]*picture{}, nil
}

// ErrStale is returned for a preview of a plan that is no more.
var ErrStale = errors.New("the plan has changed since")

const previewQuality = 88

// Preview draws a photo at a stage, as a JPEG of the screen copy's size. metres is
// how far away the eye is; 0: as the photo shows it.
func (d *Desk) Preview(ctx context.Context, m *Made, slot, stage string, metres float64) ([]byte, error) {
	p, err := d.photo(slot)
	if err != nil {
		return nil, err
	}
	key := p.SHA256 + m.key + strconv.FormatBool(m.Settled) + stage + strconv.FormatFloat(metres, 'g', -1, 64)
	return d.o.Renderer.Do(ctx, key, func() ([]byte, error) { return d.draw(m, slot, stage, metres) })
}

func (d *Desk) draw(m *Made, slot, stage string, metres float64) ([]byte, error) {
	s, view, err := d.sheet(m, slot)
	if err != nil {
		return nil, err
	}
	img := s.photo
	if s.ready && stage != plan.Before {
		if img, err = preview.Render(s.photo, s.in, stage); err != nil {
			return nil, err
		}
	}
	if metres > 0 && view >= 0 {
		mm := m.mmPerPx(view) / s.k
		if img, err = preview.From(img, mm, metres); err != nil {
			return nil, err
		}
	}
	return cvx.EncodeJPEG(img, previewQuality)
}

// sheet is a photo at the screen copy's size, ready to draw on.
type sheet struct {
	photo *image.NRGBA
	k     float64 // screen pixels per photo pixel
	in    preview.Input
	ready bool // there are dots to draw
}

// mostSheets are kept ready for one plan: each has a mask of 2 MB of its own.
const mostSheets = 3

func (d *Desk) sheet(m *Made, slot string) (*sheet, int, error) {
	view := d.ViewIndex(slot, m)
	m.pixels.Lock()
	defer m.pixels.Unlock()
	if s := m.masks[slot]; s != nil {
		return s, view, nil
	}
	s, err := d.newSheet(m, slot, view)
	if err != nil {
		return nil, view, err
	}
	if len(m.masks) >= mostSheets {
		clear(m.masks)
	}
	m.masks[slot] = s
	return s, view, nil
}

func (d *Desk) newSheet(m *Made, slot string, view int) (*sheet, error) {
	shown, err := d.screenOf(slot)
	if err != nil {
		return nil, err
	}
	s := &sheet{photo: shown.photo, k: 1}
	if view < 0 || shown.regions == nil {
		return s, nil
	}
	model, err := pigment.ModelOf(m.Plan)
	if err != nil || model == nil {
		return s, err
	}
	ph := m.Plan.Photos[view]
	w, h := shown.photo.Rect.Dx(), shown.photo.Rect.Dy()
	s.k = float64(w) / float64(ph.Width)
	seen := scaled(m.Seen[view], s.k)
	ph.Camera, ph.Width, ph.Height = ph.Camera.Resized(s.k, float64(h)/float64(ph.Height)), w, h
	mask := preview.Skin(ph, m.Plan.Dots.MeanMM, m.Result.Dots, seen, shown.regions, job.IsSkin)
	s.in = preview.Input{Camera: ph.Camera, Dots: m.Result.Dots, Seen: seen, Model: model, Mask: mask, Coverage: shown.hair}
	s.ready = true
	return s, nil
}

func scaled(seen []plan.Seen, k float64) []plan.Seen {
	if k == 1 {
		return seen
	}
	out := make([]plan.Seen, len(seen))
	for i, s := range seen {
		s.X, s.Y = (s.X+0.5)*k-0.5, (s.Y+0.5)*k-0.5
		out[i] = s
	}
	return out
}

// screen is the screen copy of a photo with its maps, nil for a close-up.
type screen struct {
	slot, sha256  string
	photo         *image.NRGBA
	regions, hair *image.Gray
}

// mostScreens are kept decoded: each holds some 12 MB.
const mostScreens = 4

// screenOf decodes a photo's screen copy, or finds it decoded.
func (d *Desk) screenOf(slot string) (*screen, error) {
	p, err := d.photo(slot)
	if err != nil {
		return nil, err
	}
	d.decoding.Lock()
	defer d.decoding.Unlock()
	for i, s := range d.screens {
		if s.slot == slot && s.sha256 == p.SHA256 {
			d.screens = append(slices.Delete(d.screens, i, i+1), s) // the latest used comes last
			return s, nil
		}
	}
	s := &screen{slot: slot, sha256: p.SHA256}
	if s.photo, err = readScreen(d.work(slot + worker.ScreenSuffix)); err != nil {
		return nil, err
	}
	if s.regions, err = mapfile.Read[*image.Gray](nil, d.work(slot+worker.RegionsSuffix)); errors.Is(err, os.ErrNotExist) {
		return d.keepScreen(s), nil
	} else if err != nil {
		return nil, err
	}
	if s.hair, err = mapfile.Read[*image.Gray](nil, d.work(slot+worker.HairSuffix)); err != nil {
		return nil, err
	}
	return d.keepScreen(s), nil
}

// keepScreen remembers a decoded copy; the caller holds decoding.
func (d *Desk) keepScreen(s *screen) *screen {
	if len(d.screens) >= mostScreens {
		d.screens = slices.Delete(d.screens, 0, 1)
	}
	d.screens = append(d.screens, s)
	return s
}

// readScreen reads a screen copy, which this program wrote.
func readScreen(path string) (*image.NRGBA, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the screen copy: %w", err)
	}
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("reading the screen copy: %w", err)
	}
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src) // quick for this kind, and the same as NRGBA where all is opaque
	return &image.NRGBA{Pix: out.Pix, Stride: out.Stride, Rect: out.Rect}, nil
}
