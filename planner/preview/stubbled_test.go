package preview_test

import (
	"errors"
	"image"
	"image/color"
	"math"
	"testing"

	"pointille/internal/colour"
	"pointille/planner/preview/bare"
)

// stubbled is the modelled head with stubble that hides a third of its skin, the hairy
// part in a shade of which the bare part knows nothing; and the same without stubble.
func stubbled() (m modelled, shaded *image.NRGBA) {
	const shade = 0.55
	m = modelHead()
	shaded, hairy := image.NewNRGBA(m.bald.Rect), image.NewNRGBA(m.bald.Rect)
	copy(shaded.Pix, m.bald.Pix)
	copy(hairy.Pix, m.bald.Pix)
	for i, v := range m.hair.Pix {
		if v == 0 {
			continue
		}
		x, y := i%headSide, i/headSide
		skin := colour.FromBytes(m.bald.Pix[4*i], m.bald.Pix[4*i+1], m.bald.Pix[4*i+2])
		put := func(img *image.NRGBA, k float64) {
			r, g, b := colour.Bytes(colour.RGB{skin[0] * k, skin[1] * k, skin[2] * k})
			img.SetNRGBA(x, y, color.NRGBA{r, g, b, 255})
		}
		put(shaded, shade)
		if (x*7+y*13)%3 == 0 {
			put(hairy, shade*0.2)
		} else {
			put(hairy, shade)
		}
		m.hair.Pix[i] = 255 / 3
	}
	m.hairy = hairy
	return m, shaded
}

// TestSkinBetweenStubble: where skin is seen between hairs it keeps the light that it
// has there, whatever the rest of the head is lit like. By the shape of the head alone it
// would be 13.7 L* off.
func TestSkinBetweenStubble(t *testing.T) {
	m, want := stubbled()
	got, err := bare.Shave(m.hairy, m.bare())
	if err != nil {
		t.Fatal(err)
	}
	sum, n := 0.0, 0.0
	for i, share := range got.Replaced.Pix {
		if share < 200 || m.hair.Pix[i] == 0 {
			continue
		}
		lab := func(p *image.NRGBA) colour.Lab {
			return colour.ToLab(colour.FromBytes(p.Pix[4*i], p.Pix[4*i+1], p.Pix[4*i+2]))
		}
		sum += math.Abs(lab(got.Picture)[0] - lab(want)[0])
		n++
	}
	t.Logf("%.0f pixels, off by %.2f L* on average", n, sum/n)
	if n < 1000 || sum/n > 6 {
		t.Errorf("%.0f pixels, off by %.2f L* on average", n, sum/n)
	}
}

// TestBurntOutSkinTellsNothing: of a head that is burnt out nobody can tell what lies
// under its hair.
func TestBurntOutSkinTellsNothing(t *testing.T) {
	m := modelHead()
	white := image.NewNRGBA(m.bald.Rect)
	for i := range white.Pix {
		white.Pix[i] = 250
		if i%4 == 3 {
			white.Pix[i] = 255
		}
	}
	if _, err := bare.Shave(white, m.bare()); !errors.Is(err, bare.ErrNoSkin) {
		t.Errorf("got %v, want %v", err, bare.ErrNoSkin)
	}
}
