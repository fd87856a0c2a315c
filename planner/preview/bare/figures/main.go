// Command figures says how far skin that package bare puts under stubble is from the
// skin that is there, over heads rendered with stubble and without:
//
//	scripts/measure/stubble.py --list pairs.jsonl     and the generator, into RENDERS
//	go run ./planner/preview/bare/figures RENDERS
//
// Each head is surveyed as any photo is and shaved on the average head. What is off is
// the mean over scalp that is more than half replaced, in CIELAB.
package main

import (
	"context"
	"fmt"
	"image"
	"math"
	"os"
	"path/filepath"
	"strings"

	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/planner/preview/bare"
	"pointille/vision"
	"pointille/vision/photo"
	"pointille/vision/survey"
)

// The folders of a pair end in the length of its stubble, mm.
const haired, bald = "_0.7", "_0.02"

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "figures: give the folder of renders")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string) error {
	pairs, err := filepath.Glob(filepath.Join(dir, "*"+haired))
	if err != nil {
		return err
	}
	if len(pairs) == 0 {
		return fmt.Errorf("%s: no folder ends in %s", dir, haired)
	}
	eye, err := vision.NewSurveyor()
	if err != nil {
		return err
	}
	defer eye.Close()
	for _, pair := range pairs {
		off, err := judge(ctx, eye, pair)
		if err != nil {
			return fmt.Errorf("%s: %w", pair, err)
		}
		fmt.Printf("%-16s %6d pixels, L* off by %.2f (%+.2f), chroma by %.2f\n", filepath.Base(pair), off.pixels, off.light, off.bias, off.chroma)
	}
	return nil
}

// off is by how much skin is wrong.
type off struct {
	pixels              int
	light, bias, chroma float64
}

func judge(ctx context.Context, eye *vision.Surveyor, pair string) (off, error) {
	p, err := open(ctx, pair)
	if err != nil {
		return off{}, err
	}
	want, err := open(ctx, strings.TrimSuffix(pair, haired)+bald)
	if err != nil {
		return off{}, err
	}
	if want.Image.Rect != p.Image.Rect {
		return off{}, fmt.Errorf("one picture is %v, the other %v", p.Image.Rect, want.Image.Rect)
	}
	seen, err := eye.Survey(ctx, p, vision.Options{})
	if err != nil {
		return off{}, err
	}
	if seen.Survey.Camera == nil {
		return off{}, fmt.Errorf("no head was laid onto the photo")
	}
	got, err := bare.Shave(p.Image, bare.Input{
		Camera: seen.Survey.Camera.Camera, Surface: headframe.Mean(), Regions: seen.Regions, Hair: seen.Hair, Growth: seen.Density,
	})
	if err != nil {
		return off{}, err
	}
	return compare(got, want.Image, seen.Regions)
}

func open(ctx context.Context, dir string) (*photo.Photo, error) {
	return photo.Open(ctx, filepath.Join(dir, "photo.jpg"), photo.Options{})
}

func compare(got bare.Head, want *image.NRGBA, regions *image.Gray) (off, error) {
	var o off
	for i, share := range got.Replaced.Pix {
		if share < 128 || regions.Pix[i] != survey.Scalp {
			continue
		}
		a, b := lab(got.Picture, i), lab(want, i)
		o.pixels++
		o.light += math.Abs(a[0] - b[0])
		o.bias += a[0] - b[0]
		o.chroma += math.Hypot(a[1]-b[1], a[2]-b[2])
	}
	if o.pixels == 0 {
		return o, fmt.Errorf("no scalp was shaved")
	}
	n := float64(o.pixels)
	o.light, o.bias, o.chroma = o.light/n, o.bias/n, o.chroma/n
	return o, nil
}

func lab(img *image.NRGBA, i int) colour.Lab {
	p := img.Pix[4*i:]
	return colour.ToLab(colour.FromBytes(p[0], p[1], p[2]))
}
