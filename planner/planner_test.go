package planner_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pointille/internal/headframe"
	"pointille/internal/headtest"
	"pointille/planner"
	"pointille/planner/plan"
	"pointille/planner/scalp"
	"pointille/planner/wishes"
	"pointille/vision/survey"
	"pointille/vision/visiontest"
)

func ExampleMake() {
	closeUp := scalp.Photo{Survey: &survey.Survey{View: survey.View{Name: survey.Macro}}}
	_, err := planner.Make(context.Background(), planner.Case{Photos: []scalp.Photo{closeUp}}, planner.Options{})
	fmt.Println(err)
	// Output: the case has no photo of a head: close-ups alone cannot be planned on
}

const (
	fullHairs = 180 // hairs per cm² where hair is full
	stubble   = 80  // coverage, 0..255, of a shaved head: hair that stands off the skin would hide where it ends
	large     = 42  // mm, a bald vertex
	small     = 22
)

// bald says whether the average head has lost its hair at p.
type bald func(p headframe.Vec) bool

func nowhere(headframe.Vec) bool { return false }

// vertex is a bald disc around the whorl, mm from its middle to its rim, straight.
func vertex(radius float64) bald {
	whorl := headframe.Mean().Landmark(headframe.Whorl)
	return func(p headframe.Vec) bool { return p.Sub(whorl).Norm() < radius }
}

// sides are the views of a case and where the camera stands in them.
func sides() map[string]headframe.Vec {
	return map[string]headframe.Vec{
		survey.Front: {0, 200, 580}, survey.Left: {600, 140, 0}, survey.Right: {-600, 140, 0},
		survey.Back: {0, 160, -600}, survey.Top: {0, 620, 60}, survey.Crown: {0, 430, -440},
	}
}

// surveyed is what surveys say of the average head: exact cameras and maps.
func surveyed(b bald, views ...string) (photos []scalp.Photo) {
	for _, name := range views {
		photos = append(photos, photo(name, sides()[name], b))
	}
	return photos
}

func photo(name string, eye headframe.Vec, b bald) scalp.Photo {
	s := headframe.Mean()
	cam := visiontest.Look(eye, s.Centre(), 560, visiontest.Width, visiontest.Height)
	size := image.Rect(0, 0, visiontest.Width, visiontest.Height)
	p := scalp.Photo{Regions: image.NewGray(size), Hair: image.NewGray(size), Density: image.NewGray16(size)}
	const none, bare = -1, 100
	class := visiontest.Seen(cam, none, func(q headframe.Vec) float32 {
		c := headtest.ClassOf(s, q)
		if c == survey.Scalp && b(q) {
			return bare
		}
		return float32(c)
	})
	for i, v := range class.Pix {
		x, y := i%class.W, i/class.W
		switch v {
		case none:
		case bare:
			p.Regions.Pix[i] = survey.Scalp
		case float32(survey.Scalp):
			p.Regions.Pix[i], p.Hair.Pix[i] = survey.Scalp, stubble
			p.Density.SetGray16(x, y, color.Gray16{Y: 100 * fullHairs})
		default:
			p.Regions.Pix[i] = uint8(v)
		}
	}
	p.Survey = &survey.Survey{
		Schema: survey.Schema, View: survey.View{Name: name, Confidence: 1, Source: "given"},
		Photo:  survey.Photo{Name: name + ".jpg", SHA256: strings.Repeat("0", 64), Width: class.W, Height: class.H},
		Camera: &survey.Camera{Camera: cam, SigmaPx: 1, Source: "surface"},
		Scale:  survey.Scale{Source: "none"},
		Skin:   &survey.SkinTone{Lab: [3]float64{66, 9, 16}, Sigma: 2}, Hair: &survey.HairTone{Lab: [3]float64{22, 3, 5}, Sigma: 3, Name: "black"},
	}
	return p
}

func made(t *testing.T, photos []scalp.Photo, o planner.Options) *planner.Result {
	t.Helper()
	r, err := planner.Make(context.Background(), planner.Case{Code: "test", Photos: photos}, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestBaldVertex wants the bald skin covered and nothing else touched.
func TestBaldVertex(t *testing.T) {
	t.Parallel()
	photos := surveyed(vertex(large), survey.Front, survey.Left, survey.Right, survey.Back, survey.Top, survey.Crown)
	r := made(t, photos, planner.Options{Seed: 1, Generator: "test"})
	if r.Plan.Nothing != "" || r.Plan.Hairline == nil || r.Plan.Pigment == nil || len(r.Plan.Stages) == 0 {
		t.Fatalf("nothing: %q, hairline %v, pigment %v", r.Plan.Nothing, r.Plan.Hairline, r.Plan.Pigment)
	}
	area := 0.0 // of the bald skin
	mesh, bare := headframe.Mean().Mesh(3), vertex(large)
	for i, p := range mesh.V {
		if bare(p) {
			area += mesh.Area[i] / 100
		}
	}
	if n := float64(len(r.Dots)); n < 80*area || n > 125*area {
		t.Errorf("%g dots on %.0f cm² of bald skin", n, area)
	}
	for v, view := range r.Model.Views {
		if !view.Used || view.ErrorPx > 3 {
			t.Errorf("%s: used %v (%s), %.1f px off", view.Survey.View.Name, view.Used, view.Why, view.ErrorPx)
		}
		onBaldSkin(t, photos[v], r.Seen[v])
	}
	t.Run("whole", func(t *testing.T) { whole(t, r) })
	t.Run("apart", func(t *testing.T) { apart(t, r) })
}

// onBaldSkin looks every visible dot up in the photo's maps: no further beside
// bald skin than an edge of the mesh, 3 mm, but for some, and none by more than
// that and what views and head may disagree by.
func onBaldSkin(t *testing.T, p scalp.Photo, seen []plan.Seen) {
	t.Helper()
	visible, off := 0, 0
	for _, s := range seen {
		if !s.Visible {
			continue
		}
		visible++
		x, y := int(math.Round(s.X)), int(math.Round(s.Y))
		if !bareNear(p, x, y, 3) {
			off++
		}
		if !bareNear(p, x, y, 8) {
			t.Errorf("%s: dot %d at (%d,%d) stands in full hair", p.Survey.View.Name, s.ID, x, y)
		}
	}
	if off > visible/50 {
		t.Errorf("%s: %d of %d dots are beside the bald skin", p.Survey.View.Name, off, visible)
	}
	if n := p.Survey.View.Name; n == survey.Crown && visible < len(seen)*9/10 {
		t.Errorf("%s shows %d of %d dots", n, visible, len(seen))
	}
}

// bareNear reports whether there is bald scalp within reach of a pixel.
func bareNear(p scalp.Photo, x, y, reach int) bool {
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			if p.Regions.GrayAt(x+dx, y+dy).Y == survey.Scalp && p.Hair.GrayAt(x+dx, y+dy).Y == 0 {
				return true
			}
		}
	}
	return false
}

// whole wants a plan that adds up and that its own rules allow.
func whole(t *testing.T, r *planner.Result) {
	p, zones, sessions := *r.Plan, map[string]int{}, map[int]int{}
	for i, d := range r.Dots {
		zones[d.Zone]++
		sessions[d.Session]++
		if h, _ := r.Model.Surface.Height(d.P); d.ID != i+1 || math.Abs(h) > 0.05 || math.Abs(d.N.Norm()-1) > 2e-5 { // the decimals of dots.csv
			t.Errorf("dot %d: %+v lies %g mm off the skin", i, d, h)
		}
	}
	total := 0
	for _, z := range p.Zones {
		total += z.Dots
		if z.Dots != zones[z.Name] || !slices.Contains(headframe.Zones(), z.Name) {
			t.Errorf("%s has %d dots, the plan says %d", z.Name, zones[z.Name], z.Dots)
		}
	}
	for _, s := range p.Sessions {
		if s.Dots != sessions[s.Number] {
			t.Errorf("session %d has %d dots, the plan says %d", s.Number, sessions[s.Number], s.Dots)
		}
	}
	if total != len(r.Dots) || p.Dots.Count != len(r.Dots) || len(r.Seen) != len(p.Photos) {
		t.Errorf("%d dots, %d in zones, %d in the plan; %d photos, %d seen", len(r.Dots), total, p.Dots.Count, len(p.Photos), len(r.Seen))
	}
	p.Photos = slices.Clone(p.Photos)
	for i := range p.Photos { // named by whoever writes the files
		p.Photos[i].Survey, p.Photos[i].Dots = p.Photos[i].Name+".json", p.Photos[i].Name+".csv"
	}
	if err := p.Validate(); err != nil {
		t.Error(err)
	}
}

// apart wants no two dots nearer than planned, and the mean spacing to be that
// of so many dots on so much bald skin.
func apart(t *testing.T, r *planner.Result) {
	least := math.Inf(1)
	all := slices.SortedFunc(slices.Values(r.Dots), func(a, b plan.Dot) int { return cmp.Compare(a.P[0], b.P[0]) })
	for i, d := range all {
		for _, e := range all[i+1:] {
			if e.P[0]-d.P[0] > least {
				break
			}
			least = min(least, d.P.Sub(e.P).Norm())
		}
	}
	if least < r.Plan.Dots.MinMM-2e-4 { // the decimals of dots.csv, on both
		t.Errorf("two dots are %.3f mm apart, planned are %.3f", least, r.Plan.Dots.MinMM)
	}
	area := 0.0
	for _, z := range r.Plan.Zones {
		area += 100 * z.AreaCM2
	}
	if mean := math.Sqrt(area / float64(len(r.Dots))); math.Abs(mean-r.Plan.Dots.MeanMM) > 0.08*mean {
		t.Errorf("dots on %.0f mm² are spaced %.3f mm, the plan says %.3f", area, mean, r.Plan.Dots.MeanMM)
	}
}

func TestFullHeadNeedsNothing(t *testing.T) {
	t.Parallel()
	r := made(t, surveyed(nowhere, survey.Front, survey.Crown), planner.Options{Seed: 1})
	if r.Plan.Nothing == "" || len(r.Dots) != 0 || len(r.Plan.Sessions) != 0 || r.Plan.Pigment != nil {
		t.Errorf("%d dots in %d sessions, nothing to do: %q", len(r.Dots), len(r.Plan.Sessions), r.Plan.Nothing)
	}
	if r.Plan.Zones == nil || r.Plan.Sessions == nil || r.Plan.Stages == nil || r.Plan.Warnings == nil || len(r.Plan.Checks) != 2 {
		t.Errorf("lists left out: %+v", r.Plan)
	}
}

// TestOnePhotoOfFullHair wants the plan to keep what was seen to be full apart
// from what was not seen, and to name the latter.
func TestOnePhotoOfFullHair(t *testing.T) {
	t.Parallel()
	p := made(t, surveyed(nowhere, survey.Front), planner.Options{Seed: 1}).Plan
	for _, want := range []string{"The photos show no place that needs dots.", "Not seen, or not wholly: ", "vertex", "parietal on both sides and occipital;", "is not known"} {
		if !strings.Contains(p.Nothing, want) {
			t.Errorf("nothing to do: %q, want %q in it", p.Nothing, want)
		}
	}
	if strings.Contains(p.Nothing, "frontal hairline") || strings.Contains(p.Nothing, "0.0") {
		t.Errorf("nothing to do: %q", p.Nothing)
	}
	i := slices.IndexFunc(p.Warnings, func(w plan.Warning) bool { return w.Code == "unseen" })
	if i < 0 || !strings.Contains(p.Warnings[i].Message, "vertex") || strings.Contains(p.Warnings[i].Message, "would be treated") {
		t.Errorf("warnings: %+v", p.Warnings)
	}
}

// TestSameBytes wants the same plan whatever the number of threads, and nothing
// of a close-up in it.
func TestSameBytes(t *testing.T) {
	photos := surveyed(vertex(small), survey.Crown)
	photos = append(photos, scalp.Photo{Survey: &survey.Survey{View: survey.View{Name: survey.Macro}}})
	text := func(procs int, o planner.Options) (document, dots []byte) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		r := made(t, photos, o)
		if len(r.Plan.Photos) != 1 {
			t.Errorf("%d photos in the plan: a close-up is none of a head", len(r.Plan.Photos))
		}
		document, err := json.Marshal(r.Plan)
		if err != nil {
			t.Fatal(err)
		}
		var csv bytes.Buffer
		if err := plan.EncodeDots(&csv, r.Dots); err != nil {
			t.Fatal(err)
		}
		return document, csv.Bytes()
	}
	one, dots := text(1, planner.Options{Seed: 5, Threads: 1})
	two, more := text(2, planner.Options{Seed: 5})
	if len(dots) < 10000 {
		t.Errorf("hardly any dots: %s", dots)
	}
	if !bytes.Equal(one, two) || !bytes.Equal(dots, more) {
		t.Errorf("two threads make another plan: documents alike %v, dots alike %v", bytes.Equal(one, two), bytes.Equal(dots, more))
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	photos := surveyed(vertex(small), survey.Crown)
	unplaced := photos[0]
	lost := *unplaced.Survey
	lost.Camera = nil
	unplaced.Survey = &lost
	bare := photos[0]
	bare.Density = nil
	tests := []struct {
		name   string
		photos []scalp.Photo
		wishes wishes.Wishes
		is     error
		want   string
	}{
		{"no photos", nil, wishes.Wishes{}, planner.ErrNoViews, "no photo of a head"},
		{"no camera", []scalp.Photo{unplaced}, wishes.Wishes{}, scalp.ErrUnplaced, "too little of the head"},
		{"no maps", []scalp.Photo{bare}, wishes.Wishes{}, scalp.ErrUnplaced, "maps are missing"},
		{"drawn on no photo", photos, wishes.Wishes{Hairline: wishes.Hairline{Drawn: []wishes.Drawing{{Photo: "holiday.jpg"}}}}, nil, "holiday.jpg"},
		{"drawn beside the head", photos, wishes.Wishes{Hairline: wishes.Hairline{
			Drawn: []wishes.Drawing{{Photo: "crown.jpg", Points: [][2]float64{{0, 0}}}}}}, nil, "point 1 lies beside the head"},
		{"too slow a hand", photos, wishes.Wishes{Sessions: wishes.Sessions{DotsPerHour: 20}}, nil, "hours"},
	}
	for _, tt := range tests {
		r, err := planner.Make(context.Background(), planner.Case{Photos: tt.photos}, planner.Options{Wishes: tt.wishes})
		if err == nil || r != nil || !strings.Contains(err.Error(), tt.want) || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: error %v, want %q in it", tt.name, err, tt.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := planner.Make(ctx, planner.Case{Photos: photos}, planner.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
}

// TestShave wants the wish to stand in the plan, to move no dot, and to be warned of
// where it goes against the look.
func TestShave(t *testing.T) {
	t.Parallel()
	photos := surveyed(vertex(small), survey.Crown)
	yes, no := true, false
	usual := made(t, photos, planner.Options{})
	patch := made(t, photos, planner.Options{Wishes: wishes.Wishes{Look: plan.Patch}})
	check := func(r *planner.Result, want plan.Shave, warned bool) {
		t.Helper()
		if r.Plan.Shave == nil || *r.Plan.Shave != want {
			t.Errorf("the plan says %+v, want %+v", r.Plan.Shave, want)
		}
		if got := slices.ContainsFunc(r.Plan.Warnings, func(w plan.Warning) bool { return w.Code == "shave" }); got != warned {
			t.Errorf("%+v: warned %v, want %v", want, got, warned)
		}
	}
	check(usual, plan.Shave{Existing: true, LengthMM: 0.5}, false)
	check(patch, plan.Shave{LengthMM: 0.5}, false)
	for _, tt := range []struct {
		wish   wishes.Wishes
		like   *planner.Result
		want   plan.Shave
		warned bool
	}{
		{wishes.Wishes{Shave: wishes.Shave{Existing: &yes, LengthMM: 1}}, usual, plan.Shave{Existing: true, LengthMM: 1, Shown: true}, false},
		{wishes.Wishes{Shave: wishes.Shave{Existing: &no}}, usual, plan.Shave{LengthMM: 0.5}, true},
		{wishes.Wishes{Look: plan.Patch, Shave: wishes.Shave{Existing: &yes}}, patch, plan.Shave{Existing: true, LengthMM: 0.5, Shown: true}, true},
	} {
		r := made(t, photos, planner.Options{Wishes: tt.wish})
		check(r, tt.want, tt.warned)
		same := slices.EqualFunc(r.Dots, tt.like.Dots, func(a, b plan.Dot) bool { return a.P == b.P && a.Session == b.Session })
		if !same {
			t.Errorf("%+v: dots are elsewhere", tt.wish)
		}
	}
	if r := made(t, surveyed(nowhere, survey.Crown), planner.Options{}); r.Plan.Shave != nil {
		t.Errorf("nothing is planned, but %+v", r.Plan.Shave)
	}
}
