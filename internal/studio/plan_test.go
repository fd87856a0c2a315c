package studio_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/image/draw"

	"pointille/internal/job"
	"pointille/internal/records"
	"pointille/planner/plan"
	"pointille/planner/settings"
	"pointille/vision/survey"
)

// TestSamePlanAsTheCommandLine: one photo, a wish, and the plan to the byte; then what
// hangs on a plan: previews, stale ones, many at once, consent, the guide. Nothing of it
// all lies on the disk in plain.
func TestSamePlanAsTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	o := options(t, dir)
	o.Settings.Price = &settings.Price{Currency: "EUR", PerSession: 100}
	s, b, _ := running(t, o)
	id := b.begin("demo 1")
	photo := planted(small(t, "../../testdata/demo/crown.jpg"))
	client := "/api/clients/" + id
	if status, said, _ := b.do("PUT", client+"/photos/crown", bytes.NewReader(photo)); status != http.StatusOK {
		t.Fatalf("%d %s", status, said)
	}
	b.want(http.StatusOK, "POST", client+"/edits", `[{"id":"1","kind":"wishes","data":{"density_per_cm2":100}}]`)
	if status, said, _ := b.do("PUT", client+"/photos/back", bytes.NewReader(photo)); status != http.StatusBadRequest || !strings.Contains(said, "already") {
		t.Errorf("the same photo twice: %d %s", status, said)
	}
	b.want(http.StatusOK, "GET", client+"/plan.json", "")
	var whole struct {
		Plan struct {
			Rev, Dots int
			Sessions  []any
			Price     float64
			Currency  string
		}
	}
	if err := json.Unmarshal([]byte(b.want(http.StatusOK, "GET", client, "")), &whole); err != nil || whole.Plan.Dots == 0 || whole.Plan.Price != 100*float64(len(whole.Plan.Sessions)) || whole.Plan.Currency != "EUR" {
		t.Fatalf("%+v %v", whole, err)
	}

	inLatvian(t, b, client)
	samePlan(t, dir, "demo 1", false, "crown.dots.csv")

	b.want(http.StatusConflict, "GET", fmt.Sprintf("%s/views/crown/preview.jpg?stage=healed&rev=%d", client, whole.Plan.Rev+7), "")
	b.want(http.StatusBadRequest, "GET", client+"/views/crown/preview.jpg?stage=never", "")
	b.want(http.StatusBadRequest, "GET", client+"/views/crown/preview.jpg?stage=healed&from=2", "")
	if dots := b.want(http.StatusOK, "GET", client+"/views/crown/dots.bin", ""); len(dots)%32 != 0 || len(dots) < 32*whole.Plan.Dots/2 {
		t.Errorf("%d bytes of dots", len(dots))
	}
	many(t, b, client)
	corrected(t, b, client, whole.Plan.Dots)
	signed(t, b, client)
	if said := b.want(http.StatusOK, "GET", client+"/guide.pdf", ""); !strings.HasPrefix(said, "%PDF") {
		t.Errorf("%.60s", said)
	}
	nothingPlain(t, s, o, b, client)
}

// inLatvian wants the Latvian of all that the plan and the photo remark.
func inLatvian(t *testing.T, b *tablet, client string) {
	t.Helper()
	var whole struct {
		Plan struct {
			Checks   []plan.Check
			Warnings []plan.Warning
			Sessions []plan.Session
		}
		Remarks map[string]string
	}
	var view struct {
		Survey  struct{ Warnings []survey.Warning }
		Remarks map[string]string
	}
	for path, into := range map[string]any{client: &whole, client + "/views/crown": &view} {
		if err := json.Unmarshal([]byte(b.want(http.StatusOK, "GET", path, "")), into); err != nil {
			t.Fatal(err)
		}
	}
	want := func(said map[string]string, texts ...string) {
		for _, text := range texts {
			if strings.Contains(text, " ") && said[text] == "" {
				t.Errorf("%q is not said in Latvian", text)
			}
		}
	}
	for _, c := range whole.Plan.Checks {
		want(whole.Remarks, c.Name, c.Unit, c.Limit, c.Note)
	}
	for _, w := range whole.Plan.Warnings {
		want(whole.Remarks, w.Message)
	}
	for _, s := range whole.Plan.Sessions {
		want(whole.Remarks, s.Purpose)
	}
	for _, w := range view.Survey.Warnings {
		want(view.Remarks, w.Message)
	}
	if len(whole.Plan.Checks) == 0 || len(whole.Plan.Warnings) == 0 || len(view.Survey.Warnings) == 0 {
		t.Error("nothing was remarked")
	}
}

// samePlan exports a client as the command line does, makes the plan of the photos and
// wishes that come out, and compares the plan, its dots and other documents to the byte.
// The studio may have the record open: what can be read beside it is enough.
func samePlan(t *testing.T, dir, code string, answered bool, others ...string) {
	t.Helper()
	ctx, out := t.Context(), filepath.Join(t.TempDir(), "out")
	s, err := records.Open(ctx, filepath.Join(dir, "record"), passphrase, records.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	items, err := s.Items(ctx, code)
	if err != nil {
		t.Fatal(err)
	}
	held := map[string][]byte{}
	photos := t.TempDir()
	for _, i := range items {
		data, err := s.Read(ctx, i.ID)
		if err != nil {
			t.Fatal(err)
		}
		held[i.Name] = data
		if i.Kind == records.Photo {
			write(t, filepath.Join(photos, i.Name), data)
		}
	}
	write(t, filepath.Join(photos, "case.json"), fmt.Appendf(nil, `{"case": %q}`, code))
	o := job.PlanOptions{Case: photos, Wishes: filepath.Join(t.TempDir(), "wishes.json"), Seed: 1, Out: out, Generator: "pointille test"}
	write(t, o.Wishes, held["wishes.json"])
	if answered {
		o.Answers = filepath.Join(t.TempDir(), "answers.json")
		write(t, o.Answers, held["answers.json"])
	}
	if _, err := job.Plan(ctx, o); err != nil {
		t.Fatal(err)
	}
	for _, f := range append([]string{"plan.json", "dots.csv"}, others...) {
		theirs, err := os.ReadFile(filepath.Join(o.Out, f))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(held[f], theirs) {
			t.Errorf("%s of the studio is not that of the command line", f)
		}
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// corrected sets the scale by two points and paints hair over half of the bald crown,
// and takes both back.
func corrected(t *testing.T, b *tablet, client string, dots int) {
	now := func() (p struct {
		Dots  int
		Scale string `json:"scale_source"`
	}) {
		t.Helper()
		var whole struct{ Plan any }
		whole.Plan = &p
		if err := json.Unmarshal([]byte(b.want(http.StatusOK, "POST", client+"/settle", "{}")), &whole); err != nil {
			t.Fatal(err)
		}
		return p
	}
	before := now()
	b.want(http.StatusOK, "POST", client+"/edits", `[{"id":"c1","kind":"correct","data":{"scale":{"crown":{"a":[200,350],"b":[400,350],"mm":100}},"brush":{"crown":[{"hair":true,"radius":65,"points":[[250,300],[250,450]]}]}}}]`)
	if p := now(); p.Scale != "given" || p.Dots >= dots*9/10 {
		t.Errorf("with hair painted where there was none the plan has %d dots after %d; its scale is by %q", p.Dots, dots, p.Scale)
	}
	b.want(http.StatusOK, "POST", client+"/edits", `[{"id":"c2","kind":"undo"}]`)
	if p := now(); p != before {
		t.Errorf("taken back: %+v, was %+v", p, before)
	}
}

// small is a photo at half its width and height, which is measured in a fraction of
// the time.
func small(t *testing.T, path string) []byte {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := jpeg.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	half := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx()/2, img.Bounds().Dy()/2))
	draw.ApproxBiLinear.Scale(half, half.Rect, img, img.Bounds(), draw.Src, nil)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, half, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// many asks for two hundred previews at once, of few kinds.
func many(t *testing.T, b *tablet, client string) {
	var all sync.WaitGroup
	stages := []string{"before", "fresh", "healed", "5y"}
	for i := range 200 {
		all.Go(func() {
			status, said, _ := b.do("GET", client+"/views/crown/preview.jpg?stage="+stages[i%len(stages)], nil)
			if status != http.StatusOK || !strings.HasPrefix(said, "\xff\xd8\xff") {
				t.Errorf("preview %d: %d", i, status)
			}
		})
	}
	all.Wait()
}

// signed reads the consent, is refused under another text, and signs.
func signed(t *testing.T, b *tablet, client string) {
	var text struct{ Text, SHA256 string }
	if err := json.Unmarshal([]byte(b.want(http.StatusOK, "GET", client+"/consent?lang=lv", "")), &text); err != nil || !strings.Contains(text.Text, "demo 1") {
		t.Fatalf("%.200s %v", text.Text, err)
	}
	sign := func(hash string) string {
		return `{"name":"PLANTED-NAME","lang":"lv","sha256":"` + hash + `","strokes":[[[1,2],[3,4]]],"purposes":{"treat":true,"keep":true,"show":false}}`
	}
	b.want(http.StatusBadRequest, "POST", client+"/sign", sign(strings.Repeat("0", 64)))
	b.want(http.StatusBadRequest, "POST", client+"/schedule", `{"first":"2001-01-01"}`)
	b.want(http.StatusOK, "POST", client+"/schedule", `{"first":"`+time.Now().AddDate(0, 0, 9).Format(time.DateOnly)+`","override":"PLANTED-REASON"}`)
	if said := b.want(http.StatusOK, "GET", client+"/calendar.ics", ""); !strings.HasPrefix(said, "BEGIN:VCALENDAR") {
		t.Errorf("%.60s", said)
	}
	if err := json.Unmarshal([]byte(b.want(http.StatusOK, "GET", client+"/consent?lang=lv", "")), &text); err != nil { // with its days
		t.Fatal(err)
	}
	b.want(http.StatusOK, "POST", client+"/ink", `{"session":1,"date":"2025-11-01","brand":"PLANTED-BRAND","batch":"PLANTED-BATCH","expires":"2199-01-01","statement":true,"ingredients":true}`)
	b.want(http.StatusOK, "POST", client+"/sign", sign(text.SHA256))
	if said := b.want(http.StatusOK, "GET", client+"/consent", ""); !strings.Contains(said, `"name":"PLANTED-NAME"`) {
		t.Errorf("the signature is not kept: %.200s", said)
	}
}
