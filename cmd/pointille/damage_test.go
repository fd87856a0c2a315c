package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/disintegration/imaging"
)

// TestBatchDamaged runs a batch over a tree in which most photos are damaged, in
// every way a transfer, a phone or a person damages files: each is done or named
// with a reason, none ends the program or its workers, and the good ones are
// done. POINTILLE_DAMAGED makes it larger: see "make kills".
func TestBatchDamaged(t *testing.T) {
	n := setting(t, "POINTILLE_DAMAGED", 32)
	demo, err := filepath.Abs("../../testdata/demo")
	if err != nil {
		t.Fatal(err)
	}
	heic := contents(t, "../../vision/photo/testdata/quad.heic")
	t.Chdir(t.TempDir())
	good := damagedTree(t, demo, heic, n)
	out, err := program("--json", "batch", "--do", "survey", "--jobs", "2", "--time-limit", "60s", "--out", "out", "photos").CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, bad := range []string{"crashed", "was stopped", "panic", "took longer"} {
		if bytes.Contains(out, []byte(bad)) {
			t.Errorf("the output says %q: %s", bad, line(out, bad))
		}
	}
	failed := reasons(t)
	for name := range good {
		at := filepath.Join("out", "photos", filepath.Dir(name), strings.TrimSuffix(filepath.Base(name), ".jpg")+".survey.json")
		if _, err := os.Stat(at); err != nil {
			t.Errorf("%s is good and was not done: %s", name, failed[name])
		}
	}
	var s struct {
		Totals struct{ Cases, Photos, Waiting, Failures int }
	}
	if err := json.Unmarshal(contents(t, "out/summary.json"), &s); err != nil {
		t.Fatal(err)
	}
	done, _ := filepath.Glob("out/photos/*/*.survey.json")
	if s.Totals.Photos != n || s.Totals.Waiting != 0 || len(done)+len(failed) != n || s.Totals.Failures != len(failed) {
		t.Errorf("%d photos: %+v, %d done, %d failed", n, s.Totals, len(done), len(failed))
	}
	t.Logf("%d photos, %d done, %d failed", n, len(done), len(failed))
}

func line(text []byte, with string) string {
	for l := range strings.Lines(string(text)) {
		if strings.Contains(l, with) {
			return l
		}
	}
	return ""
}

func contents(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// reasons are those of failed.csv by photo.
func reasons(t *testing.T) map[string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(contents(t, "out/failed.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, r := range rows[1:] {
		if r[3] == "" || strings.Contains(r[3], r[1]) {
			t.Errorf("%s: reason %q", r[1], r[3])
		}
		out[strings.TrimPrefix(r[1], "photos/")] = r[3]
	}
	return out
}

// damagedTree writes photos of six to a case; every twelfth is good. It returns
// the good ones.
func damagedTree(t *testing.T, demo string, heic []byte, n int) map[string]bool {
	t.Helper()
	img, err := imaging.Open(filepath.Join(demo, "crown.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(2, 2))
	good := map[string]bool{}
	for i := range n {
		small := imaging.Fit(img, 200+i%50, 200+i%50, imaging.Box)
		var jpeg, whole bytes.Buffer
		if err := imaging.Encode(&jpeg, small, imaging.JPEG, imaging.JPEGQuality(70+i%25)); err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(&whole, imaging.Fit(small, 60, 60, imaging.Box)); err != nil {
			t.Fatal(err)
		}
		data, ext := damaged(i, jpeg.Bytes(), whole.Bytes(), heic, random)
		name := filepath.Join(fmt.Sprintf("client-%04d", i/6), fmt.Sprintf("IMG_%04d%s", i, ext))
		if i%12 == 0 {
			good[name] = true
		}
		if err := os.MkdirAll(filepath.Join("photos", filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join("photos", name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return good
}

// damaged is a photo damaged in the i-th way.
func damaged(i int, jpeg, whole, heic []byte, random *rand.Rand) ([]byte, string) {
	flip := func(data []byte, from, to, times int) []byte {
		out := bytes.Clone(data)
		for range times {
			out[from+random.IntN(min(to, len(out))-from)] ^= byte(1 + random.IntN(255))
		}
		return out
	}
	switch i % 12 {
	case 1:
		return nil, ".jpg"
	case 2:
		return fmt.Appendf(nil, "<html>404 not found %d</html>", i), ".jpg"
	case 3:
		return jpeg[:1+random.IntN(len(jpeg)-1)], ".jpg" // cut short
	case 4:
		return flip(jpeg, 2, 600, 1+random.IntN(8)), ".jpg" // tables and sizes
	case 5:
		return flip(jpeg, 600, len(jpeg), 1+random.IntN(30)), ".jpg" // picture data
	case 6:
		return flip(whole, 8, len(whole), 1+random.IntN(4)), ".png"
	case 7:
		return huge(i), ".png"
	case 8:
		return heic[:len(heic)/2+random.IntN(len(heic)/2-1)], ".heic"
	case 9:
		return append([]byte("PK\x03\x04"), flip(jpeg, 0, len(jpeg), 50)...), ".jpg"
	case 10:
		return append([]byte("\xff\xd8\xff\xe0"), noise(random, 4000)...), ".jpeg"
	case 11:
		return pixel(i), ".png"
	}
	return jpeg, ".jpg"
}

func noise(random *rand.Rand, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(random.Uint32())
	}
	return out
}

// huge is a PNG that claims to be far larger than it is.
func huge(i int) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)))
	data := b.Bytes()
	copy(data[16:24], []byte{0, 1, byte(i >> 8), byte(i), 0, 1, 0, 0})
	return data
}

// pixel is a photo of one pixel.
func pixel(i int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	img.SetNRGBA(0, 0, color.NRGBA{byte(i), byte(i >> 8), 90, 255})
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}
