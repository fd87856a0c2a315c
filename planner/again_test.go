package planner_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pointille/internal/headframe"
	"pointille/planner"
	"pointille/planner/plan"
	"pointille/planner/scalp"
	"pointille/planner/wishes"
	"pointille/vision/survey"
)

func ExampleAgain() {
	ctx, bald := context.Background(), planner.Case{Code: "a", Photos: surveyed(vertex(large), survey.Crown)}
	first, err := planner.Make(ctx, bald, planner.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	second, err := planner.Again(ctx, bald, first, planner.Options{
		Wishes: wishes.Wishes{Pigment: wishes.Pigment{Dilution: 20}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("another pigment moves dots:", second.Stayed != len(first.Dots))
	// Output: another pigment moves dots: false
}

// topless is a head bald from the forehead to behind the vertex.
func topless(p headframe.Vec) bool {
	return p[1] > 75
}

func again(t testing.TB, photos []scalp.Photo, was *planner.Result, o planner.Options) *planner.Result {
	t.Helper()
	r, err := planner.Again(context.Background(), planner.Case{Code: "test", Photos: photos}, was, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// handled is a bald head whose hairline is held by some handles, and the same
// with one of them, number moved, pulled back by mm.
func handled(t testing.TB, r *planner.Result, moved int, mm float64) (before, after wishes.Wishes) {
	t.Helper()
	all := r.Plan.Hairline.Points
	var handles []headframe.Vec
	for k := len(all) / 8; k < len(all)*7/8; k += len(all) / 12 {
		handles = append(handles, all[k])
	}
	before.Hairline.Points = handles
	after.Hairline.Points = slices.Clone(handles)
	back := headframe.Vec{0, 0.5, -0.9}
	after.Hairline.Points[moved], _ = r.Model.Surface.Project(handles[moved].Add(back.Mul(mm)))
	return before, after
}

// movedLine is where two hairlines, told at the same directions, differ.
func movedLine(a, b []headframe.Vec) (out []headframe.Vec) {
	for i := range a {
		if a[i].Sub(b[i]).Norm() > 0.05 {
			out = append(out, a[i], b[i])
		}
	}
	return out
}

func apartFrom(p headframe.Vec, line []headframe.Vec) float64 {
	least := math.Inf(1)
	for _, q := range line {
		least = min(least, q.Sub(p).Norm())
	}
	return least
}

// TestHandleMoved wants dots far from a moved handle to stay, and a plan as whole as
// one made at once.
func TestHandleMoved(t *testing.T) {
	t.Parallel()
	photos := surveyed(topless, survey.Front, survey.Left, survey.Top)
	first := made(t, photos, planner.Options{Seed: 3})
	with, _ := handled(t, first, 4, 0)
	was := made(t, photos, planner.Options{Seed: 3, Wishes: with})
	for _, mm := range []float64{6, -4} {
		_, moved := handled(t, first, 4, mm)
		r := again(t, photos, was, planner.Options{Seed: 3, Wishes: moved})
		fresh := made(t, photos, planner.Options{Seed: 3, Wishes: moved})
		t.Logf("%g mm: %d dots, %d stayed, at once %d", mm, len(r.Dots), r.Stayed, len(fresh.Dots))
		whole(t, r)
		apart(t, r)
		asEven(t, r, fresh)
		if r.Stayed == len(r.Dots) || r.Stayed < len(was.Dots)*8/10 {
			t.Errorf("%d of %d dots stayed", r.Stayed, len(was.Dots))
		}
		line := movedLine(was.Plan.Hairline.Points, r.Plan.Hairline.Points)
		stay(t, was, r, func(p headframe.Vec) bool { return apartFrom(p, line) > 15 })
	}
}

// stay wants the earlier dots at such places to be there still, in their sessions.
func stay(t *testing.T, was, now *planner.Result, must func(p headframe.Vec) bool) {
	t.Helper()
	session := map[headframe.Vec]int{}
	for _, d := range now.Dots {
		session[d.P] = d.Session
	}
	n := 0
	for _, d := range was.Dots {
		if must(d.P) {
			n++
			if session[d.P] != d.Session {
				t.Fatalf("the dot of session %d at %v, far from the handle, is now of session %d", d.Session, d.P, session[d.P])
			}
		}
	}
	if n < len(was.Dots)/2 {
		t.Errorf("only %d of %d dots had to stay: the test looks at too few", n, len(was.Dots))
	}
}

// asEven wants as many dots, of each session too, as a plan made at once, and density
// kept as well as there.
func asEven(t *testing.T, r, fresh *planner.Result) {
	t.Helper()
	if d := math.Abs(float64(len(r.Dots) - len(fresh.Dots))); d > 0.005*float64(len(fresh.Dots)) {
		t.Errorf("%d dots, placed at once %d", len(r.Dots), len(fresh.Dots))
	}
	for k, s := range r.Plan.Sessions {
		if want := fresh.Plan.Sessions[k].Dots; math.Abs(float64(s.Dots-want)) > 0.01*float64(want)+5 {
			t.Errorf("session %d has %d dots, placed at once %d", k+1, s.Dots, want)
		}
	}
	if len(r.Plan.Checks) != len(fresh.Plan.Checks) {
		t.Fatalf("%d checks, of a plan made at once %d", len(r.Plan.Checks), len(fresh.Plan.Checks))
	}
	for k, c := range r.Plan.Checks {
		if want := fresh.Plan.Checks[k]; c.ID != want.ID || c.Result != want.Result {
			t.Errorf("check %s: %s, of a plan made at once %s", c.ID, c.Result, want.Result)
		}
	}
	if off, most := evenness(r.Plan), 1.2*evenness(fresh.Plan)+0.3; off > most {
		t.Errorf("density is off by %.2f %%, want %.2f at most", off, most)
	}
}

func evenness(p *plan.Plan) float64 {
	for _, c := range p.Checks {
		if c.ID == "evenness" {
			return c.Value
		}
	}
	return math.NaN()
}

// TestAgainFromFiles wants a plan read back from its files to be as good a start as
// the one that was made, whatever the number of threads.
func TestAgainFromFiles(t *testing.T) {
	t.Parallel()
	photos := surveyed(topless, survey.Front, survey.Top, survey.Crown)
	first := made(t, photos, planner.Options{Seed: 3})
	with, moved := handled(t, first, 4, 6)
	was := made(t, photos, planner.Options{Seed: 3, Wishes: with})
	var file bytes.Buffer
	if err := plan.EncodeDots(&file, was.Dots); err != nil {
		t.Fatal(err)
	}
	read, err := plan.DecodeDots(&file)
	if err != nil {
		t.Fatal(err)
	}
	var last []byte
	for _, threads := range []int{1, 8} {
		r := again(t, photos, &planner.Result{Plan: was.Plan, Dots: read, Wishes: with}, planner.Options{Seed: 3, Wishes: moved, Threads: threads})
		whole(t, r)
		apart(t, r)
		if r.Stayed < len(was.Dots)*8/10 {
			t.Errorf("%d of %d dots stayed", r.Stayed, len(was.Dots))
		}
		text, err := json.Marshal([]any{r.Plan, r.Dots, r.Seen})
		if err != nil {
			t.Fatal(err)
		}
		if last != nil && !bytes.Equal(text, last) {
			t.Errorf("%d threads give another plan", threads)
		}
		last = text
	}
}

// TestAgainAnew wants everything to be planned anew where all dots are concerned,
// with the very result of Make.
func TestAgainAnew(t *testing.T) {
	t.Parallel()
	photos := surveyed(vertex(small), survey.Crown)
	was := made(t, photos, planner.Options{Seed: 1})
	nothing := made(t, photos, planner.Options{Seed: 1, Wishes: wishes.Wishes{Density: wishes.Density{Zones: map[string]float64{
		headframe.VertexZone: 0, headframe.MidScalp: 0, headframe.OccipitalZone: 0, headframe.ParietalLeft: 0, headframe.ParietalRight: 0}}}})
	if nothing.Plan.Nothing == "" {
		t.Fatalf("%d dots where none is wished", len(nothing.Dots))
	}
	two := append(surveyed(vertex(small), survey.Front), photos...)
	for name, tt := range map[string]struct {
		was    *planner.Result
		photos []scalp.Photo
		o      planner.Options
	}{
		"another seed":       {was, photos, planner.Options{Seed: 2}},
		"more even":          {was, photos, planner.Options{Seed: 1, Wishes: wishes.Wishes{Regularity: 0.5}}},
		"larger dots":        {was, photos, planner.Options{Seed: 1, Wishes: wishes.Wishes{Dot: wishes.Dot{HealedMM: 0.4}}}},
		"more sessions":      {was, photos, planner.Options{Seed: 1, Wishes: wishes.Wishes{Sessions: wishes.Sessions{Count: 5}}}},
		"a measured head":    {was, photos, planner.Options{Seed: 1, Wishes: wishes.Wishes{Head: wishes.Head{CircumferenceMM: 590}}}},
		"one photo less":     {made(t, two, planner.Options{Seed: 1}), photos, planner.Options{Seed: 1}},
		"nothing before":     {nothing, photos, planner.Options{Seed: 1}},
		"nothing left to do": {was, photos, planner.Options{Seed: 1, Wishes: nothing.Wishes}},
	} {
		got, want := again(t, tt.photos, tt.was, tt.o), made(t, tt.photos, tt.o)
		if got.Stayed != 0 || !slices.Equal(got.Dots, want.Dots) {
			t.Errorf("%s: %d dots, of which %d stayed; made at once %d, the same: %v", name, len(got.Dots), got.Stayed, len(want.Dots), slices.Equal(got.Dots, want.Dots))
		}
	}
}

// TestSmallChangesAddUp wants a density that rises by less than what counts as a
// change, again and again, to be met.
func TestSmallChangesAddUp(t *testing.T) {
	t.Parallel()
	photos := surveyed(vertex(small), survey.Crown)
	r := made(t, photos, planner.Options{Wishes: wishes.Wishes{Density: wishes.Density{Everywhere: 100}}})
	for d := 101.0; d <= 106; d++ {
		r = again(t, photos, r, planner.Options{Wishes: wishes.Wishes{Density: wishes.Density{Everywhere: d}}})
	}
	want := made(t, photos, planner.Options{Wishes: wishes.Wishes{Density: wishes.Density{Everywhere: 106}}})
	if off := math.Abs(float64(len(r.Dots))/float64(len(want.Dots)) - 1); off > 0.02 {
		t.Errorf("%d dots where at once there are %d", len(r.Dots), len(want.Dots))
	}
}

func TestAgainRefuses(t *testing.T) {
	t.Parallel()
	photos := surveyed(vertex(small), survey.Crown)
	was := made(t, photos, planner.Options{})
	half := *was
	half.Dots = half.Dots[:len(half.Dots)/2]
	for name, tt := range map[string]struct {
		was    *planner.Result
		photos []scalp.Photo
		want   string
	}{
		"no plan":     {nil, photos, "no earlier plan"},
		"empty":       {&planner.Result{}, photos, "no earlier plan"},
		"half a plan": {&half, photos, "its file holds"},
		"no photos":   {was, nil, "no photo of a head"},
	} {
		_, err := planner.Again(context.Background(), planner.Case{Photos: tt.photos}, tt.was, planner.Options{})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q in it", name, err, tt.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := planner.Again(ctx, planner.Case{Photos: photos}, was, planner.Options{Wishes: wishes.Wishes{Density: wishes.Density{Everywhere: 150}}}); err == nil {
		t.Error("cancelled: no error")
	}
}

// stages times the stages of planning.
type stages struct {
	last  string
	since time.Time
	took  map[string]time.Duration
}

func (s *stages) begin(name string) {
	now := time.Now()
	if s.took == nil {
		s.took = map[string]time.Duration{}
	}
	if s.last != "" {
		s.took[s.last] += now.Sub(s.since)
	}
	s.last, s.since = name, now
}

// BenchmarkAgain moves one handle of the hairline of a bald head of 40,000 dots and
// says how long each stage takes.
func BenchmarkAgain(b *testing.B) {
	photos := surveyed(topless, survey.Front, survey.Left, survey.Right, survey.Top, survey.Crown)
	c, o := planner.Case{Code: "test", Photos: photos}, planner.Options{Wishes: wishes.Wishes{Density: wishes.Density{Everywhere: 155}}}
	plain, err := planner.Make(context.Background(), c, o)
	if err != nil {
		b.Fatal(err)
	}
	before, after := handled(b, plain, 4, 6)
	before.Density, after.Density = o.Wishes.Density, o.Wishes.Density
	was, err := planner.Make(context.Background(), c, planner.Options{Wishes: before})
	if err != nil {
		b.Fatal(err)
	}
	var s stages
	dots := 0
	for b.Loop() {
		r := again(b, photos, was, planner.Options{Wishes: after, Stage: s.begin})
		s.begin("")
		dots = len(r.Dots)
	}
	for name, d := range s.took {
		b.ReportMetric(d.Seconds()*1e3/float64(b.N), name+"-ms")
	}
	b.ReportMetric(float64(dots), "dots")
}

// TestUnordered: the dots of a plan that is only looked at are those of the plan that is worked from.
func TestUnordered(t *testing.T) {
	photos := surveyed(topless, survey.Front, survey.Top)
	c := planner.Case{Code: "test", Photos: photos}
	set := func(o planner.Options) map[headframe.Vec]int {
		r, err := planner.Make(t.Context(), c, o)
		if err != nil {
			t.Fatal(err)
		}
		out := map[headframe.Vec]int{}
		for _, d := range r.Dots {
			out[d.P] = d.Session
		}
		return out
	}
	if !maps.Equal(set(planner.Options{}), set(planner.Options{Unordered: true})) {
		t.Error("without the order of the hand there are other dots")
	}
}
