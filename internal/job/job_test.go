package job_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/disintegration/imaging"
	"github.com/google/go-cmp/cmp"

	"pointille/internal/job"
	"pointille/planner/plan"
)

func ExampleOutcome_Text() {
	fmt.Println((&job.Outcome{Report: "out/report.html", Dots: 1200, AreaCM2: 19.6, Sessions: 2, Hours: 0.2}).Text())
	fmt.Println((&job.Outcome{Report: "out/report.html", Nothing: "The photos show no place that needs dots."}).Text())
	// Output:
	// 1200 dots on 20 cm² in 2 sessions, 0.2 h
	// Report: out/report.html
	// Nothing to do. The photos show no place that needs dots.
	// Report: out/report.html
}

// demo puts a small copy of a demo photo at path.
func demo(t *testing.T, photo, path string) {
	t.Helper()
	img, err := imaging.Open(filepath.Join("../../testdata/demo", photo))
	if err != nil {
		t.Fatal(err)
	}
	if err := imaging.Save(imaging.Fit(img, 480, 480, imaging.Box), path, imaging.JPEGQuality(90)); err != nil {
		t.Fatal(err)
	}
}

// fill writes texts into a folder, which is made.
func fill(t *testing.T, dir string, files map[string]string) string {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// events collects what a job tells.
type events struct {
	mu  sync.Mutex
	all []job.Event
}

func (e *events) add(v job.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, v)
}

// TestSurvey wants photos of one name in two folders kept apart, each told once
// and counted, and the good one done though the other is bad.
func TestSurvey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bad := filepath.Join(fill(t, filepath.Join(dir, "a"), map[string]string{"front.jpg": "no photo"}), "front.jpg")
	good := filepath.Join(fill(t, filepath.Join(dir, "b"), nil), "front.jpg")
	demo(t, "front.jpg", good)
	out := filepath.Join(dir, "deep", "out")
	var told events
	n, err := job.Survey(context.Background(), job.SurveyOptions{Photos: []string{bad, good}, Out: out, Generator: "test", Progress: told.add})
	var some *job.SomeFailed
	if n != 1 || !errors.As(err, &some) || *some != (job.SomeFailed{Failed: 1, Of: 2}) {
		t.Fatalf("%d surveyed, error %v", n, err)
	}
	const name = "front.jpg-2"
	want := []string{name + ".density.png", name + ".hair.png", name + ".overlay.png", name + ".regions.png", name + ".survey.json"}
	if diff := cmp.Diff(want, names(t, out)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if s := read(t, out, name+".survey.json"); !strings.Contains(s, `"front.jpg-2.hair.png"`) || strings.Contains(s, dir) {
		t.Errorf("the survey names other maps, or the folder of its photo: %s", s)
	}
	done := map[int]bool{}
	for _, e := range told.all {
		done[e.Done] = true
		if e.Stage != "survey" || e.Total != 2 || (e.File == bad) != (e.Err != nil) || e.File != bad && e.File != good {
			t.Errorf("told %+v", e)
		}
	}
	if len(told.all) != 2 || !done[1] || !done[2] {
		t.Errorf("told %+v", told.all)
	}
}

func TestSurveyRefused(t *testing.T) {
	t.Parallel()
	dir := fill(t, t.TempDir(), map[string]string{"file": "", "a.jpg": "text", "b.jpg": "text"})
	photo := []string{filepath.Join(dir, "a.jpg")}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	for _, tt := range []struct {
		name string
		ctx  context.Context
		o    job.SurveyOptions
		want string
	}{
		{"scale", context.Background(), job.SurveyOptions{Photos: photo, MMPerPx: -1, Out: filepath.Join(dir, "x")}, "-1 mm per pixel: must be positive"},
		{"folder", context.Background(), job.SurveyOptions{Photos: photo, Out: filepath.Join(dir, "file")}, "cannot be the folder for the results: not a directory"},
		{"one", context.Background(), job.SurveyOptions{Photos: photo, Out: dir}, photo[0] + ": not a photo (text)"},
		{"all", context.Background(), job.SurveyOptions{Photos: append(photo, filepath.Join(dir, "b.jpg")), Out: dir}, "none of 2 photos could be surveyed: "},
		{"stopped", stopped, job.SurveyOptions{Photos: photo, Out: dir}, context.Canceled.Error()},
	} {
		var told events
		tt.o.Progress = told.add
		n, err := job.Survey(tt.ctx, tt.o)
		var some *job.SomeFailed
		if n != 0 || err == nil || !strings.Contains(err.Error(), tt.want) || errors.As(err, &some) {
			t.Errorf("%s: %d surveyed, error %v", tt.name, n, err)
		}
		if tt.ctx == stopped && (len(told.all) > 0 || !errors.Is(err, context.Canceled)) {
			t.Errorf("%s: told %+v, error %v", tt.name, told.all, err)
		}
	}
	if diff := cmp.Diff([]string{"a.jpg", "b.jpg", "file"}, names(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// stale is a folder in which a plan lies that cannot be read, among files that a
// plan writes and files that are somebody's own.
func stale(t *testing.T, dir string) string {
	return fill(t, dir, map[string]string{
		"plan.json": `{"schema": "pointille.plan/1", "photos": [{"survey": "notes.survey.json"}]}`,
		"guide.pdf": "old", "report.html": "old", "notes.survey.json": "mine", "notes.healed.jpg": "mine", "front.txt": "mine",
	})
}

// planned is a small case, planned into a folder.
type planned struct {
	photos, out string
	outcome     *job.Outcome
	told        *events
}

func planCase(t *testing.T) planned {
	t.Helper()
	dir := t.TempDir()
	p := planned{photos: fill(t, filepath.Join(dir, "anna"), map[string]string{"left.jpg": "no photo"}), out: stale(t, filepath.Join(dir, "out")), told: &events{}}
	demo(t, "top.jpg", filepath.Join(p.photos, "top.jpg"))
	wished := filepath.Join(fill(t, dir, map[string]string{"wishes.json": `{"paper": "letter", "density_per_cm2": 70}`}), "wishes.json")
	var err error
	p.outcome, err = job.Plan(context.Background(), job.PlanOptions{
		Case: p.photos, Wishes: wished, Seed: 1, Out: p.out, Generator: "test", Progress: p.told.add,
	})
	var some *job.SomeFailed
	if !errors.As(err, &some) || p.outcome == nil {
		t.Fatalf("outcome %+v, error %v", p.outcome, err)
	}
	return p
}

// TestPlan wants a plan whose parts agree, on the wished paper, with the rest of
// the folder as it was, and what is drawn again from it refused where a part
// was lost or changed.
func TestPlan(t *testing.T) {
	t.Parallel()
	p := planCase(t)
	o := *p.outcome
	written, err := plan.Read(filepath.Join(p.out, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	dots, err := plan.ReadDots(filepath.Join(p.out, "dots.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if o.Dots != len(dots) || o.Dots == 0 || o.Sessions != len(written.Sessions) || o.Photos != 2 || o.Failed != 1 || o.Report != filepath.Join(p.out, "report.html") {
		t.Errorf("outcome %+v, %d dots in %d sessions written", o, len(dots), len(written.Sessions))
	}
	if written.Case != "anna" || written.Generator != "test" {
		t.Errorf("case %q by %q", written.Case, written.Generator)
	}
	if !strings.Contains(read(t, p.out, "guide.pdf"), "MediaBox [0 0 612.00 792.00]") {
		t.Error("the guide is not on the wished paper")
	}
	all := names(t, p.out)
	for _, mine := range []string{"notes.survey.json", "notes.healed.jpg", "front.txt"} {
		if !slices.Contains(all, mine) || read(t, p.out, mine) != "mine" {
			t.Errorf("%s is gone or changed", mine)
		}
	}
	for _, name := range all {
		if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "left") {
			t.Errorf("%s lies in the folder", name)
		}
		if text := read(t, p.out, name); strings.Contains(text, filepath.Dir(p.photos)) {
			t.Errorf("%s names a folder of this machine", name)
		}
	}
	t.Run("stages told", func(t *testing.T) { stagesTold(t, p) })
	t.Run("previews", func(t *testing.T) { previews(t, p) })
	t.Run("guides", func(t *testing.T) { guides(t, p) })
}

func stagesTold(t *testing.T, p planned) {
	var order []string
	for _, e := range p.told.all {
		if len(order) == 0 || order[len(order)-1] != e.Stage {
			order = append(order, e.Stage)
		}
		if e.Done > e.Total || (e.Err != nil) != (e.File == filepath.Join(p.photos, "left.jpg")) {
			t.Errorf("told %+v", e)
		}
	}
	if diff := cmp.Diff([]string{"survey", "plan", "preview", "guide", "report"}, order); diff != "" {
		t.Errorf("stages (-want +got):\n%s", diff)
	}
}

// broken is the planned folder with one file changed, "" taken away.
func broken(t *testing.T, p planned, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	for _, n := range names(t, p.out) {
		if n != name {
			fill(t, dir, map[string]string{n: read(t, p.out, n)})
		} else if text != "" {
			fill(t, dir, map[string]string{n: text})
		}
	}
	return dir
}

func previews(t *testing.T, p planned) {
	whole := filepath.Join(p.out, "plan.json")
	seen := read(t, p.out, "top.dots.csv")
	short := seen[:strings.LastIndex(strings.TrimSpace(seen), "\n")+1]
	coloured := read(t, p.out, "top.overlay.png")
	unmapped := strings.Replace(read(t, p.out, "top.survey.json"), `"maps"`, `"mops"`, 1)
	other := fill(t, t.TempDir(), nil)
	demo(t, "left.jpg", filepath.Join(other, "top.jpg"))
	for want, o := range map[string]job.PreviewOptions{
		"is not the photo that was planned": {Plan: whole, Photos: other, Stage: "1y"},
		"stage \"9y\": want one of":         {Plan: whole, Photos: p.photos, Stage: "9y"},
		"name its folder with --photos":     {Plan: whole, Stage: "1y"},
		"dots.csv":                          {Plan: filepath.Join(broken(t, p, "dots.csv", ""), "plan.json"), Photos: p.photos, Stage: "1y"},
		"dots where the plan has":           {Plan: filepath.Join(broken(t, p, "top.dots.csv", short), "plan.json"), Photos: p.photos, Stage: "1y"},
		"top.hair.png: not an 8-bit grey":   {Plan: filepath.Join(broken(t, p, "top.hair.png", coloured), "plan.json"), Photos: p.photos, Stage: "1y"},
		"top.regions.png: not a PNG map":    {Plan: filepath.Join(broken(t, p, "top.regions.png", "text"), "plan.json"), Photos: p.photos, Stage: "1y"},
		"top.survey.json: names no maps":    {Plan: filepath.Join(broken(t, p, "top.survey.json", unmapped), "plan.json"), Photos: p.photos, Stage: "1y"},
		"a distance of 0.01 m":              {Plan: whole, Photos: p.photos, Stage: "1y", Variant: job.Variant{Metres: 0.01}},
		"stubble of 4 mm":                   {Plan: whole, Photos: p.photos, Stage: "1y", Variant: job.Variant{Shaved: true, LengthMM: 4}},
		"the end \"bluer\"":                 {Plan: whole, Photos: p.photos, Stage: "1y", Variant: job.Variant{End: "bluer"}},
		"before shows the photo as it is":   {Plan: whole, Photos: p.photos, Stage: "before", Variant: job.Variant{End: "darker"}},
		"cannot be the folder for the resu": {Plan: whole, Photos: p.photos, Stage: "1y", Out: filepath.Join(p.out, "front.txt")},
	} {
		files, err := job.Preview(context.Background(), o)
		if err == nil || len(files) != 0 || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, error %v, want %q in it", files, err, want)
		}
	}
	shaved(t, p)
	again := filepath.Join(t.TempDir(), "again")
	files, err := job.Preview(context.Background(), job.PreviewOptions{Plan: whole, Photos: p.photos, Stage: "1y", Out: again})
	if err != nil || len(files) != 1 || read(t, files[0].File) != read(t, p.out, "top.1y.jpg") {
		t.Errorf("drawn again: %v, error %v", files, err)
	}
	variants(t, whole, p)
}

// variants wants the ends of a prediction on both sides of it, less contrast
// from afar, and to be told why a photo is not shaved.
func variants(t *testing.T, whole string, p planned) {
	out := t.TempDir()
	draw := func(v job.Variant, want string) *image.NRGBA {
		t.Helper()
		files, err := job.Preview(context.Background(), job.PreviewOptions{Plan: whole, Photos: p.photos, Stage: "healed", Out: out, Variant: v})
		if err != nil || len(files) != 1 || filepath.Base(files[0].File) != want {
			t.Fatalf("%+v: %v, error %v, want %s", v, files, err, want)
		}
		if v.Shaved && !strings.Contains(files[0].Note, "no hair long enough") {
			t.Errorf("a photo of stubble is shaved without a word: %q", files[0].Note)
		}
		img, err := imaging.Open(files[0].File)
		if err != nil {
			t.Fatal(err)
		}
		return imaging.Clone(img)
	}
	light := func(m *image.NRGBA) (sum int) {
		for i := 0; i < len(m.Pix)*9/10; i += 4 { // the band with words at the foot not counted
			sum += int(m.Pix[i+1])
		}
		return sum
	}
	usual, lighter, darker := draw(job.Variant{}, "top.healed.jpg"), draw(job.Variant{End: job.Lighter}, "top.healed-lighter.jpg"), draw(job.Variant{End: job.Darker}, "top.healed-darker.jpg")
	if !(light(lighter) > light(usual) && light(usual) > light(darker)) {
		t.Errorf("green light of the ends %d and %d, expected %d", light(lighter), light(darker), light(usual))
	}
	if afar := draw(job.Variant{Metres: 3}, "top.healed-3m.jpg"); !(edges(afar) < 0.995*edges(usual)) {
		t.Errorf("from 3 m neighbours differ by %v, near by %v", edges(afar), edges(usual))
	}
	draw(job.Variant{Shaved: true, LengthMM: 1.5}, "top.healed-stubble1.5mm.jpg")
}

// edges is how much neighbouring pixels differ.
func edges(m *image.NRGBA) float64 {
	sum := 0.0
	for i := 4; i < len(m.Pix)*9/10; i += 4 {
		sum += math.Abs(float64(m.Pix[i+1]) - float64(m.Pix[i-3]))
	}
	return sum
}

// shaved wants hair taken off where the plan says so and the photo shows it
// grown, and nowhere else.
func shaved(t *testing.T, p planned) {
	text := strings.Replace(read(t, p.out, "plan.json"), `"existing": true,`, `"existing": true, "shown": true,`, 1)
	dir := broken(t, p, "plan.json", text)
	draw := func() string {
		t.Helper()
		files, err := job.Preview(context.Background(), job.PreviewOptions{Plan: filepath.Join(dir, "plan.json"), Photos: p.photos, Stage: "1y", Out: t.TempDir()})
		if err != nil || len(files) != 1 {
			t.Fatalf("%v, error %v", files, err)
		}
		return read(t, files[0].File)
	}
	if draw() != read(t, p.out, "top.1y.jpg") {
		t.Error("a photo of stubble was shaved")
	}
	img, err := imaging.Open(filepath.Join(dir, "top.hair.png"))
	if err != nil {
		t.Fatal(err)
	}
	grown := image.NewGray(img.Bounds())
	for y := range grown.Rect.Dy() {
		for x := range grown.Rect.Dx() {
			if v := color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y; v > 60 {
				grown.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	if err := imaging.Save(grown, filepath.Join(dir, "top.hair.png")); err != nil {
		t.Fatal(err)
	}
	if draw() == read(t, p.out, "top.1y.jpg") {
		t.Error("grown hair was not shaved")
	}
}

func guides(t *testing.T, p planned) {
	out := filepath.Join(fill(t, t.TempDir(), map[string]string{"g.pdf": "old"}), "g.pdf")
	stopped, stop := context.WithCancel(context.Background())
	stop()
	whole := filepath.Join(p.out, "plan.json")
	other := fill(t, t.TempDir(), nil)
	demo(t, "left.jpg", filepath.Join(other, "top.jpg"))
	for _, tt := range []struct {
		ctx  context.Context
		o    job.GuideOptions
		want string
	}{
		{stopped, job.GuideOptions{Plan: whole, MeasuredMM: 50}, context.Canceled.Error()},
		{context.Background(), job.GuideOptions{Plan: whole, MeasuredMM: 30}, "printer scale 0.6 is outside 0.9 to 1.1"},
		{context.Background(), job.GuideOptions{Plan: whole, MeasuredMM: 50, Photos: other}, "is not the photo that was planned"},
		{context.Background(), job.GuideOptions{Plan: whole, MeasuredMM: 50, Photos: t.TempDir()}, "name its folder with --photos"},
		{context.Background(), job.GuideOptions{Plan: p.out, MeasuredMM: 50}, "a folder; name the plan.json in it"},
	} {
		tt.o.Paper, tt.o.Out = "a4", out
		if _, err := job.Guide(tt.ctx, tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error %v, want %q in it", err, tt.want)
		}
		if got := names(t, filepath.Dir(out)); read(t, out) != "old" || len(got) != 1 {
			t.Errorf("%s: the old guide is changed, or beside it lies something: %v", tt.want, got)
		}
	}
}

// TestPlanRefused wants what cannot be planned to be refused before anything is
// written, and a plan that fails later to leave the last one alone.
func TestPlanRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := filepath.Join(fill(t, filepath.Join(dir, "case"), map[string]string{"front.jpg": "text"}), "front.jpg")
	macro := filepath.Join(fill(t, filepath.Join(dir, "close"), nil), "macro-1.jpg")
	demo(t, "top.jpg", macro)
	out := stale(t, filepath.Join(dir, "out"))
	before := names(t, out)
	wrong := filepath.Join(fill(t, dir, map[string]string{"w.json": `{"lok": 1}`}), "w.json")
	for _, tt := range []struct{ of, wishes, want string }{
		{filepath.Join(dir, "none"), "", "there is no such folder or photo"},
		{filepath.Join(dir, "case"), filepath.Join(dir, "none.json"), "there are no such wishes"},
		{filepath.Join(dir, "case"), wrong, `did you mean "look"?`},
		{filepath.Join(dir, "case"), "", text + ": not a photo (text)"},
	} {
		r, err := job.Plan(context.Background(), job.PlanOptions{Case: tt.of, Wishes: tt.wishes, Out: out})
		if r != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v, error %v, want %q in it", r, err, tt.want)
		}
	}
	if diff := cmp.Diff(before, names(t, out)); diff != "" || read(t, out, "guide.pdf") != "old" {
		t.Errorf("the last plan (-before +after):\n%s", diff)
	}
	r, err := job.Plan(context.Background(), job.PlanOptions{Case: filepath.Dir(macro), Out: out})
	if r != nil || err == nil || read(t, out, "guide.pdf") != "old" {
		t.Errorf("a close-up alone: %+v, error %v", r, err)
	}
}
