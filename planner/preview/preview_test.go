package preview_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/planner/pigment"
	"pointille/planner/plan"
	"pointille/planner/preview"
)

// flat is a camera straight above a flat patch of skin at z = 0 whose middle
// is the origin, with the given pixels per millimetre.
func flat(w, h int, pxPerMM float64) headframe.Camera {
	const far = 1000
	return headframe.Camera{
		FX: pxPerMM * far, FY: pxPerMM * far, CX: float64(w-1) / 2, CY: float64(h-1) / 2,
		R: [9]float64{1, 0, 0, 0, -1, 0, 0, 0, -1}, T: headframe.Vec{0, 0, far},
	}
}

func model(t testing.TB) *pigment.Model {
	t.Helper()
	m, err := pigment.NewModel(
		plan.Dots{FreshMM: 0.25, HealedMM: 0.15, DepthMM: 0.5},
		plan.Recipe{Shades: []plan.Shade{
			{Pigment: "carbon black", Dilution: 5, Share: 0.5},
			{Pigment: "cool brown", Dilution: 3, Share: 0.5},
		}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func uniform(w, h int, c color.NRGBA) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(m.Pix); i += 4 {
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = c.R, c.G, c.B, c.A
	}
	return m
}

func full(w, h int) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	return m
}

var skin = color.NRGBA{174, 140, 115, 255}

// place adds a dot at the given pixel.
func place(in *preview.Input, x, y float64) {
	id := len(in.Dots) + 1
	c := in.Camera
	k := c.T[2] / c.FX
	in.Dots = append(in.Dots, plan.Dot{
		ID: id, P: headframe.Vec{(x - c.CX) * k, -(y - c.CY) * k, 0}, N: headframe.Vec{0, 0, 1},
		Diameter: 0.15, Shade: id % 2, Session: 1,
	})
	in.Seen = append(in.Seen, plan.Seen{ID: id, X: x, Y: y, Visible: true})
}

// grid covers the picture and a margin with jittered dots at the given density.
func grid(in *preview.Input, w, h int, pxPerMM, perCM2 float64) {
	step := 10 / math.Sqrt(perCM2) * pxPerMM
	seed := uint32(1)
	jitter := func() float64 {
		seed = seed*1664525 + 1013904223
		return (float64(seed)/math.MaxUint32 - 0.5) * step / 2
	}
	margin := 3 * pxPerMM
	for y := -margin; y < float64(h)+margin; y += step {
		for x := -margin; x < float64(w)+margin; x += step {
			place(in, x+jitter(), y+jitter())
		}
	}
}

func scene(t testing.TB, w, h int, pxPerMM float64) preview.Input {
	return preview.Input{Camera: flat(w, h, pxPerMM), Mask: full(w, h), Model: model(t)}
}

func render(t testing.TB, photo *image.NRGBA, in preview.Input, stage string) *image.NRGBA {
	t.Helper()
	out, err := preview.Render(photo, in, stage)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// mean returns the mean linear light of the picture without a border.
func mean(m *image.NRGBA, border int) colour.RGB {
	var sum colour.RGB
	n := 0.0
	b := m.Rect.Inset(border)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := m.NRGBAAt(x, y)
			for i, v := range colour.FromBytes(c.R, c.G, c.B) {
				sum[i] += v
			}
			n++
		}
	}
	return colour.RGB{sum[0] / n, sum[1] / n, sum[2] / n}
}

// The mean tone of a field must be the one the coverage model predicts, at
// every scale: dots much smaller and much larger than a pixel. The model takes
// overlaps to be as frequent as in a random pattern; these dots keep apart,
// which costs up to 0.9 L* where fresh dots nearly touch.
func TestFieldTone(t *testing.T) {
	worst := map[string]float64{}
	defer func() { t.Logf("L* off by at most %v", worst) }()
	for _, pxPerMM := range []float64{1.5, 3, 8, 25} {
		for _, perCM2 := range []float64{60, 190} {
			for _, stage := range pigment.Stages()[1:] {
				in := scene(t, 240, 200, pxPerMM)
				grid(&in, 240, 200, pxPerMM, perCM2)
				got := colour.ToLab(mean(render(t, uniform(240, 200, skin), in, stage), 8))
				want, err := in.Model.Stage(stage, colour.ToLab(colour.FromBytes(skin.R, skin.G, skin.B)), perCM2)
				if err != nil {
					t.Fatal(err)
				}
				limit := 0.5
				if stage == plan.Fresh {
					limit = 1
				}
				worst[stage] = max(worst[stage], math.Abs(got[0]-want.Lab[0]))
				if d := math.Abs(got[0] - want.Lab[0]); d > limit {
					t.Errorf("%g px/mm, %g/cm², %s: L* %.2f, model %.2f", pxPerMM, perCM2, stage, got[0], want.Lab[0])
				}
				if d := colour.DeltaE00(got, want.Lab); d > 1.2*limit {
					t.Errorf("%g px/mm, %g/cm², %s: Lab %.2f, model %.2f", pxPerMM, perCM2, stage, got, want.Lab)
				}
			}
		}
	}
}

// Close up, a dot has the model's contrast and width; dots vary, so the mean
// over many is compared, in red light, which redness leaves alone.
func TestDotContrastAndWidth(t *testing.T) {
	const pxPerMM, size = 40.0, 161
	for _, stage := range pigment.Stages()[1:] {
		var contrast, width float64
		const n = 40
		for i := range n {
			in := scene(t, size, size, pxPerMM)
			place(&in, 80, 80)
			in.Dots[0].ID, in.Seen[0].ID, in.Dots[0].Shade = i, i, 0
			out := render(t, uniform(size, size, skin), in, stage)
			base := colour.Decode(float64(skin.R) / 255)
			lost := func(x int) float64 { return 1 - colour.Decode(float64(out.NRGBAAt(x, 80).R)/255)/base }
			x := 80
			for lost(x) > lost(80)/2 {
				x++
			}
			a, b := lost(x-1), lost(x)
			contrast += lost(80) / n
			width += 2 * (float64(x-81) + (a-lost(80)/2)/(a-b)) / pxPerMM / n
		}
		k, err := model(t).Kernel(stage, 0, 0.15)
		if err != nil {
			t.Fatal(err)
		}
		half := 0.0
		for k.At(0, half) > k.At(0, 0)/2 {
			half += 0.001
		}
		if want := k.Contrast()[0]; math.Abs(contrast-want) > 0.15*want {
			t.Errorf("%s: contrast %.3f, model %.3f", stage, contrast, want)
		}
		if want := 2 * half; math.Abs(width-want) > 0.15*want {
			t.Errorf("%s: width %.3f mm, model %.3f", stage, width, want)
		}
	}
}

// grainy is a picture whose bytes differ from pixel to pixel, so that rounding
// to bytes averages out.
func grainy(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	seed := uint32(9)
	for i := range m.Pix {
		seed = seed*1664525 + 1013904223
		m.Pix[i] = uint8(120 + seed>>26)
	}
	return m
}

// darkened is the mean darkened area of a dot in pixels of green light, the
// same dot being seen many times.
func darkened(t testing.TB, photo *image.NRGBA, in preview.Input) float64 {
	t.Helper()
	out := render(t, photo, in, plan.Healed)
	sum := 0.0
	for i := 1; i < len(out.Pix); i += 4 {
		sum += 1 - colour.Decode(float64(out.Pix[i])/255)/colour.Decode(float64(photo.Pix[i])/255)
	}
	return sum / float64(len(in.Seen))
}

// One dot takes the same light away wherever it falls between pixels, however
// the skin is turned, however small it is and however blurred the photo.
func TestDotEnergy(t *testing.T) {
	const size = 250
	photo := grainy(size, size)
	m := model(t)
	shot := func(pxPerMM, blur, dx, dy, tilt, turn float64) float64 {
		in := preview.Input{Camera: flat(size, size, pxPerMM), Mask: full(size, size), BlurPx: blur, Model: m}
		place(&in, 40, 40)
		in.Dots[0].P = headframe.Vec{}
		in.Dots[0].N = headframe.Vec{math.Sin(tilt) * math.Cos(turn), math.Sin(tilt) * math.Sin(turn), math.Cos(tilt)}
		in.Seen = nil
		for y := 40.0; y < size-30; y += 64 {
			for x := 40.0; x < size-30; x += 64 {
				in.Seen = append(in.Seen, plan.Seen{ID: 1, X: x + dx, Y: y + dy, Visible: true})
			}
		}
		return darkened(t, photo, in) / (pxPerMM * pxPerMM * math.Cos(tilt))
	}
	want := shot(8, 0.7, 0, 0, 0, 0)
	rapid.Check(t, func(t *rapid.T) {
		got := shot(
			rapid.Float64Range(2.5, 10).Draw(t, "px/mm"), rapid.Float64Range(0.5, 1.5).Draw(t, "blur"),
			rapid.Float64Range(-1, 1).Draw(t, "x"), rapid.Float64Range(-1, 1).Draw(t, "y"),
			rapid.Float64Range(0, 1).Draw(t, "tilt"), rapid.Float64Range(0, 6.28).Draw(t, "turn"),
		)
		if math.Abs(got-want) > 0.05*want {
			t.Fatalf("darkens %.4f mm², want %.4f", got, want)
		}
	})
}

// Every pixel outside the mask keeps its bytes, at every stage.
func TestOutsideMaskUntouched(t *testing.T) {
	const w, h = 150, 130
	photo := grainy(w, h)
	in := scene(t, w, h, 3)
	grid(&in, w, h, 3, 150)
	for i := range in.Mask.Pix {
		x, y := i%w-70, i/w-60
		if x*x+y*y > 40*40 {
			in.Mask.Pix[i] = 0
		}
	}
	for _, stage := range pigment.Stages() {
		out := render(t, photo, in, stage)
		changed, inside := 0, 0
		for i, v := range out.Pix {
			if v == photo.Pix[i] {
				continue
			}
			if in.Mask.Pix[i/4] == 0 || i%4 == 3 {
				changed++
			}
			inside++
		}
		if changed > 0 {
			t.Errorf("%s: %d values changed outside the mask", stage, changed)
		}
		if (inside == 0) != (stage == plan.Before) {
			t.Errorf("%s: %d values changed", stage, inside)
		}
	}
}

// A preview only takes light away, the more the more dots, the less the more hair.
func TestNeverBrighter(t *testing.T) {
	const w, h = 64, 48
	photo := grainy(w, h)
	rapid.Check(t, func(t *rapid.T) {
		in := preview.Input{Camera: flat(w, h, 4), Mask: full(w, h), Model: shared}
		n := rapid.IntRange(1, 30).Draw(t, "dots")
		for range n {
			place(&in, rapid.Float64Range(-20, 90).Draw(t, "x"), rapid.Float64Range(-20, 70).Draw(t, "y"))
		}
		stage := rapid.SampledFrom(pigment.Stages()[1:]).Draw(t, "stage")
		all, err := preview.Render(photo, in, stage)
		if err != nil {
			t.Fatal(err)
		}
		fewer := in
		fewer.Seen = in.Seen[:n/2]
		some, err := preview.Render(photo, fewer, stage)
		if err != nil {
			t.Fatal(err)
		}
		hairy := in
		hairy.Coverage = full(w, h)
		bare, err := preview.Render(photo, hairy, stage)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range all.Pix {
			if v > some.Pix[i] || some.Pix[i] > photo.Pix[i] || bare.Pix[i] != photo.Pix[i] {
				t.Fatalf("value %d: photo %d, some dots %d, all %d, under hair %d", i, photo.Pix[i], some.Pix[i], v, bare.Pix[i])
			}
		}
	})
}

var shared = func() *pigment.Model {
	m, err := pigment.NewModel(plan.Dots{FreshMM: 0.25, HealedMM: 0.15, DepthMM: 0.5},
		plan.Recipe{Shades: []plan.Shade{{Pigment: "carbon black", Dilution: 5}, {Pigment: "cool brown"}}}, nil)
	if err != nil {
		panic(err)
	}
	return m
}()

func TestSameBytesOnAnyThreads(t *testing.T) {
	const w, h = 700, 170
	photo := grainy(w, h)
	in := scene(t, w, h, 4)
	grid(&in, w, h, 4, 150)
	for _, stage := range pigment.Stages() {
		in.Workers = 1
		one := render(t, photo, in, stage)
		in.Workers = 7
		many := render(t, photo, in, stage)
		if string(one.Pix) != string(many.Pix) {
			t.Errorf("%s differs", stage)
		}
	}
}

// Pictures are drawn in tiles of 256 by 64 pixels: a dot where four of them meet
// looks as one in the middle of a tile does.
func TestTilesDoNotShow(t *testing.T) {
	const w, h = 400, 160
	for _, stage := range []string{plan.Fresh, plan.Healed} {
		for pxPerMM, down := range map[float64]int{3: 24, 8: 24, 20: 30} { // multiples of all grids' steps, as 120 is
			shot := func(x, y float64) *image.NRGBA {
				in := scene(t, w, h, pxPerMM)
				in.Model = shared
				place(&in, x, y)
				in.Dots[0].N = headframe.Vec{0.5, -0.4, 0.7}
				return render(t, uniform(w, h, skin), in, stage)
			}
			across, within := shot(256.2, 63.7), shot(136.2, 63.7-float64(down))
			for y := 30; y < 100; y++ {
				for x := 190; x < 320; x++ {
					a, b := across.NRGBAAt(x, y), within.NRGBAAt(x-120, y-down)
					for _, d := range []int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B)} {
						if d < -1 || d > 1 { // the grain is that of another place
							t.Fatalf("%s, %g px/mm: pixel (%d, %d) is %v across tiles, %v within one", stage, pxPerMM, x, y, a, b)
						}
					}
				}
			}
		}
	}
}

func TestRenderSubImage(t *testing.T) {
	photo := grainy(90, 80)
	sub := photo.SubImage(image.Rect(10, 20, 70, 65)).(*image.NRGBA)
	in := scene(t, 60, 45, 3)
	grid(&in, 60, 45, 3, 120)
	whole := image.NewNRGBA(image.Rect(0, 0, 60, 45))
	for y := range 45 {
		for x := range 60 {
			whole.SetNRGBA(x, y, photo.NRGBAAt(x+10, y+20))
		}
	}
	a, b := render(t, sub, in, plan.Healed), render(t, whole, in, plan.Healed)
	if a.Rect != b.Rect || string(a.Pix) != string(b.Pix) {
		t.Error("a part of a picture renders differently from its copy")
	}
}

func TestRenderRefuses(t *testing.T) {
	const w, h = 40, 30
	nan := math.NaN()
	for name, spoil := range map[string]func(*preview.Input){
		"no mask":          func(in *preview.Input) { in.Mask = nil },
		"mask size":        func(in *preview.Input) { in.Mask = full(w, h+1) },
		"coverage size":    func(in *preview.Input) { in.Coverage = full(w-1, h) },
		"no model":         func(in *preview.Input) { in.Model = nil },
		"NaN blur":         func(in *preview.Input) { in.BlurPx = nan },
		"no camera":        func(in *preview.Input) { in.Camera = headframe.Camera{} },
		"NaN pixel":        func(in *preview.Input) { in.Seen[0].X = nan },
		"infinite pixel":   func(in *preview.Input) { in.Seen[0].Y = math.Inf(1) },
		"NaN position":     func(in *preview.Input) { in.Dots[0].P[1] = nan },
		"NaN normal":       func(in *preview.Input) { in.Dots[0].N[2] = nan },
		"NaN diameter":     func(in *preview.Input) { in.Dots[0].Diameter = nan },
		"unknown shade":    func(in *preview.Input) { in.Dots[0].Shade = 9 },
		"seen not planned": func(in *preview.Input) { in.Seen[0].ID = 999 },
	} {
		in := scene(t, w, h, 4)
		place(&in, 20, 15)
		spoil(&in)
		if _, err := preview.Render(uniform(w, h, skin), in, plan.Healed); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	in := scene(t, w, h, 4)
	if _, err := preview.Render(uniform(w, h, skin), in, "tomorrow"); err == nil {
		t.Error("unknown stage: accepted")
	}
	if _, err := preview.Render(nil, in, plan.Healed); err == nil {
		t.Error("no photo: accepted")
	}
	place(&in, -500, 9000)
	in.Seen = append(in.Seen, plan.Seen{ID: 1, X: 20, Y: 15})
	photo := uniform(w, h, skin)
	if out := render(t, photo, in, plan.Healed); string(out.Pix) != string(photo.Pix) {
		t.Error("dots outside or unseen were drawn")
	}
}

// At the scale of a photo, where its own blur hides most of a dot, a dot has
// the contrast and width of the model's kernel seen through that blur.
func TestDotThroughThePhotosBlur(t *testing.T) {
	worst := 0.0
	defer func() { t.Logf("off by %.1f %% at most", 100*worst) }()
	for _, pxPerMM := range []float64{3, 8, 16} {
		for _, blur := range []float64{0.6, 1.2} {
			for _, stage := range []string{plan.Fresh, plan.Healed, plan.Year5} {
				k, err := model(t).Kernel(stage, 0, 0.15)
				if err != nil {
					t.Fatal(err)
				}
				contrast, width := shownDot(t, stage, pxPerMM, blur)
				wantContrast, wantWidth := throughBlur(k, pxPerMM, blur)
				worst = max(worst, math.Abs(contrast/wantContrast-1), math.Abs(width/wantWidth-1))
				if math.Abs(contrast/wantContrast-1) > 0.12 {
					t.Errorf("%s, %g px/mm, blur %g px: contrast %.4f, model %.4f", stage, pxPerMM, blur, contrast, wantContrast)
				}
				if math.Abs(width/wantWidth-1) > 0.12 {
					t.Errorf("%s, %g px/mm, blur %g px: width %.2f px, model %.2f", stage, pxPerMM, blur, width, wantWidth)
				}
			}
		}
	}
}

// shownDot is the mean dot of a rendering in red light: dots vary in width and
// ink and fall anywhere between pixels.
func shownDot(t *testing.T, stage string, pxPerMM, blur float64) (contrast, width float64) {
	const size, n = 61, 160
	profile, weight := make([]float64, 40), make([]float64, 40) // by quarters of a pixel
	base := colour.Decode(float64(skin.R) / 255)
	for i := range n {
		in := scene(t, size, size, pxPerMM)
		in.Model, in.BlurPx = shared, blur
		x, y := 30+math.Mod(float64(i)*0.618, 1), 30+math.Mod(float64(i)*0.755, 1)
		place(&in, x, y)
		in.Dots[0].ID, in.Seen[0].ID, in.Dots[0].Shade = i, i, 0
		out := render(t, uniform(size, size, skin), in, stage)
		for py := 20; py <= 41; py++ {
			for px := 20; px <= 41; px++ {
				if r := int(4 * math.Hypot(float64(px)-x, float64(py)-y)); r < len(profile) {
					profile[r] += 1 - colour.Decode(float64(out.NRGBAAt(px, py).R)/255)/base
					weight[r]++
				}
			}
		}
	}
	for i := range profile {
		profile[i] /= max(1, weight[i])
	}
	return halfWidth(profile, 0.25, 0.125)
}

// halfWidth returns the value at the middle of a profile sampled every step
// from first on, and the width at half of it.
func halfWidth(profile []float64, step, first float64) (peak, width float64) {
	peak = profile[0]
	for i := 1; i < len(profile); i++ {
		if profile[i] <= peak/2 {
			return peak, 2 * (first + step*(float64(i-1)+(profile[i-1]-peak/2)/(profile[i-1]-profile[i])))
		}
	}
	return peak, math.Inf(1)
}

// throughBlur blurs a kernel by summing it under a Gaussian, in red light.
func throughBlur(k pigment.Kernel, pxPerMM, blur float64) (contrast, width float64) {
	sigma := math.Sqrt(blur*blur+1.0/12) / pxPerMM
	profile := make([]float64, 40)
	for i := range profile {
		x := (float64(i)/4 + 0.125) / pxPerMM
		sum, weights := 0.0, 0.0
		step := sigma / 6
		for u := -4 * sigma; u <= 4*sigma; u += step {
			for v := -4 * sigma; v <= 4*sigma; v += step {
				w := math.Exp(-(u*u + v*v) / (2 * sigma * sigma))
				sum += w * k.At(0, math.Hypot(x+u, v))
				weights += w
			}
		}
		profile[i] = sum / weights
	}
	return halfWidth(profile, 0.25, 0.125)
}

// Glare is light that never met the pigment: a field that darkens skin by much
// leaves it nearly alone.
func TestNoPaintOnHighlights(t *testing.T) {
	lost := func(c color.NRGBA) float64 {
		in := scene(t, 120, 100, 4)
		grid(&in, 120, 100, 4, 190)
		photo := uniform(120, 100, c)
		return 1 - mean(render(t, photo, in, plan.Fresh), 8)[1]/mean(photo, 8)[1]
	}
	onSkin, onGlare := lost(skin), lost(color.NRGBA{252, 251, 250, 255})
	t.Logf("skin loses %.3f of its green light, glare %.3f", onSkin, onGlare)
	if onGlare > 0.25*onSkin {
		t.Errorf("skin loses %.3f of its green light, glare %.3f", onSkin, onGlare)
	}
}
