// Package photo reads a photo as every later step wants it: upright, opaque,
// 8-bit sRGB.
//
// JPEG, PNG, WebP and HEIC are told apart by their content. The EXIF
// orientation is applied exactly once (never to HEIC, whose own rotation the
// decoder applies), embedded matrix profiles such as Display P3 and Adobe RGB
// are converted, transparency is laid on white. From the EXIF only the
// orientation, the 35 mm focal length and the time are read: no place, no
// camera. The file itself is never changed. What limits a later measurement is
// a warning; what is no usable photo is an error that names the file and why.
package photo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"time"

	"pointille/internal/cvx"
	"pointille/internal/filekind"
)

// Photo is a decoded photo. Pixels are those of the upright picture.
type Photo struct {
	Path          string
	Name          string        // file name without folder
	SHA256        string        // of the file's bytes, lower-case hex
	Format        filekind.Kind // JPEG, PNG, WebP or HEIC
	Width, Height int           // upright, pixels
	Image         *image.NRGBA  // opaque sRGB, origin (0,0)
	Focal35       float64       // focal length for 35 mm film, mm; 0 unknown. A hint: phones write it of the uncropped sensor
	Taken         time.Time     // by the camera's clock, as UTC; zero unknown
	Warnings      []Warning
}

// Warning tells what limits a measurement in this photo, and what to do.
// Codes: grey, alpha, profile, frames.
type Warning struct {
	Code    string
	Message string
}

// Options limits what is read. The zero value has the defaults.
type Options struct {
	MaxPixels int   // default 100 million
	MaxSide   int   // default 16384, the largest texture and JPEG grid that tablets take
	MinSide   int   // default 32
	MaxBytes  int64 // of the file, default 256 MiB
}

// MostBytes of a file are read unless Options say otherwise.
const MostBytes = 256 << 20

func (o Options) filled() Options {
	if o.MaxPixels <= 0 {
		o.MaxPixels = 100_000_000
	}
	if o.MaxSide <= 0 {
		o.MaxSide = 16384
	}
	if o.MinSide <= 0 {
		o.MinSide = 32
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = MostBytes
	}
	return o
}

// Errors that Open and Decode wrap.
var (
	ErrNotPhoto = errors.New("not a photo")
	ErrTooLarge = errors.New("too large")
	ErrTooSmall = errors.New("too small")
	ErrDamaged  = errors.New("damaged or cut short")
)

// Open reads the photo at path. It stops between its steps when ctx is
// cancelled.
func Open(ctx context.Context, path string, o Options) (*Photo, error) {
	data, err := read(path, o.filled())
	if err != nil {
		return nil, err
	}
	return Decode(ctx, path, data, o)
}

// Decode reads a photo from the bytes of its file; path names it.
func Decode(ctx context.Context, path string, data []byte, o Options) (*Photo, error) {
	p, err := decode(ctx, data, o.filled())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	sum := sha256.Sum256(data)
	p.Path, p.Name, p.SHA256 = path, filepath.Base(path), hex.EncodeToString(sum[:])
	return p, nil
}

// missing is the path of a photo that is not there.
type missing string

func (m missing) Error() string { return string(m) + ": there is no such photo" }

// Unwrap lets callers ask for os.ErrNotExist.
func (m missing) Unwrap() error { return os.ErrNotExist }

// read refuses what is no file before it opens it, so that a pipe cannot hang.
func read(path string, o Options) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, missing(path)
	case err != nil:
		return nil, fmt.Errorf("opening the photo: %w", err)
	case info.IsDir():
		return nil, fmt.Errorf("%s: %w (a folder)", path, ErrNotPhoto)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: %w (no plain file)", path, ErrNotPhoto)
	case info.Size() > o.MaxBytes:
		return nil, fmt.Errorf("%s: %w: %d MB, at most %d MB are read", path, ErrTooLarge, info.Size()>>20, o.MaxBytes>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("opening the photo: %w", err)
	}
	return data, nil
}

func decode(ctx context.Context, data []byte, o Options) (*Photo, error) {
	kind := filekind.Of(data[:min(len(data), filekind.HeadBytes)])
	if !kind.Photo() {
		return nil, fmt.Errorf("%w (%s)", ErrNotPhoto, kind)
	}
	h, err := readHeader(kind, data)
	if err != nil {
		return nil, err
	}
	if err := h.check(o); err != nil {
		return nil, err
	}
	p := &Photo{Format: kind}
	m := readEXIF(kind, data)
	p.Focal35, p.Taken = m.focal35, m.taken
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := p.pixels(ctx, h, data, o); err != nil {
		return nil, err
	}
	if kind != filekind.HEIC {
		p.Image = Upright(p.Image, m.orientation)
	}
	p.Width, p.Height = p.Image.Rect.Dx(), p.Image.Rect.Dy()
	if h.grey || colourless(p.Image) {
		p.warn("grey", "The photo is grey: colours of skin and hair cannot be measured in it.")
	}
	return p, ctx.Err()
}

func (p *Photo) warn(code, message string) {
	p.Warnings = append(p.Warnings, Warning{code, message})
}

// pixels decodes the picture as stored and brings it to opaque sRGB.
func (p *Photo) pixels(ctx context.Context, h *header, data []byte, o Options) error {
	if h.frames {
		p.warn("frames", "The file holds several pictures: only the first is used.")
	}
	if len(h.still) > 0 {
		data = h.still
	}
	if err := p.transparency(h, data); err != nil {
		return err
	}
	var err error
	if p.Format == filekind.HEIC {
		p.Image, err = decodeHEIC(data, h, o)
	} else {
		p.Image, err = cvx.Decode(data, cvx.DecodeOptions{MaxPixels: o.MaxPixels})
	}
	if err != nil {
		if errors.Is(err, ErrTooLarge) || errors.Is(err, ErrNotPhoto) {
			return err
		}
		return fmt.Errorf("%w: %v", ErrDamaged, err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return p.toSRGB(ctx, h)
}

// toSRGB converts the colours by the embedded profile.
func (p *Photo) toSRGB(ctx context.Context, h *header) error {
	if h.grey || len(h.icc) == 0 && !h.p3 {
		return nil
	}
	profile := displayP3()
	if len(h.icc) > 0 {
		var err error
		if profile, err = parseICC(h.icc); err != nil {
			p.warn("profile", fmt.Sprintf("The photo's colour profile cannot be used (%v); its colours are taken for sRGB and may be off.", err))
			return nil
		}
	}
	return profile.convert(ctx, p.Image)
}

// colourless reports whether no pixel of a grid over the picture has a colour
// beyond what JPEG coding leaves in a grey picture.
func colourless(img *image.NRGBA) bool {
	const grid, tolerance = 64, 6
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for j := range grid {
		for i := range grid {
			c := img.NRGBAAt((2*i+1)*w/(2*grid), (2*j+1)*h/(2*grid))
			if max(c.R, c.G, c.B)-min(c.R, c.G, c.B) > tolerance {
				return false
			}
		}
	}
	return true
}
