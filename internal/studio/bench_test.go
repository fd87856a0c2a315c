package studio_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// consulted is a studio with a client whose photos are those of the demo case, and
// how long each took from its first byte to the answer with the findings.
func consulted(b *testing.B) (t *tablet, client string, took []float64) {
	t = begun(b)
	client = "/api/clients/" + t.begin("bench")
	for _, v := range []string{"front", "left", "right", "back", "top", "crown"} {
		data, err := os.ReadFile(filepath.Join("../../testdata/demo", v+".jpg"))
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		if status, said, _ := t.do("PUT", client+"/photos/"+v, bytes.NewReader(data)); status != http.StatusOK {
			b.Fatal(said)
		}
		took = append(took, float64(time.Since(start).Milliseconds()))
	}
	return t, client, took
}

// begun is a studio with a paired tablet.
func begun(b *testing.B) *tablet {
	o := options(b, b.TempDir())
	o.Work = "" // where it is in earnest
	s, pin := started(b, o)
	server := httptest.NewServer(s)
	b.Cleanup(func() {
		server.Close()
		s.Close()
	})
	t := stranger(b, server.URL)
	t.want(http.StatusNoContent, "POST", "/pair", `{"pin":"`+pin+`"}`)
	return t
}

// planned waits for another plan than the last.
func planned(b *testing.B, t *tablet, client string, last int) (rev, dots int) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var whole struct {
			Plan struct {
				Rev, Dots int
				Planning  bool
			}
		}
		if err := json.Unmarshal([]byte(t.want(http.StatusOK, "GET", client, "")), &whole); err != nil {
			b.Fatal(err)
		}
		if whole.Plan.Rev != last && whole.Plan.Rev > 0 && !whole.Plan.Planning {
			return whole.Plan.Rev, whole.Plan.Dots
		}
	}
	b.Fatal("no plan came")
	return 0, 0
}

// line is a hairline as a tablet gets it.
type line []struct {
	Psi  float64
	P, B [3]float64
}

func lineOf(b *testing.B, t *tablet, client string) line {
	var view struct{ Line line }
	if err := json.Unmarshal([]byte(t.want(http.StatusOK, "GET", client+"/views/front", "")), &view); err != nil || len(view.Line) == 0 {
		b.Fatal(len(view.Line), err)
	}
	return view.Line
}

// dragged is the line with its middle pulled back so many mm, as a handle does it.
func (l line) dragged(mm float64) string {
	points := make([][3]float64, len(l))
	for i, k := range l {
		by := mm * math.Exp(-k.Psi*k.Psi/(2*0.35*0.35))
		for c := range points[i] {
			points[i][c] = k.P[c] + by*k.B[c]
		}
	}
	data, err := json.Marshal(map[string]any{"points": points})
	if err != nil {
		return "{}"
	}
	return string(data)
}

// BenchmarkDrag lets go of the middle handle somewhere else each time and waits for
// the plan that follows and for the preview of the top view: what a tablet waits for
// but its own drawing. photo-ms is the median from a photo's first byte to its findings.
func BenchmarkDrag(b *testing.B) {
	t, client, took := consulted(b)
	rev, _ := planned(b, t, client, 0)
	edit := func(n int, hairline string) {
		const density = 300 // gives the 40,000 dots of the wish
		t.want(http.StatusOK, "POST", client+"/edits", fmt.Sprintf(`[{"id":"%d","kind":"wishes","data":{"hairline":%s,"density_per_cm2":%d}}]`, n, hairline, density))
	}
	edit(0, `{"height_mm":80}`)
	rev, dots := planned(b, t, client, rev)
	line := lineOf(b, t, client)
	var plans, pictures []float64
	n := 0
	for b.Loop() {
		n++
		start := time.Now()
		edit(n, line.dragged(float64(n%7-3)))
		rev, dots = planned(b, t, client, rev)
		at := time.Now()
		t.want(http.StatusOK, "GET", fmt.Sprintf("%s/views/top/preview.jpg?stage=healed&rev=%d", client, rev), "")
		plans, pictures = append(plans, float64(at.Sub(start).Milliseconds())), append(pictures, float64(time.Since(at).Milliseconds()))
	}
	b.ReportMetric(median(took), "photo-ms")
	b.ReportMetric(median(plans), "plan-ms")
	b.ReportMetric(median(pictures), "preview-ms")
	b.ReportMetric(float64(dots), "dots")
}

// BenchmarkPreviews asks for previews of one plan from many at once; pictures that
// were drawn before are kept, so a share is drawn and the rest sent.
func BenchmarkPreviews(b *testing.B) {
	t, client, _ := consulted(b)
	planned(b, t, client, 0)
	b.RunParallel(func(p *testing.PB) {
		for i := 0; p.Next(); i++ {
			stage := []string{"fresh", "healed", "1y", "3y", "5y"}[i%5]
			view := []string{"front", "left", "right", "back", "top", "crown"}[i/5%6]
			t.want(http.StatusOK, "GET", client+"/views/"+view+"/preview.jpg?stage="+stage, "")
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// BenchmarkEdit sends one edit after the other for a client without photos: what a
// tablet waits for until an edit is on the disk. ms is the median.
func BenchmarkEdit(b *testing.B) {
	t := begun(b)
	client := "/api/clients/" + t.begin("bench")
	var took []float64
	n := 0
	for b.Loop() {
		n++
		start := time.Now()
		t.want(http.StatusOK, "POST", client+"/edits", fmt.Sprintf(`[{"id":"%d","kind":"wishes","data":{"age":%d}}]`, n, 20+n%60))
		took = append(took, float64(time.Since(start).Microseconds())/1000)
	}
	b.ReportMetric(median(took), "ms")
}
