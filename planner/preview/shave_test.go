package preview_test

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"sync"
	"testing"

	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/planner/pigment"
	"pointille/planner/plan"
	"pointille/planner/preview"
	"pointille/planner/preview/bare"
	"pointille/vision/survey"
)

const headSide = 360

// modelled is the average head seen from the front, lit from above right, with
// dark hair from a line upwards, and the same head without it.
type modelled struct {
	hairy, bald   *image.NRGBA
	camera        headframe.Camera
	regions, hair *image.Gray
	density       *image.Gray16
}

const hairsPerCM2 = 150

func modelHead() modelled {
	m := built()
	m.hair = &image.Gray{Pix: slices.Clone(m.hair.Pix), Stride: m.hair.Stride, Rect: m.hair.Rect} // which one test changes
	return m
}

// built is built once: its rays take half a second.
var built = sync.OnceValue(func() modelled {
	s := headframe.Mean()
	frame := image.Rect(0, 0, headSide, headSide)
	m := modelled{
		hairy: image.NewNRGBA(frame), bald: image.NewNRGBA(frame), regions: image.NewGray(frame), hair: image.NewGray(frame), density: image.NewGray16(frame),
		camera: headframe.Camera{FX: 900, FY: 900, CX: headSide / 2, CY: headSide / 2, R: [9]float64{1, 0, 0, 0, -1, 0, 0, 0, -1}, T: headframe.Vec{0, 60, 800}},
	}
	sun := headframe.Vec{0.4, 0.7, 0.6}.Unit()
	for y := range headSide {
		for x := range headSide {
			back := color.NRGBA{90, 100, 110, 255}
			m.bald.SetNRGBA(x, y, back)
			m.hairy.SetNRGBA(x, y, back)
			p, ok := s.Intersect(m.camera.Eye(), m.camera.Ray(float64(x), float64(y)))
			if !ok {
				continue
			}
			n := s.Normal(s.Direction(p))
			k := 0.35 + 0.55*max(0, n.Dot(sun))
			r, g, b := colour.Bytes(colour.RGB{0.62 * k, 0.36 * k, 0.25 * k})
			m.bald.SetNRGBA(x, y, color.NRGBA{r, g, b, 255})
			m.hairy.SetNRGBA(x, y, color.NRGBA{r, g, b, 255})
			m.regions.Pix[y*headSide+x] = survey.Skin
			if p[1] > 70 {
				m.regions.Pix[y*headSide+x] = survey.Scalp
			}
			if p[1] > 95 {
				m.hair.Pix[y*headSide+x] = 255
				m.density.SetGray16(x, y, color.Gray16{Y: hairsPerCM2 * 100})
				r, g, b := colour.Bytes(colour.RGB{0.05 * k, 0.03 * k, 0.02 * k})
				m.hairy.SetNRGBA(x, y, color.NRGBA{r, g, b, 255})
			}
		}
	}
	return m
})

func (m modelled) input(t testing.TB) preview.Input {
	return preview.Input{Camera: m.camera, Mask: image.NewGray(m.bald.Rect), Coverage: m.hair, Model: model(t)}
}

func (m modelled) shave(length float64) preview.Shave {
	return preview.Shave{Surface: headframe.Mean(), Regions: m.regions, Density: m.density, Skin: colour.Lab{66, 12, 20}, LengthMM: length}
}

func (m modelled) bare() bare.Input {
	return bare.Input{Camera: m.camera, Surface: headframe.Mean(), Regions: m.regions, Hair: m.hair, Growth: m.density}
}

// Skin under hair comes back as it was: within 2.5 L* on average and 6 in 95
// of 100 pixels where a third of the head's skin is hidden.
func TestBareSkinIsTheTrueSkin(t *testing.T) {
	m := modelHead()
	got, err := bare.Shave(m.hairy, m.bare())
	if err != nil {
		t.Fatal(err)
	}
	var off []float64
	sum := 0.0
	for i, v := range m.hair.Pix {
		if v == 0 {
			continue
		}
		lab := func(p *image.NRGBA) colour.Lab {
			return colour.ToLab(colour.FromBytes(p.Pix[4*i], p.Pix[4*i+1], p.Pix[4*i+2]))
		}
		d := math.Abs(lab(got.Picture)[0] - lab(m.bald)[0])
		off, sum = append(off, d), sum+d
	}
	far := 0
	for _, d := range off {
		if d > 6 {
			far++
		}
	}
	t.Logf("%d pixels, off by %.2f L* on average, %d by more than 6", len(off), sum/float64(len(off)), far)
	if sum/float64(len(off)) > 2.5 || far > len(off)/20 {
		t.Errorf("off by %.2f L*, %d of %d by more than 6", sum/float64(len(off)), far, len(off))
	}
	for c, want := range []float64{0.05 / 0.62, 0.03 / 0.36, 0.02 / 0.25} {
		if math.Abs(got.Fibre[c]-want) > 0.03 {
			t.Errorf("hair over skin %v, want %.3f in channel %d", got.Fibre, want, c)
		}
	}
}

// One bare head gives the pictures of every length, each as if shaved anew.
func TestLengthsFromOneBareHead(t *testing.T) {
	m := modelHead()
	bald, err := m.shave(0).Bare(m.hairy, m.input(t))
	if err != nil {
		t.Fatal(err)
	}
	last := math.Inf(1)
	for _, mm := range []float64{0, 1, 3} {
		got, err := bald.Grown(mm)
		if err != nil {
			t.Fatal(err)
		}
		want, err := m.shave(mm).Apply(m.hairy, m.input(t))
		if err != nil {
			t.Fatal(err)
		}
		if string(got.Picture.Pix) != string(want.Picture.Pix) {
			t.Errorf("stubble of %v mm differs from that of a shave of its own", mm)
		}
		if light := mean(got.Picture, 0)[1]; light >= last {
			t.Errorf("stubble of %v mm leaves %v of the light, shorter stubble %v", mm, light, last)
		} else {
			last = light
		}
	}
	if _, err := bald.Grown(preview.LongestStubble + 1); err == nil {
		t.Error("hair longer than stubble was grown")
	}
}

// Nothing changes where there is no hair and none near.
func TestShaveLeavesBareSkin(t *testing.T) {
	m := modelHead()
	got, err := m.shave(1).Apply(m.hairy, m.input(t))
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for i, v := range got.Replaced.Pix {
		same := string(got.Picture.Pix[4*i:4*i+4]) == string(m.hairy.Pix[4*i:4*i+4])
		if v == 0 && !same {
			t.Fatalf("pixel %d,%d changed but is not said to be simulated", i%headSide, i/headSide)
		}
		if v > 0 {
			changed++
		}
		if v > 0 && m.regions.Pix[i] == survey.Skin && i/headSide > 200 {
			t.Fatalf("pixel %d,%d of the face is simulated", i%headSide, i/headSide)
		}
	}
	if changed == 0 {
		t.Fatal("nothing was shaved")
	}
	if got.Input.Coverage != nil {
		t.Error("dots would still hide under the hair that is gone")
	}
}

// Stubble has the tone that package pigment predicts for its density and
// length, and longer stubble is darker.
func TestStubbleTone(t *testing.T) {
	m := modelHead()
	head, err := bare.Shave(m.hairy, m.bare())
	if err != nil {
		t.Fatal(err)
	}
	last := math.Inf(1)
	for _, length := range []float64{0, 0.5, 1.5, 3} {
		got, err := m.shave(length).Apply(m.hairy, m.input(t))
		if err != nil {
			t.Fatal(err)
		}
		look := colour.FromLab(m.shave(0).Skin)
		for c := range look {
			look[c] *= head.Fibre[c]
		}
		hair, err := pigment.Stubble{Skin: m.shave(0).Skin, Hair: colour.ToLab(look), LengthMM: max(length, 0.1)}.Strand()
		if err != nil {
			t.Fatal(err)
		}
		// The middle of the hair, away from its borders and the head's rim.
		part := image.Rect(headSide/2-30, 112, headSide/2+30, 128)
		from, to := mean(part2(head.Picture, part), 0), mean(part2(got.Picture, part), 0)
		want := from
		for c := range want {
			want[c] *= 1 - (1-head.Fibre[c])*-math.Expm1(-hairsPerCM2/100.0*(hair.StubMM2+hair.RootMM2[c]))
		}
		l, w := colour.ToLab(to)[0], colour.ToLab(want)[0]
		t.Logf("%g mm: L* %.2f, predicted %.2f, bare %.2f", length, l, w, colour.ToLab(from)[0])
		if math.Abs(l-w) > 0.5 {
			t.Errorf("%g mm: L* %.2f, predicted %.2f", length, l, w)
		}
		if l >= last {
			t.Errorf("%g mm of stubble is no darker than less", length)
		}
		last = l
	}
}

func part2(m *image.NRGBA, r image.Rectangle) *image.NRGBA { return m.SubImage(r).(*image.NRGBA) }

func TestShaveIsTheSameOnAnyThreads(t *testing.T) {
	m := modelHead()
	in := m.input(t)
	in.Workers = 1
	a, err := m.shave(1).Apply(m.hairy, in)
	if err != nil {
		t.Fatal(err)
	}
	in.Workers = 7
	b, err := m.shave(1).Apply(m.hairy, in)
	if err != nil {
		t.Fatal(err)
	}
	if string(a.Picture.Pix) != string(b.Picture.Pix) {
		t.Error("threads change the stubble")
	}
}

// Dots are drawn on the shaved head as on any photo.
func TestDotsOnShavedHead(t *testing.T) {
	m := modelHead()
	in := m.input(t)
	in.Mask = full(headSide, headSide)
	got, err := m.shave(1).Apply(m.hairy, in)
	if err != nil {
		t.Fatal(err)
	}
	p, ok := headframe.Mean().Intersect(m.camera.Eye(), m.camera.Ray(headSide/2, 115))
	if !ok {
		t.Fatal("the ray misses the head")
	}
	for i := range 9 {
		got.Input.Dots = append(got.Input.Dots, plan.Dot{ID: i + 1, P: p, N: headframe.Vec{0, 1, 1}.Unit(), Diameter: 0.15})
		got.Input.Seen = append(got.Input.Seen, plan.Seen{ID: i + 1, X: headSide/2 + float64(i*4), Y: 115, Visible: true})
	}
	after := render(t, got.Picture, got.Input, plan.Healed)
	under := render(t, m.hairy, func() preview.Input { q := got.Input; q.Coverage = m.hair; return q }(), plan.Healed)
	if string(after.Pix) == string(got.Picture.Pix) {
		t.Error("no dots on the shaved head")
	}
	if string(under.Pix) != string(m.hairy.Pix) {
		t.Error("dots show through hair that hides everything")
	}
}

func TestGrown(t *testing.T) {
	m := modelHead()
	if !preview.Grown(m.regions, m.hair) {
		t.Error("a full head is not called grown")
	}
	for i, v := range m.hair.Pix {
		m.hair.Pix[i] = v / 2
	}
	if preview.Grown(m.regions, m.hair) {
		t.Error("stubble is called grown")
	}
}

func TestShaveRefuses(t *testing.T) {
	m := modelHead()
	for name, spoil := range map[string]func(*preview.Shave, *preview.Input){
		"too long":     func(s *preview.Shave, _ *preview.Input) { s.LengthMM = 9 },
		"NaN length":   func(s *preview.Shave, _ *preview.Input) { s.LengthMM = math.NaN() },
		"no regions":   func(s *preview.Shave, _ *preview.Input) { s.Regions = nil },
		"no density":   func(s *preview.Shave, _ *preview.Input) { s.Density = nil },
		"density size": func(s *preview.Shave, _ *preview.Input) { s.Density = image.NewGray16(image.Rect(0, 0, 3, 3)) },
		"no hair map":  func(_ *preview.Shave, in *preview.Input) { in.Coverage = nil },
		"no camera":    func(_ *preview.Shave, in *preview.Input) { in.Camera = headframe.Camera{} },
		"no colour":    func(s *preview.Shave, _ *preview.Input) { s.Skin[0] = math.NaN() },
	} {
		s, in := m.shave(1), m.input(t)
		spoil(&s, &in)
		if _, err := s.Apply(m.hairy, in); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	everywhere := full(headSide, headSide)
	in := m.input(t)
	in.Coverage = everywhere
	if _, err := m.shave(1).Apply(m.hairy, in); !errors.Is(err, bare.ErrNoSkin) {
		t.Errorf("no skin at all: %v", err)
	}
}

func ExampleShave_Apply() {
	m := modelHead()
	in := preview.Input{Camera: m.camera, Mask: image.NewGray(m.bald.Rect), Coverage: m.hair, Model: shared}
	got, err := m.shave(0.5).Apply(m.hairy, in)
	if err != nil {
		fmt.Println(err)
		return
	}
	at := 115*headSide + headSide/2 // a pixel under the hair
	fmt.Println("simulated:", got.Replaced.Pix[at], "lighter than hair:", got.Picture.Pix[4*at] > m.hairy.Pix[4*at])
	// Output: simulated: 255 lighter than hair: true
}
